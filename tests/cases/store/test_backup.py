"""Copies: whole, from and to either database, of earlier versions; damage is told."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from assay.cases.key_folder import KeyFolder
from assay.cases.letters import Letter, WithIt, new_link
from assay.cases.protected_versions import NewVersion
from assay.cases.store.accounts import Accounts, NewAccount
from assay.cases.store.backup import back_up, restore
from assay.cases.store.case_store import CaseStore, open_store
from assay.cases.store.connect import writing
from assay.cases.store.entries import moment
from assay.cases.store.listing import Wanted
from assay.cases.store.outbox import LETTERS, Outbox
from assay.cases.store.protected_registers import ProtectedRegisters
from assay.cases.store.sessions import Sessions
from assay.cases.store.tables import METADATA
from assay.cases.store.verify import verify
from assay.errors import AssayError, InputError
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
    Sessions(store.engine).begin(account, START, verified=True, replaces=None)
    return store


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small copy of an SQLite database."""
    folder = tmp_path_factory.mktemp("copies")
    store = open_store(str(folder / "cases.db"), make=True)
    store.open_record("case", act("draft"), by=ANNA, at=START)
    back_up(store, folder / "copy.zip", with_key=True)
    store.engine.dispose()
    return folder / "copy.zip"


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
    waiting = Outbox(store.engine).take(LETTERS, START)
    assert waiting is not None
    assert waiting.letter.text == "Grüße"
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


def rewritten(copy: Path, to: Path, parts: dict[str, bytes | None]) -> Path:
    """The copy with other parts, and a manifest that fits them; None leaves a part out."""
    with zipfile.ZipFile(copy) as whole, zipfile.ZipFile(to, "w") as archive:
        manifest = json.loads(whole.read("manifest.json"))
        for name in set(manifest["parts"]) | set(parts) - {"manifest.json"}:
            content = parts.get(name, b"") if name in parts else whole.read(name)
            manifest["parts"].pop(name, None)
            if content is not None:
                manifest["parts"][name] = hashlib.sha256(content).hexdigest()
                archive.writestr(name, content)
        told = parts.get("manifest.json")
        archive.writestr("manifest.json", json.dumps(manifest) if told is None else told)
    return to


_LINK = {"token": "t", "record": "r", "holder": "h", "purpose": "sender", "made_at": "x"}


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("keys/public.key", None, "no copy of cases"),
        ("keys/public.key", b"\xff", "cannot be read"),
        ("tables/links.ndjson", None, "no copy of cases"),
        ("tables/links.ndjson", b"not json\n", "row 1 of tables/links.ndjson"),
        ("tables/links.ndjson", b"[1]\n", "row 1 of tables/links.ndjson"),
        ("tables/links.ndjson", b"\xff\xfe\n", "row 1 of tables/links.ndjson"),
        ("tables/links.ndjson", b'{"token": {"hex": "zz"}}\n', "row 1 of tables/links.ndjson"),
        ("tables/links.ndjson", b'{"token": [[]]}\n', "row 1 of tables/links.ndjson"),
        ("tables/links.ndjson", b'{"token": 1e999}\n', "row 1 of tables/links.ndjson"),
        ("tables/links.ndjson", b'{"token": "\\ud800"}\n', "row 1 of tables/links.ndjson"),
        ("tables/links.ndjson", b"[" * 99_999 + b"\n", "row 1 of tables/links.ndjson"),
        ("tables/links.ndjson", json.dumps(_LINK).encode(), "other columns.*ended_at"),
        ("tables/links.ndjson", json.dumps(_LINK | {"ended_at": None}).encode(), "database says"),
        ("manifest.json", b"[]", "no copy of cases"),
        ("manifest.json", b'{"format": "assay-backup-1", "parts": [], "rows": 3}', "no copy of"),
        ("manifest.json", b"[" * 99_999, "no copy of cases"),
    ],
)
def test_an_odd_copy_is_refused_in_words(
    copies: Path, tmp_path: Path, part: str, content: bytes | None, told: str
) -> None:
    odd = rewritten(copies, tmp_path / "odd.zip", {part: content})
    with pytest.raises(InputError, match=told):
        restore(odd, str(tmp_path / "new.db"), tmp_path / "new-keys")


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_bytes_changed_anywhere_in_a_copy_are_no_traceback(
    copies: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content, folder = bytearray(copies.read_bytes()), tmp_path_factory.mktemp("odd")
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / "odd.zip").write_bytes(content)
    with suppress(AssayError):
        restore(folder / "odd.zip", str(folder / "new.db"), folder / "keys").engine.dispose()


