"""``assay identities``: the register of protected identities."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from assay.cli.options import print_json


@click.group()
def identities() -> None:
    """The register of protected identities."""


@identities.command()
@click.argument("register", metavar="REGISTER", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the holes as JSON.")
def check(register: Path, as_json: bool) -> None:
    """Find holes and contradictions in a register.

    REGISTER is YAML, JSON or CSV: id, name, aliases, kind, sender, host, handles
    (platform:handle), domains, parent, sisters, proofs; in CSV lists are parted by `|`.
    """
    from assay.identities.check import check_register
    from assay.identities.register import read_register

    bodies = read_register(register)
    holes = check_register(bodies, datetime.now(UTC).date())
    if as_json:
        print_json({"bodies": len(bodies), "holes": [asdict(hole) for hole in holes]})
        return
    for hole in holes:
        click.echo(f"{hole.sort}: {hole.body}: {hole.told}\n  what to do: {hole.fix}")
    click.echo(f"{len(bodies)} bodies, {len(holes)} holes and contradictions")
