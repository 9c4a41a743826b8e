"""``assay import``: exports of posts into a dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import (
    Size,
    TerminalProgress,
    out_folder,
    print_json,
    quiet_option,
    with_options,
)
from assay.cli.pseudonymise import pseudonym_options, pseudonyms_of

if TYPE_CHECKING:
    from assay.importers.report import ImportOptions, ImportSummary


def mapping_pairs(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """``field=column`` options as pairs.

    Raises:
        click.BadParameter: One has no ``=``.
    """
    pairs = []
    for value in values:
        field, equals, column = value.partition("=")
        if not (equals and field.strip() and column):
            raise click.BadParameter(f"{value!r}: write FIELD=COLUMN, such as text=message")
        pairs.append((field.strip(), column))
    return tuple(pairs)


def import_options(
    settings_memory_bytes: int | None, threads: int, values: dict[str, Any]
) -> ImportOptions:
    """The options of a command that imports, as the importers take them."""
    from assay.importers.report import ImportOptions

    return ImportOptions(
        mapping=mapping_pairs(values["mapping"]),
        platform=values["platform"],
        timezone=values["timezone"],
        time_format=values["time_format"],
        format=values["format"],
        encoding=values["encoding"],
        unshortened=values["unshortened"],
        accounts=values["accounts"],
        memory_bytes=values["memory"] or settings_memory_bytes,
        threads=threads,
    )


def reading_options(command: click.decorators.FC) -> click.decorators.FC:
    """The options that every command which reads files of posts has."""
    return with_options(
        command,
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="FIELD=COLUMN",
            help="Which column holds a field, or a kind of object in a share table; repeatable.",
        ),
        click.option("--platform", help="Platform of the accounts, such as twitter."),
        click.option("--timezone", help="Zone of times that name none: UTC, Europe/Berlin."),
        click.option("--time-format", help="How times are written, such as '%d/%m/%Y %H:%M'."),
        click.option("--format", help="Read as this format without asking what it looks like."),
        click.option("--encoding", help="Encoding of text files, such as cp1252."),
        click.option(
            "--unshortened",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Table of short links and their targets.",
        ),
        click.option(
            "--accounts",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            multiple=True,
            help="Table of accounts (profiles without posts), whatever it looks like; repeatable.",
        ),
    )


@click.command("import")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@out_folder("Folder of the dataset.")
@reading_options
@pseudonym_options
@click.option("--memory", type=Size(), help="Memory that the engine may use, such as 2GB.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@quiet_option("Show no progress.")
def import_command(
    inputs: tuple[str, ...], out: Path, as_json: bool, quiet: bool, **values: Any
) -> None:
    """Read exports of posts, tables of shares and tables of accounts into a dataset.

    INPUT are files, folders or patterns: CSV, TSV, NDJSON, JSON or Parquet, plain, .gz or .zst.
    """
    from assay.importers.run import import_files
    from assay.model.dataset import Dataset
    from assay.settings import read_settings

    settings = read_settings()
    options = import_options(settings.memory_bytes, settings.threads, values)
    progress = TerminalProgress(quiet=quiet or as_json)
    pseudonyms = pseudonyms_of(values)
    try:
        if pseudonyms is None:
            summary = import_files(inputs, out, options, progress)
        else:
            from assay.bundle.pseudonymised_dataset import import_pseudonymised

            summary = import_pseudonymised(inputs, out, options, pseudonyms, progress)
    finally:
        progress.finish()
    if as_json:
        print_json(json.loads(Dataset(out).manifest.read_text("utf-8")) | {"dataset": str(out)})
    else:
        click.echo(summary_text(summary, out))


def summary_text(summary: ImportSummary, out: Path) -> str:
    """What was imported, in a few lines."""
    shares = ", ".join(f"{count:,} {kind}" for kind, count in sorted(summary.shares.items()))
    lines = [
        f"{summary.read:,} rows read = {summary.kept:,} kept + {summary.rejected:,} rejected",
        f"{summary.posts:,} posts, {summary.accounts:,} accounts, shares: {shares or 'none'}",
        f"dataset: {out}",
    ]
    if summary.time_resolution_s:
        lines.insert(-1, f"times to {summary.time_resolution_s:g} s")
    if summary.without_shares:
        lines.insert(1, f"{summary.without_shares:,} of the kept rows name nothing to share")
    if summary.rejected:
        lines.insert(1, f"why rows were rejected: {out / 'rejects.parquet'}")
    return "\n".join(lines)
