"""What somebody put into SQLite's columns by hand that is of another kind than they are.

SQLite keeps any value in any column: a text where bytes belong cannot be read, and a yes that is
written as 2 is one to whoever reads the row and none to a query. PostgreSQL takes neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Table,
    case,
    func,
    select,
    type_coerce,
)

from assay.cases.store.tables import (
    CHECKPOINTS,
    ENTRIES,
    FILES,
    MARKS,
    MEMBERS,
    NODES,
    PROTECTED_REGISTERS,
    RECORDS,
    SEARCHED,
)

_LOOKED_AT = (
    ENTRIES,
    NODES,
    CHECKPOINTS,
    FILES,
    RECORDS,
    SEARCHED,
    MEMBERS,
    MARKS,
    PROTECTED_REGISTERS,
)


def odd_values(connection: Connection) -> Iterator[str]:
    """Each column of the log, and of what is drawn from it, that holds odd values, in words."""
    if connection.dialect.name != "sqlite":
        return
    for table in _LOOKED_AT:
        for name, rows in _odd_rows(connection, table).items():
            if rows:
                yield (
                    f"column {name} of table {table.name} holds what is none of its values, in"
                    f" {rows:,} rows"
                )


def _odd_rows(connection: Connection, table: Table) -> dict[str, int]:
    """How many rows hold an odd value, by column."""
    counted = [
        func.sum(case((_fits(column), 0), else_=1)).label(column.name) for column in table.columns
    ]
    row = connection.execute(select(*counted)).mappings().one()
    return {name: rows or 0 for name, rows in row.items()}


def _fits(column: Column[object]) -> ColumnElement[bool]:
    """Whether a value is of its column's kind, whatever it says."""
    if isinstance(column.type, Boolean):
        fits: ColumnElement[bool] = type_coerce(column, Integer).in_((0, 1))
    else:
        kind = "text"
        if isinstance(column.type, Integer):
            kind = "integer"
        elif isinstance(column.type, LargeBinary):
            kind = "blob"
        fits = func.typeof(column) == kind
    return fits | column.is_(None) if column.nullable else fits
