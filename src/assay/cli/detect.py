"""``assay detect``: one detector alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from assay.cli.detection import coaction_options, run_scan
from assay.cli.import_ import reading_options
from assay.cli.options import TerminalProgress, print_json
from assay.cli.pseudonymise import pseudonym_options


def _today() -> date:
    return datetime.now(UTC).date()


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


@detect.command()
@click.argument("accounts", metavar="ACCOUNTS", type=click.Path(path_type=Path))
@click.option(
    "--identities",
    required=True,
    metavar="REGISTER",
    type=click.Path(path_type=Path),
    help="Register of protected identities (YAML, JSON or CSV).",
)
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder of the results."
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def impersonation(accounts: Path, identities: Path, out: Path, as_json: bool, quiet: bool) -> None:
    """Accounts that resemble or pose as a body of a register.

    ACCOUNTS is a dataset, or a table with a handle or a display name and, where known, account_id,
    platform, bio and url. Leaves OUT/impersonation.parquet and OUT/findings.json. A name alone
    never convicts: `poses_as` needs evidence of a second kind, else an account `resembles`.
    """
    from assay.identities.run import find_impersonation

    progress = TerminalProgress(quiet=quiet or as_json)
    found = find_impersonation(accounts, identities, out, _today(), progress)
    progress.finish()
    if as_json:
        print_json(found)
    elif not quiet:
        told = ", ".join(f"{count:,} {name}" for name, count in sorted(found["verdicts"].items()))
        click.echo(f"{found['accounts']:,} accounts: {told or 'nothing found'}")
        if found["labelled"]:
            click.echo(f"{found['labelled']:,} left out, labelled as their platform asks")
        click.echo(f"written to {out / 'impersonation.parquet'}")


@detect.command("lookalike-domains")
@click.argument("domains", metavar="DOMAINS", type=click.Path(path_type=Path))
@click.option(
    "--identities",
    required=True,
    metavar="REGISTER",
    type=click.Path(path_type=Path),
    help="Register of protected identities (YAML, JSON or CSV).",
)
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder of the results."
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def lookalike_domains(domains: Path, identities: Path, out: Path, as_json: bool) -> None:
    """Domains that look like one of a register's bodies.

    DOMAINS is a file with one domain or link a line (of CSV the first column). Leaves
    OUT/domains.parquet. Only names are compared, so nothing is said beyond `resembles`.
    """
    from assay.identities.run import find_lookalike_domains

    found = find_lookalike_domains(domains, identities, out)
    if as_json:
        print_json(found)
        return
    click.echo(", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in found.items()))
    click.echo(f"written to {out / 'domains.parquet'}")
