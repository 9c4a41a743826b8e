"""Misuse of notices: counted by decisions that stand, warned, suspended with an end, appealable."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from importlib import import_module
from threading import Barrier

import pytest
from sqlalchemy import update

from assay.cases.letters import Letter, WithIt
from assay.cases.refused import NoSuchRecord, Refused
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading, writing
from assay.cases.store.counted import counted, counted_steps
from assay.cases.store.entries import moment
from assay.cases.store.listing import Wanted
from assay.cases.store.one_at_a_time import AlreadyOpen
from assay.cases.store.outbox import LETTERS, Outbox
from assay.cases.store.tables import RECORDS
from assay.cases.store.verify import verify
from assay.model.case import Actor, Fact, Record
from tests.cases.made import ANNA, BEN, CLOCKS, COMPLETE, DORA, EVE, START, act

STATE = Actor("guest-state", "public")
ORDER = {**COMPLETE, "legal_basis": "Law 1", "order_reference": "2"}


def days(count: float) -> datetime:
    return START + timedelta(days=count)


def handed_in(
    store: CaseStore, at: datetime, by: Actor = EVE, kind: str = "impersonation", **fields: str
) -> Record:
    draft = act("draft", notice_kind=kind, fields={**ORDER, **fields})
    with_it = WithIt(then=(act("submit"),))
    return store.open_record("notice", draft, by=by, at=at, with_it=with_it)


def do(
    store: CaseStore, record: Record, name: str, by: Actor, at: datetime, **facts: Fact
) -> Record:
    fields = {"told": "words", "weighed": "their number and share", "from_them": "they answered"}
    done = act(name, fields=fields, **facts)
    return store.act(record.id, record.version, done, by=by, at=at)


def unfounded(
    store: CaseStore,
    at: datetime,
    *,
    said: bool = True,
    told: bool = True,
    sender_email: str = "sender@example.org",
) -> Record:
    """A notice decided by one person as needing nothing, and perhaps as manifestly unfounded."""
    record = handed_in(store, at, sender_email=sender_email)
    record = do(store, record, "acknowledge", ANNA, at)
    record = do(store, record, "triage", ANNA, at, priority="low")
    record = do(store, record, "conclude", BEN, at, outcome="no_action", unfounded=said)
    return do(store, record, "notify", ANNA, at) if told else record


def examined(store: CaseStore, notice: Record, at: datetime) -> Record:
    fields = {"sender_email": notice.fields["sender_email"]}
    examine = act("examine", about=notice.id, fields=fields)
    return store.open_record("misuse", examine, by=ANNA, at=at)


def suspended(store: CaseStore, at: datetime) -> Record:
    for _ in range(3):
        notice = unfounded(store, at)
    file = do(store, examined(store, notice, at), "warn", BEN, at, concerned="guest-eve")
    unfounded(store, at)
    until = (at + timedelta(days=30)).date().isoformat()
    return do(store, file, "suspend", BEN, at, suspend_until=until)


def overturned(store: CaseStore, about: Record, by: Actor, at: datetime) -> None:
    lodge = act("lodge", about=about.id, fields={"grounds": "x"})
    judged(store, store.open_record("appeal", lodge, by=by, at=at), at)


def judged(store: CaseStore, appeal: Record, at: datetime) -> None:
    for name, facts in (("admit", {}), ("assign", {"assignee": "dora"}), ("overturn", {})):
        appeal = do(store, appeal, name, DORA, at, **facts)


def test_only_decisions_that_say_so_count_and_a_warning_comes_first(store: CaseStore) -> None:
    fair = unfounded(store, START, said=False)
    with pytest.raises(Refused, match="unfounded_notices"):
        examined(store, fair, START)
    first = unfounded(store, START)
    file = examined(store, first, START)
    assert (file.facts["unfounded_notices"], file.facts["decided_notices"]) == (1, 2)
    with pytest.raises(Refused, match="unfounded_notices"):
        do(store, file, "warn", BEN, START, unfounded_notices=99)
    with pytest.raises(Refused, match="not possible while"):
        do(store, file, "suspend", BEN, START, suspend_until="2026-02-20")
    unfounded(store, START)
    unfounded(store, START, sender_email="somebody.else@example.org")
    last = unfounded(store, START, told=False)
    assert last.state == "decided"
    with pytest.raises(Refused, match="unfounded_notices"):
        do(store, file, "warn", BEN, START)
    do(store, last, "notify", ANNA, START)
    with pytest.raises(Refused, match="may not warn"):
        do(store, file, "warn", ANNA, START)
    said = act("warn", fields={"told": "words"}, concerned="guest-eve")
    with pytest.raises(Refused, match="from_them"):
        store.act(file.id, file.version, said, by=BEN, at=START)
    file = do(store, file, "warn", BEN, START, concerned="guest-eve")
    assert file.facts["unfounded_notices"] == 3
    assert file.appeal_until is not None
    with pytest.raises(Refused, match="unfounded_notices"):
        do(store, file, "suspend", BEN, START, suspend_until="2026-02-20")
    unfounded(store, START)
    for until in ("2026-01-31", "2027-01-31"):
        with pytest.raises(Refused, match="suspend_until"):
            do(store, file, "suspend", BEN, START, suspend_until=until)
    assert do(store, file, "suspend", BEN, START, suspend_until="2026-02-20").state == "suspended"
    assert verify(store).holds


def test_while_suspended_notices_are_parked_and_come_up_again(store: CaseStore) -> None:
    file = suspended(store, START)
    parked = handed_in(store, days(1))
    assert parked.state == "parked"
    assert parked.facts["parked_until"] == "2026-03-02"
    assert parked.due_at is not None
    assert parked.due_at.date().isoformat() == "2026-03-02"
    assert handed_in(store, days(1), sender_email="x@example.org").state == "submitted"
    own = handed_in(store, days(1), kind="data_subject_request")
    assert own.state == "submitted"
    assert handed_in(store, days(31)).state == "submitted"
    taken = do(store, parked, "take_up_parked", ANNA, days(2))
    assert taken.state == "submitted"
    assert taken.due_at == days(2) + timedelta(hours=CLOCKS.acknowledge_h)
    waits = handed_in(store, days(2))
    lifted = do(store, file, "lift", BEN, days(2))
    assert (lifted.state, lifted.due_at) == ("warned", None)
    assert store.record(waits.id, ANNA)[0].state == "submitted"
    assert handed_in(store, days(3)).state == "submitted"
    assert verify(store).holds


def test_a_receipt_says_what_the_store_found_when_it_filed_the_notice(store: CaseStore) -> None:
    def receipt(record: Record) -> Letter:
        until = str(record.facts.get("parked_until"))
        return Letter("receipt", "again@example.org", record.state, until)

    with_it = WithIt(then=(act("submit"),), telling=(receipt,))
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    store.open_record("notice", draft, by=EVE, at=START, with_it=with_it)
    suspended(store, START)
    store.open_record("notice", draft, by=EVE, at=days(1), with_it=with_it)
    outbox = Outbox(store.engine)
    letters = [one.letter for one in iter(lambda: outbox.take(LETTERS, days(1)), None)]
    told = [(one.subject, one.text) for one in letters if one.purpose == "receipt"]
    assert told == [("submitted", "None"), ("parked", "2026-03-02")]


def test_states_are_parked_like_everybody(store: CaseStore) -> None:
    suspended(store, START)
    order = handed_in(store, days(1), STATE, "government_order")
    assert order.state == "parked"


def test_a_completed_notice_is_parked_too(store: CaseStore) -> None:
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    early = store.open_record("notice", draft, by=EVE, at=START)
    suspended(store, START)
    assert store.act(early.id, 1, act("submit"), by=EVE, at=days(1)).state == "parked"


def test_an_appeal_ends_a_suspension_and_takes_a_decision_out_of_the_count(
    store: CaseStore,
) -> None:
    file = suspended(store, START)
    guest = Actor("guest-eve", "public")
    assert store.record(file.id, guest)[0].state == "suspended"
    parked = handed_in(store, days(1))
    hidden = handed_in(store, days(1))
    store.act(hidden.id, hidden.version, act("restrict"), by=ANNA, at=days(1))
    overturned(store, file, guest, days(1))
    file = store.record(file.id, BEN)[0]
    assert (file.state, file.due_at) == ("warned", None)
    for notice in (parked, hidden):
        taken, history = store.record(notice.id, ANNA)
        assert (taken.state, history[-1][1].by) == ("submitted", DORA)
        # Her decision on the appeal is no part that she took in the notice.
        assert DORA.id not in taken.took_part
    assert DORA.id not in file.took_part
    assert handed_in(store, days(2)).state == "submitted"
    with pytest.raises(Refused, match="unfounded_notices"):
        do(store, file, "suspend", BEN, days(2), suspend_until="2026-02-20")
    unfounded(store, days(2))
    again = do(store, file, "suspend", BEN, days(2), suspend_until="2026-02-20")
    assert handed_in(store, days(3)).state == "parked"
    assert again.facts["unfounded_notices"] == 5
    notice = next(one for one in _told(store) if one.facts.get("unfounded"))
    overturned(store, notice, EVE, days(3))
    assert examined(store, notice, days(4)).facts["unfounded_notices"] == 4
    assert verify(store).holds


def test_an_overturned_warning_ends_the_suspension_that_came_after_it(store: CaseStore) -> None:
    guest = Actor("guest-eve", "public")
    for _ in range(3):
        notice = unfounded(store, START)
    file = do(store, examined(store, notice, START), "warn", BEN, START, concerned=guest.id)
    appeal = store.open_record("appeal", act("lodge", about=file.id), by=guest, at=days(1))
    unfounded(store, days(2))
    do(store, file, "suspend", BEN, days(2), suspend_until="2026-02-20")
    parked = handed_in(store, days(2))
    judged(store, appeal, days(3))
    assert store.record(file.id, BEN)[0].state == "closed"
    assert store.record(parked.id, ANNA)[0].state == "submitted"


def test_an_appeal_against_a_suspension_leaves_the_warning_and_later_ones(
    store: CaseStore,
) -> None:
    file = suspended(store, START)
    guest = Actor("guest-eve", "public")
    appeal = store.open_record("appeal", act("lodge", about=file.id), by=guest, at=days(1))
    file = do(store, file, "lift", BEN, days(2))
    unfounded(store, days(3))
    file = do(store, file, "suspend", BEN, days(3), suspend_until="2026-02-20")
    judged(store, appeal, days(4))
    assert store.record(file.id, BEN)[0].state == "suspended"
    overturned(store, file, guest, days(5))
    assert store.record(file.id, BEN)[0].state == "warned"


def test_what_an_earlier_version_left_suspended_parks_nothing(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wrote that the appeal was right, and nothing into the file."""
    file = suspended(store, START)
    taken = do(store, handed_in(store, days(1)), "take_up_parked", ANNA, days(1))
    with monkeypatch.context() as earlier:
        earlier.setattr("assay.cases.store.case_store.brought_about", lambda *_: iter(()))
        overturned(store, file, Actor("guest-eve", "public"), days(1))
    assert store.record(file.id, BEN)[0].state == "suspended"
    assert handed_in(store, days(2)).state == "submitted"
    # Its notices that were taken up kept the date of the suspension.
    with writing(store.engine) as connection:
        mine = RECORDS.c.id == taken.id
        connection.execute(update(RECORDS).where(mine).values(due_at=moment(days(30))))
    assert not verify(store).holds
    with writing(store.engine) as connection:
        import_module("assay.cases.migrations.versions.0015_taken_up_due").fill(connection)
    assert verify(store).faults == []


def test_a_warning_and_a_suspension_are_appealed_against_each(store: CaseStore) -> None:
    guest = Actor("guest-eve", "public")
    for _ in range(3):
        notice = unfounded(store, START)
    file = do(store, examined(store, notice, START), "warn", BEN, START, concerned=guest.id)
    lodge = act("lodge", about=file.id)
    store.open_record("appeal", lodge, by=guest, at=days(1))
    with pytest.raises(Refused, match="already"):
        store.open_record("appeal", lodge, by=guest, at=days(1))
    unfounded(store, days(2))
    do(store, file, "suspend", BEN, days(2), suspend_until="2026-02-20")
    assert store.open_record("appeal", lodge, by=guest, at=days(3)).state == "lodged"
    with pytest.raises(Refused, match="already"):
        store.open_record("appeal", lodge, by=guest, at=days(3))


def test_an_appeal_about_a_restricted_notices_sender_is_as_hidden_as_the_notice(
    store: CaseStore,
) -> None:
    guest = Actor("guest-eve", "public")
    for _ in range(3):
        notice = unfounded(store, START)
    file = do(store, examined(store, notice, START), "warn", BEN, START, concerned=guest.id)
    appeal = store.open_record("appeal", act("lodge", about=file.id), by=guest, at=START)
    wanted = Wanted(kind="appeal")
    assert (store.count(DORA, wanted), store.count(ANNA, wanted)) == (1, 1)
    store.act(notice.id, notice.version, act("restrict"), by=ANNA, at=START)
    assert (store.count(DORA, wanted), store.records(DORA, wanted)) == (0, [])
    with pytest.raises(NoSuchRecord):
        store.record(appeal.id, DORA)
    assert [row["id"] for row in store.records(ANNA, wanted)] == [appeal.id]


