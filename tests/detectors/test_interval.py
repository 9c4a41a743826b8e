"""The estimated window against the rule written out plainly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detectors.made_shares import Row, arrays_of

from assay.detectors.arrays import ShareArrays
from assay.detectors.interval import (
    CURVE_QUANTILES,
    CoordinationInterval,
    chosen_half,
    estimate_interval,
)
from assay.errors import InputError

SECOND_US = 1_000_000


def quantile(values: list[float], part: float) -> float:
    """Between the two nearest values, as R's default and NumPy's do."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def slow_interval_s(kinds: list[list[Row]], fastest: float) -> tuple[float, int]:
    """The rule over dictionaries: seconds, and the objects that they rest on."""
    second: dict[tuple[int, int], float] = {}
    half: dict[tuple[int, int], float] = {}
    for kind, rows in enumerate(kinds):
        for obj in {row[0] for row in rows}:
            times = sorted(at for number, _, at in rows if number == obj)
            if len(times) > 1:
                second[kind, obj] = (times[1] - times[0]) / 1e6
                arrived = [
                    at for at in times if sum(other <= at for other in times) > 0.5 * len(times)
                ]
                half[kind, obj] = (min(arrived) - times[0]) / 1e6
    limit_s = max(quantile(list(second.values()), fastest), 1.0)
    fast = [key for key, speed_s in second.items() if speed_s <= limit_s]
    return quantile([half[key] for key in fast], 0.5), len(fast)


@st.composite
def worlds(draw: st.DrawFn) -> list[list[Row]]:
    """One or two kinds with enough objects that were shared twice."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    pace_us = draw(st.sampled_from([300_000, 30 * SECOND_US, 3_600 * SECOND_US]))
    kinds = []
    for _ in range(draw(st.integers(1, 2))):
        rows = []
        for obj in range(draw(st.integers(12, 40))):
            size = int(rng.integers(1 + (obj < 12), 9))
            begin = int(rng.integers(0, 10**12))
            delays = rng.exponential(pace_us, size).astype(int)
            if rng.random() < 0.3:
                delays -= delays % (pace_us // 3)
            rows += [(obj, account, begin + int(delays[account])) for account in range(size)]
        kinds.append(rows)
    return kinds


@given(worlds(), st.sampled_from([1, 1_000, SECOND_US]))
def test_the_interval_is_the_rules(kinds: list[list[Row]], resolution_us: int) -> None:
    found = estimate_interval([arrays_of(rows) for rows in kinds], resolution_us)
    wanted_s, objects = slow_interval_s(kinds, 0.1)
    least_s = 2 * resolution_us / 1e6
    # A whole number of seconds, never below what the clock can tell apart.
    assert found.window_s >= least_s
    assert found.window_s == math.ceil(found.window_s)
    assert found.window_s == pytest.approx(max(wanted_s, least_s), abs=1)
    assert found.objects == objects
    assert [part for part, _ in found.curve] == list(CURVE_QUANTILES)
    for part, interval_s in found.curve:
        slow_s = max(slow_interval_s(kinds, part)[0], least_s)
        assert interval_s == pytest.approx(slow_s, rel=1e-9)


def fast_and_slow() -> ShareArrays:
    """Ten objects pushed within 8 s, ninety that spread over hours."""
    rows = [
        (obj, account, obj * 10**12 + account * (2 if obj < 10 else 3_600) * SECOND_US)
        for obj in range(100)
        for account in range(8)
    ]
    return arrays_of(rows)


def test_the_pace_of_the_fast_is_found() -> None:
    found = estimate_interval([fast_and_slow()], SECOND_US)
    assert found == CoordinationInterval(8.0, 10, found.curve)
    assert dict(found.curve)[0.5] == 4 * 3_600


def test_the_clock_sets_the_least() -> None:
    assert estimate_interval([fast_and_slow()], 60 * SECOND_US).window_s == 120.0


def test_too_few_objects_are_an_error_with_a_remedy() -> None:
    rows = [(obj, account, obj) for obj in range(9) for account in range(2)]
    rows += [(obj, 0, 0) for obj in range(9, 50)]
    with pytest.raises(InputError) as refused:
        estimate_interval([arrays_of(rows)], 1)
    assert "there are 9" in refused.value.message
    assert "--window" in (refused.value.fix or "")
    with pytest.raises(InputError):
        estimate_interval([], 1)


def test_the_halves_are_two_and_do_not_overlap() -> None:
    half = chosen_half(11)
    assert (half.sum(), (~half).sum()) == (6, 5)
    assert chosen_half(11).tolist() == half.tolist()
