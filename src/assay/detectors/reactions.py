"""Whether people react about as fast as the window is long: there the gate names too many.

The null grants closeness only as far as it can be learnt without letting a few groups explain
themselves (docs/decisions/0023, 0024). Where nearly everybody follows a story within a window or
two, more ordinary pairs come close than it grants. Three figures together show that; none is part
of the test, and no p or q depends on them:

``met``
    Of all pairs of first shares of one object in one block of Δ, the part within the window; the
    median over the objects. A group cannot raise it unless it shares most of the objects. Evenly
    spread shares meet in about a fifth.
``small``
    Of all pairs of accounts that the null leaves free to be co-timed, the part with p of at most
    .05. Where the null holds it is less than that; bursts that it knows of do not raise it.
``joined``
    Of all accounts with c₀ objects or more, those in the largest set that pairs with such a p join.
    Groups that act together fall apart into sets; a public that reacts fast is one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.block_grid import BlockGrid, positions
from assay.detectors.wording import KIND_WORDS, joined, short_span, span
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32] | npt.NDArray[np.int64]

LEVEL = 0.05
"""p that is small."""

OFTEN = 0.04
"""Above this part of all pairs small p are too many. Counts are whole numbers, so that a p that
holds is small less often than :data:`LEVEL` says."""

QUICK = 0.35
"""Above this part people react about as fast as the window is long."""

WIDE, MANY = 0.1, 20
"""A set above this part of the accounts, and of so many at least, is no group but a public."""

LEAST = 30
"""From fewer objects nothing is said."""

SHORTER = 3
"""A window that is so many times shorter is proposed."""


@dataclass(frozen=True)
class Reactions:
    """How fast people react to one kind of object, against one window and its narrowest Δ.

    Attributes:
        kind: Kind of object.
        window_s: The window.
        delta_s: Δ of the gate.
        objects: Objects that two accounts or more shared in one block.
        met: See the module; 0 where there are no such objects.
        small: Likewise; 0 where no pair is free to be co-timed.
        accounts: Accounts with c₀ objects or more.
        joined: See the module; 0 where no pair has a small p.
    """

    kind: str
    window_s: float
    delta_s: float
    objects: int
    met: float
    small: float
    accounts: int
    joined: int

    @property
    def too_fast(self) -> bool:
        """Whether the gate may name accounts that did nothing together."""
        quick = self.objects >= LEAST and self.met > QUICK
        public = self.joined >= MANY and self.joined > WIDE * self.accounts
        return quick and public and self.small > OFTEN


@dataclass(frozen=True)
class CandidateTests:
    """The tests that the figures are taken from.

    Attributes:
        account_i: Account number of each candidate's first account.
        account_j: Of its second.
        p_values: Of each candidate at the narrowest Δ.
        at_risk: Pairs that the null leaves free to be co-timed.
        min_shared: c₀.
    """

    account_i: Ints
    account_j: Ints
    p_values: Floats
    at_risk: int
    min_shared: int


def reactions_of(
    kind: str, window_s: float, first: ShareArrays, grid: BlockGrid, tests: CandidateTests
) -> Reactions:
    """Work out the figures of one kind and window.

    Args:
        kind: Kind of object.
        window_s: The window.
        first: First shares of the kind.
        grid: How time is cut at the narrowest Δ; a bin is one window.
        tests: Of every candidate pair.
    """
    objects, met = _met_at_once(first, grid)
    is_small = tests.p_values <= LEVEL
    of_each = np.bincount(first.accounts, minlength=first.account_count)
    return Reactions(
        kind=kind,
        window_s=window_s,
        delta_s=grid.delta_s,
        objects=objects,
        met=met,
        small=int(is_small.sum()) / tests.at_risk if tests.at_risk else 0.0,
        accounts=int((of_each >= tests.min_shared).sum()),
        joined=int(
            _largest_set(tests.account_i[is_small], tests.account_j[is_small], first.account_count)
        ),
    )


def _met_at_once(first: ShareArrays, grid: BlockGrid) -> tuple[int, float]:
    """How many objects were shared twice in one block, and ``met``."""
    blocks, _ = positions(first.times_us, grid)
    parts = _parts_met(first.starts, first.times_us, blocks, grid.bin_ticks * grid.tick_us)
    parts = parts[~np.isnan(parts)]
    return len(parts), float(np.median(parts)) if len(parts) else 0.0


@njit
def _parts_met(starts: Int64s, times_us: Int64s, blocks: Int32s, window_us: int) -> Floats:
    """Of each object the part of its pairs in one block that are within the window; else NaN."""
    parts = np.full(len(starts) - 1, np.nan)
    for index in range(len(starts) - 1):
        oldest = near = starts[index]
        pairs = met = 0
        for row in range(starts[index], starts[index + 1]):
            while blocks[oldest] != blocks[row]:
                oldest += 1
            near = max(near, oldest)
            while times_us[row] - times_us[near] > window_us:
                near += 1
            pairs += row - oldest
            met += row - near
        if pairs:
            parts[index] = met / pairs
    return parts


@njit
def _largest_set(account_i: Ints, account_j: Ints, count: int) -> int:
    """Accounts of the largest set that these pairs join; 0 without pairs."""
    parent = np.arange(count)
    size = np.ones(count, np.int64)
    largest = 0
    for pair in range(len(account_i)):
        mine, yours = np.int64(account_i[pair]), np.int64(account_j[pair])
        while parent[mine] != mine:
            parent[mine] = parent[parent[mine]]
            mine = parent[mine]
        while parent[yours] != yours:
            parent[yours] = parent[parent[yours]]
            yours = parent[yours]
        if mine != yours:
            if size[mine] < size[yours]:
                mine, yours = yours, mine
            parent[yours] = mine
            size[mine] += size[yours]
        largest = max(largest, size[mine])
    return largest


def reactions_told(every: Sequence[Reactions], least_s: float) -> dict[str, Any]:
    """What ``run.json`` has: the figures of each kind and window, and what is to be said of them.

    Args:
        every: Of each kind and window.
        least_s: The shortest window that the data's times allow.

    Returns:
        ``windows``, each with the ``limit`` that its findings have to name, or None; and ``says``,
        of the whole run, empty where no window is too long.
    """
    windows = [
        asdict(one) | {"limit": _limit(one, every, least_s) if one.too_fast else None}
        for one in every
    ]
    return {"windows": windows, "says": _says(every, least_s)}


def limits_told(
    windows: Sequence[Mapping[str, Any]], rests_on: Collection[tuple[str, float]]
) -> list[str]:
    """The limits that a finding has to name.

    Args:
        windows: Of :func:`reactions_told`.
        rests_on: Each kind of object and window in seconds that the finding rests on, together.
    """
    return [
        str(one["limit"])
        for one in windows
        if one["limit"] is not None and (one["kind"], one["window_s"]) in rests_on
    ]


def _says(every: Sequence[Reactions], least_s: float) -> list[str]:
    fast = [one for one in every if one.too_fast]
    if not fast:
        return []
    windows: dict[str, list[str]] = {}
    for one in fast:
        windows.setdefault(KIND_WORDS[one.kind][1], []).append(short_span(one.window_s))
    where = joined([f"{things} at {joined(spans)}" for things, spans in windows.items()])
    shortest_s = min(one.window_s for one in fast)
    shorter_s = _shorter_s(every, {one.kind for one in fast}, shortest_s)
    return [
        f"Too fast for the test: {where}. People react there about as fast as the window is long, "
        f"and more than {100 * OFTEN:g} % of all pairs that could be tested have p ≤ {LEVEL:g}. "
        f"{_RATE} {_advice(shorter_s, shortest_s, least_s)}"
    ]


def _limit(one: Reactions, every: Sequence[Reactions], least_s: float) -> str:
    thing = KIND_WORDS[one.kind][0]
    shorter_s = _shorter_s(every, {one.kind}, one.window_s)
    fast_s = [other.window_s for other in every if other.kind == one.kind and other.too_fast]
    return (
        f"At {short_span(one.window_s)} people here react to the same {thing} about as fast as the "
        f"window is long: of any two who shared one in the same {span(one.delta_s)}, "
        f"{100 * one.met:.0f} % did so within the window (the median {thing}), and "
        f"{100 * one.small:.3g} % of all pairs that could be tested have p ≤ {LEVEL:g}, which is "
        f"too many from {100 * OFTEN:g} % on. {_RATE} "
        f"{_advice(shorter_s, min(fast_s), least_s)}"
    )


_RATE = (
    "In data like these the test has named accounts that did nothing together in one run of ten "
    "and more often."
)


def _shorter_s(every: Sequence[Reactions], kinds: Collection[str], window_s: float) -> float | None:
    """The longest window of the run below this one at which none of the kinds is too fast."""
    slow = {one.window_s for one in every if one.window_s < window_s}
    slow -= {one.window_s for one in every if one.kind in kinds and one.too_fast}
    return max(slow, default=None)


def _advice(shorter_s: float | None, shortest_s: float, least_s: float) -> str:
    """What to do.

    Args:
        shorter_s: A window of the run to rely on, if there is one.
        shortest_s: The shortest window that is too fast.
        least_s: The shortest window that the data's times allow.
    """
    if shorter_s is not None:
        return f"Rely on the window of {short_span(shorter_s)}."
    proposed_s = max(float(f"{shortest_s / SHORTER:.1g}"), least_s)
    if proposed_s >= shortest_s:
        return "The data's times are too coarse for a shorter one: these pairs stay undecided."
    return f"Test a shorter window as well, such as {short_span(proposed_s)}."
