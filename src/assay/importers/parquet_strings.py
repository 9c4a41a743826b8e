"""Typed columns of Parquet as the strings that a text file would hold."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def field_names(schema: pa.Schema) -> tuple[str, ...]:
    """Names of the columns; the fields of an object are named with a dot, as in JSON."""
    return tuple(schema.empty_table().flatten().column_names)


def as_strings(table: pa.Table) -> pa.Table:
    """The table with columns of strings, named as :func:`field_names` says; times stay times."""
    flat = table.flatten()
    columns = [_as_string(column.combine_chunks()) for column in flat.columns]
    return pa.table(columns, names=flat.column_names)


def _as_string(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_string(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if pa.types.is_floating(kind):
        return _numbers(column)
    if pa.types.is_nested(kind):
        words = _words(column)
        return (
            words
            if words is not None
            else pa.array([_shown(value) for value in column.to_pylist()], pa.string())
        )
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array(
            [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()],
            pa.string(),
        )
    return column.cast(pa.string())


def _numbers(column: pa.Array) -> pa.Array:
    """Numbers with a fraction as they are, whole ones without; what is no number is nothing."""
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    whole = pc.all(pc.equal(column, pc.floor(column)), min_count=0).as_py()
    small = pc.all(pc.less(pc.abs(column), 2.0**53), min_count=0).as_py()
    return (column.cast(pa.int64()) if whole and small else column).cast(pa.string())


def _words(column: pa.Array) -> pa.Array | None:
    """Lists of words as the words with blanks between them; None where words are missing."""
    value = getattr(column.type, "value_type", None)
    if value is None or not (pa.types.is_string(value) or pa.types.is_large_string(value)):
        return None
    lists = column.cast(pa.list_(pa.string()))
    return None if pc.list_flatten(lists).null_count else pc.binary_join(lists, " ")


def _shown(value: object) -> str | None:
    """A list of words as :func:`_words` has it, the missing ones left out; else as Python does."""
    if isinstance(value, list) and all(one is None or isinstance(one, str) for one in value):
        return " ".join(one for one in value if one is not None)
    return None if value is None else str(value)
