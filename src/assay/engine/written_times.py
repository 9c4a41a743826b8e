"""Columns of written times read as instants: whole columns at once where all are written alike."""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.derived import RowRules
from assay.engine.raw_columns import bytes_of, lengths_and_ends, one_array, trimmed
from assay.model.tables import UTC_US
from assay.text.dates import DAY_S, EPOCH_UNITS, ISO_ZONE
from assay.text.time_tidying import TIDYINGS
from assay.text.zone_names import ZONE_LETTERS, ZONE_OFFSETS

_LOCAL_ISO_BYTES = len("2020-01-01T00:00:00")
_MINUTE_BYTES = len("2020-01-01T00:00")
_ZONE_PLACE = "list_position($zones, regexp_extract(trim(created_at), $letters, 1))"
_BEFORE_ZONE = "regexp_replace(trim(created_at), $letters, '')"
_WITH_LETTERS = {
    "": "created_at",
    "offset": f"{_BEFORE_ZONE} || ' ' || $offsets[{_ZONE_PLACE}]",
    # A zone that has one meaning among others that have several would be read as another's.
    "cut": f"CASE WHEN {_ZONE_PLACE} IS NULL THEN {_BEFORE_ZONE} END",
}
"""SQL of a written time without the letters of its zone, by :attr:`TimeForm.letters`."""


def read_times(
    connection: duckdb.DuckDBPyConnection,
    rules: RowRules,
    column: pa.Array | pa.ChunkedArray,
) -> pa.Array:
    """A column of times as instants; null where one is missing or cannot be read."""
    written = _tidied(rules, one_array(column))
    quick = _read_whole(written, rules)
    if quick is not None:
        return quick
    parameters: dict[str, object] = {}
    expression = _time_expression(rules, parameters)
    connection.register("raw_times", pa.table({"created_at": written}))
    times = connection.sql(
        f"SELECT {expression} AS instant FROM raw_times",  # noqa: S608 - one of four constants
        params=parameters,
    ).to_arrow_table()
    connection.unregister("raw_times")
    return one_array(times["instant"]).cast(UTC_US)


def days_alone(rules: RowRules, column: pa.Array) -> pa.Array:
    """Which times tell only the day in a file whose other times tell more."""
    if rules.time.kind != "iso" or rules.time.resolution_s >= DAY_S:
        return pa.repeat(pa.scalar(False), len(column))
    written = trimmed(_tidied(rules, column))
    return pc.fill_null(pc.equal(pc.utf8_length(written), 10), False)


def time_steps_s(rules: RowRules, written: pa.Array, instants: pa.Array) -> pa.Array:
    """How coarse each time is, in seconds: as its lattice and its writing show, at least.

    Args:
        rules: Their times' ``resolution_s`` is the finest step that the file's sample showed.
        written: The times as the file has them.
        instants: The same times read; nulls give a value without meaning.
    """
    times_us = pc.fill_null(instants.cast(pa.int64()), 0).to_numpy()
    finest_us = max(1, round(rules.time.resolution_s * 1e6))
    steps_s = np.full(len(times_us), finest_us / 1e6)
    finer = np.flatnonzero(times_us % finest_us)
    if len(finer):
        some = times_us[finer]
        found = np.full(len(some), 1e-6)
        for step_us in (1_000, 1_000_000, 60_000_000):
            found[some % step_us == 0] = step_us / 1e6
        steps_s[finer] = found
    if rules.time.kind == "iso":
        steps_s = np.maximum(steps_s, _written_steps_s(_tidied(rules, written)))
    return pa.array(steps_s)


def _tidied(rules: RowRules, written: pa.Array) -> pa.Array:
    """The times as :func:`assay.text.time_tidying.tidied` leaves them, where the form wants it."""
    if rules.time.tidy:
        written = pc.utf8_trim_whitespace(written)
        for expression, plain in TIDYINGS:
            written = pc.replace_substring_regex(written, expression, plain)
    return written


def _written_steps_s(written: pa.Array) -> npt.NDArray[np.float64]:
    """How coarse ISO times are written: a day, a minute, or 0 for anything finer."""
    steps_s = np.zeros(len(written))
    if _all_tell_seconds(written):
        return steps_s
    bare = trimmed(written)
    second = pc.utf8_slice_codeunits(bare, _MINUTE_BYTES, _MINUTE_BYTES + 1)
    without_seconds = pc.fill_null(pc.not_equal(second, ":"), False)
    steps_s[without_seconds.to_numpy(zero_copy_only=False)] = 60.0
    days = pc.fill_null(pc.equal(pc.utf8_length(bare), 10), False)
    steps_s[days.to_numpy(zero_copy_only=False)] = DAY_S
    return steps_s


