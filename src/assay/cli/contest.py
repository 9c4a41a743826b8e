"""``assay contest``: what a bundle holds against one account, for the account."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.options import Size, TerminalProgress, out_folder, print_json, quiet_option


@click.command()
@click.argument("path", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.option("--account", required=True, help="Id of the account, such as twitter:123, or handle.")
@out_folder("Folder of the sheet.  [default: contest-ACCOUNT]", required=False)
@click.option("--finding", help="Only this finding. Default: all that name the account.")
@click.option(
    "--most",
    type=click.IntRange(min=0),
    help="Most objects, posts and accounts to leave out, each. Default: all.",
)
@click.option("--no-pdf", is_flag=True, help="Write the sheet as HTML alone.")
@click.option("--memory", type=Size(), help="Memory of the whole run, such as 2GB.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@quiet_option("Show no progress.")
def contest(
    path: Path,
    account: str,
    out: Path | None,
    finding: str | None,
    most: int | None,
    no_pdf: bool,
    memory: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write a defence sheet for one account out of BUNDLE.

    It says in plain words what is alleged and what is not, shows the evidence, makes the
    detection again without each object, each post and each other account, weighs the honest
    explanations, and lists what can be answered. HTML and PDF, made offline; contacts no one.
    """
    from assay.bundle.contest import ContestOptions
    from assay.handover import contest_bundle
    from assay.settings import read_settings
    from assay.workbench import RunOptions

    settings = read_settings()
    progress = TerminalProgress(quiet=quiet or as_json)
    options = RunOptions(
        memory_bytes=memory or settings.memory_bytes,
        threads=settings.threads,
        spill_dir=settings.spill_dir,
        report=False,
    )
    asked = ContestOptions(account=account, finding=finding, most=most)
    try:
        sheet = contest_bundle(path, asked, (out, not no_pdf), options, progress)
    finally:
        progress.finish()
    if as_json:
        print_json(sheet.as_dict())
        return
    for line in sheet.told:
        click.echo(line)
    for file in sheet.files:
        click.echo(file)
    if sheet.no_pdf:
        click.echo(f"no PDF: {sheet.no_pdf}", err=True)
