"""The detection made again without some shares: each time as if those had never been there.

Nothing is approximated: densities, the tested family and q over all tests are those of the smaller
data. What makes it cheap is that the shares are read once, that pairs are joined in memory, and
that a kind of object is not asked again where neither its own shares nor the data's activity
changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.detectors.activity import Activity, activity_of
from assay.detectors.arrays import (
    Bools,
    Int32s,
    Int64s,
    ShareArrays,
    group_starts,
)
from assay.detectors.base import DetectorContext
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.coaction_data import (
    capped,
    coded_shares_of,
    declared_resolution_us,
    resolution_of,
    shares_by_kind,
)
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.interval import chosen_half
from assay.detectors.jitter import Floats
from assay.detectors.share_reader import CodedShares
from assay.detectors.window_run import run_window
from assay.engine.write import round_significant
from assay.model.tables import EDGES

_BATCH_ROWS = 1 << 17

KEPT = pa.schema(
    [EDGES.field(name) for name in
     ("account_a", "account_b", "shared_objects", "p_value", "q_value")]
)  # fmt: skip
"""What is told of a kept row."""

What = Literal["object", "post", "account"]
Rows = Mapping[str, Int64s]
"""By kind, rows of its shares."""


@dataclass(frozen=True)
class LeftOutThing:
    """What is left out: an object (with its kind) of everyone, a post, or an account.

    Attributes:
        what: Which of the three.
        kind: Of the object; empty for posts and accounts.
        id: Its id.
    """

    what: What
    kind: str
    id: str


@dataclass(frozen=True)
class _Tested:
    """Every candidate pair of one kind and window.

    Attributes:
        account_i: First account of each pair, numbered as in the whole data.
        account_j: Second.
        shared_objects: Co-timed objects.
        p_values: Of each Δ, narrowest first.
        family: Tests of this kind and window over all Δ.
    """

    account_i: Int32s
    account_j: Int32s
    shared_objects: Int64s
    p_values: tuple[Floats, ...]
    family: int


@dataclass(frozen=True)
class _Left:
    """Shares of one kind that are left, and which of them are tested (None for all)."""

    shares: ShareArrays
    in_test: Bools | None

    def only(self, keep: Bools) -> _Left:
        return _Left(
            _dense(self.shares, keep), None if self.in_test is None else self.in_test[keep]
        )

    def tested(self) -> ShareArrays:
        return self.shares if self.in_test is None else _dense(self.shares, self.in_test)


class LeftOutRuns:
    """Detections of one data set without some of its shares.

    Args:
        context: What to read, and where to work; ``run`` is not written to.
        settled: The parameters of the run, its windows fixed. With a window that was estimated on
            half of the objects, the other half is tested, whatever is left out.
    """

    def __init__(self, context: DetectorContext, settled: Coaction) -> None:
        self._context = context
        self._settled = settled
        self._whole: dict[str, tuple[_Tested, ...]] = {}
        self._whole_activity: Activity | None = None

    @cached_property
    def _coded(self) -> CodedShares:
        there = shares_by_kind(self._context.dataset)
        kinds = tuple(kind for kind in self._settled.kinds if there.get(kind))
        return coded_shares_of(kinds, self._context)

    @cached_property
    def _declared_us(self) -> int:
        return declared_resolution_us(self._context.dataset)

    @cached_property
    def _tested(self) -> dict[str, Bools]:
        """For each kind, the rows of the objects that are tested."""
        if not self._settled.auto_window:
            return {}
        return {
            kind: np.repeat(~chosen_half(shares.object_count), np.diff(shares.starts))
            for kind, shares in self._coded.kinds.items()
        }

    def rows_of(self, things: Sequence[LeftOutThing]) -> list[dict[str, Int64s]]:
        """The shares of each thing, in one pass over the table."""
        coded = self._coded
        found: list[dict[str, list[Int64s]]] = [{} for _ in things]
        of_posts = _numbered(things, "post", "")
        of_objects = {kind: _numbered(things, "object", kind) for kind in coded.kinds}
        begin = dict.fromkeys(coded.kinds, 0)
        columns = ["kind", "object_id", "post_id"]
        file = pq.ParquetFile(self._context.dataset.shares)
        for batch in file.iter_batches(_BATCH_ROWS, columns=columns):
            for kind in coded.kinds:
                own = batch.filter(pc.equal(batch["kind"], kind))
                for column, wanted in (("object_id", of_objects[kind]), ("post_id", of_posts)):
                    for number, rows in _places(own[column], wanted):
                        found[number].setdefault(kind, []).append(rows + begin[kind])
                begin[kind] += len(own)
        for number, thing in enumerate(things):
            if thing.what == "account":
                code = pc.index(coded.account_ids, thing.id).as_py()
                for kind, shares in coded.kinds.items():
                    found[number][kind] = [np.flatnonzero(shares.accounts == code)]
        return [
            {kind: np.concatenate(parts) for kind, parts in one.items() if sum(map(len, parts))}
            for one in found
        ]

    def kept_without(self, rows: Rows) -> pa.Table:
        """The rows that the gate keeps when some shares were never there.

        Args:
            rows: From :meth:`rows_of`; empty for the whole data.

        Returns:
            ``account_a, account_b, shared_objects, p_value, q_value`` as in ``edges.parquet``,
            one row for each pair, kind and window.
        """
        if rows and self._whole_activity is None:
            # What is left as it was is taken from here.
            self.kept_without({})
        kinds = self._remaining(rows)
        if not kinds:
            return self._kept([])
        numbers, kinds = _renumbered(kinds)
        shares_of = {kind: one.shares for kind, one in kinds.items()}
        resolution_us = resolution_of(shares_of, self._declared_us)
        activity = activity_of(shares_of.values(), resolution_us)
        same = self._whole_activity is not None and _same(self._whole_activity, activity)
        tested = {
            kind: self._whole[kind]
            if same and not len(rows.get(kind, ()))
            else tuple(self._windows(kind, one, activity, numbers))
            for kind, one in kinds.items()
        }
        if not rows:
            self._whole, self._whole_activity = tested, activity
        return self._kept([one for windows in tested.values() for one in windows])

    def _remaining(self, rows: Rows) -> dict[str, _Left]:
        kinds: dict[str, _Left] = {}
        for kind, shares in self._coded.kinds.items():
            whole = _Left(shares, self._tested.get(kind))
            keep = np.ones(len(shares), np.bool_)
            keep[rows.get(kind, [])] = False
            if keep.any():
                kinds[kind] = whole if keep.all() else whole.only(keep)
        return kinds

    def _windows(
        self, kind: str, left: _Left, activity: Activity, numbers: Int32s
    ) -> Iterator[_Tested]:
        shares, _ = capped(kind, left.tested(), self._settled.max_sharers)
        for window_s in self._settled.windows_s:
            run = run_window(kind, window_s, shares, self._settled, activity, self._context)
            table = pq.read_table(run.pairs)
            run.pairs.unlink()
            yield _Tested(
                numbers[table["account_i"].to_numpy()],
                numbers[table["account_j"].to_numpy()],
                table["shared_objects"].to_numpy(),
                tuple(table[f"p_{place}"].to_numpy() for place in range(len(run.deltas_s))),
                run.at_risk.pairs * len(run.deltas_s),
            )

    def _kept(self, tested: Sequence[_Tested]) -> pa.Table:
        """Every test weighed together, as for the table of edges."""
        p_values = [one for window in tested for one in window.p_values]
        family = sum(window.family for window in tested)
        q_values = benjamini_hochberg(np.concatenate(p_values or [np.empty(0)]), family)
        parts = []
        begin = 0
        for window in tested:
            own = q_values[begin : begin + len(window.account_i)]
            begin += len(window.account_i) * len(window.p_values)
            kept = np.flatnonzero(
                (own <= self._settled.fdr) & (window.shared_objects >= self._settled.min_shared)
            )
            names = self._coded.account_ids
            parts.append(
                pa.table(
                    {
                        "account_a": names.take(pa.array(window.account_i[kept])),
                        "account_b": names.take(pa.array(window.account_j[kept])),
                        "shared_objects": window.shared_objects[kept],
                        "p_value": round_significant(window.p_values[0][kept]),
                        "q_value": round_significant(own[kept]),
                    },
                    schema=KEPT,
                )
            )
        return pa.concat_tables([KEPT.empty_table(), *parts])


def _numbered(things: Sequence[LeftOutThing], what: What, kind: str) -> tuple[list[int], pa.Array]:
    """The things of one sort: their places among all, and their ids."""
    own = [place for place, one in enumerate(things) if (one.what, one.kind) == (what, kind)]
    return own, pa.array([things[place].id for place in own], pa.string())


def _places(column: pa.Array, wanted: tuple[list[int], pa.Array]) -> Iterator[tuple[int, Int64s]]:
    """For each thing found in a column, its number and the rows."""
    numbers, ids = wanted
    if not numbers:
        return
    place = pc.fill_null(pc.index_in(column, ids), -1).to_numpy()
    rows = np.flatnonzero(place >= 0)
    for own in np.unique(place[rows]).tolist():
        yield numbers[own], rows[place[rows] == own]


def _dense(shares: ShareArrays, keep: Bools) -> ShareArrays:
    """Some shares, their objects numbered from 0 without a gap, as a reader would number them."""
    objects = shares.objects[keep]
    new = np.zeros(len(objects), np.int32)
    new[1:] = np.diff(objects) != 0
    dense = np.cumsum(new, dtype=np.int32)
    return ShareArrays(
        dense, shares.accounts[keep], shares.times_us[keep], group_starts(dense),
        shares.account_count,
    )  # fmt: skip


def _renumbered(kinds: Mapping[str, _Left]) -> tuple[Int32s, dict[str, _Left]]:
    """Accounts numbered from 0 without a gap; and for each new number the one before."""
    used = np.zeros(next(iter(kinds.values())).shares.account_count, np.bool_)
    for one in kinds.values():
        used[one.shares.accounts] = True
    numbers = np.flatnonzero(used).astype(np.int32)
    if used.all():
        return numbers, dict(kinds)
    number = np.cumsum(used, dtype=np.int32) - 1
    return numbers, {
        kind: replace(
            one,
            shares=replace(
                one.shares,
                accounts=number[one.shares.accounts].astype(np.int32),
                account_count=len(numbers),
            ),
        )
        for kind, one in kinds.items()
    }


def _same(one: Activity, other: Activity) -> bool:
    return (
        one.resolution_us == other.resolution_us
        and np.array_equal(one.times_us, other.times_us)
        and np.array_equal(one.accounts, other.accounts)
    )