def test_a_place_that_cannot_be_written_is_not_the_copys_fault(
    copies: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="this cannot be written") as told:
        restore(copies, str(tmp_path / "nowhere" / "new.db"), tmp_path / "keys")
    assert told.value.fix == "name another place"


def test_versions_of_a_large_register_are_copied_one_at_a_time(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "cases.db"), make=True)
    first = NewAccount("ada@example.org", "Ada", "administrator", "hash")
    author = Accounts(store.engine).found({"name": "House"}, first, START).actor
    registers = ProtectedRegisters(store)
    for number in range(10):
        text = f"{number}" * (1 << 20)
        registers.keep(number, NewVersion(text, author, "x", "x"), START)
    tracemalloc.start()
    back_up(store, tmp_path / "copy.zip", with_key=True)
    most_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most_bytes < 10 << 20
    restored = restore(tmp_path / "copy.zip", str(tmp_path / "new.db"), tmp_path / "keys")
    kept = ProtectedRegisters(restored)
    assert kept.versions() == registers.versions()
    assert kept.text(3) == "2" * (1 << 20)


def test_a_copy_from_before_registers_were_logged_gets_their_entries(
    copies: Path, tmp_path: Path
) -> None:
    made_at = moment(START)
    ada = {"id": "ada", "email": "a@house.example", "name": "A", "role": "administrator"}
    ada |= {"totp_step": 0, "failures": 0, "disabled": False, "made_at": made_at}
    others = ("password", "totp", "locked_until", "invitation", "invited_until")
    kept = {"version": 1, "text": "{}", "sha256": hashlib.sha256(b"{}").hexdigest()}
    kept |= {"author": "ada", "what": "x", "why": "x", "made_at": made_at}
    rows = {
        "accounts": ada | dict.fromkeys(others),
        "protected_registers": kept | dict.fromkeys(("erased_by", "erased_why", "erased_at")),
    }
    parts = {f"tables/{name}.ndjson": json.dumps(row).encode() for name, row in rows.items()}
    with zipfile.ZipFile(copies) as archive:
        records = map(json.loads, archive.read("tables/records.ndjson").splitlines())
    earlier = ({name: one[name] for name in one if name != "public_at"} for one in records)
    parts["tables/records.ndjson"] = b"".join(json.dumps(one).encode() + b"\n" for one in earlier)
    filled = rewritten(copies, tmp_path / "filled.zip", parts)
    with zipfile.ZipFile(filled) as archive:
        manifest = json.loads(archive.read("manifest.json")) | {"revision": "0019"}
    told = json.dumps(manifest).encode()
    odd = rewritten(filled, tmp_path / "odd.zip", {"manifest.json": told})
    with pytest.raises(InputError, match="tables that its version lacks: searched"):
        restore(odd, str(tmp_path / "odd.db"), tmp_path / "new-keys")
    del manifest["rows"]["searched"]
    told = json.dumps(manifest).encode()
    old = rewritten(filled, tmp_path / "old.zip", {"manifest.json": told})
    store = restore(old, str(tmp_path / "new.db"), tmp_path / "new-keys")
    verdict = verify(store)
    assert (verdict.faults, verdict.entries, verdict.registers) == ([], 2, 1)
    store.engine.dispose()
