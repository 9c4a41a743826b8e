"""Is anything there at all? The whole data set against surrogates of itself.

Where too few objects are shared for any single pair to pass, many pairs together may still say
that timing is closer than chance: two figures of the whole are compared with surrogates
(:mod:`assay.detectors.surrogates`), p = (1 + #{T* ≥ T}) / (R + 1):

``close``
    Coincidences: pairs of first shares of one object within the window.
``repeated``
    Pairs of accounts that coincide on two objects or more.

Against *jittered* surrogates ``close`` asks whether timing is closer than the gate's null lets it
be; honest attention that arrives faster than Δ is enough for that. Against *dealt* ones, which
keep every burst as it is, ``repeated`` asks whether the same accounts meet again and again in
them. Each moment counts with its first object alone (docs/decisions/0011).

The other use of surrogates is the gate's threshold: with R data sets in which every pair is false,
FDR(τ) = (1 + mean #{p* ≤ τ}) / max(1, #{p ≤ τ}) does not need the pairs to be independent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from assay.detectors.activity import activity_of
from assay.detectors.arrays import (
    Int64s,
    ShareArrays,
    count_share_pairs,
    first_flags,
    taken,
)
from assay.detectors.block_grid import BlockGrid
from assay.detectors.by_account import shares_by_account
from assay.detectors.coaction_parameters import FEWEST_SURROGATES
from assay.detectors.density import Density
from assay.detectors.jitter import Floats, prepare_gate
from assay.detectors.moments import find_moments
from assay.detectors.pairs import pair_facts
from assay.detectors.surrogates import prepare_surrogates
from assay.engine.compiled import njit

SECONDS_PER_SHARE = 6e-7
SECONDS_PER_RECORD = 1.5e-7
"""What a surrogate costs, measured; only the order of magnitude matters."""

MOST = 199


@dataclass(frozen=True)
class WholeDataParameters:
    """How the whole is compared.

    Attributes:
        shrinkage: κ that surrogates are drawn with.
        min_shared: c₀.
        seed: Of the surrogates.
        surrogates: R.
        densities: By kind, what the gate's null leans on at this Δ; for the threshold alone.
        threads: Worker threads; they change no figure.
    """

    shrinkage: float
    min_shared: int
    seed: int
    surrogates: int
    densities: Mapping[str, Density] = field(default_factory=dict)
    threads: int = 1


def affordable(kinds: Mapping[str, ShareArrays], window_us: int, budget_s: float) -> int:
    """How many surrogates the budget buys, by counting; 0 where it buys too few to say anything.

    Args:
        kinds: Shares of each kind.
        window_us: The longest window.
        budget_s: CPU-seconds; the same data give the same answer on any machine.
    """
    shares = sum(len(one) for one in kinds.values())
    records = sum(count_share_pairs(one, window_us) for one in kinds.values())
    each_s = SECONDS_PER_SHARE * shares + SECONDS_PER_RECORD * records
    count = min(MOST, int(budget_s / each_s)) if each_s else 0
    return count if count >= FEWEST_SURROGATES else 0


def group_test(
    kinds: Mapping[str, ShareArrays], grid: BlockGrid, parameters: WholeDataParameters
) -> dict[str, Any]:
    """Compare ``close`` and ``repeated`` of the whole data with surrogates.

    Returns:
        For ``close`` and ``repeated``: what was found, and against ``jittered`` and ``dealt`` the
        surrogates' mean and p.
    """
    once = _one_object_a_moment(kinds)
    surrogates = prepare_surrogates(once, grid, parameters.shrinkage)
    window_us = grid.bin_ticks * grid.tick_us
    close, repeated = _figures(once, window_us)
    told: dict[str, Any] = {
        "surrogates": parameters.surrogates,
        "close": {"found": close},
        "repeated": {"found": repeated},
    }
    for way in ("jittered", "dealt"):
        draw = getattr(surrogates, way)
        drawn = np.array(
            [
                _figures(draw(parameters.seed, replicate), window_us)
                for replicate in range(parameters.surrogates)
            ]
        )
        for column, (name, found) in enumerate((("close", close), ("repeated", repeated))):
            told[name][way] = {
                "expected": float(drawn[:, column].mean()),
                "p_value": float((1 + (drawn[:, column] >= found).sum()) / (len(drawn) + 1)),
            }
    return told


def threshold_check(
    kinds: Mapping[str, ShareArrays],
    grid: BlockGrid,
    kept_p: Floats,
    parameters: WholeDataParameters,
) -> dict[str, Any]:
    """The false discovery rate at the gate's own threshold, by whole-data surrogates.

    Args:
        kinds: Shares of each kind.
        grid: The gate's Δ.
        kept_p: The gate's p of the pairs that passed at this window, over all kinds.
        parameters: How.

    Returns:
        ``threshold`` (the largest p that passed), ``passed``, ``surrogates``, the mean number of
        pairs of a surrogate at or below the threshold, and the estimated rate.
    """
    surrogates = prepare_surrogates(kinds, grid, parameters.shrinkage)
    threshold = float(kept_p.max())
    false = [
        _passing(surrogates.jittered(parameters.seed, replicate), grid, threshold, parameters)
        for replicate in range(parameters.surrogates)
    ]
    mean = float(np.mean(false))
    return {
        "threshold": threshold,
        "passed": len(kept_p),
        "surrogates": parameters.surrogates,
        "mean_false": mean,
        "fdr": min(1.0, (1.0 + mean) / max(1, len(kept_p))),
    }


def _one_object_a_moment(kinds: Mapping[str, ShareArrays]) -> dict[str, ShareArrays]:
    moments = find_moments(kinds)
    stays = np.zeros(len(moments.of_row), np.bool_)
    stays[moments.first_rows] = True
    once, begin = {}, 0
    for kind, shares in kinds.items():
        once[kind] = taken(shares, stays[begin : begin + len(shares)])
        begin += len(shares)
    return once


def _figures(kinds: Mapping[str, ShareArrays], window_us: int) -> tuple[int, int]:
    """Coincidences, and pairs of accounts with two of them or more in one kind."""
    close = repeated = 0
    for shares in kinds.values():
        keys = co_timed_keys(taken(shares, first_flags(shares)), window_us)
        close += len(keys)
        repeated += int((np.unique(keys, return_counts=True)[1] >= 2).sum())
    return close, repeated


def _passing(
    kinds: Mapping[str, ShareArrays],
    grid: BlockGrid,
    threshold: float,
    parameters: WholeDataParameters,
) -> int:
    """Pairs whose p is at or below the threshold."""
    activity = activity_of(kinds.values(), grid.tick_us)
    window_us = grid.bin_ticks * grid.tick_us
    passing = 0
    for kind, shares in kinds.items():
        own = parameters.densities.get(kind, Density(activity, parameters.shrinkage))
        density = replace(own, activity=activity)
        is_first = first_flags(shares)
        first = taken(shares, is_first)
        keys = co_timed_keys(first, window_us)
        if not len(keys):
            continue
        distinct, counts = np.unique(keys, return_counts=True)
        wanted = distinct[counts >= parameters.min_shared]
        pairs = ((wanted >> 32).astype(np.int32), (wanted & 0xFFFFFFFF).astype(np.int32))
        named = np.zeros(shares.account_count, np.bool_)
        named[pairs[0]] = True
        named[pairs[1]] = True
        by_account = shares_by_account(shares, is_first, named)
        gate = prepare_gate(first, by_account.firsts, (grid,), density, parameters.min_shared)
        weights = np.zeros((shares.object_count, 2))
        facts = pair_facts(pairs, by_account, gate, weights, window_us, parameters.threads)
        passing += int((facts.p_values[0] <= threshold).sum())
    return passing


def co_timed_keys(first: ShareArrays, window_us: int) -> Int64s:
    """One number for each object and pair of accounts within the window, sorted by pair.

    Args:
        first: First shares only.
        window_us: The window.

    Returns:
        Account i in the upper half of each number and account j > i in the lower one.
    """
    keys = np.empty(count_share_pairs(first, window_us), np.int64)
    _fill_keys(first.starts, first.accounts, first.times_us, window_us, keys)
    keys.sort()
    return keys


@njit
def _fill_keys(
    starts: Int64s, accounts: np.ndarray, times_us: Int64s, window_us: int, keys: Int64s
) -> None:
    filled = 0
    for index in range(len(starts) - 1):
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while times_us[row] - times_us[oldest] > window_us:
                oldest += 1
            for earlier in range(oldest, row):
                low = min(accounts[row], accounts[earlier])
                high = max(accounts[row], accounts[earlier])
                keys[filled] = (np.int64(low) << 32) | np.int64(high)
                filled += 1
