"""Likely duplicates: found by address or by sender and text, hidden ones by nobody else."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from sqlalchemy import text

from assay.cases.letters import WithIt
from assay.cases.refused import Refused
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import writing
from assay.cases.store.triage import Triage
from assay.cases.store.verify import verify
from assay.model.case import Actor, Record
from tests.cases.made import ANNA, BEN, COMPLETE, EVE, START, act

PAUL = Actor("paul", "partner")


def handed_in(store: CaseStore, hours: int, by: Actor = EVE, **fields: str) -> Record:
    draft = act("draft", notice_kind="impersonation", fields={**COMPLETE, **fields})
    with_it = WithIt(then=(act("submit"),))
    at = START + timedelta(hours=hours)
    return store.open_record("notice", draft, by=by, at=at, with_it=with_it)


def found(store: CaseStore, record: Record, viewer: Actor = ANNA) -> list[tuple[str, list[str]]]:
    return [
        (one.row["id"], list(one.shared)) for one in Triage(store.engine).likely(record.id, viewer)
    ]


def test_earlier_ones_with_something_in_common_are_found(store: CaseStore) -> None:
    first = handed_in(store, 0)
    address = handed_in(
        store,
        1,
        sender_email="else@example.org",
        urls="http://www.social.example/imitator/?utm_source=x https://other.example/",
    )
    words = handed_in(
        store,
        2,
        urls="https://elsewhere.example/a",
        sender_email="SENDER@example.org",
        explanation="The  account uses our\nname and picture.",
    )
    other = handed_in(store, 3, sender_email="x@example.org", urls="https://third.example/")
    last = handed_in(store, 4)
    assert found(store, first) == []
    assert found(store, address) == [(first.id, ["address"])]
    assert found(store, words) == [(first.id, ["text"])]
    assert found(store, other) == []
    assert found(store, last) == [
        (first.id, ["address", "text"]),
        (address.id, ["address"]),
        (words.id, ["text"]),
    ]
    assert verify(store).holds


def test_what_is_hidden_or_erased_is_not_found(store: CaseStore) -> None:
    first, second = handed_in(store, 0), handed_in(store, 1)
    hidden = store.act(first.id, first.version, act("restrict"), by=BEN, at=START)
    assert found(store, second) == []
    assert found(store, second, BEN) == [(first.id, ["address", "text"])]
    assert found(store, second, PAUL) == []
    store.act(first.id, hidden.version, act("erase", entry=0), by=BEN, at=START)
    assert found(store, second, BEN) == []
    assert verify(store).holds


def test_a_duplicate_is_of_another_that_is_examined(store: CaseStore) -> None:
    first, second, third = (handed_in(store, hours) for hours in range(3))

    def mark(record: Record, other: str, by: Actor = ANNA) -> Record:
        done = act("mark_duplicate", duplicate_of=other)
        return store.act(record.id, record.version, done, by=by, at=START)

    for other in (second.id, "0" * 16):
        with pytest.raises(Refused, match="no such notice"):
            mark(second, other)
    hidden = store.act(first.id, first.version, act("restrict"), by=BEN, at=START)
    with pytest.raises(Refused, match="no such notice"):
        mark(second, first.id)
    with pytest.raises(Refused, match="is restricted"):
        mark(second, first.id, BEN)
    store.act(first.id, hidden.version, act("unrestrict"), by=BEN, at=START)
    assert mark(second, first.id).state == "duplicate"
    with pytest.raises(Refused, match="not examined itself"):
        mark(third, second.id)
    assert found(store, third) == [(first.id, ["address", "text"])]


def test_marks_are_drawn_again_and_compared(store: CaseStore) -> None:
    first, second = handed_in(store, 0), handed_in(store, 1, by=PAUL)
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE marks SET mark = 'x' WHERE sort = 'address'"))
    faults = verify(store).faults
    assert sorted(faults) == sorted(
        f"record {one.id}: its marks are not those of its texts" for one in (first, second)
    )


def test_the_upgrade_draws_the_marks_of_what_was_there(store: CaseStore) -> None:
    handed_in(store, 0)
    handed_in(store, 1, by=PAUL)
    with writing(store.engine) as connection:
        connection.execute(text("DELETE FROM marks"))
        for version in ("0006_marks", "0011_lists_quicker"):
            import_module(f"assay.cases.migrations.versions.{version}").fill(connection)
    assert verify(store).holds
