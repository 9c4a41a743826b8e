"""The register of protected bodies by program, through the client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import httpx
import pytest

from assay.cases.protected_versions import NewVersion
from assay.cases.store.protected_registers import VERSIONS_PAGE
from assay.web.api.bodies_shapes import ProtectedBody
from assay.web.client import CaseClient
from assay.web.guard import MOST_BYTES
from assay.web.house import House
from tests.web.in_process import InProcess, Lossy
from tests.web.served import Visitor, said, without_registers
from tests.web.test_api import Client, account, client, refused, transport

__all__ = ["client", "transport"]
MINISTRY = ProtectedBody(
    id="ministry",
    name="Ministry of Examples",
    kind="ministry",
    sender="fr",
    handles=["x:@Ministry since 2020-01-31"],
    sisters=["office"],
)
OFFICE = ProtectedBody(id="office", name="Office of Examples", aliases=["Jane Example"])


@pytest.fixture
def anna(house: House, client: Client) -> Iterator[CaseClient]:
    """An investigator's program at a house with nothing in its register."""
    with without_registers(house):
        yield client("anna")


def test_a_register_is_kept_read_and_seen_on_its_page(
    anna: CaseClient, client: Client, member: Callable[[str], Visitor]
) -> None:
    assert (anna.bodies().version, anna.bodies().bodies) == (0, [])
    assert anna.keep_bodies(0, [MINISTRY, OFFICE], "The list of today").version == 1
    told = client("ben", "read").bodies()
    ministry, office = told.bodies
    assert (told.version, office) == (1, OFFICE.model_copy(update={"kind": "agency"}))
    assert (ministry.sender, ministry.handles) == ("FR", ["x:ministry since 2020-01-31"])
    # What was read is sent back as it is, but for what is to be different.
    changed = ministry.model_copy(update={"host": "BE"})
    assert anna.keep_bodies(1, [changed, office], "They moved").version == 2
    assert anna.keep_bodies(2, [changed, office], "The same").version == 2
    assert anna.bodies(1).bodies == told.bodies
    newest, first = anna.body_versions()
    assert (newest.what, newest.why) == (
        "changed ministry (country where it stands)",
        "They moved",
    )
    assert (first.version, first.author, first.erased) == (1, anna.me().id, None)
    assert "Ministry of Examples" in said(member("olga").get("/bodies"))
    assert "They moved" in said(member("olga").get("/bodies/history"))


def test_the_second_program_overwrites_nobody(anna: CaseClient, client: Client) -> None:
    anna.keep_bodies(0, [MINISTRY], "x")
    late = refused(
        412, "changed-meanwhile", lambda: client("admin").keep_bodies(0, [OFFICE], "late")
    )
    assert late.problem.version == 1
    assert [body.id for body in anna.bodies().bodies] == ["ministry"]


def test_a_request_that_comes_twice_keeps_one_version(
    house: House, anna: CaseClient, transport: InProcess
) -> None:
    token = house.tokens.make(account(house, "admin"), "twice", "work", house.now())
    admin = CaseClient("https://house.example", token, Lossy(transport))
    done = admin.keep_bodies(0, [MINISTRY], "x")
    assert (done.version, done.repeated) == (1, True)
    anna.keep_bodies(1, [OFFICE], "x")
    gone = admin.erase_body_versions(1, 1, "asked to")
    assert (gone.erased, gone.repeated) == (1, True)
    assert anna.bodies().version == 2


def test_what_is_wrong_is_told_by_place(anna: CaseClient) -> None:
    ship = ProtectedBody(id="a", name="A", kind="ship")
    since = ProtectedBody(id="a", name="A", handles=["x:a since spring"])
    for bodies, place, told in (
        ([MINISTRY, ship], "bodies.1.kind", "'ship' is no kind of body"),
        ([OFFICE, OFFICE], "bodies.1.id", "stands in row 1 too"),
        ([since], "bodies.0.handles", "a handle cannot be read"),
        ([], "bodies", "the register is empty"),
    ):
        refusal = refused(422, "not-possible", partial(anna.keep_bodies, 0, bodies, "x"))
        assert told in refusal.problem.faults[place]
    assert "why" in refused(422, "not-possible", lambda: anna.keep_bodies(0, [OFFICE], " ")).fix
    assert anna.bodies().version == 0


