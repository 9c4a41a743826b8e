"""The pages of the protected bodies: one body, a whole register, two editors, who may what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from assay.cases.protected_versions import NewVersion, RegisterVersion
from assay.identities.register import FIELDS, Body, Handle, parse_register
from assay.web.house import House
from tests.web.served import Visitor, forms_in, said, without_registers
from tests.web.test_api import account

TYPED = {
    "id": "ministry",
    "name": "Ministry of Examples",
    "aliases": "Министерство примеров\nMoE Examples",
    "kind": "ministry",
    "sender": "fr",
    "handles": "x:@Ministry since 2020-01-31\ntelegram:old until 2021-05-01",
    "domains": "www.ministry.example",
    "sisters": "nobody",
    "proofs": "x:ministry",
    "logos": "seal.png",
    "why": "They asked for it",
}
AT = "/bodies/body?id=ministry"


@pytest.fixture
def desk(house: House, member: Callable[[str], Visitor]) -> Iterator[Callable[[str], Visitor]]:
    """Somebody of the team at a house with nothing in its register."""
    with without_registers(house):
        yield member


def send(visitor: Visitor, name: str, content: bytes | str, why: str = "x") -> httpx.Response:
    """Take a whole register in."""
    form = forms_in(visitor.get("/bodies"))["/bodies/register"] | {"why": why}
    form.pop("file")
    text = content.encode() if isinstance(content, str) else content
    return visitor.client.post("/bodies/register", data=form, files={"file": (name, text)})


def taken(visitor: Visitor, ending: str, version: str = "") -> tuple[Body, ...]:
    """The register as it is downloaded."""
    answer = visitor.get(f"/bodies/register.{ending}{version}")
    assert "attachment" in answer.headers["content-disposition"]
    return parse_register(answer.content, Path(f"register.{ending}"))


def test_a_body_is_added_changed_and_removed(desk: Callable[[str], Visitor]) -> None:
    anna = desk("anna")
    added = anna.fill("/bodies/new", "/bodies/new", **TYPED)
    assert added.url.path == "/bodies/body"
    told = said(added)
    assert "'nobody', which is not in the register" in told
    assert "the handle old was official until 2021-05-01" in told
    (kept,) = taken(anna, "yaml")
    assert (kept.sender, kept.domains, kept.aliases[1]) == (
        "FR",
        ("ministry.example",),
        "MoE Examples",
    )
    assert [one.handle for one in kept.handles] == ["ministry", "old"]
    assert str(kept.handles[0].since) == "2020-01-31"
    assert (kept,) == taken(anna, "csv") == taken(anna, "json")
    assert (
        set(kept.__dataclass_fields__)
        == set(FIELDS)
        == set(forms_in(added)["/bodies/body"])
        - {
            "csrf",
            "version",
            "body",
            "why",
        }
    )
    for found, text in (("1 body", "МИНИСТЕРСТВО"), ("0 bodies", "nothing-like-it")):
        listed = said(anna.get(f"/bodies?text={text}"))
        assert found in listed
    assert "which is not in the register" in said(anna.get("/bodies?holes=yes"))
    changed = anna.fill(AT, "/bodies/body", sisters="", why="a mistake")
    assert "not in the register" not in said(changed)
    gone = anna.fill(AT, "/bodies/remove", why="it is no more")
    assert "No body is in the register yet" in said(gone)
    history = said(anna.get("/bodies/history"))
    for told in ("Removed ministry", "Changed ministry (sisters and namesakes)", "Added ministry"):
        assert told in history
    for told in ("it is no more", "a mistake", "They asked for it", "Anna"):
        assert told in history
    assert taken(anna, "csv", "?version=1") == (kept,)
    assert anna.get("/bodies/register.yaml?version=9").status_code == 404
    for odd in ("0", "-1", "9" * 30, "x"):
        assert anna.get(f"/bodies/register.yaml?version={odd}").status_code == 400
        assert anna.get(f"/bodies/history?before={odd}").status_code == 400
    assert anna.get(f"/bodies?from={'9' * 30}").status_code == 200
    assert anna.get("/bodies/register.xml").status_code == 404
    assert anna.get(AT).status_code == 404


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    desk: Callable[[str], Visitor],
) -> None:
    anna = desk("anna")
    for name, typed, told in (
        ("id", "", "a body has no id"),
        ("kind", "ship", "is no kind of body"),
        ("kind", "", "Please choose one."),
        ("handles", "x:a since spring", "a handle cannot be read"),
        ("why", "", "Please give the reason"),
    ):
        page = anna.fill("/bodies/new", "/bodies/new", **{**TYPED, name: typed})
        assert page.status_code == 422
        assert told in said(page)
        assert f'id="{name}-fault"' in page.text
        form = forms_in(page)["/bodies/new"]
        assert form["aliases"] == TYPED["aliases"]
        assert (name == "kind") or form[name] == typed
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    again = anna.fill("/bodies/new", "/bodies/new", **TYPED)
    assert "Another body has this id." in said(again)
    assert "1 body" in said(anna.get("/bodies"))


def test_the_second_editor_sees_what_changed_and_keeps_what_they_typed(
    desk: Callable[[str], Visitor],
) -> None:
    anna, admin = desk("anna"), desk("admin")
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    seen = anna.get(AT)
    admin.fill(AT, "/bodies/body", host="BE", why="they moved")
    refused = anna.fill(seen, "/bodies/body", sender="DE", why="my reason")
    assert refused.status_code == 409
    told = said(refused)
    assert "Somebody changed this meanwhile." in told
    assert "Version 2 by Admin" in told
    assert "they moved" in told
    assert "Country where it stands – BE" in told
    form = forms_in(refused)["/bodies/body"]
    assert (form["sender"], form["why"], form["host"]) == ("DE", "my reason", "BE")
    assert (taken(anna, "json")[0].sender, taken(anna, "json")[0].host) == ("FR", "BE")
    done = anna.fill(refused, "/bodies/body")
    assert done.status_code == 200
    assert (taken(anna, "json")[0].sender, taken(anna, "json")[0].host) == ("DE", "BE")


def test_editors_of_different_bodies_do_not_meet(desk: Callable[[str], Visitor]) -> None:
    anna, admin = desk("anna"), desk("admin")
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    seen = anna.get(AT)
    admin.fill("/bodies/new", "/bodies/new", **{**TYPED, "id": "other", "handles": ""})
    assert anna.fill(seen, "/bodies/body", sender="DE", why="x").status_code == 200
    assert {body.id: body.sender for body in taken(anna, "yaml")} == {
        "ministry": "DE",
        "other": "FR",
    }


def test_who_changes_what_somebody_removed_is_told(desk: Callable[[str], Visitor]) -> None:
    anna, admin = desk("anna"), desk("admin")
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    seen = anna.get(AT)
    admin.fill(AT, "/bodies/body", host="BE", why="they moved")
    kept = anna.fill(seen, "/bodies/remove", why="mine")
    assert (kept.status_code, forms_in(kept)["/bodies/remove"]["why"]) == (409, "mine")
    admin.fill(AT, "/bodies/remove", why="it is no more")
    refused = anna.fill(seen, "/bodies/body", sender="DE", why="mine")
    assert refused.status_code == 409
    assert "Sending the form again adds it" in said(refused)
    assert forms_in(refused)["/bodies/new"]["sender"] == "DE"
    assert anna.fill(refused, "/bodies/new").status_code == 200
    assert taken(anna, "yaml")[0].sender == "DE"


def test_nobody_is_given_a_version_that_they_did_not_see(
    house: House, desk: Callable[[str], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, read = desk("anna"), house.bodies.version
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    author = account(house, "anna").actor

    def read_slowly(number: int | None = None) -> RegisterVersion | None:
        found = read(number)
        monkeypatch.undo()
        moved = str(house.bodies.text(1)).replace('"sender": "FR"', '"sender": "FR", "host": "BE"')
        house.bodies.keep(1, NewVersion(moved, author, "changed ministry", "x"), house.now())
        return found

    # Somebody changes the body between the reading of it and the page that shows it.
    monkeypatch.setattr(house.bodies, "version", read_slowly)
    seen = anna.get(AT)
    assert forms_in(seen)["/bodies/body"]["host"] == ""
    refused = anna.fill(seen, "/bodies/body", sender="DE", why="my reason")
    assert (refused.status_code, taken(anna, "json")[0].host) == (409, "BE")


def test_a_register_that_lacks_its_reason_overwrites_nobody(desk: Callable[[str], Visitor]) -> None:
    anna, admin = desk("anna"), desk("admin")
    form = forms_in(anna.get("/bodies"))["/bodies/register"] | {"why": ""}
    admin.fill("/bodies/new", "/bodies/new", **TYPED)
    files = {"file": ("a.csv", "id,name\na,A\n")}
    refused = anna.client.post("/bodies/register", data=form, files=files)
    assert refused.status_code == 409
    assert "They asked for it" in said(refused)


def test_who_removes_what_is_gone_is_told_that_it_is_gone(desk: Callable[[str], Visitor]) -> None:
    anna, admin = desk("anna"), desk("admin")
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    seen = anna.get(AT)
    admin.fill(AT, "/bodies/remove", why="it is no more")
    assert "The body was removed." in said(anna.fill(seen, "/bodies/remove", why="mine"))
    unknown = anna.fill(seen, "/bodies/remove", body="nobody", why="mine")
    assert unknown.status_code == 404


def test_a_whole_register_is_taken_in(desk: Callable[[str], Visitor]) -> None:
    anna = desk("anna")
    table = (
        "id,name,handles\na,Alpha Agency,x:alpha|beta\nb,'+972 Examples,x:alpha until 2030-01-01\n"
    )
    page = send(anna, "bodies.csv", table, "the list of today")
    told = said(page)
    assert "The register was taken in." in told
    assert "the handle x:alpha also stands with b" in told
    assert "the handle beta has no platform" in told
    assert (
        taken(anna, "csv") == taken(anna, "yaml") == parse_register(table.encode(), Path("a.csv"))
    )
    assert taken(anna, "csv")[1].name == "+972 Examples"
    assert taken(anna, "yaml")[0].handles == (Handle("x", "alpha"), Handle("", "beta"))
    send(anna, "bodies.json", anna.get("/bodies/register.json").content)
    history = said(anna.get("/bodies/history"))
    assert "Added a; added b" in history
    assert anna.get("/bodies/register.json?version=2").status_code == 404  # nothing changed
    many = [{"id": str(number), "name": f"Office {number} of X"} for number in range(201)]
    send(anna, "bodies.json", json.dumps(many))
    assert "201 added, 2 removed" in said(anna.get("/bodies/history"))
    first, second = anna.get("/bodies"), anna.get("/bodies?from=200")
    assert (first.text.count('class="title"'), second.text.count('class="title"')) == (200, 1)
    assert "Next page" in first.text
    assert "Next page" not in second.text


def test_a_broken_register_is_refused_with_row_and_field(desk: Callable[[str], Visitor]) -> None:
    anna = desk("anna")
    for name, content, told in (
        ("a.csv", "id,name,kind\na,A,agency\nb,B,ship\n", "row 2, field kind: 'ship' is no kind"),
        ("a.csv", "id,name\na,A\na,B\n", "row 2, field id: the id 'a' stands in row 1 too"),
        ("a.yaml", "identities: [", "the register cannot be read"),
        ("a.json", b"\xff", "the register cannot be read"),
        ("a.txt", "id", "a register is YAML, JSON or CSV"),
        ("a.json", "", "Choose a register"),
    ):
        page = send(anna, name, content, "typed")
        assert page.status_code == 422
        assert told in said(page)
        assert forms_in(page)["/bodies/register"]["why"] == "typed"
    assert "Please give the reason" in said(send(anna, "a.csv", "id,name\na,A\n", ""))
    form = forms_in(anna.get("/bodies"))["/bodies/register"] | {"why": "x"}
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    late = anna.client.post(
        "/bodies/register", data=form, files={"file": ("a.csv", "id,name\na,A\n")}
    )
    assert late.status_code == 409
    assert "They asked for it" in said(late)
    assert [body.id for body in taken(anna, "json")] == ["ministry"]
    large = send(anna, "a.csv", b"x" * (17 << 20))
    assert large.status_code == 413


def test_a_register_that_csv_cannot_hold_is_told_so(desk: Callable[[str], Visitor]) -> None:
    anna = desk("anna")
    anna.fill("/bodies/new", "/bodies/new", **{**TYPED, "aliases": "Press | Office"})
    refused = anna.get("/bodies/register.csv")
    assert refused.status_code == 422
    assert "row 1, field aliases: a part of a list holds |" in said(refused)
    assert taken(anna, "yaml")[0].aliases == ("Press | Office",)


def test_who_reads_and_who_changes(desk: Callable[[str], Visitor]) -> None:
    desk("admin").fill("/bodies/new", "/bodies/new", **TYPED)
    for name in ("ben", "dora", "olga"):
        reader = desk(name)
        assert "Ministry of Examples" in reader.get("/bodies").text
        shown = reader.get(AT)
        assert "Министерство примеров" in shown.text
        assert not {one for one in forms_in(shown) if one.startswith("/bodies")}
        assert "/bodies/register" not in forms_in(reader.get("/bodies"))
        assert reader.get("/bodies/new").status_code == 403
    paul = desk("paul")
    assert "Protected bodies" not in paul.get("/queue").text
    assert paul.get("/bodies").status_code == paul.get("/bodies/register.csv").status_code == 403


def test_what_somebody_wrote_is_no_markup_and_no_path(desk: Callable[[str], Visitor]) -> None:
    anna = desk("anna")
    odd = {"id": "../<b>&id=x é", "name": '"><script>x</script>', "aliases": "\u202eabc"}
    added = anna.fill("/bodies/new", "/bodies/new", **{**TYPED, **odd})
    assert added.status_code == 200
    assert "<script>x" not in added.text + anna.get("/bodies").text
    assert forms_in(added)["/bodies/body"]["body"] == odd["id"]
    assert anna.fill(added, "/bodies/body", kind="agency", why="x").status_code == 200
    assert "Changed ../<b>&id=x é (kind)" in said(anna.get("/bodies/history"))


def test_a_form_of_a_version_that_is_not_here_is_told_so(
    desk: Callable[[str], Visitor],
) -> None:
    anna = desk("anna")
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    told = "made of a newer version than the one that is here"
    for path, action in ((AT, "/bodies/body"), (AT, "/bodies/remove")):
        refused = anna.fill(path, action, version="99", sender="DE", why="mine")
        assert (refused.status_code, told in said(refused)) == (422, True)
    assert taken(anna, "json")[0].sender == "FR"
    form = {**forms_in(anna.get("/bodies"))["/bodies/register"], "why": "x", "version": "99"}
    files = {"file": ("bodies.csv", "id,name\nx,X\n")}
    refused = anna.client.post("/bodies/register", data=form, files=files)
    assert (refused.status_code, told in said(refused)) == (422, True)


def test_a_list_that_no_form_takes_is_told_so_and_stays_as_it_is(
    desk: Callable[[str], Visitor],
) -> None:
    anna = desk("anna")
    anna.fill("/bodies/new", "/bodies/new", **TYPED)
    long = "\n".join(f"Ministry number {number}" for number in range(1500))
    refused = anna.fill(AT, "/bodies/body", aliases=long, why="mine")
    assert refused.status_code == 422
    assert "20,000 characters; a longer list is taken in with a whole register" in said(refused)
    assert forms_in(refused)["/bodies/body"]["aliases"].strip() == long
    row = {"id": "ministry", "name": "Ministry", "aliases": long.split("\n")}
    assert send(anna, "bodies.json", json.dumps([row])).status_code == 200
    page = anna.get(AT)
    assert "1,500 entries: too long for this form" in said(page)
    assert "aliases" not in forms_in(page)["/bodies/body"]
    anna.fill(page, "/bodies/body", sender="DE", why="It moved")
    (body,) = taken(anna, "json")
    assert (body.sender, len(body.aliases)) == ("DE", 1500)
