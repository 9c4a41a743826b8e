"""Options that commands of the case work share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from assay.model.case import ROLES

Command = TypeVar("Command", bound=Callable[..., Any])


def store_options(command: Command) -> Command:
    """The database and its keys."""
    command = click.option(
        "--keys",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of the signing key and the newest checkpoint.  [default: DATABASE.keys]",
    )(command)
    return click.option(
        "--database",
        required=True,
        metavar="FILE|URL",
        help="An SQLite file, or postgresql://USER@HOST/DATABASE.",
    )(command)


def actor_options(command: Command) -> Command:
    """Who acts or looks."""
    command = click.option(
        "--role", type=click.Choice(ROLES), required=True, help="In which role."
    )(command)
    return click.option(
        "--by", required=True, metavar="ACCOUNT", help="Who: an account's id, no real name."
    )(command)
