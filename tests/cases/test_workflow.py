"""The workflow's rules, each with what it allows and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cases.clocks import months_later
from assay.cases.fold import fold
from assay.cases.refused import Refused
from assay.cases.workflow import decide, possible_acts
from assay.errors import CheckFailed
from assay.model.case import RABAT, Act, Actor, Event
from tests.cases.made import (
    ADMIN,
    ANNA,
    BEN,
    CAROL,
    CLOCKS,
    COMPLETE,
    EVE,
    REVIEW,
    START,
    Desk,
    act,
)


def test_a_restriction_takes_hearing_review_and_two_people() -> None:
    notice = Desk().restricted_by_two()
    assert notice.state == "notified"
    assert notice.facts["outcome"] == "restriction"
    assert notice.took_part == {"anna", "ben"}
    assert notice.appeal_until == months_later(notice.changed_at, 6)


def test_a_restriction_without_a_hearing_is_refused() -> None:
    desk = Desk()
    with pytest.raises(Refused, match="not heard"):
        desk.do(desk.triaged(), act("propose", outcome="restriction"), ANNA)


@pytest.mark.parametrize("name", ["submit", "mark_duplicate", "fly"])
def test_a_refusal_tells_the_team_alone_how_things_stand(name: str) -> None:
    triaged = Desk().triaged()
    not_told_yet = replace(
        triaged, state="decided", facts={**triaged.facts, "outcome": "no_action"}
    )
    told: dict[Actor, set[str]] = {by: set() for by in (EVE, Actor("paul", "partner"), BEN)}
    for record in (triaged, not_told_yet):
        for by, texts in told.items():
            with pytest.raises(Refused) as refused:
                decide(record, act(name), by=by, at=START)
            texts.add(str(refused.value))
    assert {by.id: len(texts) for by, texts in told.items()} == {"eve": 1, "paul": 1, "ben": 2}


def test_recorded_urgency_stands_for_the_hearing_but_not_for_the_review() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), act("record_urgency"), BEN)
    with pytest.raises(Refused, match="rights review is missing"):
        desk.do(notice, act("propose", outcome="restriction"), ANNA)


@pytest.mark.parametrize("lacking", sorted(REVIEW))
def test_the_rights_review_blocks_until_every_question_is_answered(lacking: str) -> None:
    desk = Desk()
    answers = {**REVIEW, lacking: "  "}
    review = act("review_rights", aim="morals", incitement=False, fields=answers)
    with pytest.raises(Refused, match=lacking):
        desk.do(desk.triaged(), review, ANNA)


def test_incitement_asks_the_six_questions_and_nothing_else_does() -> None:
    desk = Desk()
    notice = desk.triaged()
    with pytest.raises(Refused) as refusal:
        desk.do(notice, act("review_rights", aim="morals", incitement=True, fields=REVIEW), ANNA)
    assert all(question in str(refusal.value) for question in RABAT)
    full = {**REVIEW, **dict.fromkeys(RABAT, "answered")}
    asked = act("review_rights", aim="morals", incitement=True, fields=full)
    assert desk.do(notice, asked, ANNA).rights_reviewed


def test_nobody_confirms_their_own_proposal() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), act("propose", outcome="no_action"), BEN)
    with pytest.raises(Refused, match="their own proposal"):
        desk.do(notice, act("confirm"), BEN)
    assert desk.do(notice, act("confirm"), CAROL).state == "decided"


@pytest.mark.parametrize("outcome", ["no_action", "not_enough_evidence"])
def test_one_person_may_conclude_that_nothing_is_asked_for(outcome: str) -> None:
    desk = Desk()
    assert desk.do(desk.triaged(), act("conclude", outcome=outcome), BEN).state == "decided"


@pytest.mark.parametrize("kind", ["government_order", "court_order"])
def test_whatever_a_public_body_demands_takes_two(kind: str) -> None:
    desk = Desk()
    notice = desk.triaged(kind, legal_basis="Act 1, section 2", order_reference="7/2026")
    with pytest.raises(Refused, match="second person"):
        desk.do(notice, act("conclude", outcome="no_action"), BEN)


def test_a_public_body_gives_its_legal_basis() -> None:
    with pytest.raises(Refused, match="legal_basis, order_reference"):
        Desk().triaged("government_order")


@pytest.mark.parametrize("lacking", sorted(COMPLETE))
def test_the_gate_says_what_is_missing(lacking: str) -> None:
    with pytest.raises(Refused, match=f"lacks {lacking}"):
        Desk().triaged(**{lacking: ""})


@pytest.mark.parametrize("urls", ["social.example", "https://x", "everything on social.example"])
def test_a_notice_names_exact_addresses(urls: str) -> None:
    with pytest.raises(Refused, match="no exact web addresses"):
        Desk().triaged(urls=urls)


def test_an_appeal_after_six_months_says_that_it_is_late() -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    desk.at += timedelta(days=200)
    late = desk.open("appeal", act("lodge", about=notice.id), EVE, notice)
    assert late.facts["in_time"] is False


def test_the_sender_of_a_refused_notice_may_appeal_and_before_a_decision_nobody() -> None:
    desk = Desk()
    notice = desk.open("notice", act("draft", notice_kind="coordinated"), EVE)
    with pytest.raises(Refused, match="nothing was notified"):
        desk.open("appeal", act("lodge", about=notice.id), EVE, notice)
    refused = desk.do(notice, act("reject_incomplete"), ANNA)
    assert desk.open("appeal", act("lodge", about=refused.id), EVE, refused).state == "lodged"


def test_a_register_entry_is_withdrawn_and_stays() -> None:
    desk = Desk()
    entry = desk.do(desk.open("register", act("enter"), ANNA), act("publish"), BEN)
    entry = desk.do(desk.do(entry, act("correct"), BEN), act("withdraw"), BEN)
    assert (entry.state, entry.version) == ("withdrawn", 4)


def test_nothing_of_a_notice_is_entered_before_its_parties_are_told() -> None:
    desk = Desk()
    notice = desk.triaged()
    enter = act("enter", about=notice.id)
    proposed = desk.do(notice, act("propose", outcome="no_action"), ANNA)
    decided = desk.do(proposed, act("confirm"), BEN)
    for one in (notice, proposed, decided):
        with pytest.raises(Refused, match="tell the parties first"):
            desk.open("register", enter, ANNA, one)
    told = desk.do(decided, act("notify"), ANNA)
    assert desk.open("register", enter, ANNA, told).state == "pending_redaction"
    # What an appeal or a request says is not redacted for everyone, and may be about a sample.
    appeal = desk.open("appeal", act("lodge", about=told.id), EVE, told)
    with pytest.raises(Refused, match="of the kind appeal"):
        desk.open("register", act("enter", about=appeal.id), ANNA, appeal)


def test_clocks_run_and_stop() -> None:
    desk = Desk()
    notice = desk.triaged()
    assert notice.due_at == desk.at + timedelta(days=CLOCKS.decide_days)
    assert Desk().restricted_by_two().due_at is None


def test_a_data_subject_has_one_month_from_receipt_through_all_steps() -> None:
    desk = Desk()
    notice = desk.triaged("data_subject_request", urls="")
    assert notice.due_at == months_later(START + timedelta(hours=2), 1)
    assert notice.due_at.day == 28  # there is no 31 February


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (Act("triage", "x", {}), "needs priority"),
        (Act("triage", "  ", {"priority": "low"}), "no reason"),
        (Act("triage", "x", {"priority": "at once"}), "cannot be"),
        (Act("triage", "x", {"priority": "low", "name": "A. Person"}), "keeps no fact name"),
        (Act("fly", "x"), "knows no act"),
        (Act("close", "x"), "not possible while"),
    ],
)
def test_what_an_act_lacks_is_said(what: Act, told: str) -> None:
    desk = Desk()
    notice = desk.open("notice", act("draft", notice_kind="coordinated", fields=COMPLETE), ANNA)
    notice = desk.do(desk.do(notice, act("submit"), ANNA), act("acknowledge"), ANNA)
    with pytest.raises(Refused, match=told):
        desk.do(notice, what, ANNA)


@given(st.data())
def test_no_walk_gets_around_the_rules(data: st.DataObject) -> None:
    """Whoever does what in any order: a restriction has had its hearing, review and two people."""
    desk = Desk()
    notice = desk.triaged()
    proposer = None
    people = (ANNA, BEN, CAROL, ADMIN)
    for _ in range(12):
        by = data.draw(st.sampled_from(people))
        names = [name for name in possible_acts(notice, by) if name not in ("attach", "erase")]
        name = data.draw(st.sampled_from(names))
        facts = {
            "triage": {"priority": "low"},
            "mark_duplicate": {"duplicate_of": "other"},
            "review_rights": {"aim": "morals", "incitement": False},
            "propose": {"outcome": "restriction"},
            "conclude": {"outcome": "restriction"},
            "delay_notification": {"delay_until": "2027-01-01"},
            "add_member": {"member": "zoe"},
            "remove_member": {"member": "zoe"},
        }.get(name, {})
        try:
            notice = desk.do(notice, Act(name, "why", facts, REVIEW), by)
        except Refused:
            continue
        proposer = by.id if name == "propose" else proposer
        if name == "confirm":
            assert notice.heard and notice.rights_reviewed and proposer != by.id
        assert name != "conclude"


def test_an_event_that_cannot_follow_does_not_fold() -> None:
    notice = Desk().triaged()
    right = decide(notice, act("conclude", outcome="no_action"), by=BEN, at=START)
    for wrong in (
        Event(**{**vars(right), "version": 9}),
        Event(**{**vars(right), "state": "closed"}),
        Event(**{**vars(right), "name": "notify"}),
        Event(**{**vars(right), "record": "another"}),
    ):
        with pytest.raises(CheckFailed):
            fold(notice, wrong, CLOCKS)
    with pytest.raises(CheckFailed):
        fold(None, right, CLOCKS)


def test_a_date_to_answer_by_is_a_date() -> None:
    ask = act("ask_to_be_heard", concerned="frank", answer_until="soon")
    desk = Desk()
    with pytest.raises(Refused, match="no date"):
        desk.do(desk.triaged(), ask, ANNA)
