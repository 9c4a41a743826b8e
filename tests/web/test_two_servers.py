"""Two servers on one database: one log, one set-up, limits that count for both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import StoreAway
from assay.cases.store.counts import Counts, Window
from assay.cases.store.verify import verify
from assay.web.house import House, ServeOptions, open_house
from assay.web.limits import ANY_PAGE, FOLLOW, REPORT, Everywhere, Limit, Limits
from tests.cases.databases import empty_database
from tests.web.served import Clock, Visitor, first_start, new_house, opened, report, with_team

__all__ = ["empty_database"]


def at_once(*doing: Callable[[], object]) -> list[object]:
    """What each of several gives when all begin together."""
    begin = threading.Barrier(len(doing))

    def one(do: Callable[[], object]) -> object:
        begin.wait(20)
        return do()

    with ThreadPoolExecutor(len(doing)) as pool:
        return list(pool.map(one, doing))


@pytest.fixture
def two(database: str, tmp_path: Path) -> Iterator[list[tuple[House, Callable[[], Visitor]]]]:
    """Two houses on one database and folder, and what makes visitors of each."""
    first = with_team(new_house(tmp_path, database))
    with ExitStack() as open_ones:
        yield [
            (house, open_ones.enter_context(opened(house)))
            for house in (first, new_house(tmp_path, database))
        ]


def test_two_servers_write_at_once_and_the_log_holds(
    two: list[tuple[House, Callable[[], Visitor]]],
) -> None:
    (house, one), (_, other) = two
    _, claimed = report(one())
    anna, ben = one().sign_in("anna"), other().sign_in("ben")
    path = f"/records/{claimed}"
    shown = [who.get(path) for who in (anna, ben)]

    def work(who: Visitor, page: object, somebody: Callable[[], Visitor]) -> int:
        status = who.fill(page, f"{path}/acts/claim", why="mine").status_code
        for n in range(2):
            report(somebody(), title=f"notice {n}")
        return status

    statuses = at_once(lambda: work(anna, shown[0], one), lambda: work(ben, shown[1], other))
    assert sorted(statuses) == [200, 409], "one claims it, the other is told"
    verdict = verify(house.store)
    assert (verdict.faults, verdict.records, verdict.entries) == ([], 5, 11)


def test_two_servers_begin_at_once(empty_database: str, tmp_path: Path) -> None:
    options = ServeOptions(tmp_path / "house", empty_database)
    houses = [one for one in at_once(*[lambda: open_house(options)] * 2) if isinstance(one, House)]
    first, second = houses
    assert first.secret == second.secret
    assert first.store.keys.public_key() == second.store.keys.public_key()
    for house in houses:
        house.store.engine.dispose()


def test_what_was_set_up_at_one_is_set_up_at_the_other(tmp_path: Path) -> None:
    houses = [new_house(tmp_path) for _ in range(2)]
    token = houses[1].setup_token
    with opened(houses[0]) as somebody, opened(houses[1]) as elsewhere:
        assert elsewhere().get("/report").status_code == 503
        first_start(houses[0], somebody())
        assert elsewhere().get(f"/setup?token={token}").status_code == 404
        assert elsewhere().get("/report").status_code == 200


def test_limits_of_the_house_count_for_every_server(database: str, tmp_path: Path) -> None:
    houses, clock = [open_house(ServeOptions(tmp_path, database)) for _ in range(2)], Clock()
    limits = [
        Limits(scale=0.1, everywhere=Everywhere(Counts(house.store.engine), house.secret, clock))
        for house in houses
    ]
    first, second = limits
    assert [first.wait_s(REPORT, "192.0.2.1"), second.wait_s(REPORT, "192.0.2.1")] == [0, 0]
    assert [one.wait_s(REPORT, "192.0.2.1") for one in limits] == [REPORT.window_s] * 2
    assert first.wait_s(REPORT, "192.0.2.2") == 0
    clock.at += timedelta(seconds=REPORT.window_s)
    assert second.wait_s(REPORT, "192.0.2.1") == 0
    assert houses[0].limits.wait_s(REPORT, "192.0.2.3") == 0
    assert houses[1].limits.wait_s(REPORT, "192.0.2.3") == 0
    for house in houses:
        house.store.engine.dispose()


@pytest.mark.parametrize("limit", [FOLLOW, ANY_PAGE], ids=lambda limit: str(limit.name))
def test_what_comes_often_is_counted_for_all_so_many_at_once(
    store: CaseStore, limit: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [0.0]
    everywhere = Everywhere(Counts(store.engine), b"x" * 32, Clock())
    first, second = (Limits(clock=lambda: at[0], everywhere=everywhere) for _ in range(2))
    half = limit.times // 2
    assert not any(one.wait_s(limit, "a") for one in (first, second) for _ in range(half))
    assert not any(first.wait_s(limit, "a") for _ in range(limit.at_once - 1))
    assert first.asks(limit, "a")
    assert first.wait_s(limit, "a") == limit.window_s
    assert not any(second.wait_s(limit, "b") for _ in range(limit.at_once))
    # Whoever goes on trying asks the database no more; the other server asks it once.
    told = [second.wait_s(limit, "a") for _ in range(limit.at_once)]
    assert told == [0] * (limit.at_once - 1) + [limit.window_s]
    monkeypatch.setattr(everywhere.counts, "wait_s", lambda *_: pytest.fail("asked again"))
    at[0] = limit.window_s / 2
    assert [one.wait_s(limit, "a") for one in (first, second)] == [limit.window_s / 2] * 2
    at[0] = limit.window_s
    assert [one.wait_s(limit, "a") for one in (first, second)] == [0, 0]


def test_what_comes_while_the_database_is_asked_is_counted_too(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere = Everywhere(Counts(store.engine), b"x" * 32, Clock())
    limits, ask = Limits(clock=lambda: 0.0, everywhere=everywhere), everywhere.counts.wait_s
    meanwhile: list[float] = []

    def ask_slowly(what: str, who: str, window: Window, at: datetime, times: int) -> float:
        if not meanwhile:
            meanwhile.extend(limits.wait_s(FOLLOW, "a") for _ in range(FOLLOW.at_once - 1))
        return ask(what, who, window, at, times)

    monkeypatch.setattr(everywhere.counts, "wait_s", ask_slowly)
    assert not any(limits.wait_s(FOLLOW, "a") for _ in range(FOLLOW.at_once))
    assert meanwhile == [0] * (FOLLOW.at_once - 1)
    assert limits.asks(FOLLOW, "a")


def test_pages_are_there_while_requests_cannot_be_counted(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    counts = Counts(house.store.engine)
    monkeypatch.setattr(house, "limits", Limits(everywhere=Everywhere(counts, b"x", house.now)))

    def away(*_: object) -> float:
        raise StoreAway("the database says: no", fix="wait")

    monkeypatch.setattr(counts, "wait_s", away)
    with opened(house) as somebody:
        visitor = somebody()
        for _ in range(ANY_PAGE.at_once + 1):
            assert visitor.client.get("/static/icon.svg").status_code == 200
    assert caplog.text.count("requests are not counted") == 1


def test_a_server_with_another_key_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    open_house(ServeOptions(tmp_path)).store.engine.dispose()
    open_house(ServeOptions(tmp_path)).store.engine.dispose()
    assert "web.key" not in caplog.text
    (tmp_path / "web.key").unlink()
    open_house(ServeOptions(tmp_path)).store.engine.dispose()
    assert "servers on one database need the same" in caplog.text
