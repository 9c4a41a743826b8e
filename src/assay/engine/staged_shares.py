"""Shares as derived, unsorted, one file per kind: written as they come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.split_shares import PartsWriter, bounds_of
from assay.model.tables import UTC_US

STAGED_SHARES = pa.schema(
    [
        pa.field("account_id", pa.string()),
        pa.field("kind", pa.dictionary(pa.int8(), pa.string())),
        pa.field("object_id", pa.string()),
        pa.field("post_id", pa.string()),
        pa.field("shared_at", UTC_US),
        pa.field("row", pa.int64()),
    ]
)
"""Shares with the row that they come from."""

_OF_ONE_KIND = pa.schema([field for field in STAGED_SHARES if field.name != "kind"])
_BEGIN = "shares-"
_FREQUENT_ROWS = 1 << 16
"""Of one kind in its first batch, from which on parts are worth their files."""
_PARTS = 8
"""Few enough to sort in their names' order."""


def shares_of_kind(kind: str, columns: dict[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Columns of :data:`STAGED_SHARES` but for the kind, which is the same for all."""
    count = len(columns["account_id"])
    kinds = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(count, np.int8)), pa.array([kind], pa.string())
    )
    return pa.table({"kind": kinds, **columns}).select(STAGED_SHARES.names).cast(STAGED_SHARES)


class StagedSharesWriter:
    """Writes shares of all kinds into a folder, those of a frequent kind in several parts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, PartsWriter] = {}

    def write(self, shares: pa.Table) -> None:
        """Add shares; a stretch of one kind is written as it is."""
        for batch in shares.to_batches():
            kinds = batch.column("kind")
            rest = batch.select(_OF_ONE_KIND.names)
            codes = kinds.indices.to_numpy()
            for code, kind in enumerate(kinds.dictionary.to_pylist()):
                own = codes == code
                if own.all():
                    self._write(kind, rest)
                elif own.any():
                    self._write(kind, rest.filter(pa.array(own)))

    def close(self) -> None:
        """Finish all files."""
        for writer in self._writers.values():
            writer.close()

    def _write(self, kind: str, shares: pa.RecordBatch) -> None:
        if kind not in self._writers:
            # Objects stand in no order of time: where the first ones lie, most others will.
            bounds = bounds_of([shares], _PARTS if len(shares) >= _FREQUENT_ROWS else 1)
            self._writers[kind] = PartsWriter(self._folder, f"{_BEGIN}{kind}", bounds, _OF_ONE_KIND)
        self._writers[kind].write(shares)


def staged_kinds(folder: Path) -> list[str]:
    """The kinds that a folder holds shares of."""
    return sorted({path.stem.split("-")[1] for path in folder.glob(f"{_BEGIN}*-*.arrow")})


def staged_parts(folder: Path, kind: str) -> list[Path]:
    """The files of one kind's shares, in the order of their objects."""
    return sorted(folder.glob(f"{_BEGIN}{kind}-*.arrow"))


def read_staged(path: Path) -> Iterator[pa.RecordBatch]:
    """The shares of one file, batch by batch."""
    with pa.OSFile(str(path)) as file:
        yield from pa.ipc.open_stream(file)


def without_rows(table: pa.Table, rows: pa.Array) -> pa.Table:
    """The table without these values of its column ``row``."""
    return table.filter(pc.invert(pc.is_in(table["row"], rows))) if len(rows) else table
