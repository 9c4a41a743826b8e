"""Accounts of a table or dataset, batch by batch, columns found by their usual names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.json as pa_json
import pyarrow.parquet as pq

from assay.errors import InputError
from assay.identities.weigh import Account
from assay.lexicon.columns import column_names, folded
from assay.model.dataset import Dataset

BATCH_ROWS = 50_000
_FIELDS = (
    "account_id", "platform", "handle", "display_name", "bio", "url", "created_at", "avatar_hash",
    "avatar", "status",
)  # fmt: skip
_FIRST_SEEN = folded("first_seen_at")
_TRUE = frozenset({"true", "1", "yes", "t"})
_CSV = {".csv": ",", ".tsv": "\t", ".txt": "\t"}


def read_accounts(path: Path) -> Iterator[list[Account]]:
    """The accounts, in batches.

    Args:
        path: A dataset's folder, or a table as CSV, TSV, NDJSON or Parquet.

    Raises:
        InputError: The file is missing or cannot be read, or has neither handles nor names.
    """
    if path.is_dir():
        path = Dataset(path).accounts
    if not path.is_file():
        raise InputError(
            "there are no accounts", fix="name a table of accounts or a dataset", file=path
        )
    try:
        row = 0
        for batch in _batches(path):
            yield _accounts(batch, path, row)
            row += len(batch)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the accounts cannot be read: {error}",
            fix="save them as CSV (UTF-8), NDJSON or Parquet",
            file=path,
        ) from error


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        yield from pq.ParquetFile(path).iter_batches(BATCH_ROWS)
    elif suffix in _CSV:
        # Ids and names stay text: an id read as a number loses digits, a handle its zeros.
        with pa_csv.open_csv(path, parse_options=_parsing(path)) as reader:
            names = reader.schema.names
        with pa_csv.open_csv(
            path,
            parse_options=_parsing(path),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        ) as reader:
            yield from reader
    elif suffix in {".json", ".ndjson", ".jsonl"}:
        yield from pa_json.read_json(path).to_batches(BATCH_ROWS)
    else:
        raise InputError(
            f"tables that end in {suffix!r} are not read", fix="save it as CSV or Parquet",
            file=path,
        )  # fmt: skip


def _parsing(path: Path) -> pa_csv.ParseOptions:
    return pa_csv.ParseOptions(delimiter=_CSV[path.suffix.lower()], newlines_in_values=True)


def _accounts(batch: pa.RecordBatch, path: Path, before: int) -> list[Account]:
    columns = _columns(batch, path)
    values = {name: _texts(batch.column(place)) for name, place in columns.items()}
    empty = [""] * len(batch)
    told = [values.get(name, empty) for name in (*_FIELDS, "first_seen")]
    verified = [one.strip().lower() in _TRUE for one in values.get("verified", empty)]
    return [
        Account(
            account_id=number or _id_of(platform, handle) or name,
            platform=platform,
            handle=handle,
            display_name=name,
            bio=bio,
            url=url,
            verified=badge,
            created_at=created,
            avatar=picture or digest,
            status=status,
            first_seen=first,
            row=before + place,
        )
        for place, (badge, number, platform, handle, name, bio, url, created, digest, picture,
                    status, first)
        in enumerate(zip(verified, *told, strict=True), 1)
    ]  # fmt: skip


def _id_of(platform: str, handle: str) -> str:
    """An id for an account that has none: one handle on two platforms is two accounts."""
    return f"{platform}:{handle}" if platform and handle else handle


def _columns(batch: pa.RecordBatch, path: Path) -> dict[str, int]:
    have = {folded(name): place for place, name in reversed(list(enumerate(batch.schema.names)))}
    found: dict[str, int] = {}
    for field in (*_FIELDS, "verified"):
        for spelling in column_names().accounts[field]:
            if spelling in have:
                found[field] = have[spelling]
                break
    if _FIRST_SEEN in have:
        found["first_seen"] = have[_FIRST_SEEN]
    if not {"handle", "display_name"} & set(found):
        raise InputError(
            "the table has neither handles nor display names",
            fix="name a column handle or display_name; there are "
            + ", ".join(batch.schema.names[:20]),
            file=path,
        )
    return found


def _texts(column: Any) -> list[str]:
    return [str(value) if value is not None else "" for value in column.to_pylist()]
