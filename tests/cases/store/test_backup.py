"""Copies: whole, from and to either database, of earlier versions; damage is told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from assay.cases.key_folder import KeyFolder
from assay.cases.letters import Letter, WithIt, new_link
from assay.cases.store.accounts import Accounts, NewAccount
from assay.cases.store.backup import back_up, restore
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import writing
from assay.cases.store.listing import Wanted
from assay.cases.store.outbox import Outbox
from assay.cases.store.sessions import Sessions
from assay.cases.store.tables import METADATA
from assay.cases.store.verify import verify
from assay.errors import InputError
from tests.cases.made import ANNA, BEN, COMPLETE, START, act

LINK = new_link("sender")


@pytest.fixture
def filled(store: CaseStore) -> CaseStore:
    """A record with an erased text, a letter that waits, a link, an account with a session."""
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    with_it = WithIt((Letter("receipt", "a@example.org", "Grüße", "Grüße"),), (LINK,))
    notice = store.open_record("notice", draft, by=ANNA, at=START, with_it=with_it)
    store.act(notice.id, 1, act("note"), by=ANNA, at=START)
    store.act(notice.id, 2, act("erase", entry=1), by=BEN, at=START)
    first = NewAccount("ada@example.org", "Ada", "administrator", "hash")
    account = Accounts(store.engine).found({"name": "House"}, first, START)
    Sessions(store.engine).begin(account.id, START, verified=True, replaces=None)
    return store


@pytest.fixture
def copy(filled: CaseStore, tmp_path: Path) -> Path:
    back_up(filled, tmp_path / "copy.zip", with_key=True)
    return tmp_path / "copy.zip"


def test_a_copy_becomes_a_store_that_goes_on(filled: CaseStore, copy: Path, tmp_path: Path) -> None:
    assert copy.stat().st_mode & 0o077 == 0
    store = restore(copy, str(tmp_path / "new.db"), tmp_path / "new-keys")
    verdict = verify(store, filled.checkpoint()[1])
    assert (verdict.faults, verdict.entries, verdict.erased) == ([], 3, 1)
    row = store.records(ANNA, Wanted())[0]
    assert dict(row) == dict(filled.records(ANNA, Wanted())[0])
    assert [one.letter.text for one in Outbox(store.engine).due(START)] == ["Grüße"]
    assert Outbox(store.engine).holder(LINK.token, START) == Outbox(filled.engine).holder(
        LINK.token, START
    )
    assert Accounts(store.engine).by_email("ada@example.org") is not None
    assert Accounts(store.engine).name() == "House"
    store.act(str(row["id"]), 3, act("note"), by=ANNA, at=START)
    assert verify(store).faults == []
    store.engine.dispose()


def test_sessions_stay_behind(copy: Path) -> None:
    with zipfile.ZipFile(copy) as archive:
        assert "tables/sessions.ndjson" not in archive.namelist()
        assert "sessions" not in json.loads(archive.read("manifest.json"))["rows"]


def test_a_copy_comes_back_to_its_own_sort_of_database(
    filled: CaseStore, copy: Path, database: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="not empty"):
        restore(copy, database, filled.keys.path)
    with writing(filled.engine) as connection:
        METADATA.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    store = restore(copy, database, filled.keys.path)
    assert verify(store).faults == []
    store.engine.dispose()


def test_without_its_key_a_copy_needs_the_folder(filled: CaseStore, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    back_up(filled, copy, with_key=False)
    with zipfile.ZipFile(copy) as archive:
        secret = filled.keys.secret.read_bytes().strip()
        assert not any(secret in archive.read(name) for name in archive.namelist())
    with pytest.raises(InputError, match="without its key"):
        restore(copy, str(tmp_path / "new.db"), tmp_path / "elsewhere")
    store = restore(copy, str(tmp_path / "new.db"), filled.keys.path)
    assert verify(store).faults == []
    store.engine.dispose()


def test_another_logs_key_is_refused(copy: Path, tmp_path: Path) -> None:
    KeyFolder(tmp_path / "other").make(None)
    with pytest.raises(InputError, match="another log's key"):
        restore(copy, str(tmp_path / "new.db"), tmp_path / "other")


def test_no_copy_is_written_over(filled: CaseStore, copy: Path) -> None:
    with pytest.raises(InputError, match="already"):
        back_up(filled, copy, with_key=True)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tables/entries.ndjson", "entries.ndjson in the copy is damaged"),
        ("keys/public.key", "public.key in the copy is damaged"),
        ("manifest.json", "no copy of cases"),
        (None, "cannot be read"),
    ],
)
def test_damage_is_told_before_anything_is_made(
    copy: Path, tmp_path: Path, name: str | None, told: str
) -> None:
    damaged = tmp_path / "damaged.zip"
    if name is None:
        damaged.write_bytes(copy.read_bytes()[:-40])
    else:
        with zipfile.ZipFile(copy) as whole, zipfile.ZipFile(damaged, "w") as archive:
            for part in whole.namelist():
                content = whole.read(part)
                archive.writestr(part, b"{}" if part == name else content)
    with pytest.raises(InputError, match=told):
        restore(damaged, str(tmp_path / "new.db"), tmp_path / "new-keys")
    assert not (tmp_path / "new.db").exists()
