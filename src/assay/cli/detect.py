"""``assay detect``: one detector alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from assay.cli.detection import coaction_options, run_scan
from assay.cli.import_ import reading_options
from assay.cli.options import TerminalProgress, out_folder, print_json, quiet_option
from assay.cli.protect import (
    asked_of,
    register_option,
    since_options,
    supplied_options,
    told_changes,
)
from assay.cli.pseudonymise import pseudonym_options


@click.group()
def detect() -> None:
    """Run one detector alone."""


@detect.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@out_folder("Folder of the results.")
@coaction_options
@reading_options
@pseudonym_options
def coaction(inputs: tuple[str, ...], out: Path, **values: Any) -> None:
    """Accounts that share the same things at the same moments.

    INPUT is a share table, files of posts, or a dataset that `assay import` made.
    """
    run_scan(inputs, out, values)


@detect.command()
@click.argument("accounts", metavar="ACCOUNTS", type=click.Path(path_type=Path))
@partial(register_option, required=True)
@supplied_options
@since_options
@out_folder("Folder of the results.")
@click.option("--no-report", is_flag=True, help="Write the tables without report.html.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@quiet_option("Show nothing but errors.")
def impersonation(
    accounts: Path, out: Path, no_report: bool, as_json: bool, quiet: bool, **values: Any
) -> None:
    """Accounts that resemble or pose as a body of a register.

    ACCOUNTS is a dataset, or a table with a handle or a display name and, where known, account_id,
    platform, bio, url, created_at, verified and avatar (a file or a hash). Leaves
    OUT/impersonation.parquet, OUT/findings.json with evidence, and OUT/report.html. A name alone
    never convicts: `poses_as` needs evidence of a second kind, else an account `resembles`.
    """
    from assay.bundle.pseudonyms_told import check_named
    from assay.identities.run import find_impersonation
    from assay.model.dataset import Dataset

    check_named(Dataset(accounts))
    progress = TerminalProgress(quiet=quiet or as_json)
    found = find_impersonation(accounts, asked_of(values), out, progress)
    if not no_report:
        _report(out, progress)
    progress.finish()
    if as_json:
        print_json(found)
    elif not quiet:
        told = ", ".join(f"{count:,} {name}" for name, count in sorted(found["verdicts"].items()))
        click.echo(f"{found['read']:,} accounts: {told or 'nothing found'}")
        if values["since"] is not None:
            click.echo(f"since {values['since']}: {told_changes(found['changes']) or 'no change'}")
        if found["labelled"]:
            click.echo(f"{found['labelled']:,} left out, labelled as their platform asks")
        for refused in found["refused_pictures"]:
            click.echo(f"picture left out: {refused}")
        click.echo(f"written to {out / ('impersonation.parquet' if no_report else 'report.html')}")


def _report(out: Path, progress: TerminalProgress) -> None:
    from assay.model.dataset import RunFolder
    from assay.report.page import write_report

    write_report(RunFolder(out), progress)


@detect.command("lookalike-domains")
@click.argument("domains", metavar="DOMAINS", type=click.Path(path_type=Path))
@partial(register_option, required=True)
@since_options
@out_folder("Folder of the results.")
@click.option("--no-report", is_flag=True, help="Write the tables without report.html.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def lookalike_domains(
    domains: Path, out: Path, no_report: bool, as_json: bool, **values: Any
) -> None:
    """Domains that look like one of a register's bodies.

    DOMAINS is a file with one domain or link a line, or a list of certificates (crt.sh's JSON or
    CSV, NDJSON). Leaves OUT/domains.parquet, OUT/findings.json with evidence, and OUT/report.html.
    Only names are compared, so nothing is said beyond `resembles`.
    """
    from assay.identities.run import find_lookalike_domains

    progress = TerminalProgress(quiet=as_json)
    found = find_lookalike_domains(domains, asked_of(values), out, progress)
    if not no_report:
        _report(out, progress)
    progress.finish()
    if as_json:
        print_json(found)
        return
    click.echo(", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in found.items()))
    click.echo(f"written to {out / ('domains.parquet' if no_report else 'report.html')}")
