"""Kill -9 while writing: nothing acknowledged is lost, and the log verifies."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from assay.cases.store.case_store import open_store
from assay.cases.store.connect import reading
from assay.cases.store.tables import RECORDS
from assay.cases.store.verify import verify
from tests.cases.made import ANNA, act


def write_until_killed(database: str, keys: Path, said: int) -> None:
    """Open a record over and over, and say each one's id once it is acknowledged."""
    store = open_store(database, keys)
    while True:
        record = store.open_record("case", act("draft"), by=ANNA, at=datetime.now(UTC))
        os.write(said, f"{record.id}\n".encode())


def kill_while_writing(database: str, keys: Path, wait_s: float) -> list[str]:
    """Ids that a writer acknowledged before it was killed, some time after its first."""
    heard, said = os.pipe()
    # A forked writer begins at once; it opens the database itself.
    writer = multiprocessing.get_context("fork").Process(
        target=write_until_killed, args=(database, keys, said)
    )
    writer.start()
    os.close(said)
    with os.fdopen(heard, "r", encoding="ascii") as lines:
        first = lines.readline()
        assert first, "the writer wrote nothing"
        time.sleep(wait_s)
        writer.kill()
        writer.join(30)
        # A line that was cut in two was not acknowledged.
        return [first.strip(), *(line.strip() for line in lines if line.endswith("\n"))]


def check(database: str, keys: Path, kills: int) -> int:
    chance = random.Random(6)
    open_store(database, keys, make=True).engine.dispose()
    acknowledged: set[str] = set()
    for _ in range(kills):
        acknowledged |= set(kill_while_writing(database, keys, chance.uniform(0, 0.15)))
    store = open_store(database, keys)
    with reading(store.engine) as connection:
        kept = set(connection.execute(select(RECORDS.c.id)).scalars())
    assert acknowledged <= kept
    assert len(kept) <= len(acknowledged) + kills
    assert verify(store).faults == []
    store.engine.dispose()
    return len(acknowledged)


def test_three_kills_lose_nothing(database: str, tmp_path: Path) -> None:
    assert check(database, tmp_path / "keys", kills=3) >= 3


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing(database: str, tmp_path: Path) -> None:
    assert check(database, tmp_path / "keys", kills=200) >= 200
