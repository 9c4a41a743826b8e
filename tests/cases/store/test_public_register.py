"""The public register as the log tells it, on each database: lists, appeals, opinions, requests."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from sqlalchemy import update

from assay.cases.disclosure import line_of
from assay.cases.store import public_register
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import writing
from assay.cases.store.entries import moment
from assay.cases.store.listing import Wanted
from assay.cases.store.public_register import PublicRegister, end_of
from assay.cases.store.tables import RECORDS
from assay.cases.store.verify import verify
from assay.model.case import Act, Actor, Fact, Record
from tests.cases.made import ANNA, BEN, COMPLETE, DORA, EVE, START, act
from tests.cases.test_disclosure import ASKED, REQUEST

PAUL = Actor("paul", "partner")


def do(store: CaseStore, record: Record, by: Actor, *acts: Act) -> Record:
    """Acts one after another, a minute apart."""
    for one in acts:
        at = record.changed_at + timedelta(minutes=1)
        record = store.act(record.id, record.version, one, by=by, at=at)
    return record


def published(store: CaseStore, title: str, outcome: str = "no_action") -> tuple[Record, Record]:
    """A notice that was decided and told, and its entry."""
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    notice = store.open_record("notice", draft, by=EVE, at=START)
    notice = do(store, notice, EVE, act("submit"))
    notice = do(store, notice, ANNA, act("acknowledge"), act("triage", priority="low"))
    notice = do(store, notice, BEN, act("conclude", outcome=outcome), act("notify"))
    enter = act("enter", about=notice.id, fields={"title": title})
    entry = store.open_record("register", enter, by=ANNA, at=notice.changed_at)
    return notice, do(store, entry, BEN, act("publish", fields={"title": title}))


def test_pages_follow_each_other_in_both_orders(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_register, "PAGE", 2)
    register = PublicRegister(store.engine)
    entries = [published(store, f"Entry {number}")[1] for number in range(3)]
    do(store, entries[0], BEN, act("correct", fields={"title": "Corrected"}))
    read: list[str] = []
    for order in ("changed", "entered"):
        first = register.listed(order=order)
        second = register.listed(order=order, after=end_of(first, order))
        read += [row["title"] for row in (*first, *second)]
    assert sorted(read[:3]) == sorted(read[3:]) == ["Corrected", "Entry 1", "Entry 2"]
    assert read[0] == "Corrected"
    assert [row["title"] for row in register.listed(text="ENTRY 2")] == ["Entry 2"]
    assert [row["title"] for row in register.listed(text=entries[1].id[:8])] == ["Entry 1"]
    assert len(register.listed(outcome="no_action")) == 2
    assert register.listed(outcome="restriction") == []


def test_an_appeal_and_an_opinion_stand_beside_the_decision(store: CaseStore) -> None:
    register = PublicRegister(store.engine)
    notice, entry = published(store, "Contested", "not_enough_evidence")
    invite = act("invite", about=notice.id, assessor=PAUL.id, fields={"asked": "Does it carry?"})
    assessment = store.open_record("assessment", invite, by=ANNA, at=START)
    assert [one.state for one in register.entry(entry.id).opinions] == ["invited"]
    opinion: dict[str, Fact] = {"conclusion": "does_not_carry"}
    said = {"title": "Opinion", "opinion": "The rerun differs."}
    accept = act("accept", fields={"independence": "None."})
    publish = Act("publish", "Done.", opinion, said)
    assessment = do(store, assessment, PAUL, accept, publish)
    lodge = act("lodge", about=notice.id, fields={"grounds": "x"})
    appeal = store.open_record("appeal", lodge, by=EVE, at=notice.changed_at)
    appeal = do(store, appeal, DORA, act("admit"), act("assign", assignee="dora"))
    appeal = do(store, appeal, DORA, act("overturn"))
    shown = register.entry(entry.id)
    assert [(one.state, one.outcome) for one in shown.appeals] == [("overturned", "overturned")]
    assert [(one.conclusion, (one.text or {})["opinion"]) for one in shown.opinions] == [
        ("does_not_carry", "The rerun differs.")
    ]
    [row] = register.newest()
    assert (row["appeals"], row["changed_on_appeal"]) == (1, 1)
    assert row["told_at"] == moment(appeal.changed_at) > row["public_at"]
    for history in (shown.history, shown.opinions[0].history):
        proof = register.proof(entry.id, history[0][0])
        assert proof.size == store.checkpoint()[0].size
    # An opinion that was published stays; that somebody else was asked is not told any more.
    other = store.open_record("assessment", invite, by=ANNA, at=START)
    assert len(register.entry(entry.id).opinions) == 2
    do(store, other, ANNA, act("restrict"))
    do(store, assessment, ANNA, act("restrict"))
    assert [one.state for one in register.entry(entry.id).opinions] == ["published"]
    assert verify(store).holds


def test_what_the_team_notes_on_an_appeal_does_not_show_in_its_days(store: CaseStore) -> None:
    register = PublicRegister(store.engine)
    notice, entry = published(store, "Contested")
    lodge = act("lodge", about=notice.id, fields={"grounds": "x"})
    appeal = store.open_record("appeal", lodge, by=EVE, at=notice.changed_at)
    assert register.undone(notice.id) is None
    appeal = do(store, appeal, DORA, act("admit"), act("assign", assignee="dora"))
    decided = do(store, appeal, DORA, act("modify"))
    noted = do(store, decided, DORA, act("note"))
    [told] = register.entry(entry.id).appeals
    assert (told.changed_at, told.decided_at) == (decided.changed_at, decided.changed_at)
    ended = do(store, noted, DORA, act("finish"))
    [told] = register.entry(entry.id).appeals
    assert (told.state, told.changed_at) == ("final", ended.changed_at)
    assert told.decided_at == decided.changed_at
    assert register.undone(notice.id) == told


def test_what_the_team_notes_moves_nothing_in_the_register(store: CaseStore) -> None:
    register = PublicRegister(store.engine)
    _, first = published(store, "First")
    notice, contested = published(store, "Contested")
    _, last = published(store, "Last")
    lodge = act("lodge", about=notice.id, fields={"grounds": "x"})
    appeal = store.open_record("appeal", lodge, by=EVE, at=notice.changed_at)
    appeal = do(store, appeal, DORA, act("admit"), act("assign", assignee="dora"))
    decided = do(store, appeal, DORA, act("overturn"))
    noted = do(store, first, ANNA, act("note"), act("note"))
    do(store, decided, DORA, act("note"))
    # Each entry keeps the hour of its own publication; the other's is that of the decision on it.
    told = {row["id"]: row["told_at"] for row in register.newest()}
    own = {one.id: moment(one.changed_at) for one in (first, contested, last)}
    assert told == own | {contested.id: moment(decided.changed_at)}
    assert {row["id"]: row["public_at"] for row in register.listed()} == own
    # An erasure can be of the public text: whoever keeps a copy looks again.
    erased = do(store, noted, BEN, act("erase", entry=store.record(first.id, BEN)[1][1][0]))
    assert register.listed()[0]["public_at"] == moment(erased.changed_at)
    # A database from before has the same moments, out of its log.
    with writing(store.engine) as connection:
        connection.execute(update(RECORDS).values(public_at=None))
        import_module("assay.cases.migrations.versions.0023_public_since").fill(connection)
    assert verify(store).faults == []


def test_the_ledger_of_requests_names_the_authority_and_nobody_else(store: CaseStore) -> None:
    seen = store.open_record("disclosure", REQUEST, by=ANNA, at=START)
    hidden = store.open_record("disclosure", REQUEST, by=ANNA, at=START)
    do(store, hidden, ANNA, act("restrict"))
    refused = do(store, seen, BEN, act("refuse_data", fields={"told": "No order of a court."}))
    wanted = Wanted(kind="disclosure")
    [row] = store.records(BEN, wanted)
    assert store.count(BEN, wanted) == 1
    assert store.count(ANNA, wanted) == 2
    line = line_of(store.record(row["id"], BEN)[0])
    assert (line.id, line.state, line.authority) == (refused.id, "refused", ASKED["authority"])
    assert store.records(PAUL, wanted) == []
