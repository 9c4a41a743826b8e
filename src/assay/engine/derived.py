"""What is derived from raw rows: the rules that hold for them, and the tables that come of them."""

from __future__ import annotations

from dataclasses import dataclass
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
    """

    source: str
    id_prefix: str
    platform: str
    time: TimeForm
    timezone: str | None
    latest: datetime
    infer_reposts: bool = True


@dataclass(frozen=True)
class Derived:
    """What one batch gave; ``kept`` counts the rows that were used."""

    posts: pa.Table
    shares: pa.Table
    accounts: pa.Table
    rejects: list[RawReject]
    kept: int


def read_rejects(fields: pa.Table, typed: pa.Table) -> list[RawReject]:
    """The rows of a step's table that have a reason, with what the file says in them."""
    broken = pc.is_valid(typed["reason"])
    if not pc.any(broken).as_py():
        return []
    kept = typed.select(["row", "reason", "reason_column"]).filter(broken).to_pylist()
    return [
        RawReject(
            found["row"],
            found["reason_column"],
            found["reason"],
            shortened(" | ".join(f"{k}={v}" for k, v in raw.items() if v is not None)),
        )
        for found, raw in zip(kept, fields.filter(broken).to_pylist(), strict=True)
    ]
