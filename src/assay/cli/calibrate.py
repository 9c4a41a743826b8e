"""``assay calibrate``: how often the tests err, and what they find, where the truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import TerminalProgress, comma_list, out_folder, print_json, quiet_option
from assay.errors import UsageError
from assay.model.units import parse_duration_s

if TYPE_CHECKING:
    from assay.laboratory.calibrate import Calibration
    from assay.laboratory.calibrate_report import Calibrated


@click.command()
@click.argument("dataset", required=False, type=click.Path(path_type=Path))
@out_folder("Folder to write to. Runs that are finished there are used again.")
@click.option("--runs", default=40, show_default=True, help="Runs of each kind of world.")
@click.option(
    "--worlds",
    help="Some of the worlds, such as bursts,feeds; none for DATASET alone. Default: all.",
)
@click.option("--window", help="Windows, such as 20s,60s. Default: each world's own.")
@click.option("--seed", default=1, show_default=True, help="Of all worlds.")
@click.option("--fdr", default=0.05, show_default=True, help="False discovery rate of the gate.")
@click.option("--shrinkage", help="κ of the gate's null; several as 5,20. Default: the gate's.")
@click.option("--no-peers", is_flag=True, help="Leave the peers' rules out.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@quiet_option("Show no progress.")
def calibrate(out: Path, as_json: bool, quiet: bool, **values: Any) -> None:
    """Measure how often the tests err, and what they find.

    Simulates worlds in which honest accounts look alike, with and without groups that act
    together, and lets the gate, the comparison nulls and the peers' rules judge them. OUT gets
    the tables, calibration.json and calibration.html. DATASET, which `assay import` made (or the
    folder of a run), is judged as well after its timing was made anew, so that every edge is
    false.
    """
    calibration = _calibration(values)
    from assay.laboratory.calibrate import calibrate as run
    from assay.laboratory.calibrate_page import write_page
    from assay.laboratory.calibrate_report import as_json as told
    from assay.laboratory.calibrate_report import summarise, write_calibration

    progress = TerminalProgress(quiet=quiet or as_json)
    try:
        outcomes = run(calibration, out, progress)
    finally:
        progress.finish()
    calibrated = summarise(calibration, outcomes)
    write_calibration(calibrated, out)
    page = write_page(calibrated, out)
    if as_json:
        print_json(told(calibrated))
        return
    _print(calibrated)
    click.echo(f"\n{page}")


def _calibration(values: dict[str, Any]) -> Calibration:
    from assay.laboratory.calibrate import Calibration
    from assay.laboratory.calibrate_run import Judging
    from assay.settings import read_settings

    shrinkages = {}
    if values["shrinkage"]:
        shrinkages["shrinkages"] = tuple(map(_number, comma_list(values["shrinkage"])))
    return Calibration(
        worlds=tuple(comma_list(values["worlds"] or "")),
        runs=values["runs"],
        judging=Judging(
            seed=values["seed"],
            windows_s=tuple(sorted(map(parse_duration_s, comma_list(values["window"] or "")))),
            fdr=values["fdr"],
            peers=not values["no_peers"],
            dataset=None if values["dataset"] is None else str(values["dataset"].resolve()),
        ),
        processes=read_settings().threads,
        **shrinkages,
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{text!r} is no number", fix="write --shrinkage 5,20") from None


def _print(calibrated: Calibrated) -> None:
    from assay.laboratory.calibrate_text import level_lines, rate_lines, target_lines

    for lines in (rate_lines(calibrated), level_lines(calibrated), target_lines(calibrated)):
        click.echo("\n".join(lines) + "\n")
