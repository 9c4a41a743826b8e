"""Under load: two hundred people at once, and a database that goes away and comes back."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn

from assay.cases.store.verify import verify
from assay.web.app import make_app
from assay.web.house import House
from tests.cases.databases import new_in_postgres, start_server, stop_server
from tests.web.served import NOTICE, Visitor, forms_in, new_house, report, serving, with_team

USERS = 200
LASTS_S = 120
THINKS_S = 2.0
"""Between two pages of one person."""


@dataclass
class Seen:
    """What was answered, and how long each page took."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)
    handed_in: int = 0


def serve(house: House, listening: socket.socket) -> None:
    """Serve a house in a process of its own, as ``assay serve`` does."""
    config = uvicorn.Config(make_app(house), log_level="error", access_log=False, ws="none")
    uvicorn.Server(config).run([listening])


async def works(client: httpx.AsyncClient, seen: Seen, number: int, until: float) -> None:
    """One person: reads, looks for things, and now and then hands in a notice."""
    pages = ("/queue", "/queue?view=all", "/register", "/queue?text=imitator", "/log", "/report")
    await asyncio.sleep(number / USERS * THINKS_S)
    turn = number
    while time.monotonic() < until:
        turn += 1
        try:
            began = time.monotonic()
            answer = await client.get(pages[turn % len(pages)])
            seen.took_s.append(time.monotonic() - began)
            seen.statuses[answer.status_code] += 1
            if turn % 20 == 0:
                action = "/report/impersonation"
                form = forms_in(await client.get(action))[action]
                answer = await client.post(action, data={**form, **NOTICE})
                seen.statuses[answer.status_code] += 1
                seen.handed_in += answer.status_code == 303
        except httpx.HTTPError as error:
            seen.faults.append(type(error).__name__)
        await asyncio.sleep(THINKS_S)


async def everybody(address: str, cookies: httpx.Cookies, lasts_s: float) -> Seen:
    seen, until = Seen(), time.monotonic() + lasts_s
    # Each page by a connection of its own: one that is kept may be closed as it is used again.
    limits = httpx.Limits(max_connections=USERS, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        base_url=address, cookies=cookies, timeout=60, limits=limits
    ) as client:
        await asyncio.gather(*(works(client, seen, number, until) for number in range(USERS)))
    return seen


@pytest.mark.slow
def test_two_hundred_people_for_two_minutes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = with_team(new_house(tmp_path))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(USERS)
        house.url = address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        house.store.engine.dispose()
        served = multiprocessing.get_context("fork").Process(target=serve, args=(house, listening))
        served.start()
        cookies = Visitor(address).sign_in("anna").client.cookies
        seen = asyncio.run(everybody(address, cookies, LASTS_S))
        served.terminate()
        served.join(60)
    took = statistics.quantiles(seen.took_s, n=100)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{USERS} people, {LASTS_S} s: {seen.statuses.total()} answers, {seen.handed_in} "
            f"notices, {len(seen.faults)} faults, median {took[49] * 1000:.0f} ms, "
            f"p95 {took[94] * 1000:.0f} ms\n"
        )
    assert seen.faults == []
    assert set(seen.statuses) <= {200, 303}
    assert seen.handed_in > 0
    verdict = verify(house.store)
    assert verdict.faults == []
    assert verdict.entries == 2 * seen.handed_in


@pytest.mark.slow
@pytest.mark.postgres
def test_a_database_that_goes_and_comes_back(postgres_folder: Path, tmp_path: Path) -> None:
    house = with_team(new_house(tmp_path, new_in_postgres(postgres_folder, "template0", "load")))
    acknowledged: list[str] = []
    statuses: Counter[int] = Counter()
    ended = threading.Event()
    with serving(house) as address:

        def works_on(visitor: Visitor) -> None:
            while not ended.is_set():
                page = visitor.get("/report/impersonation")
                statuses[page.status_code] += 1
                if page.status_code == 200:
                    done = visitor.fill(page, "/report/impersonation", **NOTICE)
                    statuses[done.status_code] += 1
                    if done.status_code == 200:
                        acknowledged.append(done.url.path)

        with ThreadPoolExecutor(8) as people:
            working = [people.submit(works_on, Visitor(address)) for _ in range(8)]
            for _ in range(3):
                time.sleep(2)
                stop_server(postgres_folder)
                time.sleep(1)
                start_server(postgres_folder)
            time.sleep(2)
            ended.set()
            for one in working:
                one.result(60)
        assert set(statuses) <= {200, 503}, "a failure is told cleanly"
        assert statuses[503] > 0
        assert acknowledged
        link, _ = report(Visitor(address))
        kept = (*acknowledged, link)
        assert all(Visitor(address).get(one).status_code == 200 for one in kept)
        assert verify(house.store).faults == []
