"""``assay identities``: the register of protected identities."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from assay.cli.options import out_file, print_json
from assay.errors import UsageError


@click.group()
def identities() -> None:
    """The register of protected identities."""


@identities.command()
@click.argument("register", metavar="REGISTER", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the holes as JSON.")
def check(register: Path, as_json: bool) -> None:
    """Find holes and contradictions in a register.

    REGISTER is YAML, JSON or CSV: id, name, aliases, kind, sender, host, handles
    (platform:handle), domains, parent, sisters, proofs, logos; in CSV lists are parted by `|`.
    """
    from assay.identities.check import check_register
    from assay.identities.register import read_register

    bodies = read_register(register)
    holes = check_register(bodies, datetime.now(UTC).date(), register.parent)
    if as_json:
        print_json({"bodies": len(bodies), "holes": [asdict(hole) for hole in holes]})
        return
    for hole in holes:
        click.echo(f"{hole.sort}: {hole.body}: {hole.told}\n  what to do: {hole.fix}")
    click.echo(f"{len(bodies)} bodies, {len(holes)} holes and contradictions")


@identities.command("import")
@click.argument(
    "sources", nargs=-1, required=True, metavar="LIST...", type=click.Path(path_type=Path)
)
@out_file("Register to write (YAML).")
@click.option(
    "--kind",
    default="agency",
    show_default=True,
    help="Kind of all bodies: embassy, ministry, agency, office-holder, outlet, company.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def import_list(sources: tuple[Path, ...], out: Path, kind: str, as_json: bool) -> None:
    """Make a register from lists of official accounts, or from Wikidata's exports.

    LIST are CSV, TSV or JSON: a column with names (name, official_name, outlet, department …),
    columns called after platforms or pairs of platform and account, sites; or Wikidata's entities
    and answers of its query service. Rows of one body are joined; check the result with `assay
    identities check`.
    """
    import yaml

    from assay.identities.register_sources import import_register

    if out.suffix.lower() not in {".yaml", ".yml"}:
        # The ending says how a register is read.
        raise UsageError(
            "the register is written as YAML, and its name would say something else",
            fix=f"write it to {out.with_suffix('.yaml')}",
        )
    bodies = import_register(sources, kind)
    out.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"identities": bodies}, allow_unicode=True, sort_keys=False)
    out.write_text(text, encoding="utf-8")
    counts = {
        "bodies": len(bodies),
        "handles": sum(len(body.get("handles", ())) for body in bodies),
        "domains": sum(len(body.get("domains", ())) for body in bodies),
    }
    if as_json:
        print_json(counts | {"register": str(out)})
        return
    click.echo(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    click.echo(f"written to {out}; now: assay identities check {out}")
