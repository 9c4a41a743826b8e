"""The part of a card that says how firm a finding is: true sentences, a map that can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.made_evidence import HOSTILE_TEXT
from tests.report.made_groups import Plan
from tests.report.made_run import make_run

from assay.model.progress import Silent
from assay.report.page import write_report
from assay.report.sections.firmness import grid_sentence, hangs_sentence


def _grid(pairs: list[list[int]], own: int = 1) -> dict[str, Any]:
    windows_s = [30.0 * 2**k for k in range(len(pairs))]
    return {
        "own_window_s": windows_s[own],
        "windows_s": windows_s,
        "deltas": [10.0],
        "min_shared": [2, 3, 5, 10][: len(pairs[0])],
        "p_threshold": 0.01,
        "pairs": [[row] for row in pairs],
    }


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (
            [[9, 9], [10, 7], [8, 8]],
            "At windows from 30 s to 2 min, between 8 and 10 of its 10 pairs are left. With at "
            "least 3 co-timed objects asked of a pair, 7 are left.",
        ),
        (
            [[10, 1], [10, 1], [10, 1]],
            "At windows from 30 s to 2 min, all 10 of its 10 pairs are left. With at least 3 "
            "co-timed objects asked of a pair, 1 is left.",
        ),
        (
            [[0, 0, 0], [10, 4, 0], [0, 0, 0]],
            "None of its 10 pairs is left at a window of 30 s or 2 min. With at least 5 co-timed "
            "objects asked of a pair nothing is left of it; with 3, 4 of its pairs.",
        ),
    ],
)
def test_the_sentence_on_other_settings(pairs: list[list[int]], said: str) -> None:
    assert grid_sentence(_grid(pairs), 10).replace("120 s", "2 min") == said


def test_a_single_pair_is_not_counted() -> None:
    stays = "objects asked of a pair nothing is left of it; with 3, it stays."
    assert grid_sentence(_grid([[1, 1, 0]] * 3), 1).replace("120 s", "2 min") == (
        f"At windows from 30 s to 2 min, its only pair is left. With at least 5 co-timed {stays}"
    )
    assert grid_sentence(_grid([[0, 0, 0], [1, 1, 0], [1, 1, 0]]), 1) == (
        f"Its only pair is not left at a window of 30 s. With at least 5 co-timed {stays}"
    )


def test_a_single_window_says_why() -> None:
    assert "too coarse" in grid_sentence(_grid([[4, 2]], own=0), 4)


def _told(left: list[tuple[int, int]], of: int, others: int = 6) -> dict[str, Any]:
    rows = [
        {"accounts": others, "accounts_left": a, "pairs": 9, "pairs_left": p}
        for a, p in sorted(left)
    ]
    return {
        "tried": len(left),
        "of": of,
        "dissolving": sum(a == 0 for a, _ in left),
        "halving": sum(2 * a < others for a, _ in left),
        "listed": rows[:8],
    }


@pytest.mark.parametrize(
    ("left", "of", "said"),
    [
        ([(6, 9)] * 4, 4, "Each of its 4 objects was left out in turn: each time all of the "
         "accounts are still in a pair that passes, and every pair passes."),
        ([(6, 8)] * 4, 4, "Each of its 4 objects was left out in turn: each time all of the "
         "accounts are still in a pair that passes."),
        ([(4, 8), (6, 9)], 5, "2 of its 5 objects were left out in turn: at worst 4 of 6 of the "
         "accounts are still in a pair that passes."),
        ([(2, 1), (6, 9)], 2, "Each of its 2 objects was left out in turn: without one of them "
         "fewer than half of the accounts are still in a pair that passes (at worst 2 of 6)."),
        ([(0, 0), (6, 9)], 2, "Each of its 2 objects was left out in turn: on one of them the "
         "whole finding hangs: without it no pair passes any more."),
        ([], 7, "None of its 7 objects was left out in turn: that takes more work than is allowed "
         "for all groups together."),
    ],
)  # fmt: skip
def test_the_sentence_on_what_it_hangs_on(left: list[tuple[int, int]], of: int, said: str) -> None:
    assert hangs_sentence(_told(left, of), "object") == said


@given(
    st.lists(st.integers(0, 6).flatmap(lambda a: st.tuples(st.just(a), st.integers(0, 9))),
             min_size=1, max_size=12)
)  # fmt: skip
def test_a_dissolving_object_is_never_passed_over(left: list[tuple[int, int]]) -> None:
    said = hangs_sentence(_told(left, len(left)), "object")
    assert ("the whole finding hangs" in said) == any(a == 0 for a, _ in left)
    assert ("all of the accounts" in said) == all(a == 6 for a, _ in left)


def test_the_card_holds_map_and_bars_and_names_are_text(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan())
    write_report(run, Silent())
    page = run.report.read_text(encoding="utf-8")
    assert page.count("How firm is it?") == 3
    card = page.split("How firm is it?")[1]
    assert card.count('<table class="heat">') == 2
    first = card.split("</table>")[0]
    cells = re.findall(r'<td class="number heat-(\d+)( own)?">(\d+)', first)
    assert len(cells) == 25 and [own for _, own, _ in cells].count(" own") == 1
    # Nothing left has the empty shade and nothing else has; shades rise with the number left.
    assert all((shade == "0") == (left == "0") for shade, _, left in cells)
    ordered = sorted(cells, key=lambda cell: int(cell[2]))
    shades = [int(shade) for shade, _, _ in ordered]
    assert shades == sorted(shades) and shades[-1] == 10
    assert HOSTILE_TEXT not in page
    assert "without this object" in card.casefold() and "without this account" in card.casefold()
