"""Complaints and assessments: a clock for each recipient, no silence before its day, one rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cases.awaited import awaited_after, due_at
from assay.cases.refused import Refused
from assay.model.awaited import OUTCOME_OF, Awaited
from assay.model.case import Act, Actor, Event, Fact, Record
from tests.cases.made import ANNA, BEN, START, Desk, act

PAUL = Actor("paul", "partner")
SAID = {
    "title": "An account with our name",
    "complainant": "Ministry of Examples",
    "explanation": "It uses our name and picture.",
    "other_side": "It may be a fan account; its profile does not say so.",
    "wanted": "Look at the account under your rule on impersonation.",
    "urls": "https://social.example/imitator",
    "good_faith": "yes",
}
SHA = "ab" * 32
LETTER = {"recipient": "Platform", "recipient_email": "desk@platform.example"}


def drafted(desk: Desk, kind: str = "organisation", **said: str) -> Record:
    facts: dict[str, Fact] = {"complainant_kind": kind, "may_be_public": True}
    return desk.open("complaint", act("draft", fields={**SAID, **said}, **facts), ANNA)


def opened(desk: Desk) -> Record:
    return desk.do(drafted(desk), act("open"), ANNA)


def sent(desk: Desk, complaint: Record, until: str = "2026-02-10", **facts: Fact) -> Record:
    told: dict[str, Fact] = {"recipient_kind": "platform", "due_by": "sender", **facts}
    return desk.do(complaint, act("send", fields=LETTER, answer_until=until, **told), ANNA)


def answered(kind: str, on: str, channel: str = "post", *, regards: int = 3) -> Act:
    said = {"reply": "Renamed." if kind == "done" else "We see no breach."}
    return act(
        "record_answer",
        regards=regards,
        answered_on=on,
        channel=channel,
        answer_kind=kind,
        fields=said,
    )


def refused(call: Any, *names: str) -> None:
    with pytest.raises(Refused) as caught:
        call()
    assert set(caught.value.lacking) == set(names), caught.value.lacking


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("kind", ["person", "organisation", "public_body"])
def test_every_complainant_is_asked_the_same(name: str, kind: str) -> None:
    desk = Desk()
    draft = drafted(desk, kind, legal_basis="Act 1, section 2", **{name: " "})
    refused(lambda: desk.do(draft, act("open"), ANNA), name)


def test_a_public_body_names_the_law_it_acts_on() -> None:
    desk = Desk()
    refused(lambda: desk.do(drafted(desk, "public_body"), act("open"), ANNA), "legal_basis")
    assert desk.do(drafted(desk, "public_body", legal_basis="Act 1"), act("open"), ANNA)


def test_each_recipient_has_a_clock_and_the_first_one_counts() -> None:
    desk = Desk()
    complaint = sent(desk, opened(desk))
    complaint = sent(desk, complaint, "2026-02-05", recipient_kind="regulator", escalates=3)
    assert {one.until for one in complaint.awaited.values()} == {"2026-02-10", "2026-02-05"}
    assert complaint.due_at == datetime.combine(date(2026, 2, 5), time.max, UTC)
    refusal = answered("refused", "2026-01-31", "e_mail", regards=4)
    complaint = desk.do(complaint, refusal, ANNA)
    assert complaint.due_at == datetime.combine(date(2026, 2, 10), time.max, UTC)
    assert (complaint.awaited[4].outcome, complaint.awaited[3].outcome) == ("answered", "open")
    # What is said of one recipient stands with it and nowhere else.
    assert "recipient" not in complaint.fields
    assert "answer_kind" not in complaint.facts
    assert desk.do(complaint, act("close"), ANNA).due_at is None


def test_nobody_is_silent_before_the_day_has_passed() -> None:
    desk = Desk()
    complaint = sent(desk, opened(desk), "2026-02-01")
    silence = act("record_silence", regards=3)
    refused(lambda: desk.do(complaint, silence, ANNA), "regards")
    desk.at = datetime(2026, 2, 1, 22, tzinfo=UTC)
    refused(lambda: desk.do(complaint, silence, ANNA), "regards")
    desk.at = datetime(2026, 2, 2, tzinfo=UTC)
    silent = desk.do(complaint, silence, ANNA)
    assert silent.awaited[3].outcome == "silent"
    late = answered("done", "2026-02-02")
    assert desk.do(silent, late, ANNA).awaited[3].outcome == "answered"


def test_a_reminder_gives_another_day_and_a_correction_is_seen() -> None:
    desk = Desk()
    complaint = sent(desk, opened(desk), "2026-02-01")
    complaint = desk.do(complaint, act("remind", regards=3, answer_until="2026-02-15"), ANNA)
    one = complaint.awaited[3]
    assert (one.since, one.until, one.reminded) == ("2026-01-31", "2026-02-15", ("2026-01-31",))
    mended = act("correct_sending", regards=3, answer_until="2026-02-20")
    complaint = desk.do(complaint, mended, ANNA)
    assert (complaint.awaited[3].until, complaint.awaited[3].corrected) == (
        "2026-02-20",
        ("2026-01-31",),
    )
    early = act("record_reminder", regards=3, sent_on="2026-01-30", channel="post")
    refused(lambda: desk.do(complaint, early, ANNA), "sent_on")
    answer = {"answered_on": "2026-01-31", "answer_kind": "done"}
    none_yet = act("correct_sending", regards=3, fields={"reply_public": "Done."}, **answer)
    names = ("answered_on", "answer_kind", "reply_public")
    refused(lambda: desk.do(complaint, none_yet, ANNA), *names)
    told = act("record_answer", regards=3, channel="post", fields={"reply": "Done."}, **answer)
    desk.at = datetime(2026, 2, 12, tzinfo=UTC)
    complaint = desk.do(complaint, told, ANNA)
    later = act("correct_sending", regards=3, sent_on="2026-02-10")
    refused(lambda: desk.do(complaint, later, ANNA), "answered_on")
    both = act("correct_sending", regards=3, sent_on="2026-02-10", answered_on="2026-02-12")
    one = desk.do(complaint, both, ANNA).awaited[3]
    assert (one.since, one.ended, one.answer["answered_on"]) == (
        "2026-02-10",
        "2026-02-12",
        "2026-02-12",
    )


def test_who_had_more_time_than_was_recorded_was_not_silent() -> None:
    desk = Desk()
    complaint = sent(desk, opened(desk), "2026-02-01")
    desk.at = datetime(2026, 2, 3, tzinfo=UTC)
    silent = desk.do(complaint, act("record_silence", regards=3), ANNA)
    mend = act("correct_sending", regards=3, answer_until="2026-02-02")
    assert desk.do(silent, mend, ANNA).awaited[3].outcome == "silent"
    mend = act("correct_sending", regards=3, answer_until="2026-02-03")
    waits = desk.do(silent, mend, ANNA)
    assert (waits.awaited[3].outcome, waits.awaited[3].ended) == ("open", "")
    assert waits.due_at == datetime.combine(date(2026, 2, 3), time.max, UTC)


@pytest.mark.parametrize(
    ("what", "facts", "fields", "wrong"),
    [
        ("send", {"recipient_kind": "public_statement"}, LETTER, "recipient_kind"),
        ("send", {"due_by": "recipient"}, LETTER, "due_rule"),
        ("send", {"answer_until": "2026-01-30"}, LETTER, "answer_until"),
        ("send", {"escalates": 9}, LETTER, "escalates"),
        ("send", {}, {"recipient": "Platform"}, "recipient_email"),
        ("record_sending", {"sent_on": "2026-03-01"}, LETTER, "sent_on"),
        ("record_sending", {"sent_on": "2026-01-01", "answer_until": ""}, LETTER, "answer_until"),
    ],
)
def test_what_a_sending_must_say(
    what: str, facts: dict[str, Fact], fields: dict[str, str], wrong: str
) -> None:
    desk = Desk()
    usual: dict[str, Fact] = {"recipient_kind": "platform", "due_by": "sender"}
    usual |= {"answer_until": "2026-03-10"}
    if what == "record_sending":
        usual |= {"channel": "post", "sha256": SHA}
    told = {name: value for name, value in {**usual, **facts}.items() if value != ""}
    refused(lambda: desk.do(opened(desk), act(what, fields=fields, **told), ANNA), wrong)


@pytest.mark.parametrize("day", ["2026-2-1", "20260201", "2026-W05-7", "31.01.2026", "2026-02-30"])
def test_a_day_is_written_in_one_way(day: str) -> None:
    desk = Desk()
    with pytest.raises(Refused, match="is no date"):
        sent(desk, opened(desk), day)


def test_a_hash_is_a_hash() -> None:
    desk = Desk()
    with pytest.raises(Refused, match="64 hex digits"):
        sent(desk, opened(desk), sha256="abc")


def test_nobody_owes_an_answer_to_a_public_statement() -> None:
    desk = Desk()
    said = act(
        "record_sending",
        recipient_kind="public_statement",
        sent_on="2026-01-31",
        channel="publication",
        sha256=SHA,
        fields={"recipient": "Everyone"},
    )
    complaint = desk.do(opened(desk), said, ANNA)
    assert complaint.awaited[3].outcome == "not_awaited"
    assert complaint.due_at is None


def test_a_complaint_becomes_public_only_if_its_sender_wants_it() -> None:
    desk = Desk()
    complaint = opened(desk)
    enter = act("enter", about=complaint.id, fields={"title": "x"})
    with pytest.raises(Refused, match="sent to nobody"):
        desk.open("register", enter, ANNA, complaint)
    complaint = sent(desk, complaint)
    entry = desk.open("register", enter, ANNA, complaint)
    unwanted = desk.do(complaint, act("amend", may_be_public=False), ANNA)
    for what in (
        partial(desk.open, "register", enter, ANNA, unwanted),
        partial(desk.do, entry, act("publish"), BEN, unwanted),
    ):
        with pytest.raises(Refused, match="does not want it"):
            what()
    assert desk.do(entry, act("publish"), BEN, complaint).state == "published"


def invited(desk: Desk) -> tuple[Record, Record]:
    notice = desk.restricted_by_two()
    invite = act("invite", about=notice.id, assessor="paul", fields={"asked": "Does it carry?"})
    return notice, desk.open("assessment", invite, ANNA, notice)


def accepted(desk: Desk) -> tuple[Record, Record]:
    notice, assessment = invited(desk)
    accept = act("accept", fields={"independence": "I know none of them."})
    return notice, desk.do(assessment, accept, PAUL, notice)


def test_an_assessor_had_no_part_in_the_matter() -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    for who in ("anna", "ben", "eve"):
        invite = act("invite", about=notice.id, assessor=who)
        refused(partial(desk.open, "assessment", invite, ANNA, notice), "assessor")
    invite = act("invite", about="appeal-1", assessor="paul")
    refused(lambda: desk.open("assessment", invite, ANNA, None), "about")


def test_evidence_is_asked_for_supplied_refused_or_never_sent() -> None:
    desk = Desk()
    notice, assessment = accepted(desk)
    for wanted in ("The raw posts", "The query", "The second window"):
        ask = act("ask_for_evidence", answer_until="2026-02-03", fields={"evidence_wanted": wanted})
        assessment = desk.do(assessment, ask, PAUL, notice)
    supply = act("supply", regards=3, fields={"supplied": "Sent by courier."})
    assessment = desk.do(assessment, supply, ANNA, notice)
    refuse = act("refuse_evidence", regards=4, fields={"refusal": "Not ours to give."})
    assessment = desk.do(assessment, refuse, BEN, notice)
    silence = act("record_silence", regards=5)
    refused(lambda: desk.do(assessment, silence, PAUL, notice), "regards")
    desk.at = datetime(2026, 2, 4, tzinfo=UTC)
    assessment = desk.do(assessment, silence, PAUL, notice)
    outcomes = [one.outcome for one in assessment.awaited.values()]
    assert outcomes == ["answered", "refused", "silent"]
    refused(lambda: desk.do(assessment, act("refuse_evidence", regards=3), BEN, notice), *_BOTH)


_BOTH = ("regards", "refusal")


def test_only_the_assessor_speaks_as_the_assessor() -> None:
    desk = Desk()
    notice, assessment = accepted(desk)
    other = desk.do(assessment, act("add_member", member="quentin"), ANNA, notice)
    rerun = act("record_rerun", rerun_outcome="same", fields={"rerun": "assay verify: all 14."})
    with pytest.raises(Refused, match="only the assessor"):
        desk.do(other, rerun, Actor("quentin", "partner"), notice)
    with pytest.raises(Refused, match="may not"):
        desk.do(other, rerun, ANNA, notice)
    with pytest.raises(Refused, match="cannot be shut out"):
        desk.do(other, act("remove_member", member="paul"), ANNA, notice)
    assert desk.do(assessment, rerun, PAUL, notice).facts["rerun_outcome"] == "same"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("The account passes for the ministry.", False),
        ("As A. Sender wrote, it imitates.", True),
        ("See https://social.example/imitator.", True),
    ],
)
def test_an_opinion_names_nobody_of_the_file(said: str, named: bool) -> None:
    desk = Desk()
    notice, assessment = accepted(desk)
    publish = act("publish", conclusion="carries", fields={"title": "Opinion", "opinion": said})
    if named:
        refused(lambda: desk.do(assessment, publish, PAUL, notice), "opinion")
    else:
        assert desk.do(assessment, publish, PAUL, notice).state == "published"


@pytest.mark.parametrize(
    ("what", "facts", "named"),
    [
        ("record_rerun", {"rerun_outcome": "same"}, "rerun"),
        ("ask_for_evidence", {"answer_until": "2026-03-01"}, "evidence_wanted"),
    ],
)
def test_nothing_that_is_published_with_it_names_anybody(
    what: str, facts: dict[str, Fact], named: str
) -> None:
    desk = Desk()
    notice, assessment = accepted(desk)
    said = act(what, fields={named: "A. Sender knows."}, **facts)
    refused(lambda: desk.do(assessment, said, PAUL, notice), named)


_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(_DAYS, st.sampled_from(["open", *OUTCOME_OF])), max_size=12))
def test_the_clock_is_that_of_the_earliest_open_one(told: list[tuple[date, str]]) -> None:
    awaited: dict[int, Awaited] = {}
    for number, (until, end) in enumerate(told, start=1):
        facts: dict[str, Fact] = {"answer_until": until.isoformat()}
        awaited = dict(awaited_after(awaited, _event(2 * number, "send", facts)))
        if end != "open":
            awaited = dict(awaited_after(awaited, _event(99, end, {"regards": 2 * number})))
    open_days = [until for until, end in told if end == "open"]
    found = due_at(awaited.values())
    assert (found is None) == (not open_days)
    assert found is None or found.date() == min(open_days)
    assert [one.number for one in awaited.values()] == [2 * n for n in range(1, len(told) + 1)]


def _event(version: int, name: str, facts: dict[str, Fact]) -> Event:
    at = START + timedelta(days=version)
    return Event("c", "complaint", version, name, "open", ANNA, at, facts, None, None)
