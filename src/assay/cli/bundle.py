"""``assay bundle``: a finished run as one file that a stranger can check and rerun."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import TerminalProgress, out_file, print_json, quiet_option
from assay.cli.pseudonymise import nameless_run, pseudonym_options

if TYPE_CHECKING:
    from assay.bundle.contents import Description


@click.command()
@click.argument("run", metavar="OUT", type=click.Path(path_type=Path))
@out_file("The file to write, such as case.zip.")
@click.option(
    "--dataset",
    type=click.Path(path_type=Path),
    help="The dataset that the run read, where it does not lie in OUT.",
)
@click.option(
    "--operator",
    help="Who ran it, as they wish to be named. Default: not stated; never taken from the machine.",
)
@click.option("--note", help="What the reader should know of it.")
@click.option(
    "--dehydrate",
    is_flag=True,
    help="Leave out texts, names and addresses of posts; keep ids and hashes.",
)
@pseudonym_options
@click.option("--json", "as_json", is_flag=True, help="Say what was packed as JSON.")
@quiet_option("Show no progress.")
def bundle(
    run: Path,
    out: Path,
    dataset: Path | None,
    operator: str | None,
    note: str | None,
    dehydrate: bool,
    as_json: bool,
    quiet: bool,
    **values: Any,
) -> None:
    """Pack the run in OUT, its data and its evidence into one file.

    The file holds everything that is needed to check the figures, to make them again and to
    contest them, and the history of every run into OUT. The same run gives the same bytes.
    With --pseudonymise the run is made again under pseudonyms first.
    """
    from assay.bundle.pack import PackOptions
    from assay.handover import bundle_run
    from assay.model.dataset import Dataset, RunFolder
    from assay.model.units import format_bytes

    progress = TerminalProgress(quiet=quiet or as_json)
    options = PackOptions(operator=operator, note=note, dehydrate=dehydrate)
    try:
        data = None if dataset is None else Dataset(dataset)
        with nameless_run(RunFolder(run), data, values, progress) as shown:
            data = data if shown.folder == run else None
            packed = bundle_run(shown, data, out, options, progress)
    finally:
        progress.finish()
    told = packed.description
    if as_json:
        print_json(
            {
                "path": str(packed.path),
                "bytes": packed.bytes,
                "files": packed.files,
                "fingerprint": packed.sha256,
                "operator": told.operator,
                "dehydrated": told.dehydrated,
                "runs": told.runs,
                "settings": told.settings,
            }
        )
        return
    click.echo(f"{packed.path} ({packed.files:,} files, {format_bytes(packed.bytes)})")
    click.echo(f"  fingerprint  {packed.sha256}  (SHA-256 of SHA256SUMS)")
    click.echo(f"  run by       {told.operator or 'not stated (--operator NAME)'}")
    click.echo(f"  tried        {_tried(told)}")
    click.echo(f"  check it     assay verify {packed.path}")


def _tried(told: Description) -> str:
    from assay.report.words import counted

    return f"{counted(told.runs, 'run')} into this folder, {counted(told.settings, 'setting')}"
