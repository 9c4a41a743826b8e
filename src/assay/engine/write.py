"""The one writer of final tables, and the canonical hash of what a table says.

Floats are rounded to 12 significant digits and rows are sorted by the caller's key, so that the
same input, parameters and version give the same content on any engine, thread count and Python.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.content import content_hash
from assay.errors import CheckFailed

__all__ = [
    "SIGNIFICANT_DIGITS",
    "canonical_table",
    "content_hash",
    "file_sha256",
    "round_significant",
    "rounded",
    "write_exact",
    "write_json",
    "write_table",
]

SIGNIFICANT_DIGITS = 12
_POWERS = np.array([float(f"1e{power}") for power in range(-308, 309)])
_DOUBT = 0.01
"""So near to a half, of a number of twelve digits, the exact text decides."""
_EXACT_POWER = 22
"""Powers of ten up to this one are exact floats."""


def round_significant(
    values: npt.NDArray[np.float64], digits: int = SIGNIFICANT_DIGITS
) -> npt.NDArray[np.float64]:
    """Round floats to a number of significant digits; 0, inf and nan stay as they are.

    Every result is the float nearest to its decimal form, so rounding again changes nothing.
    """
    out = np.array(values, dtype=np.float64)
    size = np.abs(out)
    usable = np.isfinite(out) & (size != 0)
    # By comparison, since the last bit of a logarithm differs between libraries.
    exponent = np.searchsorted(_POWERS, size, side="right") - 1 - 308
    shift = digits - 1 - exponent
    # An integer times or over an exact power of ten is the nearest float; the rest (p-values below
    # 1e-11, mostly) goes through text, which is exact.
    quick = usable & (np.abs(shift) <= _EXACT_POWER)
    up = _POWERS[308 + np.clip(shift[quick], 0, _EXACT_POWER)]
    down = _POWERS[308 + np.clip(-shift[quick], 0, _EXACT_POWER)]
    out[quick] = np.rint(out[quick] * up / down) / up * down
    rest = np.flatnonzero(usable & ~quick)
    out[rest] = _through_text(out[rest], shift[rest], digits)
    return out


def _through_text(
    values: npt.NDArray[np.float64], shift: npt.NDArray[np.int64], digits: int
) -> npt.NDArray[np.float64]:
    """Round values that lie far from 1: their digits as a whole number, read with its exponent."""
    up = np.clip(shift, 0, 308)
    scaled = values * _POWERS[308 + up]
    digits_of = np.rint(scaled)
    # The product is off by some 1e-15 of itself: only near a half does that decide the last digit.
    sure = (shift > 0) & (shift <= 308) & (np.abs(np.abs(scaled - digits_of) - 0.5) > _DOUBT)
    out = np.empty(len(values))
    numbers = pa.array(digits_of[sure].astype(np.int64)).cast(pa.string())
    exponents = pa.array(-shift[sure]).cast(pa.string())
    out[sure] = pc.binary_join_element_wise(numbers, exponents, "e").cast(pa.float64()).to_numpy()
    out[~sure] = [float(f"{value:.{digits - 1}e}") for value in values[~sure].tolist()]
    return out


def canonical_table(table: pa.Table, schema: pa.Schema, sort_by: Sequence[str] = ()) -> pa.Table:
    """Cast to the schema, round floats, sort, and drop whatever metadata came along.

    Raises:
        CheckFailed: A column is missing, or a null stands where the schema forbids it.
    """
    columns = []
    for wanted in schema:
        if wanted.name not in table.column_names:
            raise CheckFailed(f"the table lacks the column {wanted.name!r}")
        column = table[wanted.name]
        if pa.types.is_floating(wanted.type):
            nulls = column.is_null().combine_chunks()
            rounded = round_significant(column.to_numpy(zero_copy_only=False))
            column = pc.if_else(nulls, pa.scalar(None, wanted.type), pa.array(rounded))
        column = column.cast(wanted.type)
        if not wanted.nullable and column.null_count:
            raise CheckFailed(f"{column.null_count} nulls in the column {wanted.name!r}")
        columns.append(column)
    result = pa.table(columns, schema=schema)
    if sort_by and len(result):
        result = result.sort_by([(name, "ascending") for name in sort_by])
    return result


def write_table(
    path: Path, table: pa.Table, schema: pa.Schema, sort_by: Sequence[str] = ()
) -> pa.Table:
    """Write a final table whole or not at all, and return what was written."""
    result = canonical_table(table, schema, sort_by)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    # Dictionaries of floats that hardly repeat cost more than they save.
    other = [field.name for field in schema if not pa.types.is_floating(field.type)]
    pq.write_table(result, unfinished, compression="zstd", use_dictionary=other)
    unfinished.replace(path)
    return result


def write_exact(path: Path, table: pa.Table) -> None:
    """Write a table whole or not at all, its floats unrounded: for peers' figures.

    A mean gap of a day's length has too few decimals left after 12 significant digits to be
    compared with a peer's within 1e-9. The suffix says the format: ``.csv``, else Parquet.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    if path.suffix.lower() == ".csv":
        import pyarrow.csv as pa_csv

        pa_csv.write_csv(table, unfinished)
    else:
        pq.write_table(table, unfinished, compression="zstd")
    unfinished.replace(path)


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all: sorted keys, two spaces, UTF-8, floats as in tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(_indented(value, "\n") + "\n", encoding="utf-8")
    unfinished.replace(path)


def _indented(value: Any, margin: str) -> str:
    """JSON as ``json.dumps(rounded(value), indent=2, sort_keys=True)`` writes it.

    That takes four times as long: where it indents, it yields every comma by itself.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        if not value:
            return "{}"
        inner, named = margin + "  ", {str(key): item for key, item in value.items()}
        told = [
            f"{encode_basestring(key)}: {_indented(named[key], inner)}" for key in sorted(named)
        ]
        return f"{{{inner}{f',{inner}'.join(told)}{margin}}}"
    if isinstance(value, list | tuple):
        if not value:
            return "[]"
        inner = margin + "  "
        return f"[{inner}{f',{inner}'.join([_indented(item, inner) for item in value])}{margin}]"
    # Most of what is no text is nothing.
    return "null" if value is None else json.dumps(rounded(value))


def rounded(value: Any) -> Any:
    """The same JSON value with every float rounded to 12 significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}") if np.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


def file_sha256(path: Path, chunk_bytes: int = 1 << 20) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(chunk_bytes):
            digest.update(chunk)
    return digest.hexdigest()
