"""``assay read``: documents into a record of measures, statements and demands."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.options import TerminalProgress, out_folder, print_json, quiet_option

_SHOWN = 5
"""So many of each sort are named on the terminal; the tables have all."""


@click.command()
@click.argument("documents", nargs=-1, required=True, type=click.Path(path_type=Path))
@out_folder("Folder to fill.")
@click.option("--llm-endpoint", metavar="URL", help="Ask a language model at this address too.")
@click.option("--llm-model", metavar="NAME", help="The model's name there.")
@click.option("--no-page", is_flag=True, help="Write the tables and leave record.html out.")
@click.option("--json", "as_json", is_flag=True, help="Say what was read as JSON.")
@quiet_option("Show nothing but errors.")
def read(
    documents: tuple[Path, ...],
    out: Path,
    llm_endpoint: str | None,
    llm_model: str | None,
    no_page: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Read DOCUMENTS into a record whose every value is tied to the characters it stands in.

    DOCUMENTS are news, releases, letters and reports: text, HTML, PDF, EML, RSS and Atom, WARC and
    WACZ, archives and folders of them. OUT gets tables, record.json (JSON-LD), and record.html to
    look at. The same command goes on where it was stopped and reads only what is new.

    A language model is asked only if you name one; each of its values must bring words that stand
    in the document, or it is dropped.
    """
    from assay.errors import UsageError
    from assay.reading import ReadWishes
    from assay.reading import read as read_documents
    from assay.settings import read_settings

    if (llm_endpoint is None) != (llm_model is None):
        raise UsageError(
            "a model needs its address and its name",
            fix="give both --llm-endpoint URL and --llm-model NAME",
        )
    settings = read_settings()
    progress = TerminalProgress(quiet=quiet or as_json)
    wishes = ReadWishes(
        processes=settings.threads,
        endpoint=llm_endpoint,
        model=llm_model,
        key=settings.llm_key,
        page=not no_page,
    )
    summary = read_documents(documents, out, wishes, progress)
    progress.finish()
    if as_json:
        print_json(summary.as_dict())
    elif not quiet:
        _tell(out, summary.as_dict())


def _tell(out: Path, told: dict[str, object]) -> None:
    rows = told["rows"]
    assert isinstance(rows, dict)
    click.echo(
        f"{rows['documents']:,} documents: {rows['measures']:,} measures in "
        f"{rows['events']:,} events, {rows['statements']:,} statements, {rows['demands']:,} "
        f"demands; {rows['claims']:,} values with their places"
    )
    refused = told["refused"]
    assert isinstance(refused, list)
    for one in refused[:_SHOWN]:
        click.echo(f"  not read: {one['document']}: {one['reason']} ({one['fix']})")
    if len(refused) > _SHOWN:
        click.echo(f"  and {len(refused) - _SHOWN:,} more that were not read: refused.parquet")
    notes = told["notes"]
    assert isinstance(notes, tuple)
    for document, note in notes[:_SHOWN]:
        click.echo(f"  note: {document}: {note}")
    if len(notes) > _SHOWN:
        click.echo(f"  and {len(notes) - _SHOWN:,} more notes: documents.parquet")
    dropped = told["dropped_by_model"]
    if isinstance(dropped, dict) and dropped:
        total = sum(dropped.values())
        click.echo(f"  {total:,} values of the model have no words in the text and were dropped")
    page = told["page"]
    click.echo(f"open {out / str(page)}" if page else f"tables are in {out}")
