"""Surrogates of a user's own data as worlds: whatever closeness they hold is chance.

``jittered`` is the gate's own null; ``dealt`` keeps every burst and breaks who met whom in it;
``permuted`` deals an object's times out anew among all its sharers; ``swapped`` deals an hour's
moments out anew among its accounts (:mod:`assay.detectors.surrogates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.detectors.arrays import ShareArrays, detect_resolution_us
from assay.detectors.block_grid import block_grids
from assay.detectors.share_reader import read_coded_shares
from assay.detectors.surrogates import Surrogates, prepare_surrogates
from assay.errors import InputError
from assay.laboratory.world_parts import NOBODY
from assay.laboratory.worlds import USUAL_S, TrueWorld
from assay.model.dataset import Dataset
from assay.model.tables import DEFAULT_KINDS

SURROGATES = ("jittered", "dealt", "permuted", "swapped")
"""Ways to make them, from the gate's own null to the crudest."""

PREFIX = "your data"

SHARES_IN_ALL = 8_000_000
"""Shares in all surrogates of one way together: larger data get fewer of them."""

FEWEST = 4


@dataclass(frozen=True)
class UserData:
    """A dataset's shares.

    Attributes:
        kinds: Of each kind.
        resolution_us: Their time resolution.
    """

    kinds: Mapping[str, ShareArrays]
    resolution_us: int

    def windows_s(self, asked: tuple[float, ...]) -> tuple[float, ...]:
        """The windows to examine: those asked for that the times allow, or the usual one."""
        least_s = 2 * self.resolution_us / 1e6
        return tuple(one for one in asked if one >= least_s) or (max(USUAL_S, least_s),)

    def replicates(self, runs: int) -> int:
        """How many surrogates of each way can be afforded."""
        shares = sum(len(one) for one in self.kinds.values())
        return min(runs, max(FEWEST, SHARES_IN_ALL // max(shares, 1)))


@lru_cache(maxsize=1)
def open_data(folder: Path) -> UserData:
    """Read a dataset, or the one in a run's folder.

    Raises:
        InputError: There is no dataset, or it has no shares.
    """
    dataset = Dataset(folder)
    if not dataset.shares.exists():
        dataset = Dataset(folder / "dataset")
    if not dataset.shares.exists():
        raise InputError(
            "this is no dataset",
            fix="make one with `assay import`, or name the folder of a run",
            file=folder,
        )
    kinds = read_coded_shares(dataset.shares, DEFAULT_KINDS).kinds
    if not kinds:
        raise InputError("the dataset has no shares", fix="see its rejects", file=folder)
    total = sum(len(shares) for shares in kinds.values())
    shown = min(detect_resolution_us(shares.times_us, total) for shares in kinds.values())
    return UserData(kinds, max(shown, _declared_resolution_us(dataset)))


def _declared_resolution_us(dataset: Dataset) -> int:
    """What a source says of its times; 0 if nothing."""
    if not dataset.posts.exists():
        return 0
    declared = pq.read_table(dataset.posts, columns=["time_resolution_s"])["time_resolution_s"]
    return int((pc.max(declared).as_py() or 0.0) * 1e6)


def names_of(data: UserData) -> list[str]:
    """A name for each way and kind, which stands where a world's name does."""
    return [f"{PREFIX}: {kind} {way}" for kind in data.kinds for way in SURROGATES]


def is_data(name: str) -> bool:
    """Whether a name is one of these."""
    return name.startswith(PREFIX)


def make_surrogate(folder: Path, name: str, window_s: float, seed: int, run: int) -> TrueWorld:
    """One surrogate of one kind; moments move together over all kinds.

    Args:
        folder: The dataset.
        name: From :func:`names_of`.
        window_s: Blocks are those of the gate at this window.
        seed: Of the calibration.
        run: Number of the replicate.
    """
    kind, way = name.removeprefix(f"{PREFIX}: ").split(" ")
    made = getattr(_prepared(folder, window_s), way)(seed, run)[kind]
    nobody = np.full(made.account_count, NOBODY, np.int64)
    return TrueWorld(made, nobody, (), nobody)


@lru_cache(maxsize=2)
def _prepared(folder: Path, window_s: float) -> Surrogates:
    data = open_data(folder)
    (grid,) = block_grids(window_s, (10.0,), data.resolution_us)
    return prepare_surrogates(data.kinds, grid)
