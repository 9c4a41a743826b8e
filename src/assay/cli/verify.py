"""``assay verify``: is a bundle whole, and does every figure in it come out again?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.options import Size, TerminalProgress, print_json, quiet_option

if TYPE_CHECKING:
    from assay.bundle.verdict import Verdict

_MARKS = {"same": "ok ", "different": "NO ", "not done": "-  ", "given": ".  "}


@click.command()
@click.argument("path", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.option(
    "--dataset",
    type=click.Path(path_type=Path),
    help="Data that you hold, to be compared with the bundle's; also a dehydrated one's.",
)
@click.option(
    "--tsa-certificates",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates (PEM) of the authorities whose time stamps count.",
)
@click.option(
    "--engine",
    type=click.Choice(["memory", "duckdb", "spark"]),
    default="memory",
    show_default=True,
    help="What the run is made again on; no figure depends on it.",
)
@click.option("--memory", type=Size(), help="Memory of the whole run, such as 2GB.")
@click.option("--json", "as_json", is_flag=True, help="Print every check as JSON.")
@quiet_option("Show no progress.")
def verify(
    path: Path,
    dataset: Path | None,
    tsa_certificates: Path | None,
    engine: str,
    memory: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Check BUNDLE: checksums, evidence, and every figure by running it again.

    Says line by line what was compared and where it differs: the file and the byte, or the row
    and the column. Exit code 0 where all that could be checked holds, 4 where something differs.
    Contacts no one.
    """
    from assay.bundle.verify import Against
    from assay.errors import EXIT_FAILED
    from assay.handover import verify_bundle
    from assay.model.dataset import Dataset
    from assay.settings import read_settings
    from assay.workbench import RunOptions

    settings = read_settings()
    progress = TerminalProgress(quiet=quiet or as_json)
    options = RunOptions(
        engine=engine,
        memory_bytes=memory or settings.memory_bytes,
        threads=settings.threads,
        spill_dir=settings.spill_dir,
    )
    try:
        held = Against(None if dataset is None else Dataset(dataset), tsa_certificates)
        verdict = verify_bundle(path, held, options, progress)
    finally:
        progress.finish()
    if as_json:
        print_json(verdict.as_dict())
    else:
        click.echo(_told(path, verdict))
    if not verdict.holds:
        click.get_current_context().exit(EXIT_FAILED)


def _told(path: Path, verdict: Verdict) -> str:
    from assay.report.words import counted

    told = verdict.description
    lines = [
        f"{path}: made with Assay {told.version}, run by {told.operator or 'not stated'}",
        f"fingerprint {verdict.fingerprint}",
    ]
    if told.note:
        lines.append(f"note: {told.note}")
    lines.append("")
    for check in verdict.checks:
        lines.append(f"{_MARKS[check.outcome]} {check.name}: {check.detail}")
        lines += [f"      {difference}" for difference in check.differences]
    if verdict.tried:
        runs, settings = counted(told.runs, "run"), counted(told.settings, "different setting")
        lines += ["", f"Tried: {runs} with {settings}", *verdict.tried]
    lines.append("")
    if not verdict.holds:
        wrong = sum(check.outcome == "different" for check in verdict.checks)
        lines.append(f"DOES NOT HOLD: {wrong} of {len(verdict.checks)} checks found a difference.")
    elif verdict.complete:
        lines.append("Holds: every figure came out again.")
    elif not verdict.made_again:
        lines.append("NOT CHECKED: files are as they were packed, but no figure was made again.")
    else:
        lines.append("Holds as far as it could be checked; the lines marked - could not be done.")
    return "\n".join(lines)
