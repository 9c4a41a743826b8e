"""Versions of the register of protected bodies, on each sort of database."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from assay.cases.letters import Once
from assay.cases.protected_versions import Erasure, NewVersion, ToErase
from assay.cases.refused import Refused
from assay.cases.store.accounts import Accounts, NewAccount
from assay.cases.store.answers import AlreadyDone
from assay.cases.store.case_store import CaseStore, open_store
from assay.cases.store.connect import writing
from assay.cases.store.entries import moment
from assay.cases.store.protected_registers import ProtectedRegisters, RegisterChanged
from assay.cases.store.tables import ENTRIES, PROTECTED_REGISTERS
from assay.cases.store.verify import verify
from assay.errors import InputError
from assay.model.case import Actor
from tests.cases.made import START

TEXT = '{"identities": [{"id": "é", "name": "Министерство"}]}'


@pytest.fixture
def author(store: CaseStore) -> Actor:
    accounts = Accounts(store.engine)
    new = NewAccount("a@house.example", "A", "administrator", "x")
    accounts.found({"name": "House"}, new, START)
    return accounts.all()[0].actor


def test_each_version_is_kept_and_nobody_overwrites_another(
    store: CaseStore, author: Actor
) -> None:
    registers = ProtectedRegisters(store)
    assert (registers.version(), registers.text(0), registers.versions()) == (None, None, [])
    assert registers.keep(0, NewVersion(TEXT, author, "added é", "asked"), START) == 1
    with pytest.raises(RegisterChanged) as refused:
        registers.keep(0, NewVersion("other", author, "added x", "late"), START)
    assert refused.value.version == 1
    assert registers.keep(1, NewVersion("{}", author, "removed é", "gone"), START) == 2
    assert (registers.text(1), registers.text(2)) == (TEXT, "{}")
    second, first = registers.versions()
    assert (registers.version(), registers.version(1), registers.version(3)) == (
        second,
        first,
        None,
    )
    assert (first.what, first.why, first.author, first.made_at) == (
        "added é",
        "asked",
        author.id,
        START,
    )
    assert first.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert registers.versions(before=2) == [first]
    assert registers.versions(after=1) == [second] == registers.versions(most=1)


def test_a_version_that_somebody_altered_in_the_database_is_told(
    store: CaseStore, author: Actor
) -> None:
    registers = ProtectedRegisters(store)
    registers.keep(0, NewVersion(TEXT, author, "x", "x"), START)
    with writing(store.engine) as connection:
        connection.execute(update(PROTECTED_REGISTERS).values(text=TEXT.replace("é", "e")))
    with pytest.raises(InputError, match="register of protected bodies is damaged"):
        registers.text(1)
    assert verify(store).faults == [
        "version 1 of the register of protected bodies: its text was changed after it was kept"
    ]


@pytest.fixture
def three(store: CaseStore, author: Actor) -> ProtectedRegisters:
    """Three versions; the middle one names somebody."""
    registers = ProtectedRegisters(store)
    for number, text in enumerate(("{}", TEXT, "{ }")):
        registers.keep(number, NewVersion(text, author, "added é", f"reason {number}"), START)
    return registers


def test_what_is_erased_is_gone_and_says_by_whom_and_why(
    store: CaseStore, database: str, author: Actor, three: ProtectedRegisters
) -> None:
    newest, before, first = three.versions()
    erased = Erasure(author.id, "asked to", START)
    assert three.erase(ToErase(2, 2, author, "asked to"), START) == 1
    gone = replace(before, what=None, why=None, erased=erased, text_erased=True)
    assert three.versions() == [newest, gone, first]
    assert (three.text(1), three.text(2), three.text(3)) == ("{}", None, "{ }")
    with store.engine.connect() as connection:
        tables = (PROTECTED_REGISTERS, ENTRIES)
        kept = str([connection.execute(select(one)).all() for one in tables])
    assert "Министерство" not in kept
    assert "reason 1" not in kept
    if "://" not in database:
        files = Path(database).parent.glob(Path(database).name + "*")
        held = b"".join(file.read_bytes() for file in files if file.is_file())
        assert b"reason 2" in held
        assert not [name for name in ("Министерство", "reason 1") if name.encode() in held]
    verdict = verify(store)
    assert (verdict.faults, verdict.registers, verdict.registers_erased) == ([], 3, 1)
    assert three.erase(ToErase(1, 2, author, "the rest too"), START) == 1
    assert three.version(2) == gone
    assert verify(store).faults == []


def test_of_the_newest_what_is_said_of_it_is_erased_and_its_text_stays(
    store: CaseStore, author: Actor, three: ProtectedRegisters
) -> None:
    newest, before, _ = three.versions()
    kept = store.checkpoint()[1]
    assert three.erase(ToErase(2, 3, author, "she asked", words_only=True), START) == 2
    erased = Erasure(author.id, "she asked", START)
    assert three.version() == replace(newest, what=None, why=None, erased=erased)
    assert (three.text(2), three.text(3)) == (TEXT, "{ }")
    verdict = verify(store, kept)
    assert (verdict.faults, verdict.erased, verdict.registers_erased) == ([], 2, 0)
    # Later its text too.
    assert three.erase(ToErase(2, 2, author, "all of it"), START) == 1
    again = three.version(2)
    assert again == replace(
        before,
        what=None,
        why=None,
        erased=Erasure(author.id, "all of it", START),
        text_erased=True,
    )
    assert verify(store, kept).faults == []


def test_versions_and_erasures_are_leaves_of_the_log(
    store: CaseStore, author: Actor, three: ProtectedRegisters
) -> None:
    checkpoint, _ = store.checkpoint()
    assert checkpoint.size == 3
    entries = [one.entry for one in three.versions()]
    assert entries == [2, 1, 0]
    three.erase(ToErase(1, 1, author, "x"), START)
    assert store.checkpoint()[0].size == 4
    assert store.keys.newest() == store.checkpoint()[0]
    assert (verify(store).entries, verify(store).records) == (4, 0)


def test_what_is_not_erased_is_said(author: Actor, three: ProtectedRegisters) -> None:
    for first, last, why, lacking in (
        (1, 3, "x", {"last"}),
        (1, 9, "x", {"last"}),
        (0, 1, "x", {"first"}),
        (2, 1, "x", {"first"}),
        (1, 2, " ", {"why"}),
    ):
        with pytest.raises(Refused) as refused:
            three.erase(ToErase(first, last, author, why), START)
        assert refused.value.lacking.keys() == lacking
    assert None not in {three.text(number) for number in (1, 2, 3)}
    asked = ToErase(1, 2, author, "x")
    three.erase(asked, START)
    for again in (asked, replace(asked, words_only=True)):
        with pytest.raises(Refused, match="erased already"):
            three.erase(again, START)
    with pytest.raises(Refused) as refused:
        three.erase(replace(asked, last=9, words_only=True), START)
    assert refused.value.lacking.keys() == {"last"}


OTHER = hashlib.sha256(b"{}").hexdigest()
UNLIKE = "its row is not what its events add up to"


def test_what_somebody_altered_in_the_database_is_told(
    store: CaseStore, three: ProtectedRegisters
) -> None:
    mine, columns = PROTECTED_REGISTERS.c.version, PROTECTED_REGISTERS.c
    with writing(store.engine) as connection:
        before = dict(connection.execute(select(*columns).where(mine == 2)).mappings().one())
    for altered, told in (
        ({"text": None}, UNLIKE),
        ({"text": "{}", "sha256": OTHER}, UNLIKE),
        ({"what": "added y"}, UNLIKE),
        ({"why": None}, UNLIKE),
        ({"made_at": moment(START + timedelta(days=1))}, UNLIKE),
        ({"made_at": "x"}, UNLIKE),
        ({"erased_at": "x"}, UNLIKE),
        ({"entry": 2}, UNLIKE),
        ({"version": 9}, "no entry of the log keeps it"),
    ):
        with writing(store.engine) as connection:
            connection.execute(update(PROTECTED_REGISTERS).where(mine == 2).values(**altered))
        faults = verify(store).faults
        assert told in faults[0], altered
        assert "version 9" not in faults[0] or "entry 1 keeps it, and it is gone" in faults[1]
        with writing(store.engine) as connection:
            changed = mine == altered.get("version", 2)
            connection.execute(update(PROTECTED_REGISTERS).where(changed).values(**before))
    assert verify(store).faults == []


def test_an_older_version_is_never_without_a_newer_one(
    store: CaseStore, author: Actor, three: ProtectedRegisters
) -> None:
    three.erase(ToErase(1, 2, author, "x"), START)
    with writing(store.engine) as connection:
        connection.execute(delete(PROTECTED_REGISTERS).where(PROTECTED_REGISTERS.c.version == 3))
    assert verify(store).faults == [
        "version 3 of the register of protected bodies: entry 2 keeps it, and it is gone"
    ]


def test_a_version_that_the_log_has_not_is_told(
    store: CaseStore, author: Actor, three: ProtectedRegisters, tmp_path: Path, database: str
) -> None:
    row = {"version": 4, "text": "{}", "sha256": hashlib.sha256(b"{}").hexdigest()}
    said = {"author": author.id, "what": "x", "why": "x", "made_at": moment(START)}
    with writing(store.engine) as connection:
        connection.execute(insert(PROTECTED_REGISTERS).values(**row, **said))
    # Nor is it taken in when the database is opened again.
    again = open_store(database, tmp_path / "keys")
    fault = "version 4 of the register of protected bodies: no entry of the log keeps it"
    assert verify(again).faults == [fault]
    again.engine.dispose()


def test_an_older_register_is_not_told_by_another_rows_hash(
    store: CaseStore, three: ProtectedRegisters
) -> None:
    """Whoever can write in the database swaps two versions, hashes and all."""
    with writing(store.engine) as connection:
        for version, other in ((1, 9), (2, 1), (9, 2)):
            mine = PROTECTED_REGISTERS.c.version == version
            connection.execute(update(PROTECTED_REGISTERS).where(mine).values(version=other))
    assert len(verify(store).faults) == 2


def test_a_request_that_comes_twice_keeps_one_version(store: CaseStore, author: Actor) -> None:
    registers, once = ProtectedRegisters(store), Once(author.id, "key", "what it asks")
    new = NewVersion(TEXT, author, "added é", "asked")
    assert registers.keep(0, new, START, once) == 1
    with pytest.raises(AlreadyDone) as done:
        registers.keep(0, new, START, once)
    assert done.value.answer == {"version": 1}
    assert len(registers.versions()) == 1
