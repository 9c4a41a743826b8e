"""SQLite takes any value into any column: what was put there by hand is told, and not read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from assay.cases.evidence import NewFile, attach
from assay.cases.letters import WithIt
from assay.cases.store.case_store import open_store
from assay.cases.store.connect import writing
from assay.cases.store.verify import verify
from tests.cases.made import ANNA, COMPLETE, START, act


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a record and a file."""
    path = tmp_path_factory.mktemp("odd") / "cases.db"
    store = open_store(str(path), make=True)
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    notice = store.open_record("notice", draft, by=ANNA, at=START)
    file = NewFile(b"seen", "file", "x")
    added, with_it = attach(file, "x"), WithIt(files=(file,))
    store.act(notice.id, 1, added, by=ANNA, at=START, with_it=with_it)
    assert verify(store).holds
    store.engine.dispose()
    return path


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("entries.frame", "x'00'"),
        ("entries.body_salt", "'x'"),
        ("entries.leaf", "'x'"),
        ("nodes.position", "'x'"),
        ("nodes.hash", "-1"),
        ("checkpoints.note", "x'00'"),
        ("files.content", "'seen'"),
        # To whoever reads the row it is as it was, and no query finds it.
        ("records.restricted", "''"),
        ("records.restricted", "2"),
        ("members.account", "x'00'"),
        ("marks.sort", "x'00'"),
    ],
)
def test_a_value_of_another_kind_is_told(
    original: Path, tmp_path: Path, column: str, value: str
) -> None:
    path = Path(shutil.copy(original, tmp_path))
    shutil.copytree(f"{original}.keys", f"{path}.keys")
    store, (table, _, name) = open_store(str(path)), column.partition(".")
    with writing(store.engine) as connection:
        connection.execute(text(f"UPDATE {table} SET {name} = {value} WHERE rowid = 1"))
    faults = verify(store).faults
    store.engine.dispose()
    told = f"column {name} of table {table} holds what is none of its values, in 1 rows"
    assert faults == [told]
