"""``assay report``: write the page of a finished run again."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.options import TerminalProgress, print_json, quiet_option


@click.command()
@click.argument("out", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--pseudonymise", hidden=True, help="Refused, with what to do instead.")
@click.option("--json", "as_json", is_flag=True, help="Say what was written as JSON.")
@quiet_option("Show nothing but errors.")
def report(out: Path, pseudonymise: str | None, as_json: bool, quiet: bool) -> None:
    """Write OUT/report.html and OUT/pictures from the tables of a finished run.

    OUT is the folder that `assay scan … -o OUT` or `assay detect … -o OUT` wrote. The page is one
    file that opens from disk and contacts no one; the same run gives the same page.
    """
    from assay.errors import UsageError
    from assay.model.dataset import RunFolder
    from assay.model.units import format_bytes
    from assay.report.page import write_report

    if pseudonymise is not None:
        raise UsageError(
            "a report shows what lies beside it, and no pseudonyms can be laid over that",
            fix=f"assay scan {out / 'dataset'} -o NEW --pseudonymise {pseudonymise} makes the run "
            "again with a report that names nobody; export and bundle take --pseudonymise",
        )
    progress = TerminalProgress(quiet=quiet or as_json)
    summary = write_report(RunFolder(out), progress)
    progress.finish()
    if as_json:
        print_json(summary.as_dict())
    elif not quiet:
        click.echo(f"{out / summary.path} ({format_bytes(summary.bytes)})")
        if summary.left_out_pairs:
            click.echo(
                f"  {summary.left_out_pairs:,} pairs of posts did not fit; they are in evidence/"
            )
        if summary.pictures:
            click.echo(f"  {len(summary.pictures)} pictures in {out / 'pictures'}")
