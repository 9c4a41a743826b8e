"""Connections to SQLite and PostgreSQL: one writer at a time, no acknowledged word lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from assay.errors import InputError

_WRITES = "assay_writes"
_ERASED = "assay_erased"
_ONE_WRITER = 0x4153534159
"""Number of the lock that PostgreSQL's writers take in turn."""
_BUSY_S = 30
_READERS_MS = 2000
"""How long what is erased waits for those who read an older state."""


def connect(database: str) -> Engine:
    """An engine for a path (SQLite) or a PostgreSQL address.

    Raises:
        InputError: The address is none that Assay knows.
    """
    if "://" not in database:
        database = f"sqlite:///{Path(database).absolute()}"
    try:
        url = make_url(database)
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
            return _prepared_postgres(create_engine(url, pool_pre_ping=True))
        if url.get_backend_name() == "sqlite":
            return _prepared_sqlite(create_engine(url, connect_args={"timeout": _BUSY_S}))
    except (ArgumentError, NoSuchModuleError) as error:
        raise InputError("this is no database address", fix=_FIX) from error
    raise InputError("cases are kept in SQLite or PostgreSQL", fix=_FIX)


_FIX = "name a file, or postgresql://USER@HOST/DATABASE"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database from first to last."""
    with _said_plainly(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction of the only writer; committed at the end, or nothing of it happened."""
    with _said_plainly():
        with (
            engine.connect().execution_options(**{_WRITES: True}) as connection,
            connection.begin(),
        ):
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _ONE_WRITER})
            connection.info.pop(_ERASED, None)  # of a transaction that came to nothing
            yield connection
            erased = connection.info.pop(_ERASED, False)
        if erased and engine.dialect.name == "sqlite":
            _move_changes(engine)


def forget(connection: Connection) -> None:
    """Say that the writer erases: once committed, it leaves SQLite's files.

    SQLite writes zeros into its log of changes first, behind the text. While somebody reads an
    older state both stay, until more is erased or the last one closes the database. In PostgreSQL
    ``VACUUM FULL`` does that.
    """
    connection.info[_ERASED] = True


def _move_changes(engine: Engine) -> None:
    """Move SQLite's log of changes into the database, and empty it."""
    # Not SQLAlchemy's connection: that would begin a transaction, within which nothing is moved.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        # Nobody else can write meanwhile.
        cursor.execute(f"PRAGMA busy_timeout={_READERS_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_S * 1000}")
    finally:
        connection.close()


class StoreAway(InputError):
    """The database does not answer as it should; nothing of what was being written is kept."""


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        told = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        raise StoreAway(
            f"the database says: {told}", fix="check that it runs, is a case database, and has room"
        ) from error


def _prepared_postgres(engine: Engine) -> Engine:
    """To compile a query, or start others for it, takes PostgreSQL longer than any of ours runs.

    A plan for whatever is searched for would put the pattern together anew for each row.
    """

    def on_connect(connection: Any, _: object) -> None:
        connection.execute("SET jit = off")
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SET plan_cache_mode = force_custom_plan")
        connection.commit()

    event.listen(engine, "connect", on_connect)
    return engine


def _prepared_sqlite(engine: Engine) -> Engine:
    """Transactions that SQLAlchemy begins itself; a commit is on the disk before it returns.

    What is erased is overwritten with zeros.
    """

    def on_connect(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine
