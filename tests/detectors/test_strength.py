"""The scale of strength words: every condition counts, and what is missing is said."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detectors.strength import SCALE, Strength, StrengthFigures, strength

BEST = StrengthFigures(
    largest_q=1e-6,
    median_objects=5,
    stability=0.8,
    halving=0,
    dissolving=0,
    held_out_q=0.05,
    fdr=0.05,
)


def _with(**changed: Any) -> Strength:
    return strength(dataclasses.replace(BEST, **changed))


def test_all_conditions_just_met() -> None:
    assert strength(BEST) == Strength("very strong", None, ())
    only = {"stability": 0.6, "held_out_q": None, "halving": None, "dissolving": None}
    assert _with(largest_q=1e-3, median_objects=3, **only).word == "strong"


@pytest.mark.parametrize(
    ("changed", "word", "lack"),
    [
        ({"largest_q": 1.1e-6}, "strong", "the weakest pair's q is above 10⁻⁶"),
        ({"largest_q": 1.1e-3}, "moderate", "the weakest pair's q is above 10⁻³"),
        ({"median_objects": 4.5}, "strong", "the median pair has fewer than 5 co-timed objects"),
        ({"median_objects": 2.5}, "moderate", "the median pair has fewer than 3 co-timed objects"),
        ({"stability": 0.79}, "strong", "its stability over redrawn objects is below 0.8"),
        ({"stability": 0.59}, "moderate", "its stability over redrawn objects is below 0.6"),
        ({"stability": None}, "moderate", "its stability was not measured"),
        (
            {"halving": 1},
            "strong",
            "without one single object or account, less than half of it is left",
        ),
        (
            {"halving": None},
            "strong",
            "not every object and account was left out to see what it hangs on",
        ),
        (
            {"halving": 1, "dissolving": 1},
            "moderate",
            "nothing is left of it without one single object",
        ),
        ({"held_out_q": None}, "strong", "the group could not be tested on held-out objects"),
        ({"held_out_q": 0.051}, "moderate", "the group did not pass its test on held-out objects"),
    ],
)
def test_one_condition_missed(changed: dict[str, Any], word: str, lack: str) -> None:
    found = _with(**changed)
    assert (found.word, found.lacks) == (word, (lack,))
    assert found.next_word == {"strong": "very strong", "moderate": "strong"}[word]


@given(
    st.builds(
        StrengthFigures,
        largest_q=st.floats(0, 0.05),
        median_objects=st.floats(2, 50),
        stability=st.none() | st.floats(0, 1),
        halving=st.none() | st.integers(0, 3),
        dissolving=st.none() | st.integers(0, 3),
        held_out_q=st.none() | st.floats(0, 1),
        fdr=st.just(0.05),
    )
)
def test_better_figures_never_make_a_weaker_word(figures: StrengthFigures) -> None:
    words = [step.word for step in SCALE]
    now = words.index(strength(figures).word)
    better = (
        {"largest_q": figures.largest_q / 10},
        {"median_objects": figures.median_objects + 3},
        {"stability": 1.0},
        {"halving": 0, "dissolving": 0},
        {"held_out_q": 0.0},
    )
    for change in better:
        assert words.index(strength(dataclasses.replace(figures, **change)).word) <= now
    assert bool(strength(figures).lacks) == (now > 0)
