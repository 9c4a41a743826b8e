"""Durations and sizes as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import UsageError
from assay.model.units import format_bytes, format_duration, parse_bytes, parse_duration_s


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60", 60),
        ("60s", 60),
        (" 2 h ", 7200),
        ("1.5m", 90),
        ("10min", 600),
        ("500ms", 0.5),
        ("250us", 0.00025),
        ("1D", 86400),
        ("2w", 1_209_600),
        ("0.1s", 0.1),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "s", "-5s", "0", "0s", "1 fortnight", "1e3s", "5s5s", "1,5m", "٣s", "nan", "inf"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(UsageError, match="no duration"):
        parse_duration_s(text)


@given(st.integers(min_value=1, max_value=10**9))
def test_whole_seconds_come_back(seconds: int) -> None:
    assert parse_duration_s(format_duration(seconds)) == seconds


@given(st.integers(min_value=1, max_value=999))
def test_milliseconds_come_back(milliseconds: int) -> None:
    seconds = milliseconds / 1000
    assert parse_duration_s(format_duration(seconds)) == pytest.approx(seconds, rel=1e-12)


@given(st.text(max_size=12))
def test_any_text_is_a_positive_duration_or_refused(text: str) -> None:
    try:
        assert parse_duration_s(text) > 0
    except UsageError as error:
        assert error.fix


@pytest.mark.parametrize(
    ("text", "count"),
    [("1", 1), ("2GB", 2 * 10**9), ("512 MiB", 512 * 2**20), ("1.5kb", 1500), ("1TiB", 2**40)],
)
def test_sizes(text: str, count: int) -> None:
    assert parse_bytes(text) == count


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "0", "0.1b", "1 GiBi", "one GB"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError, match="no size"):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (2_500_000, "2.5 MB"),
        (999_999, "1 MB"),
        (3 * 10**9, "3 GB"),
        (4.2e15, "4200 TB"),
    ],
)
def test_sizes_are_written_short(count: float, text: str) -> None:
    assert format_bytes(count) == text


@given(st.integers(min_value=1, max_value=10**15))
def test_a_written_size_is_within_one_percent(count: int) -> None:
    assert parse_bytes(format_bytes(count)) == pytest.approx(count, rel=0.01)
