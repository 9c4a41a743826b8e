"""A database of an earlier version is brought to this one, and its log still holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, insert, select, table, update

from assay.cases import migrations
from assay.cases.key_folder import KeyFolder
from assay.cases.log import read_event
from assay.cases.protected_versions import OF_BODIES, Erasure, ToErase
from assay.cases.signed_note import Checkpoint, sign
from assay.cases.store.case_store import open_store
from assay.cases.store.connect import connect, writing
from assay.cases.store.entries import entry_at, moment
from assay.cases.store.listing import Wanted
from assay.cases.store.protected_registers import ProtectedRegisters
from assay.cases.store.tables import ACCOUNTS, ENTRIES, RECORDS
from assay.cases.store.verify import verify
from assay.errors import CheckFailed
from assay.model.case import Actor
from tests.cases.made import ADMIN, ANNA, START, act

KEPT = json.loads(Path(__file__).with_name("database_0001.json").read_text(encoding="utf-8"))
"""What the first version wrote: three records, nine entries, one erased; and its key folder."""


@pytest.fixture
def old(empty_database: str, tmp_path: Path) -> tuple[str, Path]:
    """A database as the first version left it."""
    keys = tmp_path / "old-keys"
    keys.mkdir()
    for name, text in KEPT["keys"].items():
        (keys / name).write_text(text, encoding="utf-8")
    engine = connect(empty_database)
    with writing(engine) as connection:
        brought_to("0001", connection)
        for name, rows in sorted(KEPT["tables"].items(), reverse=True):  # records before members
            into = table(name, *(column(one) for one in rows[0]))
            connection.execute(insert(into), [_from_json(row) for row in rows])
    engine.dispose()
    return empty_database, keys


def brought_to(revision: str, connection: Connection) -> None:
    """Bring a database to the version that it had then."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _from_json(row: dict[str, object]) -> dict[str, object]:
    return {
        name: bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
        for name, value in row.items()
    }


def test_the_first_versions_database_is_filled_from_its_log(old: tuple[str, Path]) -> None:
    store = open_store(*old)
    assert verify(store).faults == []
    urgent = store.records(ANNA, Wanted(priority="high", notice_kind="impersonation"))
    assert [row["title"] for row in urgent] == ["An account with our name"]
    refused = store.records(ANNA, Wanted(state="rejected_incomplete"))[0]
    assert refused["title"] is None  # it was erased
    appeals = store.records(ANNA, Wanted(about=refused["id"]))
    assert [row["kind"] for row in appeals] == ["appeal"]
    store.act(urgent[0]["id"], 5, act("release"), by=ADMIN, at=START)
    assert verify(store).faults == []
    store.engine.dispose()


def test_a_damaged_entry_keeps_no_older_database_from_being_verified(
    old: tuple[str, Path],
) -> None:
    engine = connect(old[0])
    appeals = select(RECORDS.c.id).where(RECORDS.c.kind == "appeal")
    with writing(engine) as connection:
        brought_to("0022", connection)
        mine = ENTRIES.c.record.in_(appeals)
        connection.execute(update(ENTRIES).where(mine).values(frame="{"))
    engine.dispose()
    store = open_store(*old)
    faults = verify(store).faults
    assert any("was changed after it was written" in fault for fault in faults), faults
    store.engine.dispose()


