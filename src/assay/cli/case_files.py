"""``assay case pack``, ``attach`` and ``file``: evidence that is kept with a record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from assay.cli.case_options import actor_options, store_options
from assay.cli.options import out_file
from assay.errors import InputError
from assay.model.case import Actor


@click.command()
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--finding", required=True, metavar="ID", help="As findings.json names it.")
@out_file("The file to write, such as finding.zip.")
def pack(run: Path, finding: str, out: Path) -> None:
    """Pack one finding of RUN with its evidence into one file, to be added to a record.

    The hashes that the finding names are checked. The same run gives the same bytes.
    """
    from assay.model.dataset import RunFolder
    from assay.web.packed_findings import pack_finding

    content = pack_finding(RunFolder(run), finding)
    out.write_bytes(content)
    click.echo(f"{out}: {len(content):,} bytes")


@click.command()
@click.argument("record")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@store_options
@actor_options
@click.option("--why", required=True, help="The reason, in a sentence.")
@click.option("--from", "origin", required=True, help="Where it comes from, in words.")
@click.option("--shows", required=True, help="What it shows; the person concerned reads it.")
@click.option("--finding", metavar="ID", help="Which finding, where SOURCE holds several.")
@click.option(
    "--for-concerned",
    type=click.Choice(["described", "whole"]),
    default="described",
    show_default=True,
    help="Whether the person concerned may read the file whole: it holds nobody else's data.",
)
@click.option(
    "--version", type=click.IntRange(min=1), required=True, help="Of the record that you saw."
)
def attach(
    record: str,
    source: Path,
    database: str,
    keys: Path | None,
    by: str,
    role: Any,
    why: str,
    origin: str,
    shows: str,
    finding: str | None,
    for_concerned: str,
    version: int,
) -> None:
    """Add SOURCE to RECORD as frozen evidence: a file, or one finding of a run's folder.

    Its bytes are kept once, by their SHA-256; what it is, is told by them and not by its name.
    """
    from assay.cases.evidence import NewFile
    from assay.cases.evidence import attach as attach_act
    from assay.cases.letters import WithIt
    from assay.cases.store.case_store import open_store
    from assay.web.packed_findings import checked

    content, name = _content(source, finding)
    file = checked(NewFile(content, name, origin, shows, for_concerned, finding))
    done = open_store(database, keys).act(
        record,
        version,
        attach_act(file, why),
        by=Actor(by, role),
        at=datetime.now(UTC),
        with_it=WithIt(files=(file,)),
    )
    click.echo(f"{file.sha256}  {name}")
    click.echo(f"{done.id}  {done.kind}, {done.state}, version {done.version}")


@click.command("file")
@click.argument("record")
@click.argument("entry", type=click.IntRange(min=0))
@store_options
@actor_options
@out_file("The file to write; it must not be there yet.")
def file_(
    record: str, entry: int, database: str, keys: Path | None, by: str, role: Any, out: Path
) -> None:
    """Write the file that ENTRY added to RECORD, if it still has its hash."""
    from assay.cases.store.case_store import open_store

    found, content = open_store(database, keys).file(record, entry, Actor(by, role))
    if out.exists():
        raise InputError("there is such a file already", fix="name another", file=out)
    out.write_bytes(content)
    click.echo(f"{found.sha256}  {out}")


def _content(source: Path, finding: str | None) -> tuple[bytes, str]:
    """The bytes and the name of a file, or of a finding that is packed here."""
    from assay.cases.evidence import MOST_FILE_BYTES
    from assay.model.dataset import RunFolder
    from assay.report.resembling import read_findings
    from assay.web.packed_findings import pack_finding

    if source.is_dir():
        run = RunFolder(source)
        known = [str(one.get("id")) for one in read_findings(run)]
        if finding is None and len(known) != 1:
            told = ", ".join(known[:20]) or "none"
            raise InputError(f"the run has {len(known)} findings", fix=f"--finding, of: {told}")
        identity = finding or known[0]
        return pack_finding(run, identity), f"{identity}.zip"
    if source.stat().st_size > MOST_FILE_BYTES:
        raise InputError(
            f"the file has {source.stat().st_size:,} bytes; at most {MOST_FILE_BYTES:,} are kept",
            fix="give a part of it, or keep it elsewhere and record its hash: assay case add"
            " RECORD attach --fact sha256=…",
            file=source,
        )
    return source.read_bytes(), source.name
