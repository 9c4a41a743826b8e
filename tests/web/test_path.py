"""The whole way: set-up, notice, triage, hearing, decision by two, letters, appeal, register."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assay.cases.store.listing import Wanted
from assay.cases.store.verify import verify
from assay.model.case import RecordKind
from assay.web.house import House
from tests.cases.made import REASONS, REVIEW
from tests.web.served import (
    NOTICE,
    PASSWORD,
    Visitor,
    clock_of,
    confirm,
    first_start,
    forms_in,
    letters_of,
    link_in,
    new_house,
    opened,
    report,
    said,
)

RESTORED = {
    "recipient_kind": "platform",
    "recipient": "The platform",
    "recipient_email": "desk@platform.example",
    "wanted": "The account's name and picture.",
    "answer_until": "2026-02-14",
    "due_by": "sender",
}


@pytest.fixture
def new(database: str, tmp_path: Path) -> Iterator[tuple[House, Callable[[], Visitor]]]:
    """A house at its first start, on each sort of database."""
    house = new_house(tmp_path / "house", database)
    with opened(house) as somebody:
        yield house, somebody


def set_up(house: House, admin: Visitor) -> Visitor:
    assert "Not set up yet" in said(admin.get("/report"))
    assert admin.get("/setup?token=guessed").status_code == 404
    page = first_start(house, admin)
    assert house.store.keys.public_key().text in said(page)
    return admin


def invite(house: House, admin: Visitor, person: Visitor, name: str, role: str) -> Visitor:
    email = f"{name}@house.example"
    admin.fill("/people", "/people", name=name.capitalize(), email=email, role=role)
    link = link_in(letters_of(house)[-1], "invitation")
    done = person.fill(link, link, password=PASSWORD, again=PASSWORD)
    assert done.url.path == "/sign-in"
    assert person.get(link).status_code == 404  # it works once
    return person.sign_in(name)


def report_at_the_second_try(visitor: Visitor) -> tuple[str, str]:
    """A notice by form that the gate refuses once; gives its secret link and id."""
    action = "/report/impersonation"
    page = visitor.fill(action, action, **{**NOTICE, "urls": "social.example", "good_faith": ""})
    assert page.status_code == 422
    assert "these are no exact web addresses" in said(page)
    assert "The account uses our name and picture." in said(page)  # nothing typed is lost
    return report(visitor)


def test_the_whole_way(new: tuple[House, Callable[[], Visitor]]) -> None:
    house, somebody = new
    admin = set_up(house, somebody())
    anna, ben, dora = (
        invite(house, admin, somebody(), name, role)
        for name, role in (
            ("anna", "investigator"),
            ("ben", "reviewer"),
            ("dora", "appeals_reviewer"),
        )
    )
    sender = somebody()
    link, notice = report_at_the_second_try(sender)
    confirm(house, somebody())
    receipt = letters_of(house)[-1]
    assert (receipt.purpose, receipt.recipient) == ("receipt", "sender@example.org")
    assert "Your notice" in said(somebody().get(link_in(receipt)))

    assert NOTICE["title"] in said(anna.get("/queue"))
    for name, typed in (("claim", {}), ("acknowledge", {}), ("triage", {"priority": "high"})):
        anna.act(notice, name, **typed)
    clock_of(house).go_on(hours=1)
    page = anna.fill(
        f"/records/{notice}",
        f"/records/{notice}/acts/propose",
        outcome="restriction",
        **REASONS,
    )
    assert (page.status_code, "was not heard" in said(page)) == (422, True)
    assert REASONS["measure"] in said(page)

    anna.act(
        notice,
        "ask_to_be_heard",
        put_to_them="You are said to use a ministry's name.",
        answer_until="2026-02-14",
        concerned_email="person@example.org",
    )
    hearing = letters_of(house)[-1]
    assert (hearing.purpose, hearing.recipient) == ("hearing", "person@example.org")
    concerned, theirs = somebody(), link_in(hearing)
    page = concerned.get(theirs)
    assert "You are said to use" in said(page)
    assert "A. Sender" not in page.text
    assert "sender@example.org" not in page.text
    assert NOTICE["title"] not in page.text
    page = concerned.fill(theirs, f"{theirs}/answer", answer="It is a fan account, and says so.")
    assert "Your answer arrived" in said(page)
    assert "fan account" not in said(sender.get(link))

    anna.act(notice, "review_rights", aim="rights_of_others", incitement="no", **REVIEW)
    anna.act(notice, "propose", outcome="restriction", **REASONS)
    assert "/acts/confirm" not in anna.get(f"/records/{notice}").text
    assert "It is a fan account" in said(ben.get(f"/records/{notice}"))
    ben.act(notice, "confirm")
    anna.act(notice, "notify")
    told = {letter.recipient: letter for letter in letters_of(house)[-2:]}
    assert told["sender@example.org"].purpose == "decision_sender"
    reasons = told["person@example.org"].text
    assert "STATEMENT OF REASONS" in reasons
    assert all(text in reasons for text in (REASONS["measure"], "Rule 4", "published terms"))
    assert "sender@example.org" not in reasons
    assert "A. Sender" not in reasons

    anna.fill(f"/records/{notice}", f"/records/{notice}/register")
    entry = newest(house, "register")
    assert concerned.get(f"/register/{entry}").status_code == 404
    ben.act(entry, "publish", title="An account and a ministry's name", summary="It was removed.")
    assert "None was lodged" in said(concerned.get(f"/register/{entry}"))

    page = concerned.fill(theirs, f"{theirs}/appeal", grounds="A fan account is no imitation.")
    assert "Your appeal arrived" in said(page)
    assert letters_of(house)[-1].purpose == "appeal_receipt"
    appeal = newest(house, "appeal")
    at = f"/records/{appeal}"
    typed = {**forms_in(anna.get(at))[f"{at}/acts/note"], **RESTORED, "why": "because"}
    early = anna.client.post(f"{at}/acts/ask_restoration", data=typed)
    assert (early.status_code, "is not possible while" in said(early)) == (422, True)
    dora.act(appeal, "admit")
    page = dora.get(at)
    choices = re.search(r'<select id="assign-assignee".*?</select>', page.text, re.S)
    assert choices is not None
    assert "Dora" in choices.group()
    assert not {"Anna", "Ben"} & set(re.findall(r"\w+", choices.group()))
    dora.act(appeal, "assign", assignee=_id(house, "dora"))
    published_at = updated(concerned.get("/register/feed.atom").text, entry)
    clock_of(house).go_on(minutes=5)
    dora.act(appeal, "overturn", told="The account marks itself as a fan's.")
    outcome = letters_of(house)[-2:]
    assert [one.purpose for one in outcome] == ["appeal_decision"] * 2
    assert all("The decision is overturned" in letter.text for letter in outcome)
    assert "decision overturned" in said(concerned.get(theirs))
    assert "The account marks itself as a fan's." in said(concerned.get(theirs))
    for visitor, own in ((concerned, theirs), (sender, link)):
        assert "Decision overturned : an appeal was decided" in said(visitor.get(own))

    shown = said(concerned.get(f"/register/{entry}"))
    assert "A restriction is asked for" in shown
    assert "decision overturned" in shown
    assert "is to be restored" in shown
    restore(anna, house, appeal)
    for page in (concerned.get(f"/register/{entry}"), concerned.get(theirs), sender.get(link)):
        assert "Who restricted it was asked to restore it" in said(page)
        assert "The platform" in said(page)
        assert "What was asked for was done. The name is back." in said(page)
        assert "desk@platform.example" not in page.text
    assert "overturned or modified" in said(concerned.get("/register"))
    feed = concerned.get("/register/feed.atom").text
    assert updated(feed, entry) > published_at, "whoever read of the decision reads of its end"
    assert "overturned or modified on appeal" in feed
    proof = re.search(rf"/register/{entry}/proof/\d+", concerned.get(f"/register/{entry}").text)
    assert proof is not None
    assert "It holds." in said(concerned.get(proof.group()))
    assert verify(house.store).faults == []


def restore(anna: Visitor, house: House, appeal: str) -> None:
    """Somebody asks the platform to take the restriction back, and it says that it did."""
    assert "nobody was asked to restore" in said(anna.get(f"/records/{appeal}"))
    anna.act(appeal, "ask_restoration", **RESTORED)
    asked = letters_of(house)[-1]
    assert (asked.purpose, asked.recipient) == ("restoration", "desk@platform.example")
    assert "On an appeal that decision was overturned." in asked.text
    assert "The account's name and picture." in asked.text
    assert "14 February 2026" in said(anna.get(f"/records/{appeal}"))
    anna.act(
        appeal,
        "record_answer",
        regards="5",
        answered_on="2026-01-31",
        channel="e_mail",
        answer_kind="done",
        reply="We put it back.",
        reply_public="The name is back.",
    )


def updated(feed: str, entry: str) -> str:
    """When the feed says that an entry last had news."""
    found = re.search(rf"{entry}</id><updated>([^<]+)<", feed)
    assert found is not None
    return found[1]


def _id(house: House, name: str) -> str:
    account = house.accounts.by_email(f"{name}@house.example")
    assert account is not None
    return account.id


def newest(house: House, kind: RecordKind) -> str:
    """The id of the only record of a kind."""
    account = house.accounts.by_email("ben@house.example")
    assert account is not None
    (row,) = house.store.records(account.actor, Wanted(kind=kind))
    return str(row["id"])
