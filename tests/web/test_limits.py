"""How often anybody may ask: by address and window, and until when they wait."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assay.web.house import House
from assay.web.limits import ANY_PAGE, FOLLOW, REPORT, Limits
from tests.web.served import (
    NOTICE,
    Visitor,
    new_house,
    opened,
    report,
    with_team,
)

Somebody = Callable[[], Visitor]


def test_limits_count_by_address_and_window() -> None:
    at = [0.0]
    limits = Limits(clock=lambda: at[0])
    assert all(limits.wait_s(REPORT, "a") == 0 for _ in range(REPORT.times))
    assert limits.wait_s(REPORT, "a") == REPORT.window_s
    assert limits.wait_s(REPORT, "b") == 0
    at[0] = REPORT.window_s
    assert limits.wait_s(REPORT, "a") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("unknown", "192.0.2.1", False),
    ],
)
def test_a_network_of_ipv6_counts_as_one(one: str, other: str, same: bool) -> None:
    limits = Limits(clock=lambda: 0, scale=1 / REPORT.times)
    assert limits.wait_s(REPORT, one) == 0
    assert (limits.wait_s(REPORT, other) > 0) == same


def test_many_networks_fill_no_memory_and_push_out_nobody_who_came_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assay.web.limits._MOST_KEPT", 100)
    at = [0.0]
    limits = Limits(clock=lambda: at[0], scale=1 / REPORT.times)
    sizes = []
    for number in range(1000):
        at[0] += 0.001
        assert limits.wait_s(REPORT, f"2001:db8:0:{number:x}::1") == 0
        sizes.append(len(limits._counts))
    assert max(sizes) <= 101
    assert limits.wait_s(REPORT, f"2001:db8:0:{999:x}::2") > 0


def test_too_many_notices_from_one_address_have_to_wait(tmp_path: Path) -> None:
    house = with_team(new_house(tmp_path))
    house.limits = Limits(scale=0.1)
    with opened(house) as somebody:
        report(somebody())
        report(somebody())
        action = "/report/impersonation"
        page = somebody().fill(action, action, **NOTICE)
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) > 0


def test_whoever_waits_as_long_as_is_said_comes_in(
    house: House, somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limited in (FOLLOW, ANY_PAGE):
        for wait_s, told in ((0.2, "1"), (40.4, "41"), (60.0, "60")):
            waits = {limited: wait_s}
            monkeypatch.setattr(house.limits, "wait_s", lambda limit, _, of=waits: of.get(limit, 0))
            answer = somebody().get("/follow/none")
            assert answer.status_code == 429
            assert answer.headers["retry-after"] == told
