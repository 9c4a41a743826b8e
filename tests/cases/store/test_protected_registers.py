"""Versions of the register of protected bodies, on each sort of database."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import update

from assay.cases.store.accounts import Accounts, NewAccount
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import writing
from assay.cases.store.protected_registers import NewVersion, ProtectedRegisters, RegisterChanged
from assay.cases.store.tables import PROTECTED_REGISTERS
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
    assert (registers.newest(), registers.text(0), registers.versions()) == (0, None, [])
    assert registers.keep(0, NewVersion(TEXT, author, "added é", "asked"), START) == 1
    with pytest.raises(RegisterChanged):
        registers.keep(0, NewVersion("other", author, "added x", "late"), START)
    assert registers.keep(1, NewVersion("{}", author, "removed é", "gone"), START) == 2
    assert (registers.newest(), registers.text(1), registers.text(2)) == (2, TEXT, "{}")
    second, first = registers.versions()
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
