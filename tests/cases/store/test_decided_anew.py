"""A refusal that falls on appeal, here or outside, has the notice decided anew by the usual way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.cases.given import known_history
from assay.cases.refused import Refused
from assay.cases.store.case_store import CaseStore
from assay.cases.store.public_register import PublicRegister
from assay.cases.store.verify import verify
from assay.cases.workflow import has_appealed
from assay.model.case import Act, Record
from tests.cases.made import ANNA, BEN, CLOCKS, DORA, EVE, REASONS, REVIEW, START, act
from tests.cases.store.test_public_register import do, published

OUTSIDE = act("go_outside", appeal_body="court")
DECIDED_OUTSIDE = act(
    "record_outside",
    outside_outcome="overturned",
    decided_on=START.date().isoformat(),
    fields={"outside_told": "It has to be looked at."},
)


def shown_to_everyone(register: PublicRegister, entry: Record) -> tuple[object, ...]:
    """How the decision stands: on its page, in the list, on appeal, where it is looked for."""
    subject, [row] = register.entry(entry.id).subject, register.listed()
    found = [one["id"] == entry.id for one in register.listed(outcome="restriction")]
    listed = row["subject_outcome"], row["changed_on_appeal"]
    return subject["state"], subject.get("outcome"), *listed, found


def appealed(store: CaseStore, notice: Record, *outcomes: Act) -> Record:
    """An appeal of the sender, judged by Dora."""
    lodge = act("lodge", about=notice.id, fields={"grounds": "Please look again."})
    appeal = store.open_record("appeal", lodge, by=EVE, at=notice.changed_at)
    return do(store, appeal, DORA, act("admit"), act("assign", assignee="dora"), *outcomes)


@pytest.mark.parametrize(
    "outcomes",
    [(act("overturn"),), (act("uphold"), OUTSIDE, DECIDED_OUTSIDE)],
    ids=["here", "outside"],
)
def test_a_refusal_that_falls_is_decided_anew(store: CaseStore, outcomes: tuple[Act, ...]) -> None:
    register = PublicRegister(store.engine)
    refused, entry = published(store, "Refused")
    appeal = appealed(store, refused, *outcomes)
    anew, history = store.record(refused.id, ANNA)
    assert (anew.state, anew.appeal_until, "outcome" in anew.facts) == ("triaged", None, False)
    assert anew.due_at == appeal.changed_at + timedelta(days=CLOCKS.decide_days)
    untold: tuple[object, ...] = ("triaged", None, None, 1, [])
    assert shown_to_everyone(register, entry) == untold
    assert register.entry(entry.id).appeals[0].outcome == "overturned"
    report = register.transparency(2026, appeal.changed_at)
    assert {row.value for row in report if (row.indicator, row.group) == ("decided", "")} == {0}

    # A restriction takes what it always takes, and the new decision is untold until it is told.
    propose = act("propose", outcome="restriction", fields=REASONS)
    with pytest.raises(Refused, match="was not heard"):
        do(store, anew, ANNA, propose)
    review = act("review_rights", aim="rights_of_others", incitement=False, fields=REVIEW)
    proposed = do(store, anew, ANNA, act("record_hearing"), review, propose)
    assert shown_to_everyone(register, entry) == untold
    decided = do(store, proposed, BEN, act("confirm"))
    assert shown_to_everyone(register, entry) == untold
    known = known_history(store.record(refused.id, ANNA)[1])
    assert known[-1][1].name == "propose"
    told = do(store, decided, ANNA, act("notify"))
    history = store.record(refused.id, ANNA)[1]
    assert known_history(history) == history
    assert told.appeal_until is not None
    assert not has_appealed([event for _, event in history], [appeal.opened_at])
    told_to_all = ("notified", "restriction", "restriction")
    assert shown_to_everyone(register, entry) == (*told_to_all, 0, [True])
    # What stands now was decided after the appeal, and is undone by another one alone.
    assert register.undone(refused.id) is None
    appealed(store, told, act("overturn"))
    assert shown_to_everyone(register, entry) == (*told_to_all, 1, [True])
    assert register.undone(refused.id) == register.entry(entry.id).appeals[1]
    assert verify(store).faults == []


def test_a_notice_that_was_sent_back_is_examined_and_a_restriction_is_not_decided_anew(
    store: CaseStore,
) -> None:
    draft = act("draft", notice_kind="impersonation", fields={"title": "Without an address"})
    notice = store.open_record("notice", draft, by=EVE, at=START)
    back = do(store, notice, ANNA, act("reject_incomplete", fields={"told": "Where is it?"}))
    appealed(store, back, act("overturn"))
    assert store.record(notice.id, ANNA)[0].state == "triaged"

    upheld, _ = published(store, "Stays")
    appealed(store, upheld, act("uphold"))
    assert store.record(upheld.id, ANNA)[0].state == "notified"
    with pytest.raises(Refused, match="may not decide_anew") as refused:
        do(store, upheld, ANNA, act("decide_anew"))
    assert refused.value.fix == "it follows by itself"
    assert verify(store).faults == []
