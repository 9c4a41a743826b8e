"""Bring a case database to this version: Alembic, in one transaction of the only writer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect

from assay.cases import migrations
from assay.errors import InputError


def revision(connection: Connection) -> str | None:
    """The version that a database is of."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, target: str = "head") -> str | None:
    """Run the migrations that are still to run; does nothing when there are none.

    Gives the version that the database was of; None if it was empty.

    Args:
        connection: The only writer's.
        target: The version to stop at; the newest unless a copy of an older one is read.

    Raises:
        InputError: The database is of a newer version, or is no case database.
    """
    tables = set(inspect(connection).get_table_names())
    if tables and "alembic_version" not in tables:
        raise InputError("this database holds something else", fix="name an empty one")
    present = revision(connection)
    if present == _newest():
        return present
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, target)
    except CommandError as error:
        raise InputError(
            f"the database is of version {present or target}, which this Assay does not know",
            fix="use the Assay that made it, or a newer one",
        ) from error
    return present


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


@cache
def _newest() -> str | None:
    """The newest version; to find it Alembic loads every migration, which no process changes."""
    return ScriptDirectory.from_config(_config()).get_current_head()
