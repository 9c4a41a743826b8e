"""The public ledger as the log tells it: complaints, as long as who complains wants them there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from assay.cases.store.case_store import CaseStore
from assay.cases.store.ledger import Ledger
from assay.cases.store.public_register import PublicRegister
from assay.cases.store.verify import verify
from assay.model.case import Record
from tests.cases.made import ANNA, BEN, START, act
from tests.cases.test_outside import LETTER, SAID, answered

SENT = act(
    "send", recipient_kind="platform", due_by="sender", answer_until="2026-02-10", fields=LETTER
)


def published(store: CaseStore) -> tuple[Record, Record]:
    """A complaint that was sent, and the entry that publishes it."""
    draft = act("draft", complainant_kind="organisation", may_be_public=True, fields=SAID)
    complaint = store.open_record("complaint", draft, by=ANNA, at=START)
    complaint = store.act(complaint.id, 1, act("open"), by=ANNA, at=START)
    complaint = store.act(complaint.id, 2, SENT, by=ANNA, at=START)
    fields = {"title": SAID["title"], "sender_public": SAID["complainant"]}
    entry = store.open_record(
        "register", act("enter", about=complaint.id, fields=fields), by=ANNA, at=START
    )
    return complaint, store.act(entry.id, 1, act("publish", fields=fields), by=BEN, at=START)


def test_a_day_that_passed_and_an_answer_show(store: CaseStore) -> None:
    complaint, entry = published(store)
    ledger = Ledger(store.engine)
    [one] = ledger.complaints(START)
    assert (one.entry, one.title, one.complainant) == (entry.id, SAID["title"], SAID["complainant"])
    assert [row.state for row in one.sent] == ["open"]
    later = START + timedelta(days=30)
    assert [row.state for row in ledger.complaints(later)[0].sent] == ["late"]
    store.act(complaint.id, 3, answered("done", "2026-02-20"), by=ANNA, at=later)
    [row] = ledger.complaints(later)[0].sent
    assert (row.state, row.days) == ("answered", 20)


def test_what_who_complains_wants_public_no_longer_is_public_no_longer(store: CaseStore) -> None:
    complaint, entry = published(store)
    other, _ = published(store)
    kept_back = act("amend", may_be_public=False)
    store.act(complaint.id, 3, kept_back, by=ANNA, at=START)
    ledger, register = Ledger(store.engine), PublicRegister(store.engine)
    told = {one.entry: one for one in ledger.complaints(START)}
    assert len(told) == 2
    gone = told[entry.id]
    assert (gone.state, gone.title, gone.complainant, gone.sent) == ("withdrawn", "", "", ())
    shown = register.entry(entry.id)
    assert shown.text is None
    assert [(event.name, event.fields) for _, event in shown.history] == [
        ("publish", None),
        ("withdraw", {}),
    ]
    assert register.proof(entry.id, shown.history[0][0]).entry.body is None
    assert BEN.id in store.record(entry.id, BEN)[0].took_part
    assert ANNA.id in store.record(complaint.id, ANNA)[0].took_part
    store.act(other.id, 3, act("amend", fields={"title": "x"}), by=ANNA, at=START)
    assert [one.state for one in ledger.complaints(START)].count("published") == 1
    # Who changes their mind has another entry published.
    store.act(complaint.id, 4, act("amend", may_be_public=True), by=ANNA, at=START)
    assert [one.state for one in ledger.complaints(START)].count("published") == 1
    assert verify(store).holds


def test_what_is_taken_back_is_in_no_file_of_the_database(store: CaseStore, database: str) -> None:
    complaint, entry = published(store)
    words = "words that stand in the entry alone"
    fields = {"title": words, "sender_public": SAID["complainant"]}
    store.act(entry.id, 2, act("correct", fields=fields), by=BEN, at=START)
    store.act(complaint.id, 3, act("amend", may_be_public=False), by=ANNA, at=START)
    if "://" not in database:
        files = Path(database).parent.glob(Path(database).name + "*")
        assert not [one for one in files if one.is_file() and words.encode() in one.read_bytes()]
    assert verify(store).holds
