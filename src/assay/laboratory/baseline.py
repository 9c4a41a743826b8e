"""The detector's verdict on data as they are, kept in memory so that plantings can be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from assay.detectors.activity import Activity, activity_of
from assay.detectors.arrays import Bools, Int32s, Int64s, ShareArrays, first_flags, taken
from assay.detectors.base import DetectorContext
from assay.detectors.block_grid import BlockGrid, block_grids, positions
from assay.detectors.burstiness import Densities
from assay.detectors.coaction import CoactionDetector
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.density import Density
from assay.detectors.family import at_risk_family
from assay.detectors.share_reader import read_coded_shares
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TestedWindow:
    """What the detector found in one kind at one window.

    Attributes:
        kind: Kind of object.
        window_us: The window.
        grids: How time is cut at every Δ, narrowest first.
        pairs: Account numbers of the candidate pairs.
        p_values: (Δ, pair).
        densities: What the null leans on at every Δ.
        families: Pairs at risk at each Δ that the family's size may come from.
        blocks: Blocks of the widest Δ, counted from 1970, ascending.
        pairs_in_block: For each entry of ``blocks``, a pair that meets at a common object there.
    """

    kind: str
    window_us: int
    grids: tuple[BlockGrid, ...]
    pairs: tuple[Int32s, Int32s]
    p_values: Floats
    densities: tuple[Density, ...]
    families: Mapping[BlockGrid, int]
    blocks: Int64s
    pairs_in_block: Int32s


@dataclass(frozen=True)
class Baseline:
    """The data and the detector's verdict on them.

    Attributes:
        parameters: As the detector settled them.
        record: What it would write to ``run.json``.
        activity: When the data as a whole were active; its resolution is the data's.
        shares: Of each kind that was looked at.
        is_first: For each kind, flags of first shares.
        windows: Every kind and window.
    """

    parameters: Coaction
    record: Mapping[str, Any]
    activity: Activity
    shares: Mapping[str, ShareArrays]
    is_first: Mapping[str, Bools]
    windows: tuple[TestedWindow, ...]

    @property
    def busiest_kind(self) -> str:
        """The kind with the most shares of objects that more than one share is of."""

        def company(kind: str) -> int:
            sizes = np.diff(self.shares[kind].starts)
            return int(sizes[sizes > 1].sum())

        return max(self.shares, key=company)


def run_baseline(coaction: Coaction, context: DetectorContext) -> Baseline:
    """Run ``assay detect coaction`` on the data as they are, and keep what it left.

    Args:
        coaction: The detector's parameters.
        context: Where it runs; an interrupted run goes on from what lies in its work folder.

    Raises:
        InputError: The dataset has no shares of the wanted kinds.
        UsageError: A window is below twice the data's time resolution.
    """
    record = CoactionDetector().run(coaction, context)
    settled = record["parameters"]
    parameters = Coaction(**settled)
    resolution_us = round(record["data"]["time_resolution_s"] * 1e6)
    shares = dict(read_coded_shares(context.dataset.shares, parameters.kinds).kinds)
    is_first = {kind: first_flags(one) for kind, one in shares.items()}
    activity = activity_of(shares.values(), resolution_us)
    known = Densities(shares, activity, parameters.shrinkage, record["density"])
    windows = []
    for kind in parameters.kinds:
        for window_s in parameters.windows_s:
            context.progress.stage(f"Where pairs of {kind} meet")
            grids = block_grids(window_s, parameters.deltas, resolution_us)
            first = taken(shares[kind], is_first[kind])
            windows.append(
                _kept((kind, window_s), first, grids, known, parameters.min_shared, context)
            )
    return Baseline(parameters, record, activity, shares, is_first, tuple(windows))


def _kept(
    tested: tuple[str, float],
    first: ShareArrays,
    grids: tuple[BlockGrid, ...],
    known: Densities,
    min_shared: int,
    context: DetectorContext,
) -> TestedWindow:
    kind, window_s = tested
    window_us = round(window_s * 1e6)
    table = pq.read_table(context.work / f"pairs-{kind}-{window_us}.parquet")
    pairs = (table["account_i"].to_numpy(), table["account_j"].to_numpy())
    blocks, members = _meetings(first, pairs, grids[-1])
    widest = grids[-1].block_ticks
    return TestedWindow(
        kind=kind,
        window_us=window_us,
        grids=grids,
        pairs=pairs,
        p_values=np.array([table[f"p_{number}"].to_numpy() for number in range(len(grids))]),
        densities=known.of(kind, grids),
        families={
            grid: at_risk_family(first, positions(first.times_us, grid)[0], min_shared).pairs
            for grid in grids
            if 2 * grid.block_ticks > widest
        },
        blocks=blocks,
        pairs_in_block=members,
    )


def blocks_since_1970(times_us: Int64s, grid: BlockGrid) -> Int64s:
    """Block of each time, the same whatever else the data hold."""
    blocks: Int64s = (times_us // grid.tick_us + grid.phase_ticks) // grid.block_ticks
    return blocks


def _meetings(
    first: ShareArrays, pairs: tuple[Int32s, Int32s], grid: BlockGrid
) -> tuple[Int64s, Int32s]:
    """Every block in which a pair's test can depend on the density, with the pair, by block."""
    order = np.argsort(first.accounts, kind="stable")
    starts = np.searchsorted(first.accounts[order], np.arange(first.account_count + 1))
    blocks = blocks_since_1970(first.times_us, grid)
    objects = first.objects[order]
    ordered = blocks[order]
    room = int(_walk_meetings(pairs[0], pairs[1], starts, objects, ordered, _NO_INT64, _NO_INT32))
    found = np.empty(2 * room, np.int64)
    members = np.empty(2 * room, np.int32)
    _walk_meetings(pairs[0], pairs[1], starts, objects, ordered, found, members)
    by_block = np.argsort(found, kind="stable")
    return found[by_block], members[by_block]


_NO_INT64 = np.empty(0, np.int64)
_NO_INT32 = np.empty(0, np.int32)


@njit
def _walk_meetings(
    account_i: Int32s,
    account_j: Int32s,
    starts: Int64s,
    objects: Int32s,
    blocks: Int64s,
    found: Int64s,
    members: Int32s,
) -> int:
    """Count common objects in the same or adjacent blocks; write both blocks where there is room.

    Each account's objects ascend, so that two of them are merged.
    """
    count = 0
    for pair in range(len(account_i)):
        mine = starts[account_i[pair]]
        yours = starts[account_j[pair]]
        while mine < starts[account_i[pair] + 1] and yours < starts[account_j[pair] + 1]:
            if objects[mine] < objects[yours]:
                mine += 1
            elif objects[mine] > objects[yours]:
                yours += 1
            else:
                if abs(blocks[mine] - blocks[yours]) <= 1:
                    if len(found):
                        found[2 * count] = blocks[mine]
                        found[2 * count + 1] = blocks[yours]
                        members[2 * count] = pair
                        members[2 * count + 1] = pair
                    count += 1
                mine += 1
                yours += 1
    return count
