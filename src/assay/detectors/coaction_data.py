"""What the coaction detector works on: shares by number, their resolution, the user's cap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.detectors.arrays import (
    ShareArrays,
    detect_resolution_us,
    first_flags,
    only_objects,
    share_arrays,
    taken,
)
from assay.detectors.base import DetectorContext
from assay.detectors.coaction_steps import account_codes, coded_shares, object_codes
from assay.detectors.share_reader import CodedShares, read_coded_shares
from assay.detectors.wording import counted
from assay.model.dataset import Dataset


def shares_by_kind(dataset: Dataset) -> dict[str, int]:
    """Rows of every kind in the table of shares."""
    counts: Counter[str] = Counter()
    with pq.ParquetFile(dataset.shares) as file:
        place = file.schema_arrow.get_field_index("kind")
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            told = group.column(place).statistics
            # Sorted by kind, nearly all groups of rows hold one alone, and Parquet says which.
            if told is not None and told.has_min_max and told.min == told.max:
                counts[told.min] += group.num_rows
                continue
            for entry in file.read_row_group(number, ["kind"])["kind"].value_counts().to_pylist():
                counts[entry["values"]] += int(entry["counts"])
    return dict(counts)


def coded_shares_of(kinds: tuple[str, ...], context: DetectorContext) -> CodedShares:
    """Shares by number: read in order here, or numbered by an engine that holds them."""
    engine = context.engine
    if engine is None or engine.name == "duckdb":
        return read_coded_shares(context.dataset.shares, kinds)
    engine.add_parquet("shares", context.dataset.shares)
    engine.run(account_codes("shares", kinds))
    account_ids = engine.arrow("account_codes", ("account",))["account_id"].combine_chunks()
    arrays: dict[str, ShareArrays] = {}
    for kind in kinds:
        engine.run(object_codes("shares", kind))
        engine.run(coded_shares("shares", kind))
        table = engine.arrow("coded_shares", ("object", "shared_us", "account"))
        arrays[kind] = share_arrays(table, len(account_ids))
        engine.drop("coded_shares")
        engine.drop("object_codes")
    return CodedShares(account_ids.cast(pa.string()), arrays)


def capped(
    kind: str, shares: ShareArrays, max_sharers: int | None
) -> tuple[ShareArrays, list[str]]:
    """Leave out the objects above the user's cap, and say so."""
    if max_sharers is None:
        return shares, []
    keep = np.diff(taken(shares, first_flags(shares)).starts) <= max_sharers
    left_out = int((~keep).sum())
    if not left_out:
        return shares, []
    lost = len(shares) - int(np.diff(shares.starts)[keep].sum())
    return only_objects(shares, keep), [
        f"By choice of who ran it (--max-sharers {max_sharers}), {counted(left_out, 'object')} of "
        f"kind {kind} with {counted(lost, 'share')} {'was' if left_out == 1 else 'were'} left out; "
        "networks that act on them cannot be seen."
    ]


def declared_resolution_us(dataset: Dataset) -> int:
    """The coarsest time resolution that a source declares; 0 if none does."""
    declared_s = 0.0
    if dataset.posts.exists():
        posts = pq.ParquetFile(dataset.posts)
        for batch in posts.iter_batches(columns=["time_resolution_s"]):
            declared_s = max(declared_s, pc.max(batch.column(0)).as_py() or 0.0)
    return int(declared_s * 1e6)


def resolution_of(kinds: Mapping[str, ShareArrays], declared_us: int) -> int:
    """The coarsest time resolution that a source declares or that all times show, in µs."""
    total = sum(len(shares) for shares in kinds.values())
    shown = min(detect_resolution_us(shares.times_us, total) for shares in kinds.values())
    return max(shown, declared_us)
