"""Columns of raw strings made ids and times."""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.derived import RowRules
from assay.model.tables import UTC_US
from assay.text.dates import DAY_S, EPOCH_UNITS, ISO_ZONE


def time_expression(rules: RowRules, parameters: dict[str, object]) -> str:
    """SQL that reads the column ``created_at`` as an instant; null where it cannot be read.

    Puts what must be bound into ``parameters``.
    """
    form = rules.time
    local = " AT TIME ZONE $zone" if rules.timezone else ""
    if rules.timezone and (form.kind == "iso" or not form.zoned):
        parameters["zone"] = rules.timezone
    if form.kind == "epoch":
        scale = 1e6 / EPOCH_UNITS[form.epoch or "s"]
        return (
            f"make_timestamptz(CAST(round(TRY_CAST(created_at AS DOUBLE) * {scale!r}) AS BIGINT))"
        )
    if form.kind == "typed":
        return "created_at" if form.zoned else f"(created_at{local})"
    if form.kind == "formats":
        parameters["formats"] = list(form.formats)
        parsed = "try_strptime(created_at, $formats)"
        return parsed if form.zoned else f"({parsed}{local})" if local else "NULL::TIMESTAMPTZ"
    unzoned = f"(TRY_CAST(created_at AS TIMESTAMP){local})" if local else "NULL::TIMESTAMPTZ"
    return (
        f"CASE WHEN regexp_matches(created_at, '{ISO_ZONE}') "
        f"THEN TRY_CAST(created_at AS TIMESTAMPTZ) ELSE {unzoned} END"
    )


WRITTEN_STEP_S = """
    CASE WHEN length(trim(raw_time)) = 10 THEN 86400.0
         WHEN substr(trim(raw_time), 17, 1) <> ':' THEN 60.0 ELSE 0.0 END
"""
"""SQL: how coarse an ISO time is written, in seconds: a day, a minute, or 0 for anything finer."""


def days_alone(rules: RowRules, column: pa.Array) -> pa.Array:
    """Which times tell only the day in a file whose other times tell more."""
    if rules.time.kind != "iso" or rules.time.resolution_s >= DAY_S:
        return pa.repeat(pa.scalar(False), len(column))
    return pc.fill_null(pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column)), 10), False)


def read_times(
    connection: duckdb.DuckDBPyConnection,
    rules: RowRules,
    column: pa.Array | pa.ChunkedArray,
) -> pa.Array:
    """A column of times as instants; null where one is missing or cannot be read."""
    if rules.time.kind == "epoch":
        whole = _whole_epochs(one_array(column), EPOCH_UNITS[rules.time.epoch or "s"])
        if whole is not None:
            return whole
    parameters: dict[str, object] = {}
    expression = time_expression(rules, parameters)
    connection.register("raw_times", pa.table({"created_at": column}))
    times = connection.sql(
        f"SELECT {expression} AS instant FROM raw_times",  # noqa: S608 - one of four constants
        params=parameters,
    ).to_arrow_table()
    connection.unregister("raw_times")
    return one_array(times["instant"]).cast(UTC_US)


def _whole_epochs(column: pa.Array, per_second: float) -> pa.Array | None:
    """Unix times written as whole numbers, read without the engine; None if some are not."""
    if per_second not in (1, 1_000, 1_000_000):
        return None
    try:
        counts = column.cast(pa.int64())
        return pc.multiply_checked(counts, 1_000_000 // int(per_second)).cast(UTC_US)
    except pa.ArrowInvalid:
        return None


def clean_ids(ids: pa.Array) -> pa.Array:
    """Ids trimmed, empty ones null, ``123.0`` (a float's trace) as ``123``."""
    places = np.flatnonzero(_perhaps_unclean(ids))
    if not len(places):
        return ids
    some = pc.utf8_trim_whitespace(ids.take(pa.array(places)))
    some = pc.replace_substring_regex(some, r"^(\d+)\.0$", r"\1")
    some = pc.if_else(pc.equal(some, ""), pa.scalar(None, pa.string()), some)
    mask = np.zeros(len(ids), bool)
    mask[places] = True
    return pc.replace_with_mask(ids, pa.array(mask), some)


def _perhaps_unclean(ids: pa.Array) -> npt.NDArray[np.bool_]:
    """Where the first or last byte lets an id be empty, begin or end with a blank, or end in .0.

    Most ids are clean, and their ends tell it. Some that are clean are among those found.
    """
    found = np.zeros(len(ids), bool)
    if ids.null_count == len(ids):
        return found
    _, offsets_buffer, data_buffer = ids.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32)[ids.offset : ids.offset + len(ids) + 1]
    lengths = np.diff(offsets)
    if data_buffer is None or not len(data_buffer):
        found[:] = lengths == 0
        return found
    data = np.frombuffer(data_buffer, np.uint8)
    begins, lasts = offsets[:-1], offsets[1:] - 1
    found |= lengths == 0
    found |= np.take(_END_OF_BLANK, data[np.maximum(lasts, 0)])
    found |= np.take(_BEGIN_OF_BLANK, data[np.minimum(begins, len(data) - 1)])
    zeros = np.flatnonzero(data[np.maximum(lasts, 0)] == ord("0"))
    found[zeros] |= data[np.maximum(lasts[zeros] - 1, 0)] == ord(".")
    return found


_BLANKS = [character.encode() for character in map(chr, range(0x3001)) if character.isspace()]
_BEGIN_OF_BLANK, _END_OF_BLANK = np.zeros(256, bool), np.zeros(256, bool)
_BEGIN_OF_BLANK[[blank[0] for blank in _BLANKS]] = True
_END_OF_BLANK[[blank[-1] for blank in _BLANKS]] = True


def with_prefix(prefix: str | pa.Array, ids: pa.Array) -> pa.Array:
    """``prefix:id``; null where the id is."""
    return pc.binary_join_element_wise(prefix, ids, ":")


def one_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The column without chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