@pytest.fixture
def old_registers(empty_database: str) -> str:
    """A database with three versions of a register from before the log had them, one erased."""
    engine, made_at = connect(empty_database), moment(START)
    about = {"email": "a@house.example", "name": "A", "role": "administrator", "made_at": made_at}
    never = {"totp_step": 0, "failures": 0, "disabled": False}
    said = {"author": "ada", "what": "removed a", "why": "x", "made_at": made_at}
    rows = [
        {"version": number, "text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
        for number, text in enumerate(("{}", '{"identities": []}', "{ }"), start=1)
    ]
    into = table("protected_registers", *map(column, {**rows[0], **said}))
    with writing(engine) as connection:
        brought_to("0018", connection)
        connection.execute(insert(ACCOUNTS).values(id="ada", **about, **never))
        connection.execute(insert(into), [{**row, **said} for row in rows])
        brought_to("0019", connection)
        connection.exec_driver_sql(
            "UPDATE protected_registers SET text = NULL, what = NULL, why = NULL,"
            f" erased_by = 'ada', erased_why = 'asked to', erased_at = '{made_at}'"
            " WHERE version = 2"
        )
    engine.dispose()
    return empty_database


def test_earlier_versions_of_a_register_become_entries_of_the_log(
    old_registers: str, tmp_path: Path
) -> None:
    for _ in range(2):  # the second time there is nothing to do
        store = open_store(old_registers, tmp_path / "keys", make=True)
        registers = ProtectedRegisters(store)
        third, second, first = registers.versions()
        assert (first.what, first.erased, first.entry) == ("removed a", None, 0)
        assert (second.what, second.text_erased, second.entry) == (None, True, 1)
        assert second.erased == Erasure("ada", "asked to", START)
        assert (third.entry, registers.text(3)) == (3, "{ }")
        verdict = verify(store)
        assert (verdict.faults, verdict.entries, verdict.registers) == ([], 4, 3)
        assert store.keys.newest() == store.checkpoint()[0]
        with store.engine.connect() as connection:
            entry = entry_at(connection, OF_BODIES, 0)
        assert entry is not None
        assert read_event(entry).facts["earlier"] is True
        store.engine.dispose()


def test_registers_become_entries_when_the_log_can_be_written_to_again(
    old_registers: str, tmp_path: Path
) -> None:
    keys = KeyFolder(tmp_path / "keys")
    key = keys.make(None)
    keys.keep(sign(Checkpoint(key.name, 5, hashlib.sha256(b"later").digest()), key))
    for _ in range(2):  # an older database stands in place of the one that was signed last
        store = open_store(old_registers, keys.path)
        registers = ProtectedRegisters(store)
        assert [one.entry for one in registers.versions()] == [None] * 3
        told = verify(store).faults
        assert "the key folder's checkpoint signed 5 entries, and the log has 0" in told
        assert len([fault for fault in told if "no entry of the log keeps it" in fault]) == 3
        asked = ToErase(1, 1, ADMIN, "asked to")
        with pytest.raises(CheckFailed, match=r"version 1 .* is in no entry") as refused:
            registers.erase(asked, START)
        assert "when Assay is started again" in (refused.value.fix or "")
        store.engine.dispose()
    keys.checkpoint.unlink()  # what was lost was said in public
    store = open_store(old_registers, keys.path)
    registers = ProtectedRegisters(store)
    assert [one.entry for one in registers.versions()] == [3, 1, 0]
    assert registers.erase(replace(asked, by=Actor("ada", "administrator")), START) == 1
    assert (verify(store).faults, verify(store).entries) == ([], 5)
    with writing(store.engine) as connection:
        connection.exec_driver_sql("UPDATE protected_registers SET entry = NULL WHERE version = 3")
    store.engine.dispose()
    store = open_store(old_registers, keys.path)  # what is done by hand is not made good
    assert ProtectedRegisters(store).versions()[0].entry is None
    store.engine.dispose()


def test_keys_that_cannot_be_read_keep_no_older_database_from_being_verified(
    old_registers: str, tmp_path: Path
) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.make(None)
    whole = keys.secret.read_text(encoding="utf-8")
    keys.secret.unlink()  # an auditor's copy
    store = open_store(old_registers, keys.path)
    assert len(verify(store).faults) == 3
    store.engine.dispose()
    keys.secret.write_text(whole, encoding="utf-8")
    store = open_store(old_registers, keys.path)
    assert verify(store).faults == []
    store.engine.dispose()


def test_migrations_are_looked_through_once_in_a_process(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(database, tmp_path / "keys", make=True).engine.dispose()
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _: pytest.fail("looked through"))
    open_store(database, tmp_path / "keys").engine.dispose()
