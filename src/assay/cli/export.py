"""``assay export``: write a run's tables in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.options import print_json
from assay.cli.pseudonymise import nameless_run, pseudonym_options

_STEMS = {"graphml": "network", "gexf": "network", "case": "network", "wacz": "evidence"}
"""What a file is called whose name nobody says, where that is not its format's name."""


class FormatName(click.ParamType[str]):
    """The name of an export format, looked up only when a command runs."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse a name that no format has."""
        from assay.exchange.registry import find_exporter, find_record_exporter

        return value if find_record_exporter(value) else find_exporter(value).name


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=FormatName(),
    required=True,
    help="graphml, gexf, csv, case or wacz; of a record: disinfodex, claimreview or mediareview.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="File to write (csv: folder).  [default: beside RUN's tables]",
)
@pseudonym_options
@click.option("--json", "as_json", is_flag=True, help="Name the files as JSON.")
def export(run: Path, format_: str, out: Path | None, as_json: bool, **values: Any) -> None:
    """Write the tables of RUN in another format.

    RUN is the folder that `assay scan` or `assay detect` wrote. graphml and gexf hold the
    network with its statistics; Gephi opens both. csv makes one file per table; case is the
    provenance of the evidence for forensic tools (CASE/UCO); wacz holds the frozen evidence
    itself, for tools of web archives. With --pseudonymise the run is made again under
    pseudonyms first.

    Of a record that `assay read` wrote: disinfodex is a table of disclosures, claimreview and
    mediareview are schema.org's JSON-LD, without a rating.
    """
    from assay.errors import InputError, UsageError
    from assay.exchange.registry import find_exporter, find_record_exporter
    from assay.model.dataset import RunFolder
    from assay.model.progress import Silent
    from assay.model.record_folder import RecordFolder

    if not run.is_dir():
        raise InputError("there is no such run", fix="name a run's folder", file=run)
    of_record = find_record_exporter(format_)
    exporter = of_record or find_exporter(format_)
    stem = _STEMS.get(exporter.name, exporter.name)
    target = out or run / f"{stem}{exporter.suffix}"
    if exporter.suffix and target.is_dir():
        raise UsageError("the output is a folder", fix="name a file", file=target)
    if not exporter.suffix and target.is_file():
        raise UsageError("the output is a file", fix="name a folder", file=target)
    if of_record is not None:
        if values["pseudonymise"] is not None:
            raise UsageError("a record has no pseudonyms", fix="leave --pseudonymise out")
        files = of_record.write(RecordFolder(run), target)
    else:
        with nameless_run(RunFolder(run), None, values, Silent()) as shown:
            files = find_exporter(format_).write(shown, target)
    if as_json:
        print_json({"format": exporter.name, "files": [str(path) for path in files]})
        return
    for path in files:
        click.echo(path)
