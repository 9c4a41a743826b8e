"""``assay case``: records of case work in a database with a log that anyone can check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from assay.cli import case_server
from assay.cli.case_copies import backup, restore
from assay.cli.case_files import attach, file_, pack
from assay.cli.case_intake import intake
from assay.cli.case_options import Place, actor_options, list_line, place_options, store_options
from assay.cli.options import out_file, out_folder, print_json
from assay.errors import EXIT_FAILED, UsageError
from assay.model.case import STATES, Act, Actor, Event, Fact, Record

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def case() -> None:
    """Cases, notices, appeals and register entries, each with its history.

    Every change is an event in a log that is only added to; states are what the events add up to.
    The log is a Merkle tree with signed checkpoints: `assay case verify` finds whatever was
    changed, dropped or reordered, by hand in the database too.
    """


def _act_options(command: Command) -> Command:
    """What an act says."""
    command = click.option(
        "--field",
        "fields",
        multiple=True,
        metavar="NAME=TEXT",
        help="A text that can be erased later; repeatable.",
    )(command)
    command = click.option(
        "--fact",
        "facts",
        multiple=True,
        metavar="NAME=VALUE",
        help="A choice, id or date that stays for ever; repeatable.",
    )(command)
    return click.option("--why", required=True, help="The reason, in a sentence.")(command)


case.add_command(backup)
case.add_command(restore)
case.add_command(attach)
case.add_command(file_)
case.add_command(pack)
case.add_command(intake)

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@case.command()
@click.argument("kind", type=click.Choice(list(STATES)))
@place_options
@_act_options
@click.option("--name", help="What a new log is called, such as example.org/cases.")
@_JSON
def new(
    kind: Any,
    place: Place,
    why: str,
    facts: tuple[str, ...],
    fields: tuple[str, ...],
    name: str | None,
    as_json: bool,
) -> None:
    """Open a record of KIND; makes the database and its signing key if there is none."""
    from assay.cases.acts import opening_rule
    from assay.cases.store.case_store import open_store

    act = Act(opening_rule(kind).name, why, _facts(facts), _pairs(fields))
    if place.server is not None:
        if name is not None:
            raise UsageError("the server's log has its name", fix="leave --name out")
        case_server.new(place.server, kind, act, as_json)
        return
    store = open_store(place.database, place.keys, make=True, name=name)
    record = store.open_record(kind, act, by=place.actor, at=datetime.now(UTC))
    _print_record(record, as_json)


@case.command()
@click.argument("record")
@click.argument("act")
@place_options
@_act_options
@click.option(
    "--version",
    type=click.IntRange(min=1),
    required=True,
    help="The version of the record that you saw; refused if it changed since.",
)
@_JSON
def add(
    record: str,
    act: str,
    place: Place,
    why: str,
    facts: tuple[str, ...],
    fields: tuple[str, ...],
    version: int,
    as_json: bool,
) -> None:
    """Do ACT to RECORD: one event more. `assay case show` lists the acts that are possible."""
    from assay.cases.store.case_store import open_store

    asked = Act(act, why, _facts(facts), _pairs(fields))
    if place.server is not None:
        case_server.add(place.server, record, version, asked, as_json)
        return
    store = open_store(place.database, place.keys)
    done = store.act(record, version, asked, by=place.actor, at=datetime.now(UTC))
    _print_record(done, as_json)


@case.command("list")
@place_options
@click.option("--kind", type=click.Choice(list(STATES)), help="Only this kind.")
@click.option("--state", help="Only this state.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Rows at most."
)
@_JSON
def list_(
    place: Place,
    kind: Any,
    state: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List the records that the account may know of, the last changed first."""
    from assay.cases.store.case_store import open_store
    from assay.cases.store.listing import Wanted

    if place.server is not None:
        case_server.list_(place.server, {"kind": kind, "state": state, "limit": limit}, as_json)
        return
    store, viewer = open_store(place.database, place.keys), place.actor
    wanted = Wanted(kind=kind, state=state, limit=limit)
    rows, count = store.page(viewer, wanted)
    if as_json:
        print_json({"count": count, "records": [dict(row) for row in rows]})
        return
    for row in rows:
        due = f", due {row['due_at'][:16]}" if row["due_at"] else ""
        click.echo(list_line(row["id"], row["kind"], row["state"], row["version"]) + due)
    click.echo(f"{len(rows)} of {count}")


@case.command()
@click.argument("record")
@place_options
@_JSON
def show(record: str, place: Place, as_json: bool) -> None:
    """Show RECORD: its state, its history with reasons, and the acts that are possible now."""
    from assay.cases.store.case_store import open_store
    from assay.cases.workflow import possible_acts

    if place.server is not None:
        case_server.show(place.server, record, as_json)
        return
    viewer = place.actor
    found, history = open_store(place.database, place.keys).record(record, viewer)
    if as_json:
        events = [{**_plain(asdict(event)), "entry": index} for index, event in history]
        print_json({"record": _plain(asdict(found)), "events": events})
        return
    _print_record(found, as_json=False)
    for index, event in history:
        click.echo(f"  {_line(index, event)}")
    click.echo("possible now: " + (", ".join(possible_acts(found, viewer)) or "nothing"))


