"""Who may do what: parts in a matter, sides, conflicts, who is heard."""

from __future__ import annotations

import pytest

from assay.cases.refused import Refused
from assay.cases.workflow import possible_acts
from assay.model.case import Actor, Role
from tests.cases.made import (
    ADMIN,
    ANNA,
    BEN,
    CAROL,
    DORA,
    EVE,
    Desk,
    act,
)


def test_an_appeal_goes_to_somebody_without_a_part() -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    appeal = desk.open("appeal", act("lodge", about=notice.id), EVE, notice)
    assert appeal.facts["in_time"] is True
    ben = Actor("ben", "appeals_reviewer")
    with pytest.raises(Refused, match="ben had a part"):
        desk.do(appeal, act("admit"), ben, notice)
    appeal = desk.do(appeal, act("admit"), DORA, notice)
    with pytest.raises(Refused, match="anna had a part"):
        desk.do(appeal, act("assign", assignee="anna"), DORA, notice)
    appeal = desk.do(appeal, act("assign", assignee="dora"), DORA, notice)
    with pytest.raises(Refused, match="assigned to somebody else"):
        desk.do(appeal, act("uphold"), ADMIN, notice)
    assert desk.do(appeal, act("overturn"), DORA, notice).state == "overturned"


def test_a_declared_conflict_keeps_out() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), act("claim"), BEN)
    notice = desk.do(notice, act("declare_conflict"), BEN)
    assert notice.claimed_by is None
    with pytest.raises(Refused, match="conflict of interest"):
        desk.do(notice, act("conclude", outcome="no_action"), BEN)


def test_no_two_people_claim_one_record() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), act("claim"), BEN)
    with pytest.raises(Refused, match="ben works on this"):
        desk.do(notice, act("claim"), CAROL)
    with pytest.raises(Refused, match="only who claimed it"):
        desk.do(notice, act("release"), CAROL)
    assert desk.do(notice, act("release"), ADMIN).claimed_by is None


def test_a_restricted_record_is_not_there_for_others() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), act("restrict"), BEN)
    with pytest.raises(Refused, match="there is no such record"):
        desk.do(notice, act("note"), ADMIN)
    notice = desk.do(notice, act("add_member", member="admin"), BEN)
    assert desk.do(notice, act("note"), ADMIN).members == {"eve", "ben", "admin"}


def test_a_stranger_cannot_withdraw_a_notice() -> None:
    desk = Desk()
    with pytest.raises(Refused, match="no such record"):
        desk.do(desk.triaged(), act("ask_to_withdraw"), Actor("mallory", "public"))


@pytest.mark.parametrize("sender", [EVE, Actor("eve", "partner")])
def test_what_a_sender_can_do_tells_of_no_decision(sender: Actor) -> None:
    desk = Desk()
    notice = desk.triaged()
    decided = desk.do(notice, act("conclude", outcome="no_action"), BEN)
    assert possible_acts(notice, sender) == possible_acts(decided, sender)
    told = []
    for record in (notice, decided):
        with pytest.raises(Refused) as refused:
            desk.do(record, act("withdraw"), sender)
        told.append((refused.value.message, refused.value.fix))
    assert told[0] == told[1]
    assert "withdraw" in possible_acts(notice, ANNA)


def test_nobody_reviews_their_own_case() -> None:
    desk = Desk()
    case = desk.open("case", act("draft"), BEN)
    case = desk.do(desk.do(case, act("open"), BEN), act("start_review"), BEN)
    with pytest.raises(Refused, match="their own case"):
        desk.do(case, act("finish_review"), BEN)
    closed = desk.do(desk.do(case, act("finish_review"), CAROL), act("close"), BEN)
    assert desk.do(closed, act("reopen"), BEN).state == "open"


def test_the_parties_cannot_be_shut_out() -> None:
    desk = Desk()
    ask = act("ask_to_be_heard", concerned="frank", answer_until="2026-02-14")
    notice = desk.do(desk.do(desk.triaged(), ask, ANNA), act("restrict"), BEN)
    for party in ("eve", "frank"):
        with pytest.raises(Refused, match="cannot be shut out"):
            desk.do(notice, act("remove_member", member=party), BEN)
    notice = desk.do(notice, act("add_member", member="carol"), BEN)
    notice = desk.do(notice, act("remove_member", member="ben"), CAROL)
    assert notice.members == {"eve", "frank", "carol"}


def test_the_person_concerned_is_asked_and_answers() -> None:
    desk = Desk()
    frank = Actor("frank", "public")
    notice = desk.triaged()
    with pytest.raises(Refused, match="no such record"):
        desk.do(notice, act("answer"), frank)
    ask = act("ask_to_be_heard", concerned="frank", answer_until="2026-02-14")
    notice = desk.do(notice, ask, ANNA)
    assert not notice.heard
    with pytest.raises(Refused, match="only the person concerned may answer"):
        desk.do(notice, act("answer"), EVE)
    with pytest.raises(Refused, match="only who sent the notice may ask_to_withdraw"):
        desk.do(notice, act("ask_to_withdraw"), frank)
    assert desk.do(notice, act("answer"), frank).heard


@pytest.mark.parametrize("role", ["public", "partner"])
def test_each_side_is_offered_what_is_its_own(role: Role) -> None:
    desk = Desk()
    frank = Actor("frank", role)
    ask = act("ask_to_be_heard", concerned="frank", answer_until="2026-02-14")
    notice = desk.do(desk.triaged(), ask, ANNA)
    assert possible_acts(notice, frank) == ["answer", "attach"]
    assert possible_acts(notice, EVE) == ["confirm_address", "ask_to_withdraw"]
    assert possible_acts(notice, Actor("stranger", role)) == []


@pytest.mark.parametrize("other", ["eve", "anna"])
def test_nobody_is_heard_in_another_s_place(other: str) -> None:
    desk = Desk()
    ask = act("ask_to_be_heard", concerned=other, answer_until="2026-02-14")
    with pytest.raises(Refused, match="is not the person concerned"):
        desk.do(desk.triaged(), ask, ANNA)


def test_who_asks_for_their_own_data_is_the_person_concerned() -> None:
    desk = Desk()
    ask = act("ask_to_be_heard", concerned="eve", answer_until="2026-02-14")
    notice = desk.do(desk.triaged("data_subject_request", urls=""), ask, ANNA)
    assert desk.do(notice, act("answer"), EVE).heard


def test_who_is_concerned_may_be_named_with_the_notification() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), act("conclude", outcome="no_action"), BEN)
    notice = desk.do(notice, act("notify", concerned="frank"), ANNA)
    assert "frank" in notice.members
