"""How long the queue's pages take over 100,000 notices, as a signed-in investigator asks for them.

Makes a house on SQLite, or in an empty PostgreSQL database, whose tables for lists are filled
directly (the log stays empty; no page of the queue reads it), asks each page in process, and prints
CPU and wall time a request; PostgreSQL's CPU is that of its processes too, on the same machine.
Every tenth notice waits, one in a hundred is restricted, one in twenty has an appeal, one in five
has an address in common with another one, and one in ten the same address as all of its like: a
wave. The exit code is 1 when the 95th percentile of a page is over the goal.

    python benchmarks/queue_speed.py [--notices 100000] [--requests 40] [--database postgresql://…]
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Table, insert, text
from tests.web.served import new_house, opened, with_team

from assay.cases.marks import marks_of
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment, searched_of
from assay.cases.store.tables import MARKS, MEMBERS, RECORDS, SEARCHED
from assay.web.house import House

GOAL_MS = {"sqlite": 150.0, "postgresql": 100.0}
PAGES = {
    "waiting": "/queue",
    "everything": "/queue?view=all",
    "nobody's": "/queue?view=unclaimed",
    "late": "/queue?view=late",
    "filtered": "/queue?view=waiting&notice_kind=impersonation&priority=high",
    "important": "/queue?view=all&priority=high",
    "searched": "/queue?view=all&text=17",
    "one searched": "/queue?view=all&text=54321",
}
START = datetime(2025, 1, 1, tzinfo=UTC)
DONE = ("notified", "closed", "duplicate", "withdrawn")
WAITS = ("submitted", "acknowledged", "triaged")
_AT_ONCE = 5000


def main() -> int:
    """Fill, ask, print; 1 if a page missed the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--database", help="An empty one; else SQLite's file.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        house = with_team(new_house(Path(folder), options.database))
        fill(house, options.notices)
        return ask(house, options.requests)


def fill(house: House, notices: int) -> None:
    """The rows that stand for so many notices, and for their appeals."""
    made = [row for number in range(notices) for row in rows_of(number)]
    with writing(house.store.engine) as connection:
        for table in (RECORDS, SEARCHED, MEMBERS, MARKS):
            mine: list[dict[str, Any]] = [row for into, row in made if into is table]
            for first in range(0, len(mine), _AT_ONCE):
                connection.execute(insert(table), mine[first : first + _AT_ONCE])
    if house.store.engine.dialect.name == "postgresql":
        # It does so by itself, minutes after the rows came.
        with house.store.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("VACUUM (ANALYZE)")
            )


def rows_of(number: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    """The rows of one notice, and of the appeal against every twentieth."""
    identity = hashlib.sha256(str(number).encode()).hexdigest()[:16]
    at = START + timedelta(minutes=5 * number)
    waits = number % 10 == 0
    row: dict[str, Any] = {
        "id": identity,
        "kind": "notice",
        "state": WAITS[number // 10 % 3] if waits else DONE[number % 4],
        "version": 3,
        "restricted": number % 100 == 7,
        "opened_at": moment(at),
        "changed_at": moment(at + timedelta(days=2)),
        "due_at": moment(at + timedelta(days=9)) if waits else None,
        "claimed_by": "u-somebody" if number % 3 == 0 else None,
        "notice_kind": ("impersonation", "coordinated", "court_order")[number % 3],
        "priority": ("low", "normal", "high")[number % 7 % 3],
        "outcome": None if waits else "no_action",
        "about": None,
        "title": f"Notice {number} about an account",
        "title_folded": f"notice {number} about an account",
        "unfounded": False,
    }
    yield RECORDS, row
    yield SEARCHED, searched_of(row)
    yield MEMBERS, {"record": identity, "account": f"guest-{number}"}
    place = number // 2 if number % 5 == 0 else number
    urls = f"https://social.example/{'wave' if number % 10 == 0 else f'u{place}'}"
    fields = {"urls": urls, "explanation": urls, "sender_email": f"{number}@example.org"}
    for sort, mark in sorted(marks_of(fields, None)):
        yield MARKS, {"record": identity, "sort": sort, "mark": mark, "opened_at": moment(at)}
    if number % 20 == 3:
        appeal = {
            **row,
            "id": identity[::-1],
            "kind": "appeal",
            "state": "final",
            "about": identity,
        }
        appeal |= {"due_at": None, "notice_kind": None, "restricted": False}
        yield RECORDS, appeal
        yield SEARCHED, searched_of(appeal)
        yield MEMBERS, {"record": identity[::-1], "account": f"guest-{number}"}


def ask(house: House, requests: int) -> int:
    """Ask each page so many times, in turn; prints a table."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in PAGES}
    with opened(house) as somebody:
        anna = somebody().sign_in("anna")
        for name in [*PAGES] * (requests + 1):
            servers = server_processes(house)
            cpu_s, wall_s = cpu_of(servers), time.perf_counter()
            answer = anna.get(PAGES[name])
            took[name].append((cpu_of(servers) - cpu_s, time.perf_counter() - wall_s))
            assert answer.status_code == 200, answer.text
    missed, goal_ms = False, GOAL_MS[house.store.engine.dialect.name]
    print(f"{'page':<12}{'CPU median':>12}{'CPU p95':>10}{'wall p95':>10}  (ms)")
    for name, each in took.items():
        cpu, wall = ([1000 * one for one in kind] for kind in zip(*each[1:], strict=True))
        cpu_p95, wall_p95 = (statistics.quantiles(kind, n=20)[18] for kind in (cpu, wall))
        missed |= cpu_p95 > goal_ms
        print(f"{name:<12}{statistics.median(cpu):>12.1f}{cpu_p95:>10.1f}{wall_p95:>10.1f}")
    print(f"goal: CPU p95 of every page at most {goal_ms:g} ms")
    return int(missed)


def server_processes(house: House) -> list[Path]:
    """Where Linux tells how long PostgreSQL's processes for this house ran; none for SQLite."""
    if house.store.engine.dialect.name == "sqlite":
        return []
    mine = "datname = current_database() AND backend_type = 'client backend'"
    with reading(house.store.engine) as connection:
        asked = text(f"SELECT pid FROM pg_stat_activity WHERE {mine}")
        pids = connection.execute(asked).scalars().all()
    return [Path(f"/proc/{pid}/schedstat") for pid in pids]


def cpu_of(servers: list[Path]) -> float:
    """Seconds that this process and the servers' ran so far."""
    # The first figure of a line is the time that it ran, in nanoseconds.
    ran_ns = sum(int(one.read_text(encoding="ascii").split()[0]) for one in servers)
    return time.process_time() + ran_ns / 1e9


if __name__ == "__main__":
    sys.exit(main())
