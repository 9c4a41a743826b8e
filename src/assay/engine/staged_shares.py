"""Shares as derived, unsorted, one file per kind: written as they come."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


def shares_of_kind(kind: str, columns: dict[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Columns of :data:`STAGED_SHARES` but for the kind, which is the same for all."""
    count = len(columns["account_id"])
    kinds = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(count, np.int8)), pa.array([kind], pa.string())
    )
    return pa.table({"kind": kinds, **columns}).select(STAGED_SHARES.names).cast(STAGED_SHARES)


class StagedSharesWriter:
    """Writes shares of all kinds into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pa.ipc.RecordBatchStreamWriter] = {}
        self._files: list[pa.OSFile] = []

    def write(self, shares: pa.Table) -> None:
        """Add shares; a stretch of one kind is written as it is."""
        for batch in shares.to_batches():
            kinds = batch.column("kind")
            rest = batch.select(_OF_ONE_KIND.names)
            codes = kinds.indices.to_numpy()
            for code in np.unique(codes).tolist():
                own = rest if (codes == code).all() else rest.filter(pa.array(codes == code))
                self._writer(kinds.dictionary[code].as_py()).write_batch(own)

    def close(self) -> None:
        """Finish all files."""
        for writer in self._writers.values():
            writer.close()
        for file in self._files:
            file.close()

    def _writer(self, kind: str) -> pa.ipc.RecordBatchStreamWriter:
        if kind not in self._writers:
            file = pa.OSFile(str(self._folder / f"{_BEGIN}{kind}.arrow"), "wb")
            self._files.append(file)
            self._writers[kind] = pa.ipc.new_stream(file, _OF_ONE_KIND)
        return self._writers[kind]


def staged_kinds(folder: Path) -> list[str]:
    """The kinds that a folder holds shares of."""
    return sorted(path.stem.removeprefix(_BEGIN) for path in folder.glob(f"{_BEGIN}*.arrow"))


def open_staged(folder: Path, kind: str) -> pa.RecordBatchReader | None:
    """The shares of one kind, batch by batch; None if there are none."""
    path = folder / f"{_BEGIN}{kind}.arrow"
    return pa.ipc.open_stream(pa.OSFile(str(path))) if path.exists() else None


def staged_bytes(folder: Path, kind: str) -> int:
    """How much room the shares of one kind take."""
    path = folder / f"{_BEGIN}{kind}.arrow"
    return path.stat().st_size if path.exists() else 0


def without_rows(table: pa.Table, rows: pa.Array) -> pa.Table:
    """The table without these values of its column ``row``."""
    return table.filter(pc.invert(pc.is_in(table["row"], rows))) if len(rows) else table
