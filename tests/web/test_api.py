"""The application for programs, through its own client: the way of a notice, and each refusal."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import partial

import httpx
import pytest

from assay.cases import merkle
from assay.cases.signed_note import open_checkpoint
from assay.cases.store.accounts import Account
from assay.cases.store.connect import connect
from assay.errors import InputError, UsageError
from assay.web.api.shapes import Answer, Done, NoticeAsked
from assay.web.app import make_app
from assay.web.client import CaseClient, Refusal
from assay.web.guard import HEADERS, MOST_BYTES
from assay.web.house import House
from assay.web.limits import Limits
from assay.web.proofs import check_proof
from tests.cases.made import REASONS, REVIEW
from tests.web.in_process import InProcess, Lossy
from tests.web.served import NOTICE, PASSWORD, Visitor, confirm, letters_of, said

Client = Callable[..., CaseClient]
Member = Callable[[str], Visitor]
COMPLETE = NoticeAsked(
    kind="impersonation", good_faith=True, **{n: t for n, t in NOTICE.items() if n != "good_faith"}
)


@pytest.fixture(scope="module")
def transport(house: House) -> Iterator[InProcess]:
    made = InProcess(make_app(house, sends=False))
    yield made
    made.close()


def account(house: House, name: str) -> Account:
    found = house.accounts.by_email(f"{name}@house.example")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def client(house: House, transport: InProcess) -> Client:
    """A program of somebody, with a token made once for each purpose."""
    made: dict[tuple[str, str], CaseClient] = {}

    def of(name: str, purpose: str = "work") -> CaseClient:
        if (name, purpose) not in made:
            token = house.tokens.make(account(house, name), purpose, purpose, house.now())
            made[name, purpose] = CaseClient("https://house.example", token, transport)
        return made[name, purpose]

    return of


@pytest.fixture(scope="module")
def anybody(transport: InProcess) -> CaseClient:
    return CaseClient("http://house.example/", None, transport)


@pytest.fixture
def notice(client: Client) -> Done:
    return client("anna").hand_in(COMPLETE)


def triaged(anna: CaseClient, notice: Done) -> Done:
    taken = anna.act(notice, "acknowledge", "complete")
    return anna.act(taken, "triage", "what is at stake", {"priority": "normal"})


def refused(status: int, name: str, do: Callable[[], object]) -> Refusal:
    """What a refusal says; it must be of this status and name."""
    with pytest.raises(Refusal) as error:
        do()
    told = error.value.problem
    assert (told.status, told.type) == (status, f"urn:assay:problem:{name}")
    return error.value


def test_the_way_of_a_notice_up_to_its_proof(
    house: House, client: Client, anybody: CaseClient, notice: Done
) -> None:
    anna, ben = client("anna"), client("ben")
    kept = anybody.checkpoint()
    done = triaged(anna, notice)
    done = anna.act(done, "record_hearing", "heard by telephone")
    review: dict[str, Answer] = {"aim": "rights_of_others", "incitement": False, **REVIEW}
    done = anna.act(done, "review_rights", "before a decision", review)
    done = anna.act(done, "propose", "please check", {"outcome": "restriction", **REASONS})
    refused(422, "not-possible", lambda: anna.act(done, "confirm", "by myself"))
    done = ben.act(done, "confirm", "read and shared")
    told = anna.act(done, "notify", "decided", {"concerned_email": "other@example.org"})
    assert told.state == "notified"
    assert [one.recipient for one in letters_of(house)].count("other@example.org") == 1
    entry = ben.prepare_entry(notice.id)
    text = {"title": "An imitator", "summary": "It was asked to go.", "sender_public": "a person"}
    ben.act(entry, "publish", "decisions are published", text)
    assert next(iter(anybody.register())).title == "An imitator"
    published = anybody.entry(entry.id)
    assert published.text == text
    assert published.subject["outcome"] == "restriction"
    place = published.history[0].entry
    proof = anybody.proof(entry.id, place).model_dump_json()
    key = house.store.keys.public_key()
    assert all(step.holds for step in check_proof(proof, key))
    first, newest = (open_checkpoint(one.checkpoint, key) for one in (kept, anybody.checkpoint()))
    hashes = [base64.b64decode(one) for one in anybody.consistency(first.size, newest.size).hashes]
    assert merkle.consistency_holds((first.size, newest.size), (first.root, newest.root), hashes)


def test_a_record_says_what_can_be_done_and_what_it_asks(client: Client, notice: Done) -> None:
    anna = client("anna")
    triaged(anna, notice)
    seen = anna.record(notice.id)
    assert [event.act for event in seen.history] == ["draft", "submit", "acknowledge", "triage"]
    assert seen.names[seen.history[-1].by] == "Anna"
    asked = {one.name: one for one in seen.acts}["review_rights"].questions
    assert {"aim", "legality"} <= {one.name for one in asked if one.required}
    assert client("anna", "read").record(notice.id).acts == []
    assert client("olga").record(notice.id).acts == []


def test_several_people_are_asked_and_told_apart_by_program(client: Client) -> None:
    anna, ben = client("anna"), client("ben")
    urls = ["https://social.example/ada", "https://social.example/bea"]
    done = triaged(anna, anna.hand_in(COMPLETE.model_copy(update={"urls": "\n".join(urls)})))
    for act, told in (
        ("ask_to_be_heard", {"put_to_them": "x", "answer_until": "2026-02-14"}),
        ("replace_link", {"party": "sender"}),
    ):
        other: dict[str, Answer] = {**told, "concerned_urls": f"{urls[0]}\nhttps://other.example/"}
        wrong = refused(422, "not-possible", partial(anna.act, done, act, "x", other)).problem
        assert "does not name https://other.example/" in wrong.faults["concerned_urls"]
    for url in urls:
        put: dict[str, Answer] = {"put_to_them": f"Of {url}", "answer_until": "2026-02-14"}
        done = anna.act(done, "ask_to_be_heard", "x", {**put, "concerned_urls": url})
        assert done.links == {url: done.link}
    people = anna.record(done.id).concerned
    assert [one.addresses for one in people.values()] == [[url] for url in urls]
    ada, _ = people
    done = anna.act(done, "replace_link", "lost", {"party": "concerned", "concerned": ada})
    assert set(done.links) == {urls[0]}
    done = ben.act(done, "conclude", "x", {"outcome": "no_action", "told": "Nothing."})
    done = anna.act(done, "notify", "decided")
    assert (done.link, list(done.links)) == (None, urls)


def test_the_second_program_is_told_what_changed(client: Client, notice: Done) -> None:
    anna, ben = client("anna"), client("ben")
    anna.act(notice, "note", "I rang the sender.")
    told = refused(412, "changed-meanwhile", lambda: ben.act(notice, "claim", "mine")).problem
    assert told.version == notice.version + 1
    assert [event.why for event in told.since] == ["I rang the sender."]


def test_a_request_that_comes_twice_is_done_once(
    house: House, client: Client, transport: InProcess, notice: Done
) -> None:
    token = house.tokens.make(account(house, "anna"), "twice", "work", house.now())
    lossy = Lossy(transport)
    anna = CaseClient("https://house.example", token, lossy)
    done = anna.act(notice, "acknowledge", "complete")
    assert (done.repeated, done.version, lossy.asked) == (True, notice.version + 1, 2)
    second = anna.hand_in(COMPLETE)
    assert (second.repeated, second.link) == (True, None)
    same = [row for row in client("anna").records() if row.opened_at == second.changed_at]
    assert [row.id for row in same].count(second.id) == 1
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k", "If-Match": '"3"'}
    plain = httpx.Client(base_url="http://house.example/api/v1", transport=transport)
    path = f"/records/{notice.id}/acts/note"
    answers = [plain.post(path, json={"why": why}, headers=headers) for why in ("a", "a", "b")]
    assert [one.status_code for one in answers] == [200, 200, 422]
    assert answers[0].headers["etag"] == answers[1].headers["etag"] == '"4"'
    assert "another request" in answers[2].json()["detail"]


def test_what_a_notice_lacks_is_said_by_name(client: Client) -> None:
    empty = NoticeAsked(kind="government_order", title="Take it down")
    told = refused(422, "not-possible", lambda: client("paul").hand_in(empty)).problem
    assert {"legal_basis", "order_reference", "urls", "good_faith"} <= set(told.faults)


def test_a_partner_hands_in_by_program_and_sees_only_that(client: Client, notice: Done) -> None:
    paul = client("paul", "work")
    mine = paul.hand_in(COMPLETE)
    assert [row.id for row in paul.records(kind="notice")] == [mine.id]
    refused(404, "not-there", lambda: paul.record(notice.id))
    refused(403, "not-yours-to-do", lambda: client("ben", "report").record(notice.id))
    refused(403, "not-yours-to-do", lambda: client("anna", "read").act(notice, "note", "x"))


def test_a_partner_is_told_that_an_address_waits_for_its_confirmation(
    house: House, client: Client, somebody: Callable[[], Visitor], member: Member
) -> None:
    paul = client("paul", "work")
    letters_of(house)
    mine = paul.hand_in(COMPLETE.model_copy(update={"sender_email": "other@example.org"}))
    assert paul.record(mine.id).facts["sender_address"] == "unconfirmed"
    waits = "This address waits for your confirmation"
    page = said(member("paul").get(f"/records/{mine.id}"))
    assert (waits in page, "Withdraw the notice" in page) == (True, True)
    assert waits not in said(member("anna").get(f"/records/{mine.id}"))
    confirm(house, somebody())
    assert paul.record(mine.id).facts["sender_address"] == "confirmed"
    assert waits not in said(member("paul").get(f"/records/{mine.id}"))
    own = paul.hand_in(COMPLETE.model_copy(update={"sender_email": "Paul@house.example"}))
    assert paul.record(own.id).facts["sender_address"] == "account"


def test_lists_go_on_where_the_page_ended(client: Client, notice: Done) -> None:
    anna = client("anna")
    triaged(anna, notice)
    anna.hand_in(COMPLETE)
    anna.hand_in(COMPLETE)
    for wanted in ({}, {"order": "due"}):
        listed = [row.id for row in anna.records(limit=2, **wanted)]
        assert len(listed) == len(set(listed)) == anna.page(**wanted).total > 2
    assert {row.state for row in anna.records(state="triaged")} == {"triaged"}
    for cursor in ("x", "", "!!!!", base64.urlsafe_b64encode(b"a~b").decode()):
        refused(422, "not-possible", partial(anna.page, cursor=cursor))


def test_what_a_token_is_worth(house: House, client: Client, transport: InProcess) -> None:
    olga = client("olga")
    assert (olga.me().role, olga.me().purpose) == ("auditor", "work")
    for token in (None, "", "assay_of-nobody", "ünknown"):
        nobody = CaseClient("https://house.example", token, transport)
        refused(401, "no-token", nobody.me)
    assert house.tokens.revoke(account(house, "olga").id, house.tokens.of(olga.me().id)[0].id)
    refused(401, "no-token", olga.me)


def test_tokens_are_made_and_revoked_on_the_page(
    house: House, somebody: Callable[[], Visitor], transport: InProcess
) -> None:
    ben = somebody().sign_in("ben")
    typed = {"name": "Nightly list", "purpose": "read", "present": "wrong"}
    page = ben.fill("/account", "/account/tokens", **typed)
    assert page.status_code == 422
    page = ben.fill("/account", "/account/tokens", **{**typed, "present": PASSWORD, "name": ""})
    assert "no name" in said(page)
    page = ben.fill("/account", "/account/tokens", **{**typed, "present": PASSWORD})
    token = next(word for word in said(page).split() if word.startswith("assay_"))
    mine = CaseClient("https://house.example", token, transport)
    assert mine.me().purpose == "read"
    page = ben.get("/account")
    assert token not in page.text
    assert "Nightly list" in said(page)
    kept = house.tokens.of(mine.me().id)
    identity = next(one.id for one in kept if one.name == "Nightly list")
    assert "revoked" in said(ben.fill(page, f"/account/tokens/{identity}/revoke"))
    refused(401, "no-token", mine.me)


def test_cookies_count_for_nothing(member: Callable[[str], Visitor]) -> None:
    assert member("anna").get("/api/v1/records").status_code == 401


def test_every_answer_of_the_api_is_guarded(house: House, transport: InProcess) -> None:
    plain = httpx.Client(base_url="http://house.example/api/v1", transport=transport)
    told = plain.get("/nothing")
    assert {name: told.headers[name] for name in HEADERS} == HEADERS
    assert told.headers["cache-control"] == "no-store"
    large = plain.post("/notices", content=b"x" * (MOST_BYTES + 1))
    kept, house.limits = house.limits, Limits(scale=0)
    often = plain.get("/me")
    house.limits = kept
    for answer, status in ((told, 404), (large, 413), (often, 429)):
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert int(often.headers["retry-after"]) > 0


def test_a_body_that_is_none_is_said_to_be_so(house: House, transport: InProcess) -> None:
    token = house.tokens.make(account(house, "anna"), "x", "report", house.now())
    plain = httpx.Client(base_url="http://house.example/api/v1", transport=transport)
    plain.headers["Authorization"] = f"Bearer {token}"
    json = {"Content-Type": "application/json"}
    plain_text = {"Content-Type": "text/plain"}
    in_pieces = iter((b"x" * MOST_BYTES, b"x"))  # no head tells how long it will be
    for head, content, status in (
        (json, b"[" * 100_000, 400),
        (json, b"{", 422),
        ({"Content-Type": "application/json; charset=utf-8"}, b"{}", 422),
        (json, b"", 422),
        (plain_text, b"{}", 415),
        ({}, b"{}", 415),
        ({}, b"", 422),
        (json, in_pieces, 413),
    ):
        told = plain.post("/notices", headers=head, content=content)
        assert (told.status_code, told.json()["status"]) == (status, status)
        assert told.headers["content-type"] == "application/problem+json"


def test_a_file_comes_as_a_file_whatever_it_holds(
    client: Client, house: House, transport: InProcess, notice: Done
) -> None:
    token = house.tokens.make(account(house, "anna"), "x", "work", house.now())
    asked = f"/records/{notice.id}/evidence?name=a.json&source=x&shows=x&why=x"
    plain = httpx.Client(base_url="http://house.example/api/v1", transport=transport)
    headers = {"Authorization": f"Bearer {token}", "If-Match": f'"{notice.version}"'}
    for kind, status in (("application/json", 415), ("application/octet-stream", 200)):
        told = plain.post(asked, content=b"{}", headers={**headers, "Content-Type": kind})
        assert told.status_code == status, told.text


def test_a_database_that_is_away_is_said_plainly(house: House, client: Client) -> None:
    anna = client("anna")
    kept = house.tokens.engine
    house.tokens.engine = connect("/nowhere/cases.db")
    try:
        told = refused(503, "away", anna.me)
    finally:
        house.tokens.engine = kept
    assert "/nowhere" not in told.problem.detail


def test_what_is_no_such_server_is_said(transport: InProcess) -> None:
    elsewhere = httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))
    with pytest.raises(InputError, match="no answer of Assay's API"):
        CaseClient("http://house.example", None, elsewhere).checkpoint()

    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(InputError, match="does not answer"):
        CaseClient("http://house.example", None, httpx.MockTransport(away)).checkpoint()

    def garbled(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, content=b"none")

    with pytest.raises(InputError, match="does not answer"):
        CaseClient("http://house.example", None, httpx.MockTransport(garbled)).checkpoint()
    for address in (
        "http://[",
        "ftp://house.example",
        "house.example",
        "http://h:99999",
        "http://",
    ):
        for token in (None, "t"):
            with pytest.raises(UsageError, match=r"a house (needs|is)|for a house"):
                CaseClient(address, token)
