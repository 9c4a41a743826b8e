"""Options of the commands that hold accounts and domains against a register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import with_options

if TYPE_CHECKING:
    from assay.identities.asked import Protect


class Day(click.ParamType[date]):
    """``2025-04-10``."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read one day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day: write 2025-04-10", param, ctx)


def register_option(command: click.decorators.FC, *, required: bool) -> click.decorators.FC:
    """``--identities``."""
    told = "Register of protected identities (YAML, JSON or CSV)."
    more = "" if required else " Accounts and links are held against it too."
    return _path("--identities", "REGISTER", told + more, required=required)(command)


def since_options(command: click.decorators.FC) -> click.decorators.FC:
    """The options that every comparison with a register has."""
    return with_options(
        command,
        _path(
            "--since",
            "PREVIOUS_OUT",
            "OUT of an earlier run: findings are then of what is new or renamed, and "
            "changes.parquet says what is gone.",
        ),
        click.option(
            "--today",
            type=Day(),
            metavar="DAY",
            help="Day that dates of validity and ages are held against. Default: today, or the "
            "day of the run whose identities.json is REGISTER.",
        ),
    )


def supplied_options(command: click.decorators.FC) -> click.decorators.FC:
    """What may be supplied beside accounts and register."""
    return with_options(
        command,
        _path(
            "--captures",
            "FOLDER",
            "Captured sites of the bodies, one folder for each host: trust.txt, "
            ".well-known/atproto-did, _atproto.txt, pages; or WARC files.",
        ),
        _path("--pictures", "FOLDER", "Pictures of accounts, named by account id or handle."),
        _path(
            "--names", "FILE", "Earlier names: CSV of account_id, seen_at, handle, display_name."
        ),
        _path(
            "--population",
            "ACCOUNTS",
            "Accounts of no concern, some thousands at least: names and words that many bear "
            "are learnt from them and count for less.",
        ),
    )


def _path(
    name: str, metavar: str, told: str, *, required: bool = False
) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """An option that names a file or folder."""
    return click.option(
        name, required=required, metavar=metavar, type=click.Path(path_type=Path), help=told
    )


def asked_of(values: dict[str, Any]) -> Protect:
    """What the options ask for."""
    from assay.identities.asked import Protect

    return Protect(
        identities=values["identities"],
        today=datetime.now(UTC).date(),
        captures=values.get("captures"),
        pictures=values.get("pictures"),
        names=values.get("names"),
        population=values.get("population"),
        since=values["since"],
        day=values["today"],
    )


def told_changes(changes: dict[str, int]) -> str:
    """``2 new, 1 gone``."""
    return ", ".join(f"{count:,} {name}" for name, count in sorted(changes.items()))
