"""Texts and names taken out of a dataset and its evidence, their hashes left in.

Ids, times, what was shared and declared affiliations stay, since every figure rests on them; the
words stay behind. ``hashes.parquet`` beside the dataset holds for each row the SHA-256 of what
was taken out, so that whoever holds the texts can show that they are the same.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.parquet_rows import TableStream
from assay.errors import InputError
from assay.model.dataset import Dataset
from assay.model.tables import ACCOUNTS, POSTS, REJECTS, SHARES

TAKEN_OUT: dict[str, tuple[str, ...]] = {
    "posts": ("text", "title", "url", "media"),
    "accounts": ("handle", "display_name", "bio", "url", "avatar_hash"),
    "rejects": ("raw",),
}
"""Columns that become null, by table."""

_SCHEMAS = {"posts": POSTS, "accounts": ACCOUNTS, "rejects": REJECTS}
_IDS = {"posts": "post_id", "accounts": "account_id", "rejects": "source"}
_BATCH_ROWS = 1 << 16

HASHES = pa.schema(
    [
        pa.field("table", pa.string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
    ]
)
"""One row for each row that lost something: table, row from 1, id (post, account or source), and
the SHA-256 of the columns taken out, as JSON with sorted keys, no blanks and UTF-8."""


def dehydrate_dataset(dataset: Dataset, target: Dataset) -> None:
    """Write posts, accounts, rejects without texts, and ``hashes.parquet``, into a folder.

    Shares and the manifest are as they were and are not written.

    Raises:
        InputError: The ids of shared texts are the texts themselves.
    """
    _refuse_plain_texts(dataset)
    target.folder.mkdir(parents=True, exist_ok=True)
    with TableStream(target.folder / "hashes.parquet", HASHES) as hashes:
        for name in TAKEN_OUT:
            _dehydrate_one(name, getattr(dataset, name), getattr(target, name), hashes)


def dehydrate_posts(source: Path, target: Path) -> None:
    """Write a table of posts without its texts, as evidence."""
    _dehydrate_one("posts", source, target, None)


def _dehydrate_one(name: str, source: Path, target: Path, hashes: TableStream | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    first_row = 1
    with pq.ParquetFile(source) as file, TableStream(target, _SCHEMAS[name]) as out:
        for batch in file.iter_batches(_BATCH_ROWS):
            table = pa.Table.from_batches([batch])
            if hashes is not None:
                hashes.write(_hashes(name, table, first_row))
            first_row += len(table)
            for column in TAKEN_OUT[name]:
                place = table.column_names.index(column)
                kind = table.schema.field(place)
                table = table.set_column(place, kind, pa.nulls(len(table), kind.type))
            out.write(table)


def _hashes(name: str, table: pa.Table, first_row: int) -> pa.Table:
    """Hashes of a batch: rows that hold nothing to take out have none."""
    columns = TAKEN_OUT[name]
    rows = table.select([*columns, _IDS[name]]).to_pylist()
    found = [
        (number, row[_IDS[name]], row_hash({column: row[column] for column in columns}))
        for number, row in enumerate(rows, first_row)
        if any(row[column] is not None for column in columns)
    ]
    return pa.table(
        {
            "table": pa.array([name] * len(found), pa.string()),
            "row": pa.array([number for number, _, _ in found], pa.int64()),
            "id": pa.array([one for _, one, _ in found], pa.string()),
            "sha256": pa.array([digest for _, _, digest in found], pa.string()),
        },
        schema=HASHES,
    )


def row_hash(taken_out: dict[str, object]) -> str:
    """SHA-256 of what a row lost: JSON with sorted keys, no blanks, UTF-8, null where nothing."""
    text = json.dumps(taken_out, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_plain_texts(dataset: Dataset) -> None:
    with pq.ParquetFile(dataset.shares) as file:
        for batch in file.iter_batches(_BATCH_ROWS, columns=["kind", "object_id"]):
            texts = batch.filter(pc.equal(batch["kind"], "text"))["object_id"]
            hashed = pc.match_substring_regex(texts, "^[0-9a-f]{32,}$")
            if not pc.all(hashed).as_py() and len(texts):
                raise InputError(
                    "the shared texts stand in the table of shares as they are, and taking them "
                    "out would change the order that figures rest on",
                    fix="import posts, whose texts become hashes, or pack without --dehydrate",
                    file=dataset.shares,
                    column=SHARES.field("object_id").name,
                )
