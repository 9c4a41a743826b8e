"""Figures, times and chances in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.report import words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (0.0412, "0.0412"),
        (3e-9, "3·10⁻⁹"),
        (1.26e-12, "1.3·10⁻¹²"),
        (12.345, "12.3"),
        (12_345.6, "12,346"),
        (2.5e7, "2.5·10⁷"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_figure(value: float | None, said: str) -> None:
    assert words.figure(value) == said


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_a_figure_is_within_five_per_cent_of_its_value(value: float) -> None:
    said = words.figure(value)
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    lead, _, power = said.replace(",", "").partition("·10")
    read = float(lead) * float(f"1e{power.translate(digits)}" if power else 1)
    assert read == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.05, "5 in 100"),
        (0.01, "1 in 100"),
        (0.001, "1 in 1,000"),
        (1e-6, "1 in a million"),
        (1e-12, "fewer than 1 in a billion"),
    ],
)
def test_one_in(share: float, said: str) -> None:
    assert words.one_in(share) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(10, "10 s"), (60, "60 s"), (120, "120 s"), (600, "10 min"), (3600, "1 h"), (1800, "30 min"),
     (86_400, "24 h"), (172_800, "2 days"), (0.5, "0.5 s")],
)  # fmt: skip
def test_span(seconds: float, said: str) -> None:
    assert words.span(seconds) == said


def test_moment_shows_fractions_only_where_the_data_have_them() -> None:
    at_us = 1_700_000_000_250_000
    assert words.moment(at_us) == "2023-11-14 22:13:20"
    assert words.moment(at_us, resolution_s=0.001) == "2023-11-14 22:13:20.25"
    assert words.moment(None) == "–"


def test_parse_moment_reads_what_a_run_may_hold() -> None:
    assert words.parse_moment_us("2023-11-14T22:13:20Z") == 1_700_000_000_000_000
    assert words.parse_moment_us("2023-11-14T22:13:20") == 1_700_000_000_000_000
    assert words.parse_moment_us(5) == 5
    assert words.parse_moment_us("soon") is None
    assert words.parse_moment_us(None) is None


def test_the_fixed_sentences_keep_p_and_q_apart_from_innocence() -> None:
    assert "under the stated null" in words.P_MEANS
    assert "expected share of false results among all reported" in words.Q_MEANS
    assert words.NEITHER == "Neither is the probability that these accounts are innocent."


def test_lists_read_as_sentences() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"], "or") == "a, b or c"
    assert words.counted(1, "account") == "1 account"
    assert words.counted(1200, "account") == "1,200 accounts"


def test_a_chance_too_small_for_a_float_is_not_called_zero() -> None:
    assert words.chance(0.0) == "< 10⁻³⁰⁰"
    assert words.chance(3e-9) == "3·10⁻⁹"
    assert words.chance(float("nan")) == "–"