def test_the_transparency_report_counts_what_happened(store: CaseStore) -> None:
    suspended(store, START)
    handed_in(store, days(1))
    asked = {
        "authority": "Office",
        "legal_basis": "Law 3",
        "order_reference": "7",
        "data_asked": "an address",
    }
    request = act("request", ordered_by="court", received_on="2026-01-31", fields=asked)
    seen = store.open_record("disclosure", request, by=ANNA, at=START)
    hidden = store.open_record("disclosure", request, by=ANNA, at=START)
    store.act(hidden.id, 1, act("restrict"), by=ANNA, at=START)
    do(store, seen, "refuse_data", BEN, START)
    with reading(store.engine) as connection:
        steps = counted_steps(connection, 2026)
        assert steps == {"warn": 1, "suspend": 1, "request": 1, "refuse_data": 1}
        assert counted_steps(connection, 2025) == {}
        notices, _ = counted(connection, 2026)
    assert [one.state for one in notices].count("parked") == 1


def _told(store: CaseStore) -> list[Record]:
    rows = store.records(BEN, Wanted(kind="notice", state="notified"))
    return [store.record(str(row["id"]), BEN)[0] for row in rows]


def test_what_is_hidden_is_not_counted_for_others(store: CaseStore) -> None:
    notices = [unfounded(store, START) for _ in range(3)]
    hidden = notices[0]
    store.act(hidden.id, hidden.version, act("restrict"), by=ANNA, at=START)
    file = examined(store, notices[1], START)
    assert file.facts["unfounded_notices"] == 3
    with pytest.raises(Refused, match="unfounded_notices"):
        do(store, file, "warn", BEN, START)


