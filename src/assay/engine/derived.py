"""What is derived from raw rows: the rules that hold for them, and the tables that come of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.read import RawReject, shortened
from assay.text.dates import TimeForm


@dataclass(frozen=True)
class RowRules:
    """What holds for every row of one file.

    Attributes:
        source: The file's name, as the tables cite it.
        id_prefix: Stands in for a missing post id, before the row number.
        platform: Platform of rows that name none.
        time: How times are written.
        timezone: Zone of times that say none; None if such times are rejects.
        latest: Times after it are rejects.
        infer_reposts: ``RT @name:`` at the head of a text makes it a repost.
        columns: What the file calls each field, for what is told of single rows.
    """

    source: str
    id_prefix: str
    platform: str
    time: TimeForm
    timezone: str | None
    latest: datetime
    infer_reposts: bool = True
    columns: Mapping[str, str] = field(default_factory=dict)

    def in_file(self, name: str) -> str:
        """What the file calls a field."""
        return self.columns.get(name, name)


@dataclass(frozen=True)
class Derived:
    """What one batch gave; ``kept`` counts the rows that were used."""

    posts: pa.Table
    shares: pa.Table
    accounts: pa.Table
    rejects: list[RawReject]
    kept: int


def reasons(
    tests: tuple[tuple[pa.Array | pa.ChunkedArray, str, str], ...], count: int
) -> tuple[pa.Array, pa.Array]:
    """The first test that each row fails, in words, and the column that it speaks of.

    Args:
        tests: Which rows fail (null counts as passed), why, and the column at fault.
        count: Number of rows.
    """
    reason = column = pa.nulls(count, pa.string())
    for failed, words, name in reversed(tests):
        broken = pc.fill_null(failed, False)
        if pc.any(broken).as_py():
            reason = pc.if_else(broken, words, reason)
            column = pc.if_else(broken, name, column)
    return reason, column


def read_rejects(fields: pa.Table, typed: pa.Table, rules: RowRules) -> list[RawReject]:
    """The rows of a step's table that have a reason, with what the file says in them."""
    names = [rules.in_file(name) for name in fields.column_names]
    broken = pc.is_valid(typed["reason"])
    if not pc.any(broken).as_py():
        return []
    kept = typed.select(["row", "reason", "reason_column"]).filter(broken).to_pylist()
    return [
        RawReject(
            found["row"],
            rules.in_file(_held_by(found["reason_column"], fields.column_names)),
            found["reason"],
            shortened(
                " | ".join(
                    f"{name}={value}"
                    for name, value in zip(names, raw.values(), strict=True)
                    if value is not None
                )
            ),
        )
        for found, raw in zip(kept, fields.filter(broken).to_pylist(), strict=True)
    ]


def _held_by(name: str, given: Sequence[str]) -> str:
    """The field that stands for one that the file lacks: handles for ids, the first object."""
    stand_ins = {"account_id": ("handle", "display_name"), "object_id": ("object_0",)}
    return next((one for one in (name, *stand_ins.get(name, ())) if one in given), name)
