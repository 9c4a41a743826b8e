"""Whatever is done to the log by hand is found, on both databases."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from assay.cases.log import commitment
from assay.cases.signed_note import Checkpoint, new_signing_key, sign
from assay.cases.store.case_store import CaseStore, open_store
from assay.cases.store.connect import writing
from assay.cases.store.listing import Wanted
from assay.cases.store.tables import ENTRIES
from assay.cases.store.verify import verify
from tests.cases.databases import copied
from tests.cases.made import ANNA, BEN, COMPLETE, START, act


@pytest.fixture(scope="module")
def original(with_tables: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Two records, eight entries: a database to copy, and its keys."""
    folder = tmp_path_factory.mktemp("original")
    address, keys = copied(with_tables, folder, "original"), folder / "keys"
    store = open_store(address, keys, make=True)
    for _ in range(2):
        draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
        notice = store.open_record("notice", draft, by=ANNA, at=START)
        for version, name in enumerate(("submit", "acknowledge", "note"), start=1):
            at = START + timedelta(hours=version)
            store.act(notice.id, version, act(name), by=ANNA, at=at)
    assert verify(store).holds
    store.engine.dispose()
    return address, keys


@pytest.fixture
def filled(original: tuple[str, Path], tmp_path: Path) -> Iterator[CaseStore]:
    address, keys = original
    shutil.copytree(keys, tmp_path / "keys")
    store = open_store(copied(address, tmp_path), tmp_path / "keys")
    yield store
    store.engine.dispose()


def by_hand(store: CaseStore, *statements: str) -> list[str]:
    with writing(store.engine) as connection:
        for statement in statements:
            connection.execute(text(statement))
    return verify(store).faults


def swap(column: str) -> str:
    """Exchange a column between entries 1 and 2."""
    return (
        f"UPDATE entries SET {column} = (SELECT other.{column} FROM entries AS other"
        f" WHERE other.log_index = 3 - entries.log_index) WHERE log_index IN (1, 2)"
    )


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (("UPDATE entries SET frame = replace(frame, 'anna', 'ben') WHERE log_index = 2",),
         "entry 2: who, when or what was changed"),
        (("UPDATE entries SET body = replace(body, 'because', 'despite') WHERE log_index = 3",),
         "entry 3: its reason or its fields were changed"),
        (("UPDATE entries SET body = NULL, body_salt = NULL WHERE log_index = 3",),
         "no event says that it was erased"),
        (("UPDATE entries SET body = NULL WHERE log_index = 3",), "half erased"),
        (("UPDATE entries SET version = 9 WHERE log_index = 3",), "another record or version"),
        (("UPDATE entries SET body_salt = frame_salt WHERE log_index = 4",), "entry 4"),
        (("DELETE FROM entries WHERE log_index = 5",), "entry 5 is missing"),
        (("DELETE FROM entries WHERE log_index = 7",), "the log has 7"),
        (("DELETE FROM entries WHERE log_index = 0",), "entry 0 is missing"),
        ((swap("frame"), swap("frame_salt"), swap("body"), swap("body_salt"), swap("leaf")),
         "signed another log"),
        ((swap("leaf"),), "entry 1: who, when or what"),
        (("UPDATE records SET state = 'closed'",), "not what its events add up to"),
        (("UPDATE records SET due_at = NULL",), "not what its events add up to"),
        (("INSERT INTO members SELECT id, 'mallory' FROM records",), "members are not those"),
        (("UPDATE searched SET restricted = NOT restricted",), "what searches read of it"),
        (("UPDATE searched SET title_folded = 'another'",), "what searches read of it"),
        (("DELETE FROM searched",), "what searches read of it"),
        (("DELETE FROM searched", "DELETE FROM members", "DELETE FROM marks",
          "DELETE FROM records"),
         "has events and no row"),
        (("DELETE FROM nodes WHERE level = 2",), "nodes of the tree are missing"),
        (("UPDATE nodes SET position = position + 100 WHERE level = 3",), "does not fit"),
        (("DELETE FROM checkpoints WHERE size = 4",), "8 entries have 7 checkpoints"),
        (("UPDATE checkpoints SET note = replace(note, 'assay', 'essay') WHERE size = 4",),
         "checkpoint 4"),
        (("UPDATE checkpoints SET size = 99 WHERE size = 8",), "stands for another size"),
        (("UPDATE nodes SET position = -1 WHERE level = 0 AND position = 7",),
         "node -1 on level 0"),
        (("UPDATE nodes SET level = -1 WHERE level = 3",), "node 0 on level -1"),
    ],
)  # fmt: skip
def test_what_is_done_by_hand_is_found(
    filled: CaseStore, statements: tuple[str, ...], told: str
) -> None:
    faults = by_hand(filled, *statements)
    assert any(told in fault for fault in faults), faults


