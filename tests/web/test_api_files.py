"""Files by program: the rules are those of the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from assay.cases.evidence import NewFile
from assay.cases.store.connect import StoreAway
from assay.cases.store.listing import PAGE
from assay.web.client import CaseClient, Refusal
from assay.web.house import House
from tests.web.served import Visitor, report
from tests.web.test_api import account
from tests.web.test_disclosures import ASKED
from tests.web.test_letter_in import letter

QUERY = {"name": "a.pdf", "source": "by post", "shows": "the page", "why": "evidence"}


@dataclass(frozen=True)
class Asking:
    """A program of Anna's."""

    client: httpx.Client
    base: str

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self.client.post(f"{self.base}{path}", **sent)


@pytest.fixture
def asking(house: House, somebody: Callable[[], Visitor]) -> Asking:
    client = somebody().client
    token = house.tokens.make(account(house, "anna"), "any", "work", house.now())
    client.headers["Authorization"] = f"Bearer {token}"
    return Asking(client, "/api/v1")


@pytest.fixture
def client(house: House, asking: Asking) -> CaseClient:
    """The same program by the typed client."""
    token = asking.client.headers["Authorization"].removeprefix("Bearer ")
    return CaseClient("https://house.example", token, asking.client._transport)


def test_a_file_is_added_once_and_comes_back(
    asking: Asking, somebody: Callable[[], Visitor]
) -> None:
    _, earlier = report(somebody())
    _, notice = report(somebody())
    sent: dict[str, Any] = {
        "params": QUERY,
        "content": b"%PDF- page",
        "headers": {
            "If-Match": '"2"',
            "Idempotency-Key": "one",
            "Content-Type": "application/octet-stream",
        },
    }
    path = f"/records/{notice}/evidence"
    assert asking.post(path, **sent).json()["version"] == 3
    assert asking.post(path, **sent).json()["repeated"]
    other = {**sent, "headers": {**sent["headers"], "Idempotency-Key": "two"}}
    assert asking.post(path, **other).status_code == 412
    told = asking.client.get(f"/api/v1/records/{notice}").json()
    (file,) = told["files"]
    assert (file["name"], file["format"], file["bytes"]) == ("a.pdf", "pdf", 10)
    assert earlier in told["likely"]
    answer = asking.client.get(f"/api/v1/records/{notice}/evidence/{file['entry']}")
    assert answer.content == b"%PDF- page"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert asking.client.get(f"/api/v1/records/{notice}/evidence/0").status_code == 404
    headers = {"If-Match": '"3"', "Content-Type": "application/octet-stream"}
    damaged = {**sent, "content": b"PK\x03\x04findings.json", "headers": headers}
    assert asking.post(path, **damaged).status_code == 422
    named = {**damaged, "content": b"%PDF-", "params": {**QUERY, "finding": "coaction-1"}}
    assert "holds no findings" in asking.post(path, **named).json()["detail"]


def test_a_database_that_is_away_is_not_the_senders_fault(
    house: House,
    asking: Asking,
    somebody: Callable[[], Visitor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, notice = report(somebody())

    def away(*_: object, **__: object) -> None:
        raise StoreAway("the database says: no room at /nowhere", fix="make room")

    monkeypatch.setattr(house.store, "act", away)
    headers = {"If-Match": '"2"', "Content-Type": "application/octet-stream"}
    sent: dict[str, Any] = {"params": QUERY, "content": b"x", "headers": headers}
    told = asking.post(f"/records/{notice}/evidence", **sent)
    assert (told.status_code, "/nowhere" in told.text) == (503, False)


def test_letters_and_requests_come_by_program(client: CaseClient) -> None:
    done = client.take_letter("impersonation", letter().as_bytes())
    assert (done.kind, done.state) == ("notice", "submitted")
    with pytest.raises(Refusal) as refused:
        client.take_letter("impersonation", b"x")
    assert refused.value.problem.status == 422
    with pytest.raises(Refusal) as refused:
        client.examine_sender(done.id)
    assert refused.value.problem.status == 422
    answers = {name: text for name, text in ASKED.items() if name != "why"}
    # One more than a page of the ledger holds, so that its second page is told too.
    made = [client.request_data(answers, "It came by post.") for _ in range(PAGE + 1)]
    lines = {line.id: line for line in client.disclosures()}
    assert set(lines) == {one.id for one in made}
    told = lines[made[0].id]
    assert (told.authority, told.state, told.risk) == (ASKED["authority"], "requested", "")


def test_the_client_brings_a_file_and_takes_it_back(
    client: CaseClient, somebody: Callable[[], Visitor]
) -> None:
    _, notice = report(somebody())
    file = NewFile(b"%PDF- page", "a.pdf", "by post", "the page", "whole")
    done = client.add_file((notice, 2), file, "evidence")
    (kept,) = client.record(notice).files
    assert (kept.name, kept.shows, kept.for_concerned) == ("a.pdf", "the page", "whole")
    assert client.file(notice, kept.entry) == b"%PDF- page"
    for wrong, status in (((notice, 2), 412), (("0" * 16, 2), 404)):
        with pytest.raises(Refusal) as refused:
            client.add_file(wrong, file, "evidence")
        assert refused.value.problem.status == status
    with pytest.raises(Refusal) as refused:
        client.file(notice, 0)
    assert refused.value.problem.status == 404
    packed = replace(file, finding="coaction-1")
    with pytest.raises(Refusal, match="finding"):
        client.add_file(done, packed, "evidence")