@case.command()
@click.argument("record")
@store_options
@actor_options
@out_file("The file to write.  [default: standard output]", required=False)
def statement(
    record: str, database: str, keys: Path | None, by: str, role: Any, out: Path | None
) -> None:
    """Write the statement of reasons of RECORD for the DSA Transparency Database, as JSON.

    RECORD is a restriction whose statement was prepared (`prepare_statement`). No personal data:
    names, handles and addresses of the record were refused. Nothing is sent.
    """
    import json

    from assay.cases.statement import statement_of
    from assay.cases.store.case_store import open_store

    found, _ = open_store(database, keys).record(record, Actor(by, role))
    text = json.dumps(statement_of(found), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
        return
    out.write_text(text + "\n", encoding="utf-8")
    click.echo(out)


@case.command()
@store_options
@click.option(
    "--checkpoint",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed checkpoint that you kept; the log must contain it.",
)
@_JSON
def verify(database: str, keys: Path | None, checkpoint: Path | None, as_json: bool) -> None:
    """Check the whole log: nothing changed, dropped, reordered or erased in silence.

    Exit code 4 if anything is wrong.
    """
    from assay.cases.store.case_store import open_store
    from assay.cases.store.verify import verify as verify_log

    kept = None if checkpoint is None else checkpoint.read_text(encoding="utf-8")
    verdict = verify_log(open_store(database, keys), kept)
    if as_json:
        print_json({**asdict(verdict), "holds": verdict.holds})
    else:
        click.echo(
            f"{verdict.entries} entries, {verdict.records} records, "
            f"{verdict.checkpoints} signed checkpoints, {verdict.erased} erased reasons"
        )
        if verdict.registers:
            click.echo(
                f"{verdict.registers} versions of the register of protected bodies, "
                f"{verdict.registers_erased} erased"
            )
        for fault in verdict.faults:
            click.echo(f"  {fault}")
        if verdict.more_faults:
            click.echo(f"  and {verdict.more_faults} more")
        click.echo("the log holds" if verdict.holds else "the log does not hold")
    if not verdict.holds:
        raise click.exceptions.Exit(EXIT_FAILED)


@case.command("export-log")
@store_options
@out_folder("The folder to write.")
def export_log(database: str, keys: Path | None, out: Path) -> None:
    """Write the leaves, the newest checkpoint and the public key: no content, no names.

    Anyone can work the root out again with any program that knows RFC 9162.
    """
    from assay.cases.store.case_store import open_store

    count = open_store(database, keys).export_log(out)
    click.echo(f"{out}: {count} leaves, checkpoint, public.key")


def _pairs(values: tuple[str, ...]) -> dict[str, str]:
    """``NAME=TEXT`` as a mapping."""
    pairs: dict[str, str] = {}
    for value in values:
        name, sign, text = value.partition("=")
        if not sign or not name:
            raise UsageError(f"{value!r} is not NAME=TEXT", fix="write it like urls=https://…")
        if name in pairs:
            raise UsageError(f"{name} is given twice", fix="give it once")
        pairs[name] = text
    return pairs


def _facts(values: tuple[str, ...]) -> dict[str, Fact]:
    """Facts in their types: yes and no, numbers, words."""
    from assay.cases.facts import FACT_VALUES

    facts: dict[str, Fact] = {}
    for name, text in _pairs(values).items():
        kind = FACT_VALUES.get(name, str)
        if kind is bool and text in ("yes", "no"):
            facts[name] = text == "yes"
        elif kind is int and text.isdecimal():
            facts[name] = int(text)
        else:
            facts[name] = text
    return facts


def _print_record(record: Record, as_json: bool) -> None:
    if as_json:
        print_json(_plain(asdict(record)))
        return
    marks = ", restricted" if record.restricted else ""
    click.echo(f"{record.id}  {record.kind}, {record.state}, version {record.version}{marks}")
    if record.due_at:
        click.echo(f"  next step due {record.due_at:%Y-%m-%d %H:%M} UTC")
    if record.appeal_until:
        click.echo(f"  appeal possible until {record.appeal_until:%Y-%m-%d %H:%M} UTC")


def _line(index: int, event: Event) -> str:
    facts = " ".join(f"{name}={value}" for name, value in event.facts.items())
    why = "[erased]" if event.why is None else event.why
    return (
        f"{event.version}. {event.at:%Y-%m-%d %H:%M} {event.name} by {event.by.id} "
        f"({event.by.role}), entry {index}: {why}" + (f" [{facts}]" if facts else "")
    )


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """Sets as sorted lists, moments as ISO 8601."""
    return {
        name: sorted(item)
        if isinstance(item, frozenset)
        else item.isoformat()
        if isinstance(item, datetime)
        else item
        for name, item in value.items()
    }
