"""Options that commands of the case work share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from assay.errors import UsageError
from assay.model.case import ROLES, Actor

Command = TypeVar("Command", bound=Callable[..., Any])
_KEYS = click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the signing key and the newest checkpoint.  [default: DATABASE.keys]",
)


@dataclass(frozen=True)
class Place:
    """Where records are kept, and who acts or looks.

    Attributes:
        database: The store; empty where a server keeps it.
        keys: The store's key folder; None means the one beside the database.
        actor: Whom the store takes at their word; a server knows them by their token.
        server: The address of a house that is served.
    """

    database: str
    keys: Path | None
    actor: Actor
    server: str | None


def place_options(command: Command) -> Callable[..., None]:
    """The store and who acts, or a server; the command gets them as one ``place``."""

    @click.option(
        "--server",
        metavar="URL",
        help="A house that is served, in place of a database; the token comes from ASSAY_TOKEN.",
    )
    @click.option(
        "--database", metavar="FILE|URL", help="An SQLite file, or postgresql://USER@HOST/DATABASE."
    )
    @_KEYS
    @click.option("--by", metavar="ACCOUNT", help="With a database, who: an account's id.")
    @click.option("--role", type=click.Choice(ROLES), help="With a database, in which role.")
    @wraps(command)
    def placed(
        *args: Any,
        server: str | None,
        database: str | None,
        keys: Path | None,
        by: str | None,
        role: Any,
        **said: Any,
    ) -> None:
        if (server is None) == (database is None):
            raise UsageError("say where the records are", fix="either --database or --server")
        if server is not None and (keys, by, role) != (None, None, None):
            raise UsageError(
                "a server knows who asks by the token",
                fix="leave --by, --role and --keys out",
            )
        if database is not None and (by is None or role is None):
            raise UsageError("a database is told who acts", fix="say --by and --role")
        command(*args, place=Place(database or "", keys, Actor(by or "", role), server), **said)

    return placed


def store_options(command: Command) -> Command:
    """The database and its keys."""
    return click.option(
        "--database",
        required=True,
        metavar="FILE|URL",
        help="An SQLite file, or postgresql://USER@HOST/DATABASE.",
    )(_KEYS(command))


def actor_options(command: Command) -> Command:
    """Who acts or looks."""
    command = click.option(
        "--role", type=click.Choice(ROLES), required=True, help="In which role."
    )(command)
    return click.option(
        "--by", required=True, metavar="ACCOUNT", help="Who: an account's id, no real name."
    )(command)


def list_line(identity: str, kind: str, state: str, version: int) -> str:
    """A record in a list."""
    return f"{identity}  {kind:<9} {state:<19} v{version}"