def _all_tell_seconds(written: pa.Array) -> bool:
    """Whether all times are plainly written to the second: as long as each other, and digits."""
    lengths, _ = lengths_and_ends(written)
    if not len(lengths) or lengths.min() != lengths.max() or lengths[0] < _LOCAL_ISO_BYTES:
        return False
    offsets, data = bytes_of(written.drop_null() if written.null_count else written)
    letters = data[offsets[0] : offsets[-1]].reshape(len(lengths), -1)
    digits = (letters[:, 0] - ord("0")) < 10  # unsigned: what lies below wraps around
    return bool(digits.all() and (letters[:, _MINUTE_BYTES] == ord(":")).all())


def _read_whole(written: pa.Array, rules: RowRules) -> pa.Array | None:
    """The times read without the engine, if they are all written in one of the plainest ways."""
    if rules.time.letters:
        return None
    if rules.time.kind == "epoch":
        return _whole_epochs(written, EPOCH_UNITS[rules.time.epoch or "s"])
    if rules.time.kind == "iso":
        return _plain_iso(written, rules.timezone)
    told = rules.time.zoned or rules.timezone == "UTC"
    if rules.time.kind == "typed" and told and pa.types.is_timestamp(written.type):
        return written.cast(UTC_US)
    return None


def _plain_iso(written: pa.Array, timezone: str | None) -> pa.Array | None:
    """Times to the second or finer that all end in Z, or all end with the second and mean UTC."""
    lengths, lasts = lengths_and_ends(written)
    if not len(lengths):
        return None
    zoned = bool((lasts == ord("Z")).all() and lengths.min() > _LOCAL_ISO_BYTES)
    local = timezone == "UTC" and bool((lengths == _LOCAL_ISO_BYTES).all())
    if not (zoned or local):
        return None
    try:
        return written.cast(UTC_US if zoned else pa.timestamp("us")).cast(UTC_US)
    except pa.ArrowInvalid:
        return None


def _whole_epochs(column: pa.Array, per_second: float) -> pa.Array | None:
    """Unix times written as whole numbers, read without the engine; None if some are not."""
    if per_second not in (1, 1_000, 1_000_000):
        return None
    try:
        counts = column.cast(pa.int64())
        return pc.multiply_checked(counts, 1_000_000 // int(per_second)).cast(UTC_US)
    except pa.ArrowInvalid:
        return None


def _time_expression(rules: RowRules, parameters: dict[str, object]) -> str:
    """SQL that reads the column ``created_at`` as an instant; null where it cannot be read.

    Puts what must be bound into ``parameters``.
    """
    form = rules.time
    written = _WITH_LETTERS[form.letters]
    if form.letters:
        parameters |= {"letters": ZONE_LETTERS, "zones": list(ZONE_OFFSETS)}
    if form.letters == "offset":
        parameters["offsets"] = list(ZONE_OFFSETS.values())
    local = " AT TIME ZONE $zone" if rules.timezone else ""
    if rules.timezone and (form.kind == "iso" or not form.zoned):
        parameters["zone"] = rules.timezone
    if form.kind == "epoch":
        scale = 1e6 / EPOCH_UNITS[form.epoch or "s"]
        micros = f"round(TRY_CAST(created_at AS DOUBLE) * {scale!r})"
        return f"make_timestamptz(TRY_CAST({micros} AS BIGINT))"
    if form.kind == "typed":
        return "created_at" if form.zoned else f"(created_at{local})"
    if form.kind == "formats":
        parameters["formats"] = list(form.formats)
        parsed = f"try_strptime({written}, $formats)"
        return parsed if form.zoned else f"({parsed}{local})" if local else "NULL::TIMESTAMPTZ"
    dotted = f"replace({written}, ',', '.')"
    unzoned = f"(TRY_CAST({dotted} AS TIMESTAMP){local})" if local else "NULL::TIMESTAMPTZ"
    return (
        f"CASE WHEN regexp_matches(created_at, '{ISO_ZONE}') "
        f"THEN TRY_CAST(replace(created_at, ',', '.') AS TIMESTAMPTZ) ELSE {unzoned} END"
    )
