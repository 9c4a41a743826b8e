"""Versions of the register of protected bodies, on each sort of database."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from assay.cases.letters import Once
from assay.cases.refused import Refused
from assay.cases.store.accounts import Accounts, NewAccount
from assay.cases.store.answers import AlreadyDone
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import writing
from assay.cases.store.protected_registers import (
    Erasure,
    NewVersion,
    ProtectedRegisters,
    RegisterChanged,
)
from assay.cases.store.tables import PROTECTED_REGISTERS
from assay.cases.store.verify import verify
from assay.errors import InputError
from tests.cases.made import START

TEXT = '{"identities": [{"id": "é", "name": "Министерство"}]}'


@pytest.fixture
def author(store: CaseStore) -> str:
    accounts = Accounts(store.engine)
    new = NewAccount("a@house.example", "A", "administrator", "x")
    accounts.found({"name": "House"}, new, START)
    return accounts.all()[0].id


def test_each_version_is_kept_and_nobody_overwrites_another(store: CaseStore, author: str) -> None:
    registers = ProtectedRegisters(store.engine)
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
        author,
        START,
    )
    assert first.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert registers.versions(before=2) == [first]
    assert registers.versions(after=1) == [second] == registers.versions(most=1)


def test_a_version_that_somebody_altered_in_the_database_is_told(
    store: CaseStore, author: str
) -> None:
    registers = ProtectedRegisters(store.engine)
    registers.keep(0, NewVersion(TEXT, author, "x", "x"), START)
    with writing(store.engine) as connection:
        connection.execute(update(PROTECTED_REGISTERS).values(text=TEXT.replace("é", "e")))
    with pytest.raises(InputError, match="register of protected bodies is damaged"):
        registers.text(1)
    assert verify(store).faults == [
        "version 1 of the register of protected bodies: its text was changed after it was kept"
    ]


@pytest.fixture
def three(store: CaseStore, author: str) -> ProtectedRegisters:
    """Three versions; the middle one names somebody."""
    registers = ProtectedRegisters(store.engine)
    for number, text in enumerate(("{}", TEXT, "{ }")):
        registers.keep(number, NewVersion(text, author, "added é", f"reason {number}"), START)
    return registers


def test_what_is_erased_is_gone_and_says_by_whom_and_why(
    store: CaseStore, database: str, author: str, three: ProtectedRegisters
) -> None:
    newest, before, first = three.versions()
    erasure = Erasure(author, "asked to", START)
    assert three.erase(2, 2, erasure) == 1
    assert three.versions() == [
        newest,
        replace(before, what=None, why=None, erased=erasure),
        first,
    ]
    assert (three.text(1), three.text(2), three.text(3)) == ("{}", None, "{ }")
    with store.engine.connect() as connection:
        kept = str(connection.execute(select(PROTECTED_REGISTERS)).all())
    assert "Министерство" not in kept
    assert "reason 1" not in kept
    if "://" not in database:
        files = Path(database).parent.glob(Path(database).name + "*")
        held = b"".join(file.read_bytes() for file in files if file.is_file())
        assert b"reason 2" in held
        assert not [name for name in ("Министерство", "reason 1") if name.encode() in held]
    verdict = verify(store)
    assert (verdict.faults, verdict.registers, verdict.registers_erased) == ([], 3, 1)
    assert three.erase(1, 2, Erasure(author, "the rest too", START)) == 1
    assert three.version(2) == replace(before, what=None, why=None, erased=erasure)
    assert verify(store).faults == []


def test_what_is_not_erased_is_said(author: str, three: ProtectedRegisters) -> None:
    for first, last, why, lacking in (
        (1, 3, "x", {"last"}),
        (1, 9, "x", {"last"}),
        (0, 1, "x", {"first"}),
        (2, 1, "x", {"first"}),
        (1, 2, " ", {"why"}),
    ):
        with pytest.raises(Refused) as refused:
            three.erase(first, last, Erasure(author, why, START))
        assert refused.value.lacking.keys() == lacking
    assert None not in {three.text(number) for number in (1, 2, 3)}
    three.erase(1, 2, Erasure(author, "x", START))
    with pytest.raises(Refused, match="erased already"):
        three.erase(1, 2, Erasure(author, "x", START))


@pytest.mark.parametrize(
    ("altered", "told"),
    [
        ({"text": None}, "its text is gone, and nobody says that it was erased"),
        ({"version": 9}, "the one before it is missing"),
        ({"erased_at": "x", "erased_by": "a"}, "says that it was erased, and is still there"),
        (
            {"text": None, "erased_at": "x", "erased_by": "a"},
            "says that it was erased, and is still there",
        ),
    ],
)
def test_what_somebody_took_away_in_the_database_is_told(
    store: CaseStore, three: ProtectedRegisters, altered: dict[str, object], told: str
) -> None:
    with writing(store.engine) as connection:
        if altered.get("erased_by"):
            altered = altered | {"erased_by": three.versions()[0].author}
        row = PROTECTED_REGISTERS.c.version == 2
        connection.execute(update(PROTECTED_REGISTERS).where(row).values(**altered))
    assert any(told in fault for fault in verify(store).faults)


def test_an_older_version_is_never_without_a_newer_one(
    store: CaseStore, author: str, three: ProtectedRegisters
) -> None:
    three.erase(1, 2, Erasure(author, "x", START))
    with writing(store.engine) as connection:
        connection.execute(delete(PROTECTED_REGISTERS).where(PROTECTED_REGISTERS.c.version == 3))
    assert "the newest version" in verify(store).faults[0]


def test_a_request_that_comes_twice_keeps_one_version(store: CaseStore, author: str) -> None:
    registers, once = ProtectedRegisters(store.engine), Once(author, "key", "what it asks")
    new = NewVersion(TEXT, author, "added é", "asked")
    assert registers.keep(0, new, START, once) == 1
    with pytest.raises(AlreadyDone) as done:
        registers.keep(0, new, START, once)
    assert done.value.answer == {"version": 1}
    assert len(registers.versions()) == 1
