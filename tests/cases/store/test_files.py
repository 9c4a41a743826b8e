"""Files of records: kept once, given back only if they are the same, erased with their entry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from assay.cases.evidence import MOST_FILE_BYTES, NewFile, attach, attached
from assay.cases.letters import WithIt
from assay.cases.refused import NoSuchRecord, Refused
from assay.cases.store.backup import back_up, restore
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading, writing
from assay.cases.store.tables import FILES
from assay.cases.store.verify import verify
from assay.errors import CheckFailed
from assay.model.case import Actor, Record
from tests.cases.made import ANNA, BEN, CAROL, COMPLETE, DORA, EVE, START, act
from tests.cases.test_disclosure import CHECKED, GRANT, REQUEST

FILE = NewFile(b"%PDF-1.7 what was printed", "print.pdf", "from the sender's site", "the page")


def opened(store: CaseStore) -> Record:
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    return store.open_record("notice", draft, by=EVE, at=START)


def add(store: CaseStore, record: Record, file: NewFile = FILE, by: Actor = ANNA) -> Record:
    added = attach(file, "It was sent to us.")
    with_it = WithIt(files=(file,))
    return store.act(record.id, record.version, added, by=by, at=START, with_it=with_it)


def test_a_file_comes_back_with_its_custody(store: CaseStore) -> None:
    record = add(store, opened(store))
    file, content = store.file(record.id, 1, BEN)
    assert content == FILE.content
    assert (file.name, file.source, file.shows) == (FILE.name, FILE.source, FILE.shows)
    assert (file.by, file.at, file.bytes, file.format) == (ANNA, START, len(FILE.content), "pdf")
    assert record.files == {FILE.sha256}
    assert not set(record.fields) - set(COMPLETE)
    record = store.act(record.id, 2, act("check_file", entry=1), by=BEN, at=START)
    checks = attached(store.record(record.id, BEN)[1])[0].checks
    assert [(one.by, one.verified) for one in checks] == [(BEN, True)]
    assert verify(store).files == 1
    assert verify(store).holds


def test_whoever_may_not_see_the_record_sees_no_file(store: CaseStore) -> None:
    record = add(store, opened(store))
    record = store.act(record.id, 2, act("restrict"), by=ANNA, at=START)
    for viewer in (BEN, DORA, Actor("guest-1", "public"), Actor("paul", "partner")):
        with pytest.raises(NoSuchRecord):
            store.file(record.id, 1, viewer)
    with pytest.raises(NoSuchRecord):
        store.file(record.id, 0, ANNA)


def test_a_file_is_kept_once_and_goes_with_its_last_entry(store: CaseStore) -> None:
    first, second = opened(store), opened(store)
    add(store, first)
    add(store, second)
    with reading(store.engine) as connection:
        assert connection.execute(select(func.count()).select_from(FILES)).scalar() == 1
    store.act(first.id, 2, act("erase", entry=2), by=BEN, at=START)
    with pytest.raises(NoSuchRecord):
        store.file(first.id, 2, BEN)
    assert store.file(second.id, 3, BEN)[1] == FILE.content
    store.act(second.id, 2, act("erase", entry=3), by=BEN, at=START)
    with reading(store.engine) as connection:
        assert connection.execute(select(func.count()).select_from(FILES)).scalar() == 0
    erased = attached(store.record(second.id, BEN)[1])[0]
    assert (erased.erased, erased.name, erased.sha256) == (True, None, FILE.sha256)
    assert verify(store).holds


def test_a_file_that_is_known_by_its_hash_alone_or_was_erased_counts_for_nothing(
    store: CaseStore,
) -> None:
    record = store.open_record("disclosure", REQUEST, by=ANNA, at=START)
    record = add(store, record)
    bare = act("attach", sha256=FILE.sha256)
    record = store.act(record.id, record.version, bare, by=ANNA, at=START)
    check = act("check_risk", risk="some", fields=CHECKED)
    record = store.act(record.id, record.version, check, by=ANNA, at=START)
    tell = act("tell_person", told_on=START.date().isoformat(), fields={"told_how": "by letter"})
    record = store.act(record.id, record.version, tell, by=ANNA, at=START)
    assert record.files == {FILE.sha256}
    record = store.act(record.id, record.version, act("erase", entry=1), by=CAROL, at=START)
    with reading(store.engine) as connection:
        assert connection.execute(select(func.count()).select_from(FILES)).scalar() == 0
    with pytest.raises(Refused) as caught:
        store.act(record.id, record.version, GRANT, by=BEN, at=START)
    assert list(caught.value.lacking) == ["order"]
    record = add(store, record)
    assert store.act(record.id, record.version, GRANT, by=BEN, at=START).state == "granted"
    assert verify(store).holds


def test_changed_bytes_are_told_and_never_given_out(store: CaseStore) -> None:
    record = add(store, opened(store))
    with writing(store.engine) as connection:
        connection.execute(update(FILES).values(content=b"another"))
    with pytest.raises(CheckFailed, match="not the one that was added"):
        store.file(record.id, 1, ANNA)
    store.act(record.id, 2, act("check_file", entry=1, verified=True), by=ANNA, at=START)
    assert not attached(store.record(record.id, ANNA)[1])[0].checks[0].verified
    assert verify(store).faults == [
        f"file {FILE.sha256}: its bytes were changed after it was added"
    ]
    with writing(store.engine) as connection:
        connection.execute(FILES.delete())
    assert verify(store).faults == [f"file {FILE.sha256}: entry 1 added it, and it is gone"]


def test_what_cannot_be_kept_is_refused_and_writes_nothing(store: CaseStore) -> None:
    record = opened(store)
    for file in (replace(FILE, content=b""), replace(FILE, content=bytes(MOST_FILE_BYTES + 1))):
        with pytest.raises(Refused, match="bytes; a file here has"):
            add(store, record, file)
    with pytest.raises(Refused, match="not given"):
        store.act(record.id, 1, attach(FILE, "why"), by=ANNA, at=START)
    with pytest.raises(Refused, match="attach is not possible now"):
        add(store, record, by=EVE)
    with pytest.raises(Refused, match="added no file"):
        store.act(record.id, 1, act("check_file", entry=0), by=ANNA, at=START)
    elsewhere = store.act(record.id, 1, act("attach", sha256="ab" * 32), by=ANNA, at=START)
    assert not attached(store.record(record.id, ANNA)[1])[0].kept
    with pytest.raises(Refused, match="not kept here"):
        store.act(record.id, elsewhere.version, act("check_file", entry=1), by=ANNA, at=START)
    assert verify(store).holds


def test_a_copy_holds_the_files(store: CaseStore, tmp_path: Path) -> None:
    record = add(store, opened(store))
    back_up(store, tmp_path / "copy.zip", with_key=True)
    made = restore(tmp_path / "copy.zip", str(tmp_path / "new.db"), tmp_path / "new-keys")
    assert made.file(record.id, 1, ANNA)[1] == FILE.content
    assert verify(made).files == 1
    made.engine.dispose()
