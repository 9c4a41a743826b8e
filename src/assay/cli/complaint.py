"""``assay complaint``: complaint files for accounts that pose as a body."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.options import print_json


@click.command()
@click.argument("out", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--finding", "findings", multiple=True, metavar="ID", help="Only this finding; repeatable."
)
@click.option("--all", "every", is_flag=True, help="Also for accounts that only resemble a body.")
@click.option("--no-pdf", is_flag=True, help="Write HTML and JSON alone.")
@click.option("--json", "as_json", is_flag=True, help="Say what was written as JSON.")
def complaint(
    out: Path, findings: tuple[str, ...], every: bool, no_pdf: bool, as_json: bool
) -> None:
    """Write a complaint for each account that poses as a body, in its platform's own words.

    OUT is the folder that `assay detect impersonation` or `assay scan --identities` wrote. Leaves
    HTML, PDF and JSON in OUT/complaints, each with the rule quoted and dated, the evidence with its
    hashes, what speaks for the account, and the fields that a person has to fill in and sign.
    """
    from assay.model.dataset import RunFolder
    from assay.report.complaint import write_complaints

    written = write_complaints(RunFolder(out), findings, every=every, pdf=not no_pdf)
    if as_json:
        print_json(
            [
                {
                    "finding": one.finding,
                    "verdict": one.verdict,
                    "files": [str(path) for path in one.files],
                    "no_pdf": one.no_pdf,
                }
                for one in written
            ]
        )
        return
    for one in written:
        click.echo(str(one.files[0]))
    for why in dict.fromkeys(one.no_pdf for one in written if one.no_pdf):
        click.echo(f"no PDF: {why}")
    if not written:
        click.echo("no account poses as a body; --all takes those that resemble one")
