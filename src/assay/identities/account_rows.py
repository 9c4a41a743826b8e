"""Accounts of a table or dataset, batch by batch, columns found by their usual names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import overload

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.arrow_csv import csv
from assay.errors import InputError
from assay.identities.readable import readable
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
_FIX = "save them as CSV (UTF-8), NDJSON or Parquet"
_CSV = {".csv": ",", ".tsv": "\t", ".txt": "\t"}


def account_table(path: Path) -> Path:
    """The table of a dataset's accounts, or the table itself.

    Raises:
        InputError: There is none.
    """
    if path.is_dir():
        path = Dataset(path).accounts
    if not path.is_file():
        raise InputError(
            "there are no accounts", fix="name a table of accounts or a dataset", file=path
        )
    return path


def count_accounts(path: Path) -> int | None:
    """How many accounts a table holds; None where it says so only when it is read.

    Raises:
        InputError: The file is no Parquet though its name says so.
    """
    if path.suffix.lower() != ".parquet":
        return None
    with readable(path, "the accounts", _FIX):
        return int(pq.read_metadata(path).num_rows)


class AccountBatch(Sequence[Account]):
    """Accounts as columns: a tuple is made only of the few that somebody asks for.

    Args:
        columns: Text by field of :class:`Account`, without nulls; fields that are not known lack.
        rows: How many accounts these are.
        before: Rows of the table before them.
    """

    def __init__(self, columns: Mapping[str, pa.Array], rows: int, before: int = 0) -> None:
        self._columns = columns
        self._rows = rows
        self._before = before

    @classmethod
    def of(cls, accounts: Sequence[Account]) -> AccountBatch:
        """Accounts in memory, numbered as they stand."""
        columns = {
            name: pa.array([getattr(one, name) for one in accounts], pa.string())
            for name in (*_FIELDS, "first_seen")
            if name != "avatar_hash"
        }
        columns["verified"] = pa.array([str(one.verified) for one in accounts], pa.string())
        return cls(columns, len(accounts))

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, place: int) -> Account: ...

    @overload
    def __getitem__(self, place: slice) -> list[Account]: ...

    def __getitem__(self, place: int | slice) -> Account | list[Account]:
        if isinstance(place, slice):
            return [self[one] for one in range(self._rows)[place]]
        if not -self._rows <= place < self._rows:
            raise IndexError(place)
        told = {name: column[place].as_py() for name, column in self._columns.items()}
        platform, handle = told.get("platform", ""), told.get("handle", "")
        name = told.get("display_name", "")
        return Account(
            account_id=told.get("account_id") or _id_of(platform, handle) or name,
            platform=platform,
            handle=handle,
            display_name=name,
            bio=told.get("bio", ""),
            url=told.get("url", ""),
            verified=told.get("verified", "").strip().lower() in _TRUE,
            created_at=told.get("created_at", ""),
            avatar=told.get("avatar") or told.get("avatar_hash", ""),
            status=told.get("status", ""),
            first_seen=told.get("first_seen", ""),
            row=self._before + place % self._rows + 1,
        )

    def names(self, field: str) -> list[str]:
        """All handles without their ``@``, or all display names.

        Args:
            field: ``handle`` or ``display_name``.
        """
        if field not in self._columns:
            return [""] * self._rows
        column = self._columns[field]
        texts: list[str] = (
            pc.ascii_ltrim(column, "@") if field == "handle" else column
        ).to_pylist()
        return texts


def read_accounts(path: Path, after: int = 0) -> Iterator[AccountBatch]:
    """The accounts, in batches.

    Args:
        path: A dataset's folder, or a table as CSV, TSV, NDJSON or Parquet.
        after: Rows at the beginning that are passed over.

    Raises:
        InputError: The file is missing or cannot be read, or has neither handles nor names.
    """
    path, row = account_table(path), 0
    with readable(path, "the accounts", _FIX):
        for batch in _batches(path):
            rest = batch.slice(max(after - row, 0))
            row += len(batch)
            if len(rest):
                yield _accounts(rest, path, row - len(rest))


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        # Read ahead, every part of the file that was read would stay in memory to the end.
        with pq.ParquetFile(path, pre_buffer=False) as file:
            yield from file.iter_batches(BATCH_ROWS)
    elif suffix in _CSV:
        # Ids and names stay text: an id read as a number loses digits, a handle its zeros.
        with csv.open_csv(path, parse_options=_parsing(path)) as reader:
            names = reader.schema.names
        with csv.open_csv(
            path,
            parse_options=_parsing(path),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        ) as reader:
            yield from reader
    elif suffix in {".json", ".ndjson", ".jsonl"}:
        yield from _json_batches(path)
    else:
        raise InputError(
            f"tables that end in {suffix!r} are not read", fix="save it as CSV or Parquet",
            file=path,
        )  # fmt: skip


def _json_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Rows of NDJSON as text, so that ids and names stay as they are written."""
    with path.open(encoding="utf-8-sig") as file:
        rows = (
            _json_row(line, path, number) for number, line in enumerate(file, 1) if line.strip()
        )
        # Rows leave out what is empty: the few of the last block may name no handle at all.
        names: dict[str, None] = {}
        while block := list(islice(rows, BATCH_ROWS)):
            names |= dict.fromkeys(name for row in block for name in row)
            schema = pa.schema([(name, pa.string()) for name in names])
            yield pa.RecordBatch.from_pylist(block, schema=schema)


def _json_row(line: str, path: Path, number: int) -> dict[str, str | None]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"a line is no JSON: {error}", fix="write one account a line, as NDJSON",
            file=path, row=number,
        ) from error  # fmt: skip
    if not isinstance(row, dict):
        raise InputError(
            "a line is no account", fix='write accounts as {"handle": …}, one a line',
            file=path, row=number,
        )  # fmt: skip
    # Half a character, which JSON can write as \ud800, has no place in a table.
    return {
        name: None if value is None else str(value).encode("utf-8", "replace").decode("utf-8")
        for name, value in row.items()
    }


def _parsing(path: Path) -> csv.ParseOptions:
    return csv.ParseOptions(delimiter=_CSV[path.suffix.lower()], newlines_in_values=True)


def _accounts(batch: pa.RecordBatch, path: Path, before: int) -> AccountBatch:
    columns = _columns(batch, path)
    texts = {name: _texts(batch.column(place)) for name, place in columns.items()}
    return AccountBatch(texts, len(batch), before)


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


def _texts(column: pa.Array) -> pa.Array:
    """A column as text, without nulls; values of other types as Python writes them."""
    if pa.types.is_string(column.type):
        return column.fill_null("")
    texts = [str(value) if value is not None else "" for value in column.to_pylist()]
    return pa.array(texts, pa.string())
