"""One run of calibration: make a world, let every rule judge it, count what is true and false."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.detectors.coaction_parameters import Coaction, check_seed
from assay.detectors.in_memory import TestedPairs, detect_in_memory
from assay.laboratory.calibrate_data import is_data, make_surrogate, open_data
from assay.laboratory.calibrate_held_out import HeldOutTask, judge_held_out
from assay.laboratory.calibrate_rules import (
    KeptPairs,
    kept_by_nulls,
    kept_by_peers,
    p_values_of,
)
from assay.laboratory.world_parts import NOBODY, Ints
from assay.laboratory.worlds import USUAL_S, TrueWorld, make_world, world_named

Flags = npt.NDArray[np.bool_]

ALPHAS: tuple[float, ...] = tuple(sorted({*(10.0 ** (-k / 4) for k in range(1, 25)), 0.05}))
"""Nominal levels that observed p-values are counted at."""


@dataclass(frozen=True)
class Condition:
    """A kind of world, and what is planted into it.

    Attributes:
        world: Name of the world.
        jitter_s: Jitter of the planted groups; None plants none.
        shrinkage: κ of the gate's null; None learns it.
    """

    world: str
    jitter_s: float | None
    shrinkage: float | None


@dataclass(frozen=True)
class Judging:
    """How worlds are judged; the same in every run.

    Attributes:
        seed: Of all worlds.
        windows_s: Windows to examine every world at; empty for each world's own.
        fdr: Level of the gate and the other nulls.
        min_shared: c₀.
        deltas: Each Δ as a multiple of the window.
        peers: Whether the peers' rules judge too, at each world's window nearest to a minute.
        dataset: A user's data, as a path; None for none.
    """

    seed: int = 1
    windows_s: tuple[float, ...] = ()
    fdr: float = 0.05
    min_shared: int = 2
    deltas: tuple[float, ...] = (10.0, 30.0)
    peers: bool = True
    dataset: str | None = None

    def __post_init__(self) -> None:
        """Refuse a seed that the draws cannot hold."""
        check_seed(self.seed)

    def windows_of(self, name: str) -> tuple[float, ...]:
        """The windows that a world is examined at; those it is too coarse for are left out."""
        if self.dataset is not None and is_data(name):
            return open_data(Path(self.dataset)).windows_s(self.windows_s)
        world = world_named(name)
        least_s = 2 * world.resolution_us / 1e6
        return tuple(one for one in self.windows_s or world.windows_s if one >= least_s)

    def parameters(self, condition: Condition) -> Coaction:
        """Of the detection."""
        return Coaction(
            min_shared=self.min_shared,
            fdr=self.fdr,
            deltas=self.deltas,
            shrinkage=condition.shrinkage,
        )


Outcome = dict[str, Any]
"""One line of ``runs.ndjson``: see docs/reference/calibrate.md."""


def run_condition(condition: Condition, run: int, judging: Judging) -> list[Outcome]:
    """Make one world and judge it at every window.

    Args:
        condition: Which world.
        run: Number of the run.
        judging: How.
    """
    windows_s = judging.windows_of(condition.world)
    usual_s = min(windows_s, key=lambda window_s: abs(window_s - USUAL_S))
    parameters = judging.parameters(condition)
    outcomes = []
    for made, resolution_us, own_s in _worlds(condition, run, judging, windows_s):
        each = detect_in_memory(made.shares, own_s, resolution_us, parameters)
        for window_s, tested in zip(own_s, each, strict=True):
            kept = kept_by_nulls(tested, window_s, judging.min_shared, judging.fdr)
            if judging.peers and window_s == usual_s:
                kept += kept_by_peers(made.shares, window_s)
            beyond = HeldOutTask(made, tested, window_s, parameters, judging.seed)
            outcomes.append(
                {
                    "world": condition.world,
                    "jitter_s": condition.jitter_s,
                    "shrinkage": condition.shrinkage,
                    "run": run,
                    "window_s": window_s,
                    "shares": len(made.shares),
                    "family": tested.family,
                    "candidates": len(tested.account_i),
                    "rules": {one.rule: judged(one, made) for one in kept} | judge_held_out(beyond),
                    "nulls": _levels(tested, window_s, made),
                }
            )
    return outcomes


def _worlds(
    condition: Condition, run: int, judging: Judging, windows_s: tuple[float, ...]
) -> Iterator[tuple[TrueWorld, int, tuple[float, ...]]]:
    """The world, its time resolution in µs and its windows; of data one for each window."""
    if judging.dataset is not None and is_data(condition.world):
        folder = Path(judging.dataset)
        for window_s in windows_s:
            made = make_surrogate(folder, condition.world, window_s, judging.seed, run)
            yield made, open_data(folder).resolution_us, (window_s,)
        return
    world = world_named(condition.world)
    made = make_world(world, judging.seed, run, condition.jitter_s)
    yield made, world.resolution_us, windows_s


def judged(kept: KeptPairs, made: TrueWorld) -> dict[str, Any]:
    """What of a rule's pairs is true.

    Two accounts of one declared publisher are neither found nor false: they act together openly.

    Returns:
        ``kept`` and ``false`` edges, ``accounts`` in any edge and ``false_accounts`` that belong
        to nobody, and for each planted group's size the ``accounts`` tied to another member and
        the ``edges`` inside it.
    """
    i, j = kept.account_i, kept.account_j
    true, openly = made.together(i, j), made.openly(i, j)
    named = _in_any(i, j, len(made.group))
    honest = named & (made.group == NOBODY) & (made.publisher == NOBODY)
    return {
        "kept": len(i),
        "false": int((~true & ~openly).sum()),
        "accounts": int(named.sum()),
        "false_accounts": int(honest.sum()),
        "found": {
            str(size): _found(i[true], j[true], made.group == number)
            for number, size in enumerate(made.sizes)
        },
    }


def _found(i: np.ndarray, j: np.ndarray, member: Flags) -> dict[str, int]:
    inside = member[i]
    return {
        "accounts": int(_in_any(i[inside], j[inside], len(member)).sum()),
        "edges": int(inside.sum()),
    }


def _in_any(i: Ints, j: Ints, accounts: int) -> Flags:
    """A flag for each account: whether it is in any of the pairs."""
    flags = np.zeros(accounts, np.bool_)
    flags[i] = True
    flags[j] = True
    return flags


def _levels(tested: TestedPairs, window_s: float, made: TrueWorld) -> dict[str, Any]:
    """How many honest pairs lie at or below each nominal level, and how many each null tests."""
    honest = ~made.together(tested.account_i, tested.account_j)
    honest &= ~made.openly(tested.account_i, tested.account_j)
    return {
        name: {"tests": tests, "below": counts_below(p_values[honest], ALPHAS)}
        for name, (p_values, tests) in p_values_of(tested, window_s).items()
    }


def counts_below(values: npt.NDArray[np.float64], levels: Sequence[float]) -> list[int]:
    """How many values are at most each level."""
    ordered = np.sort(values)
    counts: list[int] = np.searchsorted(ordered, np.array(levels), side="right").tolist()
    return counts