def test_a_reason_holds_no_stray_characters(anna: CaseClient, client: Client) -> None:
    anna.keep_bodies(0, [OFFICE], "a\0 reason\r\n")
    anna.keep_bodies(1, [MINISTRY], "x")
    assert [one.why for one in anna.body_versions()] == ["x", "a reason"]
    client("admin").erase_body_versions(1, 1, "asked\0 to")
    erased = [one.erased.why for one in anna.body_versions() if one.erased]
    assert erased == ["asked to"]
    assert "why" in refused(422, "not-possible", lambda: anna.keep_bodies(2, [OFFICE], "\0")).fix


def test_the_version_that_was_seen_is_asked_for(
    house: House, anna: CaseClient, transport: InProcess
) -> None:
    token = house.tokens.make(account(house, "anna"), "plain", "work", house.now())
    headers = {"Authorization": f"Bearer {token}"}
    plain = httpx.Client(base_url="http://house.example/api/v1", transport=transport)
    body = {"why": "x", "bodies": [OFFICE.model_dump()]}
    assert plain.put("/bodies", json=body, headers=headers).status_code == 428
    kept = plain.put("/bodies", json=body, headers={**headers, "If-Match": '"0"'})
    assert (kept.status_code, kept.headers["etag"]) == (200, '"1"')
    assert plain.get("/bodies", headers=headers).headers["etag"] == '"1"'
    unknown = {"why": "x", "bodies": [{**OFFICE.model_dump(), "colour": "red"}]}
    headers["If-Match"] = '"1"'
    assert "body.bodies.0.colour" in plain.put("/bodies", json=unknown, headers=headers).text
    # As large as a file that is taken in on the page.
    large = {"why": "x", "bodies": [{"id": "a", "name": "A", "aliases": ["x" * 99] * 20_000}]}
    assert len(str(large)) > MOST_BYTES
    assert plain.put("/bodies", json=large, headers=headers).status_code == 200
    many = plain.put("/bodies", content=b"x" * (18 << 20), headers=headers)
    assert many.status_code == 413


def test_nothing_is_read_of_whoever_may_not_keep_it(house: House, transport: InProcess) -> None:
    plain = httpx.Client(base_url="http://house.example/api/v1", transport=transport)
    seen = {"If-Match": '"0"', "Content-Type": "application/json"}
    assert plain.put("/bodies", content=b"{", headers=seen).status_code == 401
    for name, status in (("olga", 403), ("anna", 422)):
        token = house.tokens.make(account(house, name), "x", "work", house.now())
        seen["Authorization"] = f"Bearer {token}"
        assert plain.put("/bodies", content=b"{", headers=seen).status_code == status
    assert "body" in plain.put("/bodies", content=b"{", headers=seen).json()["faults"]
    unsized = iter([b"x" * (18 << 20)])
    assert plain.put("/bodies", content=unsized, headers=seen).status_code == 413
    told = plain.get("/openapi.json").json()
    body = told["paths"]["/bodies"]["put"]["requestBody"]["content"]["application/json"]
    name = body["schema"]["$ref"].rpartition("/")[2]
    assert told["components"]["schemas"][name]["required"] == ["why", "bodies"]


def test_earlier_versions_are_erased(anna: CaseClient, client: Client) -> None:
    admin = client("admin")
    anna.keep_bodies(0, [OFFICE], "Jane Example took office")
    anna.keep_bodies(1, [MINISTRY], "x")
    refused(403, "not-yours-to-do", lambda: anna.erase_body_versions(1, 1, "x"))
    newest = refused(422, "not-possible", lambda: admin.erase_body_versions(1, 2, "x"))
    assert "version 2" in newest.problem.faults["last"]
    assert admin.erase_body_versions(2, 2, "x", words_only=True).erased == 1
    second, first = anna.body_versions()
    assert (second.what, second.why, second.text_erased) == (None, None, False)
    assert (second.entry, first.why) == ((first.entry or 0) + 1, "Jane Example took office")
    assert [one.id for one in anna.bodies().bodies] == [MINISTRY.id]
    assert admin.erase_body_versions(1, 1, "She asked for it").erased == 1
    refused(404, "not-there", lambda: anna.bodies(1))
    refused(404, "not-there", lambda: anna.bodies(3))
    _, first = anna.body_versions()
    assert (first.what, first.why) == (None, None)
    assert first.erased is not None
    assert (first.erased.by, first.erased.why) == (admin.me().id, "She asked for it")


def test_the_history_goes_on_where_the_page_ended(house: House, anna: CaseClient) -> None:
    author = account(house, "anna").actor
    for number in range(VERSIONS_PAGE + 1):
        house.bodies.keep(number, NewVersion("{}", author, "x", "x"), house.now())
    told = [one.version for one in anna.body_versions()]
    assert told == list(range(VERSIONS_PAGE + 1, 0, -1))
