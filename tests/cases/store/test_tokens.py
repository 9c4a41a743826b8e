"""Tokens of programs, and requests that come twice, on each sort of database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assay.cases.letters import Letter, Once, WithIt
from assay.cases.refused import Refused
from assay.cases.store.accounts import Account, Accounts, NewAccount
from assay.cases.store.answers import KEPT, AlreadyDone
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading
from assay.cases.store.tables import API_ANSWERS, API_TOKENS
from assay.cases.store.tokens import LASTS, MOST_TOKENS, Tokens
from assay.errors import UsageError
from tests.cases.made import ADMIN, START, act

WORDS = {"urls": "https://social.example/imitator"}


@pytest.fixture
def accounts(store: CaseStore) -> Accounts:
    made = Accounts(store.engine)
    made.found({"name": "House"}, NewAccount("a@house.example", "A", "administrator", "x"), START)
    return made


@pytest.fixture
def owner(accounts: Accounts) -> Account:
    return accounts.all()[0]


def test_a_token_opens_until_it_ends(store: CaseStore, accounts: Accounts, owner: Account) -> None:
    tokens = Tokens(store.engine)
    token = tokens.make(owner, " a script ", "read", START)
    opened = tokens.opened_by(token, START)
    assert opened is not None
    assert (opened[0].id, opened[1]) == (owner.id, "read")
    with reading(store.engine) as connection:
        assert token not in str(connection.execute(select(API_TOKENS)).all())
    known = tokens.of(owner.id)
    assert [(one.name, one.used_at) for one in known] == [("a script", START)]
    assert tokens.opened_by(token, START + LASTS) is None
    assert tokens.opened_by(token[:-1], START) is None
    new = NewAccount("b@house.example", "B", "administrator")
    other = accounts.invite(new, "b", Letter("x", new.email, "x", "x"), START)
    accounts.change(owner.id, role="reviewer", disabled=False)
    assert tokens.opened_by(token, START) is None
    accounts.change(owner.id, role="administrator", disabled=False)
    assert not tokens.revoke(other.id, known[0].id)
    assert tokens.revoke(owner.id, known[0].id)
    assert tokens.opened_by(token, START) is None


def test_a_request_is_done_once(store: CaseStore, owner: Account) -> None:
    once = WithIt(once=Once(owner.id, "key", "a" * 64))
    draft = act("draft", notice_kind="impersonation", fields=WORDS)
    notice = store.open_record("notice", draft, by=ADMIN, at=START, with_it=once)
    size = store.checkpoint()[0].size
    with pytest.raises(AlreadyDone) as done:
        store.open_record("notice", draft, by=ADMIN, at=START, with_it=once)
    assert (done.value.answer["id"], done.value.answer["version"]) == (notice.id, 1)
    with pytest.raises(AlreadyDone):
        store.act(notice.id, 7, act("note"), by=ADMIN, at=START, with_it=once)
    other = WithIt(once=Once(owner.id, "key", "b" * 64))
    with pytest.raises(Refused, match="another request"):
        store.act(notice.id, 1, act("note"), by=ADMIN, at=START, with_it=other)
    assert store.checkpoint()[0].size == size
    later = START + KEPT + timedelta(seconds=1)
    next_one = WithIt(once=Once(owner.id, "next", "c" * 64))
    store.act(notice.id, 1, act("note"), by=ADMIN, at=later, with_it=next_one)
    with reading(store.engine) as connection:
        kept = connection.execute(select(API_ANSWERS)).all()
    assert [row.key for row in kept] == ["next"]
    assert WORDS["urls"] not in str(kept)


def test_what_was_refused_can_be_asked_again(store: CaseStore, owner: Account) -> None:
    once = WithIt(once=Once(owner.id, "key", "a" * 64))
    notice = store.open_record(
        "notice", act("draft", notice_kind="impersonation"), by=ADMIN, at=START
    )
    with pytest.raises(Refused):
        store.act(notice.id, 1, act("confirm"), by=ADMIN, at=START, with_it=once)
    done = store.act(notice.id, 1, act("note"), by=ADMIN, at=START, with_it=once)
    assert done.version == 2


def test_what_no_token_can_be(store: CaseStore, owner: Account) -> None:
    tokens = Tokens(store.engine)
    for name, purpose in (("", "read"), ("x" * 101, "read"), ("x", "everything")):
        with pytest.raises(UsageError):
            tokens.make(owner, name, purpose, START)
    for number in range(MOST_TOKENS):
        tokens.make(owner, str(number), "read", START)
    with pytest.raises(UsageError, match="already"):
        tokens.make(owner, "one more", "read", START)
    tokens.make(owner, "a year later", "read", START + LASTS)
    assert [one.name for one in tokens.of(owner.id)] == ["a year later"]