def test_what_searches_would_count_beside_the_records_is_found(tmp_path: Path) -> None:
    """SQLite lets whoever asks for no foreign keys add it; PostgreSQL lets nobody."""
    store = open_store(str(tmp_path / "cases.db"), make=True)
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    store.open_record("notice", draft, by=ANNA, at=START)
    with closing(sqlite3.connect(tmp_path / "cases.db")) as connection, connection:
        connection.execute("INSERT INTO searched (id, restricted) VALUES ('nobody', 0)")
    assert store.count(ANNA, Wanted()) == 1 + len(store.records(ANNA, Wanted()))
    assert verify(store).faults == ["record nobody: searches read of it, and it has no row"]
    store.engine.dispose()


@pytest.mark.parametrize(
    ("frame", "body"),
    [
        ({"act": "erase"}, {}),
        ({"act": "erase", "facts": {"entry": float("inf")}}, {}),
        ({"facts": [], "act": "attach"}, {}),
        ({"at": 1}, {}),
        ({"kind": "bodies"}, {}),
        ({}, {"fields": {"title": 1}}),
        ({}, {"fields": []}),
        ({}, []),
    ],
)
def test_an_entry_that_assay_never_wrote_is_told_with_all_the_rest(
    filled: CaseStore, frame: dict[str, object], body: object
) -> None:
    """With a leaf worked out anew, so that the entry by itself is whole."""
    mine = ENTRIES.c.log_index == 4
    with writing(filled.engine) as connection:
        entry = connection.execute(select(ENTRIES).where(mine)).one()
        told = json.dumps(json.loads(entry.frame) | frame)
        said = json.dumps(json.loads(entry.body) | body if isinstance(body, dict) else body)
        salts = (entry.frame_salt, entry.body_salt)
        leaf = "\n".join(("assay-event-1", *map(commitment, salts, (told, said)), ""))
        changed = {"frame": told, "body": said, "leaf": leaf.encode()}
        connection.execute(update(ENTRIES).where(mine).values(**changed))
    faults = verify(filled).faults
    assert any(fault.startswith("entry 4: ") for fault in faults), faults
    assert any("signed another log" in fault for fault in faults), faults


def test_a_log_cut_short_everywhere_in_the_database_is_found_by_the_key_folder(
    filled: CaseStore,
) -> None:
    faults = by_hand(
        filled,
        "DELETE FROM entries WHERE log_index = 7",
        "DELETE FROM nodes WHERE level = 0 AND position = 7",
        "DELETE FROM nodes WHERE level = 1 AND position = 3",
        "DELETE FROM nodes WHERE level = 2 AND position = 1",
        "DELETE FROM nodes WHERE level = 3",
        "DELETE FROM checkpoints WHERE size = 8",
    )
    assert any("the key folder's checkpoint signed 8 entries" in fault for fault in faults)


def test_a_log_cut_short_with_its_key_folder_is_found_by_a_kept_checkpoint(
    filled: CaseStore,
) -> None:
    kept = filled.checkpoint()[1]
    by_hand(filled, "DELETE FROM entries WHERE log_index = 7")
    filled.keys.checkpoint.unlink()
    assert any("the checkpoint that was given" in fault for fault in verify(filled, kept).faults)


def test_another_logs_checkpoint_is_not_this_ones(filled: CaseStore) -> None:
    key = new_signing_key()
    note = sign(Checkpoint(key.name, 8, bytes(32)), key)
    assert any("not signed by" in fault for fault in verify(filled, note).faults)


def test_an_erasure_that_left_the_text_is_found(filled: CaseStore) -> None:
    first = filled.records(ANNA, Wanted())
    record = str(first[0]["id"])
    entry = filled.record(record, ANNA)[1][0][0]
    filled.act(record, 4, act("erase", entry=entry), by=BEN, at=START)
    assert verify(filled).erased == 1
    faults = by_hand(
        filled,
        f"UPDATE entries SET body = '{{}}', body_salt = frame_salt WHERE log_index = {entry}",
    )
    assert any("its reason is there" in fault for fault in faults)
