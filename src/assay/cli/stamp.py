"""``assay stamp``: time stamps of a bundle by RFC 3161, without contacting anyone."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.options import out_file


@click.group()
def stamp() -> None:
    """Time stamps of a bundle by RFC 3161.

    Assay contacts no authority: it writes the request, you send it, and put the answer into the
    bundle. `assay verify --tsa-certificates` checks it, and so does `openssl ts -verify`.
    """


@stamp.command()
@click.argument("path", metavar="BUNDLE", type=click.Path(path_type=Path))
@out_file("The request to write.  [default: beside the bundle, .tsq]", required=False)
def request(path: Path, out: Path | None) -> None:
    """Write a request for BUNDLE that any authority answers."""
    from assay.bundle.stamp import write_request

    target = out or path.with_suffix(".tsq")
    digest = write_request(path, target)
    click.echo(f"{target} asks for a stamp on {digest} (SHA-256 of SHA256SUMS)")
    click.echo("  send it as application/timestamp-query; keep the answer as a .tsr file, then:")
    click.echo(f"  assay stamp attach {path} ANSWER.tsr")


@stamp.command()
@click.argument("path", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.argument("answer", type=click.Path(path_type=Path))
@out_file("The bundle to write.  [default: BUNDLE itself]", required=False)
def attach(path: Path, answer: Path, out: Path | None) -> None:
    """Put the ANSWER of an authority into BUNDLE; no other file of it changes."""
    from assay.bundle.stamp import attach as attach_stamp

    added = attach_stamp(path, answer, out or path)
    click.echo(f"{out or path}: {added.name}, {added.at}, {added.authority or 'no certificate'}")
