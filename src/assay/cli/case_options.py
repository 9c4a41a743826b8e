"""Options that commands of the case work share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

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