def test_of_two_who_open_a_file_at_once_the_second_is_told_of_the_first(store: CaseStore) -> None:
    notice = unfounded(store, START)
    both = Barrier(2)

    def opens(by: Actor) -> str:
        both.wait()
        examine = act("examine", about=notice.id, fields={"sender_email": "sender@example.org"})
        try:
            return store.open_record("misuse", examine, by=by, at=START).id
        except AlreadyOpen as open_one:
            return open_one.identity

    with ThreadPoolExecutor(2) as people:
        first, second = people.map(opens, (ANNA, BEN))
    assert first == second
    assert store.count(ANNA, Wanted(kind="misuse")) == 1
    file = store.record(first, ANNA)[0]
    do(store, file, "close", ANNA, START)
    assert examined(store, notice, START).id != first
    hidden = unfounded(store, START)
    other = examined(store, hidden, START)
    store.act(other.id, 1, act("restrict"), by=ANNA, at=START)
    examine = act("examine", about=hidden.id, fields={"sender_email": "sender@example.org"})
    # To refuse it would tell of a file that is hidden.
    assert store.open_record("misuse", examine, by=BEN, at=START).state == "examined"


def test_only_what_asks_for_nothing_can_be_unfounded(store: CaseStore) -> None:
    record = handed_in(store, START, kind="data_subject_request")
    for name, facts in (("acknowledge", {}), ("triage", {"priority": "low"})):
        record = do(store, record, name, ANNA, START, **facts)
    for outcome in ("no_action", "not_enough_evidence"):
        with pytest.raises(Refused, match="manifestly unfounded"):
            do(store, record, "conclude", BEN, START, outcome=outcome, unfounded=True)
