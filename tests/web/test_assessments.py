"""The assessor's desk: a bundle, what was run, evidence asked for, an opinion in the register."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from assay.cases.letters import WithIt
from assay.cases.refused import NoSuchRecord, Refused
from assay.cases.store.case_store import EditConflict
from assay.cases.store.listing import Wanted
from assay.model.case import Actor, RecordKind
from assay.web.client import CaseClient
from assay.web.house import House
from tests.cases.made import REASONS, REVIEW, act
from tests.web.served import (
    NOTICE,
    Visitor,
    clock_of,
    forms_in,
    letters_of,
    new_house,
    opened,
    report,
    said,
    with_team,
)
from tests.web.test_api import account

Somebody = Callable[[], Visitor]
SECRET = "SECRET OF THE TEAM"
BUNDLE = b"PK\x03\x04 a bundle, as far as this test goes"


def actor(house: House, name: str) -> Actor:
    return account(house, name).actor


def do(house: House, record: str, by: str, name: str, **told: object) -> None:
    """An act straight to the store, for the way to what a test is about."""
    fields = told.pop("fields", None)
    assert fields is None or isinstance(fields, dict)
    who = actor(house, by)
    version = house.store.record(record, who)[0].version
    wanted = act(name, fields=fields, **told)  # type: ignore[arg-type]  # facts by keyword
    house.store.act(record, version, wanted, by=who, at=house.now())


def restricted(house: House, notice: str) -> None:
    """From a notice as it came to a restriction that the parties know."""
    do(house, notice, "anna", "acknowledge")
    do(house, notice, "anna", "triage", priority="high")
    do(house, notice, "anna", "note")
    do(house, notice, "anna", "record_hearing")
    do(
        house,
        notice,
        "anna",
        "review_rights",
        aim="rights_of_others",
        incitement=False,
        fields=REVIEW,
    )
    do(house, notice, "anna", "propose", outcome="restriction", fields=REASONS)
    do(house, notice, "ben", "confirm")
    do(house, notice, "anna", "notify")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Somebody]]:
    house = with_team(new_house(tmp_path_factory.mktemp("assessments")))
    with opened(house) as somebody:
        yield house, somebody


@pytest.fixture(scope="module")
def invited(desk: tuple[House, Somebody]) -> tuple[House, Somebody, str, str]:
    """A decided notice with a published entry, and an assessment that Paul was asked for."""
    house, somebody = desk
    notice = report(somebody())[1]
    restricted(house, notice)
    ben = somebody().sign_in("ben")
    ben.act(notice, "note", why=SECRET)
    entry = ben.fill(f"/records/{notice}", f"/records/{notice}/register").url.path.rpartition("/")[
        2
    ]
    ben.act(entry, "publish", title="A ministry's name", summary="Restricted.")
    letters_of(house).clear()
    page = ben.fill(
        f"/records/{notice}",
        f"/records/{notice}/assessments",
        assessor=actor(house, "paul").id,
        asked="Do the figures come out again?",
        given="explanation\nmeasure",
        why="Independent look.",
    )
    assert page.url.path.startswith("/records/"), said(page)
    return house, somebody, page.url.path.rpartition("/")[2], entry


def test_who_is_invited_is_written_to_and_sees_only_what_was_given(
    invited: tuple[House, Somebody, str, str],
) -> None:
    house, somebody, assessment, _ = invited
    [letter] = letters_of(house)
    assert (letter.recipient, letter.purpose) == ("paul@house.example", "assessment")
    assert f"/records/{assessment}\n" in letter.text
    assert f"/records/{assessment}" in somebody().sign_in("paul").get("/queue").text
    ben, paul = somebody().sign_in("ben"), somebody().sign_in("paul")
    ben.act(assessment, "note", why=SECRET)
    page = paul.get(f"/records/{assessment}")
    for told in ("Do the figures come out again?", NOTICE["explanation"], REASONS["measure"]):
        assert told in said(page)
    hidden = [SECRET, NOTICE["sender_name"], NOTICE["sender_email"], "Ben", REASONS["told"]]
    assert [text for text in hidden if text in said(page)] == []
    notice = house.store.record(assessment, actor(house, "ben"))[0].facts["about"]
    assert paul.get(f"/records/{notice}").status_code == 404
    assert "1 matter," in said(paul.get("/queue?view=all&kind=assessment"))
    assert "0 matters" in said(paul.get("/queue?view=all&kind=notice"))


@pytest.fixture(scope="module")
def spoken(invited: tuple[House, Somebody, str, str]) -> tuple[House, Somebody, str, str]:
    """The assessment, worked through: bundle, rerun, three requests, opinion."""
    house, somebody, assessment, _ = invited
    ben, paul = somebody().sign_in("ben"), somebody().sign_in("paul")
    form = forms_in(ben.get(f"/records/{assessment}"))[f"/records/{assessment}/evidence"]
    told = {"source": "bundle", "shows": "The run.", "for_concerned": "described", "why": "Given."}
    sent = {"file": ("case.zip", BUNDLE, "application/zip")}
    action = f"/records/{assessment}/evidence"
    assert ben.client.post(action, data={**form, **told}, files=sent).status_code == 200
    paul.act(assessment, "accept", independence="I know neither side.")
    page = paul.get(f"/records/{assessment}")
    href = next(part for part in page.text.split('"') if part.startswith(f"{action}/"))
    assert paul.get(href).content == BUNDLE
    paul.act(
        assessment,
        "record_rerun",
        rerun_outcome="differs",
        rerun="assay verify case.zip: 13 of 14 lines hold.",
        sha256=hashlib.sha256(BUNDLE).hexdigest(),
    )
    for wanted in ("The raw posts", "The query", "The second window"):
        paul.act(assessment, "ask_for_evidence", evidence_wanted=wanted, answer_until="2026-02-02")
    record = house.store.record(assessment, actor(house, "ben"))[0]
    raw, query, window = map(str, record.awaited)
    ben.act(assessment, "supply", regards=raw, supplied="Attached as posts.zip.")
    ben.act(assessment, "refuse_evidence", regards=query, refusal="It names a source.")
    assert f"/records/{assessment}/acts/record_silence" not in forms_in(
        paul.get(f"/records/{assessment}")
    )
    clock_of(house).go_on(days=3)
    paul.sign_in("paul")
    paul.act(assessment, "record_silence", regards=window)
    opinion = {"title": "Opinion on a restriction", "assessor_public": "Institute of Examples"}
    refused = paul.fill(
        f"/records/{assessment}",
        f"/records/{assessment}/acts/publish",
        **opinion,
        conclusion="carries_in_part",
        opinion=f"{NOTICE['sender_name']} is right.",
        why="x",
    )
    assert refused.status_code == 422
    assert "everyone reads it; take out" in said(refused)
    paul.act(
        assessment,
        "publish",
        **opinion,
        conclusion="carries_in_part",
        opinion="One figure did not come out again.",
    )
    return invited


def test_the_opinion_stands_beside_the_decision(
    spoken: tuple[House, Somebody, str, str],
) -> None:
    _, somebody, _, entry = spoken
    visitor = somebody()
    page = said(visitor.get(f"/register/{entry}"))
    for told in (
        "Opinion on a restriction",
        "The evidence carries it in part.",
        "Institute of Examples",
        "One figure did not come out again.",
        "Ties to either side: I know neither side.",
        "Something came out otherwise",
        "13 of 14 lines hold",
        "What was supplied: Attached as posts.zip.",
        "Why it is refused: It names a source.",
        "never answered",
    ):
        assert told in page, told
    assert SECRET not in page
    published = CaseClient(str(visitor.client.base_url), None, visitor.client._transport).entry(
        entry
    )
    [opinion] = published.opinions
    assert opinion.conclusion == "carries_in_part"
    assert [one.outcome for one in opinion.requests] == ["answered", "refused", "silent"]
    place = opinion.history[0].entry
    assert "It holds." in said(visitor.get(f"/register/{entry}/proof/{place}"))
    assert visitor.get(f"/register/{entry}/proof/{place - 1}").status_code == 404


def test_a_corrected_opinion_keeps_the_earlier_one(
    spoken: tuple[House, Somebody, str, str],
) -> None:
    _, somebody, assessment, entry = spoken
    paul = somebody().sign_in("paul")
    paul.act(
        assessment, "correct", conclusion="carries", opinion="It came out after all.", why="Mine."
    )
    page = said(somebody().get(f"/register/{entry}"))
    assert "The evidence carries it." in page
    assert "It came out after all." in page
    assert "One figure did not come out again." in page
    paul.act(assessment, "withdraw", why="I misread the bundle.")
    page = said(somebody().get(f"/register/{entry}"))
    assert "The assessor withdrew this opinion: I misread the bundle." in page


def test_an_assessment_without_an_opinion_tells_only_that_it_is(
    desk: tuple[House, Somebody],
) -> None:
    house, somebody = desk
    notice = report(somebody(), title="Another")[1]
    restricted(house, notice)
    ben = actor(house, "ben")
    enter = act("enter", about=notice, fields={"title": "Another", "summary": "x"})
    entry = house.store.open_record("register", enter, by=ben, at=house.now())
    house.store.act(entry.id, 1, act("publish"), by=ben, at=house.now())
    invite = act("invite", about=notice, assessor=actor(house, "paul").id, fields={"asked": SECRET})
    assessment = house.store.open_record("assessment", invite, by=ben, at=house.now())
    page = said(somebody().get(f"/register/{entry.id}"))
    assert "An independent assessment was asked for (invited); no opinion is published." in page
    assert SECRET not in page
    house.store.act(assessment.id, 1, act("restrict"), by=ben, at=house.now())
    assert "An independent assessment" not in said(somebody().get(f"/register/{entry.id}"))


def test_only_partners_without_a_part_can_be_asked(desk: tuple[House, Somebody]) -> None:
    house, somebody = desk
    notice = report(somebody(), title="A third")[1]
    ben = somebody().sign_in("ben")
    page = ben.get(f"/records/{notice}")
    action = f"/records/{notice}/assessments"
    for who in (actor(house, "dora").id, "nobody"):
        told = ben.fill(page, action, assessor=who, asked="?", why="x")
        assert told.status_code == 422
        assert "Choose a partner who had no part in the matter." in said(told)
        assert forms_in(told)[action]["asked"] == "?"


def test_a_partner_sees_of_their_notice_what_its_sender_is_told(
    desk: tuple[House, Somebody],
) -> None:
    house, somebody = desk
    paul = actor(house, "paul")
    at = house.now()
    draft = act("draft", notice_kind="impersonation", fields={**NOTICE, "title": "Paul's"})
    then = WithIt(then=(act("submit"),))
    notice = house.store.open_record("notice", draft, by=paul, at=at, with_it=then).id
    do(house, notice, "anna", "acknowledge")
    do(house, notice, "anna", "triage", priority="high")
    wanted = Wanted(kind="notice", text="Paul's")
    before = (house.store.record(notice, paul), house.store.records(paul, wanted))
    clock_of(house).go_on(minutes=5)
    do(house, notice, "ben", "note", fields={"x": SECRET})
    do(house, notice, "anna", "record_hearing")
    do(house, notice, "anna", "review_rights", aim="morals", incitement=False, fields=REVIEW)
    do(house, notice, "anna", "propose", outcome="restriction", fields=REASONS)
    do(house, notice, "ben", "confirm")

    def seen() -> str:
        page = somebody().sign_in("paul").get(f"/records/{notice}")
        assert page.status_code == 200
        return said(page)

    assert (house.store.record(notice, paul), house.store.records(paul, wanted)) == before
    page = seen()
    assert "Paul's" in page
    never = (SECRET, *REVIEW.values(), "high", "Anna", REASONS["reasons_facts"], "proposed by")
    assert [text for text in (*never, REASONS["told"]) if text in page] == []
    [row] = house.store.records(paul, wanted)
    assert (row["state"], row["outcome"], row["priority"]) == ("triaged", None, None)
    for asked in (
        Wanted(outcome="restriction", text="Paul's"),
        Wanted(state="decided", text="Paul's"),
        Wanted(priority="high", text="Paul's"),
        Wanted(claimed_by="", text="Paul's"),
        Wanted(waiting=True, text="Paul's"),
    ):
        assert house.store.count(paul, asked) == 0, asked
    known, told = before[0]
    assert [event.version for _, event in told] == [1, 2, 3, 4]
    with pytest.raises(EditConflict) as conflict:
        house.store.act(notice, 8, act("ask_to_withdraw"), by=paul, at=at)
    assert (conflict.value.version, conflict.value.since) == (4, [])
    with pytest.raises(Refused, match="withdraw is not possible now"):
        house.store.act(notice, known.version, act("withdraw"), by=paul, at=at)
    asked_for = house.store.act(notice, 4, act("ask_to_withdraw"), by=paul, at=at)
    assert (asked_for.version, asked_for.state) == (5, "triaged")
    do(house, notice, "anna", "notify")
    page = seen()
    assert REASONS["told"] in page
    assert [text for text in never if text in page] == []
    [row] = house.store.records(paul, wanted)
    assert (row["state"], row["outcome"]) == ("notified", "restriction")


@pytest.mark.parametrize("kind", ["notice", "case", "complaint", "register"])
def test_a_partner_who_was_given_nothing_sees_nothing(
    desk: tuple[House, Somebody], kind: RecordKind
) -> None:
    house, somebody = desk
    ben, paul, at = actor(house, "ben"), actor(house, "paul"), house.now()
    first = {
        "notice": act("draft", notice_kind="impersonation", fields={"explanation": SECRET}),
        "case": act("draft", fields={"explanation": SECRET}),
        "complaint": act(
            "draft", complainant_kind="person", may_be_public=False, fields={"wanted": SECRET}
        ),
        "register": act("enter", fields={"summary": SECRET}),
    }[kind]
    first = replace(first, fields={**first.fields, "title": f"{SECRET} {kind}"})
    record = house.store.open_record(kind, first, by=ben, at=at)
    with pytest.raises(NoSuchRecord):
        house.store.record(record.id, paul)
    house.store.act(record.id, 1, act("add_member", member=paul.id), by=ben, at=at)
    token = house.tokens.make(account(house, "paul"), kind, "read", at)
    page = somebody().sign_in("paul").get(f"/records/{record.id}")
    assert page.status_code == 200
    visitor = somebody()
    client = CaseClient("https://house.example", token, visitor.client._transport)
    told = client.record(record.id)
    assert SECRET not in page.text
    assert SECRET not in told.model_dump_json()
    title = Wanted(text=f"{SECRET} {kind}")
    assert (house.store.count(paul, title), house.store.count(ben, title)) == (0, 1)
    [row] = [one for one in house.store.records(paul, Wanted()) if one["id"] == record.id]
    assert row["title"] is None
    assert "Ben" not in said(page)
    assert ben.id not in told.model_dump_json()
