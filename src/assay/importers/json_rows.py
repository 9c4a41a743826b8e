"""Posts made one by one out of nested JSON, gathered into batches of fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from assay.engine.derive import POST_FIELDS
from assay.engine.read import RawReject, shortened
from assay.importers.base import FieldBatch

PostFields = Mapping[str, Any]
"""Fields of one post; lists are written as JSON text."""


def field_batch(posts: Iterable[tuple[int, PostFields]], rejects: list[RawReject]) -> FieldBatch:
    """Rows of fields as one batch of string columns."""
    rows: list[int] = []
    columns: dict[str, list[str | None]] = {name: [] for name in POST_FIELDS}
    for row, post in posts:
        rows.append(row)
        for name, values in columns.items():
            values.append(_as_text(post.get(name)))
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return FieldBatch(table, np.asarray(rows, dtype=np.int64), rejects)


def refused(row: int, value: Any, column: str | None, reason: str) -> RawReject:
    """A JSON value that is no post."""
    return RawReject(row, column, reason, shortened(json.dumps(value, ensure_ascii=False)))


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A lone surrogate (half an emoji, cut by the exporter) is no valid text.
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False) if value else None
    return str(value)
