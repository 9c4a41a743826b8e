from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import InputError, UsageError
from assay.text.dates import check_zone, find_time_form, reads_time, resolution_of


@pytest.mark.parametrize(
    ("value", "kind", "zoned"),
    [
        ("2021-09-01T10:00:00Z", "iso", True),
        ("2021-09-01 10:00:00+02:00", "iso", True),
        ("2021-09-01T10:00:00+0200", "formats", True),
        ("2021-09-01 10:00:00 UTC", "iso", True),
        ("2021-09-01 10:00:00", "iso", False),
        ("2021-09-01", "iso", False),
        ("1629589836", "epoch", True),
        ("1629589836.0", "epoch", True),
        ("1.629589836e9", "epoch", True),
        ("1629589836123", "epoch", True),
        ("Wed Oct 10 20:19:24 +0000 2018", "formats", True),
        ("10/16/17 22:59", "formats", False),
        ("16.10.2017 22:59", "formats", False),
        ("Feb 24, 2020", "formats", False),
    ],
)
def test_forms(value: str, kind: str, zoned: bool) -> None:
    form = find_time_form([value])
    assert form is not None
    assert (form.kind, form.zoned) == (kind, zoned)
    assert reads_time(form, value)
    assert not reads_time(form, "some words")


def test_day_and_month_are_told_apart_by_the_sample_or_not_at_all() -> None:
    form = find_time_form(["3/4/2017 10:00", "3/25/2017 10:00"])
    assert form is not None and form.formats[-1] == "%m/%d/%Y %H:%M"
    with pytest.raises(InputError, match="which number is the day"):
        find_time_form(["3/4/2017 10:00", "5/6/2017 10:00"])
    told = find_time_form(["3/4/2017 10:00"], given_format="%d/%m/%Y %H:%M")
    assert told is not None and told.formats == ("%d/%m/%Y %H:%M",)


def test_nothing_like_a_time() -> None:
    assert find_time_form(["yesterday", "soon"]) is None
    assert find_time_form(["", " "]) is None
    assert find_time_form(["17", "23"]) is None


@given(st.sampled_from([1.0, 60.0, 86400.0]), st.integers(20, 60), st.integers(1, 10**6))
def test_resolution_is_the_lattice_of_the_times(step_s: float, count: int, offset: int) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=step_s * offset)
    times = [start + timedelta(seconds=step_s * index) for index in range(count)]
    found = resolution_of(times)
    assert found >= step_s
    assert all(time.timestamp() % found == 0 for time in times)


def test_few_times_prove_no_lattice() -> None:
    assert resolution_of([datetime(2020, 1, 1, tzinfo=UTC)]) == 1.0


def test_zones() -> None:
    assert check_zone("Europe/Berlin") == "Europe/Berlin"
    with pytest.raises(UsageError):
        check_zone("Middle/Earth")
