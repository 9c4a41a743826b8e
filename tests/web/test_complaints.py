"""The complainant's desk: a complaint from draft to ledger, by letter, by hand, and unanswered."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cases.letters import letter_sha256
from assay.cases.store.verify import verify
from assay.errors import InputError
from assay.web.complaint_file import read_complaint
from assay.web.house import House
from assay.web.routes.ledger import COLUMNS
from tests.cases.test_outside import SAID
from tests.web.served import (
    Visitor,
    clock_of,
    forms_in,
    letters_of,
    new_house,
    opened,
    said,
    with_team,
)
from tests.web.test_api import account

Somebody = Callable[[], Visitor]
DRAFT = {
    **{name: text for name, text in SAID.items() if name != "good_faith"},
    "complainant_kind": "organisation",
    "may_be_public": "yes",
}
TO_PLATFORM = {
    "recipient_kind": "platform",
    "recipient": "Social Example",
    "recipient_email": "desk@social.example",
    "answer_until": "2026-02-14",
    "due_by": "recipient",
    "due_rule": "Help page: reports are answered within two weeks",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Somebody]]:
    """A house of its own: its ledger begins empty."""
    house = with_team(new_house(tmp_path_factory.mktemp("complaints")))
    with opened(house) as somebody:
        yield house, somebody


def drafted(visitor: Visitor, **typed: str) -> str:
    page = visitor.fill("/complaints/new", "/complaints/new", **{**DRAFT, **typed})
    assert page.url.path.startswith("/records/"), said(page)
    return page.url.path.rpartition("/")[2]


def published(visitor: Visitor, complaint: str) -> str:
    """Prepare the entry of a complaint and publish it."""
    action = f"/records/{complaint}/register"
    entry = visitor.fill(f"/records/{complaint}", action).url.path.rpartition("/")[2]
    visitor.act(entry, "publish", why="The complainant wants it.")
    return entry


@pytest.fixture(scope="module")
def worked(desk: tuple[House, Somebody]) -> tuple[House, Somebody, str, str]:
    """A complaint to a platform (silent), a regulator (answered) and everyone; and its entry."""
    house, somebody = desk
    ben = somebody().sign_in("ben")
    assert "Nothing is published yet." in said(ben.get("/ledger"))
    complaint = drafted(ben)
    ben.act(complaint, "open", good_faith="yes")
    ben.act(complaint, "send", **TO_PLATFORM)
    [letter] = letters_of(house)
    kept = house.store.record(complaint, account(house, "ben").actor)[0].awaited[3]
    assert kept.facts["sha256"] == letter_sha256(letter)
    assert kept.fields["sent_text"] == letter.text
    assert letter.recipient == "desk@social.example"
    for text in (*(SAID[name] for name in SAID if name != "good_faith"), "2026-02-14"):
        assert text in letter.text
    page = ben.get(f"/records/{complaint}")
    assert "record_silence" not in str(forms_in(page))
    clock_of(house).go_on(days=15)
    ben.sign_in("ben")
    ben.act(complaint, "remind", regards="3")
    assert letters_of(house)[-1].text.count("An answer was due until 2026-02-14") == 1
    ben.act(
        complaint,
        "record_sending",
        recipient_kind="regulator",
        recipient="Regulator of Examples",
        sent_on="2026-02-15",
        channel="web_form",
        sent_text="As typed into the form.",
        proof="Ticket 4711",
        answer_until="2026-03-15",
        due_by="sender",
        escalates="3",
    )
    ben.act(complaint, "record_silence", regards="3")
    clock_of(house).go_on(days=5)
    ben.sign_in("ben")
    ben.act(
        complaint,
        "record_answer",
        regards="5",
        answered_on="2026-02-18",
        channel="post",
        answer_kind="refused",
        reply="Dear Ms Sender, we see no breach.",
        reply_public="No breach was seen.",
    )
    ben.act(
        complaint,
        "record_sending",
        recipient_kind="public_statement",
        recipient="Everyone",
        sent_on="2026-02-20",
        channel="publication",
        sent_text="We said so.",
    )
    return house, somebody, complaint, published(ben, complaint)


def test_the_ledger_tells_everyone(worked: tuple[House, Somebody, str, str]) -> None:
    _, somebody, _, entry = worked
    page = said(somebody().get("/ledger"))
    for told in (
        "Social Example",
        "never answered",
        "Help page: reports are answered within two weeks",
        "answered 18 February 2026 after 3 days · By post It was refused . No breach was seen.",
        "after Social Example",
        "no answer is awaited",
        "reminded 15 February 2026",
    ):
        assert told.replace(" .", ".") in page.replace(" .", "."), told
    for kept in ("Dear Ms Sender", "desk@social.example", "Ticket 4711"):
        assert kept not in page
        assert kept not in somebody().get(f"/register/{entry}").text
    assert "never answered" in said(somebody().get(f"/register/{entry}"))
    # Complaints are what a house asks of others, and no decisions of its own.
    assert entry not in somebody().get("/register").text


def test_the_table_and_the_json_say_the_same(worked: tuple[House, Somebody, str, str]) -> None:
    house, somebody, _, entry = worked
    visitor = somebody()
    rows = list(csv.DictReader(io.StringIO(visitor.get("/ledger/ledger.csv").text)))
    assert tuple(rows[0]) == COLUMNS
    told = visitor.get("/ledger/ledger.json").json()
    [complaint] = told["complaints"]
    assert complaint["entry"] == entry
    assert [row["state"] for row in rows] == ["silent", "answered", "not_awaited"]
    assert [row["state"] for row in complaint["sent"]] == ["silent", "answered", "not_awaited"]
    digest = hashlib.sha256(b"As typed into the form.").hexdigest()
    assert rows[1]["sha256"] == complaint["sent"][1]["sha256"] == digest
    kinds = {one["recipient_kind"]: one for one in told["figures"]}
    assert set(kinds) == {"platform", "regulator"}
    assert (kinds["platform"]["unanswered"], kinds["regulator"]["median_days"]) == (1, 3)
    assert asdict(house.ledger.complaints(house.now())[0].sent[0])["reminded_on"] == ("2026-02-15",)


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("state=silent", "Social Example", "Regulator of Examples"),
        ("recipient=regulator", "Regulator of Examples", "Everyone"),
        ("state=open", "Nothing is published that fits", "Regulator of Examples"),
        ("state=nonsense&recipient=x&start=x", "Social Example", "Nothing is published"),
    ],
)
def test_the_ledger_is_filtered(
    worked: tuple[House, Somebody, str, str], asked: str, shown: str, hidden: str
) -> None:
    page = said(worked[1]().get(f"/ledger?{asked}"))
    body = page.partition("Filter")[2]
    assert shown in body
    assert hidden not in body


def test_the_log_holds(worked: tuple[House, Somebody, str, str]) -> None:
    house = worked[0]
    assert verify(house.store).holds


def test_a_correction_is_seen_and_a_withdrawn_entry_says_so(
    worked: tuple[House, Somebody, str, str],
) -> None:
    _, somebody, complaint, entry = worked
    ben = somebody().sign_in("ben")
    ben.act(complaint, "correct_sending", regards="5", recipient="Authority", why="Misnamed.")
    page = said(somebody().get("/ledger"))
    assert "Authority" in page
    assert "corrected 20 February 2026" in page
    ben.act(entry, "withdraw", why="The complainant changed their mind.")
    page = said(somebody().get("/ledger"))
    assert "Authority" not in page
    assert "withdrawn" in page


def test_a_passed_day_shows_by_itself(desk: tuple[House, Somebody]) -> None:
    house, somebody = desk
    ben = somebody().sign_in("ben")
    complaint = drafted(ben, title="Another account")
    ben.act(complaint, "open", good_faith="yes")
    until = house.now().date().isoformat()
    ben.act(complaint, "send", **{**TO_PLATFORM, "answer_until": until, "recipient": "Late Ltd"})
    published(ben, complaint)
    assert "Late Ltd" in said(somebody().get("/ledger?state=open"))
    assert complaint in ben.get("/queue?kind=complaint").text
    clock_of(house).go_on(days=1)
    assert "Late Ltd" in said(somebody().get("/ledger?state=late"))
    ben.sign_in("ben")
    assert complaint in ben.get("/queue?view=late").text


def test_nothing_is_published_that_its_sender_keeps_to_themselves(
    desk: tuple[House, Somebody],
) -> None:
    ben = desk[1]().sign_in("ben")
    complaint = drafted(ben, may_be_public="no")
    ben.act(complaint, "open", good_faith="yes")
    ben.act(complaint, "send", **{**TO_PLATFORM, "answer_until": "2026-04-01"})
    page = ben.get(f"/records/{complaint}")
    assert "It is not to be public" in said(page)
    assert f"/records/{complaint}/register" not in forms_in(page)
    mark = next(iter(forms_in(page).values()))["csrf"]
    forced = ben.client.post(f"/records/{complaint}/register", data={"csrf": mark})
    assert forced.status_code == 422
    assert "does not want it to be public" in said(forced)


def test_what_lacks_is_said_and_nothing_typed_is_lost(desk: tuple[House, Somebody]) -> None:
    ben = desk[1]().sign_in("ben")
    page = ben.fill("/complaints/new", "/complaints/new", title="Half", urls="no address")
    assert page.status_code == 422
    assert forms_in(page)["/complaints/new"]["title"] == "Half"
    complaint = drafted(ben, urls="no address")
    action = f"/records/{complaint}/acts/open"
    page = ben.fill(f"/records/{complaint}", action, good_faith="yes", why="x")
    assert page.status_code == 422
    assert "these are no exact web addresses: no, address" in said(page)


FILE = {
    "schema": 1,
    "made_by": "Assay",
    "finding": "f-1",
    "verdict": "poses_as",
    "score": 0.9,
    "explanation": "The account uses the ministry's name.",
    "reasons": ["same picture"],
    "location": {
        "platform": "social",
        "address": "https://social.example/x",
        "account_id": "social:1",
        "handle": "x",
    },
    "body": "Ministry of Examples",
    "genuine": [],
    "names": [],
    "rule": {
        "platform": "social",
        "impersonation": {
            "quote": "No impersonation",
            "title": "Rules",
            "dated": "2026-01-01",
            "source": "https://social.example/rules",
        },
    },
    "proof": {},
    "speaks_for_the_account": [{"name": "fan", "speaks_for": "It may be a fan."}],
    "limits": ["Pictures were not compared."],
    "evidence": [],
    "notifier": {},
}


def test_a_complaint_file_fills_the_form(desk: tuple[House, Somebody], tmp_path: Path) -> None:
    ben = desk[1]().sign_in("ben")
    form = forms_in(ben.get("/complaints/new"))["/complaints/file"]
    sent = {"file": ("f-1.json", json.dumps(FILE).encode(), "application/json")}
    page = ben.client.post("/complaints/file", data=form, files=sent)
    filled = forms_in(page)["/complaints/new"]
    assert filled["complainant"] == "Ministry of Examples"
    assert filled["other_side"] == "fan: It may be a fan.\nPictures were not compared."
    assert filled["urls"] == "https://social.example/x"
    assert "“No impersonation” (Rules; 2026-01-01;" in filled["rule"]
    broken = ben.client.post("/complaints/file", data=form, files={"file": ("x", b"{", "x")})
    assert broken.status_code == 422
    assert "this is no complaint file; give the .json file" in said(broken)


@given(st.binary(max_size=80) | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_no_other_file_is_taken_for_one(content: bytes | str) -> None:
    with pytest.raises(InputError, match="complaint file"):
        read_complaint(content if isinstance(content, bytes) else content.encode())


def test_names_alone_ask_for_no_more_than_a_look() -> None:
    told = read_complaint(json.dumps({**FILE, "verdict": "resembles"}).encode())
    assert told["wanted"].startswith("Look at this account, with its owner heard first.")
