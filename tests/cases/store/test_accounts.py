"""Two people at one account at once, on each database: whoever comes second is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from assay.cases.letters import Letter
from assay.cases.store.accounts import Account, AccountChanged, Accounts, NewAccount
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading
from assay.cases.store.sessions import Sessions
from assay.cases.store.tables import SESSIONS
from tests.cases.made import START

NEW = NewAccount("b@house.example", "B", "administrator")
LETTER = Letter("x", NEW.email, "x", "x")


@pytest.fixture
def accounts(store: CaseStore) -> Accounts:
    """Those of a house with two administrators."""
    made = Accounts(store.engine)
    first = NewAccount("a@house.example", "A", "administrator", "old")
    made.found({"name": "House"}, first, START)
    made.invite(NEW, "first", LETTER, START)
    return made


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts, account: accounts.set_password(account, "new"),
        lambda accounts, account: accounts.set_totp(account.id, "secret", ()),
        lambda accounts, account: accounts.change(account.id, role=account.role, disabled=True),
    ],
    ids=["password", "second factor", "closed"],
)
def test_who_signs_in_as_it_was_before_stays_out(
    store: CaseStore, accounts: Accounts, change: Callable[[Accounts, Account], None]
) -> None:
    """While the old password was being checked, at another server."""
    checked = accounts.by_email("a@house.example")
    assert checked is not None
    sessions = Sessions(store.engine)
    sessions.begin(checked, START, verified=True, replaces=None)
    change(accounts, checked)
    with reading(store.engine) as connection:
        before = connection.execute(select(SESSIONS)).all()
    with pytest.raises(AccountChanged):
        sessions.begin(checked, START, verified=True, replaces=None)
    with reading(store.engine) as connection:
        assert connection.execute(select(SESSIONS)).all() == before


def test_a_password_that_was_changed_does_not_come_back(accounts: Accounts) -> None:
    checked = accounts.by_email("a@house.example")
    assert checked is not None
    accounts.set_password(checked, "new")
    assert accounts.rehash(checked, "old, hashed anew").password == "old, hashed anew"
    assert accounts.get(checked.id).password == "new"
    with pytest.raises(AccountChanged):
        accounts.set_password(checked, "of somebody who knew the old one")
    assert accounts.get(checked.id).password == "new"
    assert accounts.rehash(accounts.get(checked.id), "newer") == accounts.get(checked.id)


def test_an_invitation_works_once_and_not_once_another_took_its_place(accounts: Accounts) -> None:
    invited = accounts.invited("first", START)
    assert invited is not None
    accounts.invite_again(invited.id, "second", LETTER, START)
    with pytest.raises(AccountChanged):
        accounts.set_password(invited, "of whoever has the first", link="first")
    accounts.set_password(invited, "mine", link="second")
    for link in ("first", "second"):
        with pytest.raises(AccountChanged):
            accounts.set_password(invited, "another", link=link)
        assert accounts.invited(link, START) is None
    assert accounts.get(invited.id).password == "mine"
