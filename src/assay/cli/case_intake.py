"""``assay case intake``: notices that came by e-mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.case_options import actor_options
from assay.errors import EXIT_INPUT, InputError
from assay.model.case import NOTICE_KINDS, Actor


@click.command()
@click.argument(
    "letters",
    nargs=-1,
    required=True,
    metavar="FILE.eml...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--kind",
    type=click.Choice(list(NOTICE_KINDS)),
    required=True,
    help="Of all these notices, as a person reads them.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    required=True,
    help="Folder of the house, as `assay serve` has it.",
)
@click.option(
    "--database",
    metavar="FILE|URL",
    help="Another SQLite file, or postgresql://USER@HOST/DATABASE.  [default: DATA/cases.db]",
)
@click.option("--url", required=True, help="Address of the house; secret links begin with it.")
@actor_options
def intake(
    letters: tuple[Path, ...],
    kind: str,
    data: Path,
    database: str | None,
    url: str,
    by: str,
    role: Any,
) -> None:
    """Take in notices that came as e-mail files; what is missing is told to their senders.

    Each becomes a notice by its sender, with the letter and its attachments as evidence. Receipts,
    and what an incomplete notice lacks, wait in the outbox of the house until `assay serve` runs.
    Nothing is fetched. A broken file is told and does not stop the others; the exit code is then 3.
    """
    from assay.web.house import ServeOptions, open_house
    from assay.web.incoming import take_letter
    from assay.web.letter_in import read_letter

    house = open_house(ServeOptions(data, database, url))
    if house.setup_token is not None:
        raise InputError("this house is not set up yet", fix="run assay serve first", file=data)
    broken = 0
    for path in letters:
        try:
            letter = read_letter(path.read_bytes(), path.name)
            taken = take_letter(house, kind, letter, Actor(by, role))
        except InputError as error:
            broken += 1
            click.echo(f"{path}: {error.message}. {error.fix or ''}", err=True)
            continue
        missing = taken.fields["told"] if taken.state == "rejected_incomplete" else ""
        told = ", the sender is told what is missing:" if missing else ""
        click.echo(f"{taken.id}  {path}: {taken.state}{told}")
        for line in missing.splitlines():
            click.echo(f"  {line}")
    if broken:
        raise click.exceptions.Exit(EXIT_INPUT)
