"""``assay power``: how small a network could hide in data like these?"""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.detection import coaction_parameters
from assay.cli.options import (
    Size,
    TerminalProgress,
    comma_list,
    out_folder,
    print_json,
    quiet_option,
)
from assay.errors import UsageError
from assay.model.units import parse_duration_s


def _whole_numbers(text: str, option: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in comma_list(text))
    except ValueError as error:
        raise UsageError(
            f"{option} {text!r} is no list of whole numbers", fix=f"write {option} 3,6,12"
        ) from error


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@out_folder("Folder of the results.")
@click.option("--sizes", default="3,6,12,25", show_default=True, help="Accounts of a group.")
@click.option("--objects", default="4,8,16", show_default=True, help="Objects that all share.")
@click.option(
    "--jitter",
    default="20s,200s",
    show_default=True,
    help="Their shares of one object fall within so long.",
)
@click.option("--runs", default=20, show_default=True, help="Plantings of each combination.")
@click.option(
    "--known",
    default=0.5,
    show_default=True,
    help="Share of the objects that others in the data share as well.",
)
@click.option(
    "--kind",
    default=None,
    help="What the groups share. Default: the kind most often shared by several.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of every draw.")
@click.option(
    "--window",
    default=None,
    help="How close in time: 60s, several as 10s,60s. Default 60s, or twice the data's time "
    "resolution.",
)
@click.option(
    "--min-shared", default=2, show_default=True, help="Fewest co-timed objects of a pair."
)
@click.option("--fdr", default=0.05, show_default=True, help="False discovery rate.")
@click.option("--kinds", default=None, help="Kinds of object looked at, such as link,hashtag.")
@click.option(
    "--delta", default="10w,30w", show_default=True, help="Δ of the jitter null in windows."
)
@click.option("--memory", type=Size(), help="Memory of the whole run, such as 2GB.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@quiet_option("Show no progress.")
def power(
    dataset: Path,
    out: Path,
    sizes: str,
    objects: str,
    jitter: str,
    runs: int,
    known: float,
    kind: str | None,
    seed: int,
    memory: int | None,
    as_json: bool,
    quiet: bool,
    **detector: str | float | None,
) -> None:
    """Measure how small a network could hide in your data.

    DATASET is what `assay import` made, or the folder of a run. Groups of synthetic accounts are
    planted in it, in memory, one at a time, and the detector is asked who it finds. OUT gets
    power.html with the curve, power.csv, power.parquet and power.json. An interrupted measurement
    goes on where it was.
    """
    from assay.laboratory.power import PowerGrid, Setup
    from assay.laboratory.power_run import run_power
    from assay.settings import read_settings

    grid = PowerGrid(
        sizes=_whole_numbers(sizes, "--sizes"),
        objects=_whole_numbers(objects, "--objects"),
        jitters_s=tuple(parse_duration_s(part) for part in comma_list(jitter)),
        runs=runs,
        known=known,
        seed=seed,
    )
    # Surrogates of the whole data say nothing of single pairs, which is what is asked here.
    rest = {"max_sharers": None, "surrogates": "0", "seed": seed}
    setup = Setup(grid, coaction_parameters({**detector, **rest}), kind)
    settings = read_settings()
    progress = TerminalProgress(quiet=quiet or as_json)
    try:
        measured = run_power(
            dataset,
            out,
            setup,
            (memory or settings.memory_bytes, settings.threads),
            progress,
        )
    finally:
        progress.finish()
    if as_json:
        print_json(measured.record)
        return
    click.echo(_table(measured.record["results"]))
    click.echo(f"\n{measured.record['statement']}")
    for remark in measured.record["remarks"]:
        click.echo(f"\n{remark}")
    click.echo(f"\n{out / 'power.html'}")


def _table(rows: list[dict[str, float]]) -> str:
    lines = ["within  objects  accounts  found  interval     groups seen"]
    lines += [
        f"{row['jitter_s']:>5g}s  {row['objects']:>7}  {row['size']:>8}  "
        f"{row['found_share']:>5.0%}  {row['low']:>4.0%} to {row['high']:>4.0%}  "
        f"{row['groups_seen']} of {row['runs']}"
        for row in rows
    ]
    return "\n".join(lines)
