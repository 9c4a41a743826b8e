"""``assay scan``: from files of posts to the report."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from assay.cli.detection import coaction_options, run_scan
from assay.cli.import_ import reading_options
from assay.cli.options import out_folder
from assay.cli.protect import register_option, since_options, supplied_options
from assay.cli.pseudonymise import pseudonym_options


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@out_folder("Folder of the results.")
@partial(register_option, required=False)
@supplied_options
@since_options
@coaction_options
@reading_options
@pseudonym_options
def scan(inputs: tuple[str, ...], out: Path, **values: Any) -> None:
    """Find everything the data allow, and write OUT/report.html.

    INPUT are files, folders or patterns of posts or of shares, or a dataset that `assay import`
    made. With --identities, accounts and links are held against a register of protected bodies
    too. The same command given again after an interruption goes on where it was.
    """
    run_scan(inputs, out, values)
