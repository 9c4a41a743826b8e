"""After an appeal: a restriction that falls is asked back, an outside body's word is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.cases.refused import Refused
from assay.model.case import Act, Fact, Record
from tests.cases.made import ANNA, BEN, CLOCKS, DORA, EVE, Desk, act

ASKED = {
    "recipient": "The platform",
    "recipient_email": "desk@platform.example",
    "wanted": "The name and picture of https://social.example/imitator.",
}


def appealed(desk: Desk, notice: Record, *outcomes: Act) -> Record:
    """An appeal of Eve against a decision, judged by Dora."""
    lodge = act("lodge", about=notice.id, fields={"grounds": "It is a fan's."})
    appeal = desk.open("appeal", lodge, EVE, notice)
    for what in (act("admit"), act("assign", assignee="dora"), *outcomes):
        appeal = desk.do(appeal, what, DORA, notice)
    return appeal


def ask(**facts: Fact) -> Act:
    told: dict[str, Fact] = {"recipient_kind": "platform", "due_by": "sender"}
    return act("ask_restoration", fields=ASKED, **(told | {"answer_until": "2026-02-10"} | facts))


def answer(kind: str = "done", day: str = "2026-02-01") -> Act:
    told: dict[str, Fact] = {"regards": 5, "answered_on": day, "channel": "e_mail"}
    said = {"reply": "It is back.", "reply_public": "It was put back."}
    return act("record_answer", answer_kind=kind, fields=said, **told)


@pytest.mark.parametrize("outcome", ["overturn", "modify"])
def test_a_restriction_that_falls_waits_until_its_restoration_is_asked_for(outcome: str) -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    fell = appealed(desk, notice, act(outcome))
    assert fell.facts["restores"] is True
    assert fell.due_at == desk.at + timedelta(hours=CLOCKS.notify_h)
    assert desk.do(fell, act("note"), DORA, notice).due_at == fell.due_at
    with pytest.raises(Refused, match="restoration was not asked for"):
        desk.do(fell, act("finish"), DORA, notice)
    asked = desk.do(fell, ask(), ANNA, notice)
    assert asked.due_at is not None
    assert asked.due_at.date().isoformat() == "2026-02-10"
    with pytest.raises(Refused, match="has not answered"):
        desk.do(asked, act("finish"), DORA, notice)
    desk.at += timedelta(days=1)
    done = desk.do(asked, answer(), ANNA, notice)
    assert (done.due_at, done.awaited[5].outcome) == (None, "answered")
    assert desk.do(done, act("finish"), DORA, notice).state == "final"


def test_who_never_answers_is_recorded_and_may_still_answer() -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    asked = desk.do(appealed(desk, notice, act("overturn")), ask(), ANNA, notice)
    with pytest.raises(Refused, match="regards"):
        desk.do(asked, act("record_silence", regards=5), ANNA, notice)
    desk.at += timedelta(days=20)
    silent = desk.do(asked, act("record_silence", regards=5), ANNA, notice)
    ended = desk.do(silent, act("finish"), DORA, notice)
    late = desk.do(ended, answer(day="2026-02-20"), ANNA, notice)
    assert (late.state, late.awaited[5].outcome) == ("final", "answered")


def test_nothing_is_to_be_restored_where_nothing_was_restricted_or_somebody_says_why() -> None:
    desk = Desk()
    notice = desk.do(desk.triaged(), act("conclude", outcome="no_action"), BEN)
    notice = desk.do(notice, act("notify"), ANNA)
    refusal = appealed(desk, notice, act("overturn"))
    assert (refusal.due_at, "restores" in refusal.facts) == (None, False)
    for what in (ask(), act("nothing_to_restore", fields={"nothing_told": "Never done."})):
        with pytest.raises(Refused, match="nothing is to be restored"):
            desk.do(refusal, what, ANNA, notice)
    assert desk.do(refusal, act("finish"), DORA, notice).state == "final"

    notice = desk.restricted_by_two()
    fell = appealed(desk, notice, act("overturn"))
    with pytest.raises(Refused, match="nothing_told"):
        desk.do(fell, act("nothing_to_restore"), ANNA, notice)
    why = act("nothing_to_restore", fields={"nothing_told": "It was never carried out."})
    settled = desk.do(fell, why, ANNA, notice)
    assert settled.due_at is None
    assert desk.do(settled, act("finish"), DORA, notice).state == "final"


@pytest.mark.parametrize("outcome", ["upheld", "overturned", "modified", "no_decision"])
def test_an_outside_body_has_the_last_word(outcome: str) -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    upheld = appealed(desk, notice, act("uphold"))
    away = desk.do(upheld, act("go_outside", appeal_body="court"), EVE, notice)
    with pytest.raises(Refused, match="outside body decided is not recorded"):
        desk.do(away, act("finish"), DORA, notice)
    said = {"outside_told": "The name is a fan's."}
    facts: dict[str, Fact] = {"outside_outcome": outcome, "decided_on": "2026-01-31"}
    early = act("record_outside", fields=said, **(facts | {"decided_on": "2027-01-01"}))
    with pytest.raises(Refused, match="decided_on"):
        desk.do(away, early, ANNA, notice)
    decided = desk.do(away, act("record_outside", fields=said, **facts), ANNA, notice)
    fell = outcome in ("overturned", "modified")
    assert decided.facts["outcome"] == ("upheld" if outcome == "no_decision" else outcome)
    assert (decided.facts.get("restores", False), decided.due_at is not None) == (fell, fell)
    if not fell:
        assert desk.do(decided, act("finish"), DORA, notice).state == "final"


def test_what_everyone_reads_of_a_restoration_names_nobody_of_the_file() -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    asked = desk.do(appealed(desk, notice, act("overturn")), ask(), ANNA, notice)
    named = answer()
    named = Act(named.name, named.why, named.facts, {**named.fields, "reply_public": "@imitator"})
    desk.at += timedelta(days=1)
    with pytest.raises(Refused, match="reply_public"):
        desk.do(asked, named, ANNA, notice)
    with pytest.raises(Refused, match="recipient_kind"):
        desk.do(asked, ask(recipient_kind="public_statement"), ANNA, notice)
