"""``assay case backup`` and ``assay case restore``: a house's records in one file."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.case_options import store_options
from assay.cli.options import out_file
from assay.errors import EXIT_FAILED


@click.command()
@store_options
@out_file("The file to write, such as cases.zip.")
@click.option(
    "--without-key",
    is_flag=True,
    help="Leave the signing key out; to restore, its folder must be kept elsewhere.",
)
def backup(database: str, keys: Path | None, out: Path, without_key: bool) -> None:
    """Copy everything into one file while people go on working: records, log, accounts, letters.

    The file holds personal data, and the signing key unless --without-key says otherwise: keep it
    as safe as the database.
    """
    from assay.cases.store.backup import back_up
    from assay.cases.store.case_store import open_store

    copied = back_up(open_store(database, keys), out, with_key=not without_key)
    key = "with its key" if copied.with_key else "without its key"
    click.echo(f"{out}: {copied.rows['records']} records, {copied.rows['entries']} entries, {key}")


@click.command()
@click.argument("copy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@store_options
def restore(copy: Path, database: str, keys: Path | None) -> None:
    """Make a database from COPY, on SQLite or PostgreSQL whichever it came from, and check it.

    The database must not be there, or be empty. Exit code 4 if the log does not hold.
    """
    from assay.cases.store.backup import restore as restore_copy
    from assay.cases.store.verify import verify
    from assay.errors import UsageError

    if keys is None and "://" in database:
        raise UsageError("the key folder is not named", fix="say --keys FOLDER")
    store = restore_copy(copy, database, keys or Path(database + ".keys"))
    verdict = verify(store)
    click.echo(f"{verdict.records} records, {verdict.entries} entries")
    for fault in verdict.faults:
        click.echo(f"  {fault}")
    click.echo("the log holds" if verdict.holds else "the log does not hold")
    if not verdict.holds:
        raise click.exceptions.Exit(EXIT_FAILED)
