"""``assay detect``: one detector alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assay.cli.detection import coaction_options, run_scan
from assay.cli.import_ import reading_options
from assay.cli.pseudonymise import pseudonym_options


@click.group()
def detect() -> None:
    """Run one detector alone."""


@detect.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder of the results."
)
@coaction_options
@reading_options
@pseudonym_options
def coaction(inputs: tuple[str, ...], out: Path, **values: Any) -> None:
    """Accounts that share the same things at the same moments.

    INPUT is a share table, files of posts, or a dataset that `assay import` made.
    """
    run_scan(inputs, out, values)
