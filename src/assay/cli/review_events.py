"""Events in ``assay review``: which documents tell of one act, as a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from assay.cli.options import plain

if TYPE_CHECKING:
    from assay.documents.told_events import ToldEvent
    from assay.model.record_folder import RecordFolder

_SHOWN_CHARS = 200


def choose(
    folder: RecordFolder, joins: Sequence[tuple[str, str]], splits: Sequence[str], by: str
) -> None:
    """Write choices down and the record again, also where a later one makes no sense.

    Raises:
        UsageError: Nothing, or several things, are named so.
    """
    from assay.documents.told_events import join, split
    from assay.reading import join_again

    for name in splits:
        split(folder, name, by, datetime.now(UTC))
        join_again(folder.folder)
        click.echo(f"{plain(name)} stands apart now", err=True)
    for names in joins:
        join(folder, names, by, datetime.now(UTC))
        join_again(folder.folder)
        click.echo(f"{plain(names[0])} and {plain(names[1])} are one event now", err=True)


def go_through_events(folder: RecordFolder, by: str) -> None:
    """Show one event after another, those of several tellings first, and take choices down."""
    from assay.documents.told_events import told_events

    seen: set[frozenset[str]] = set()
    while True:
        events = sorted(told_events(folder), key=lambda event: -len(event.tellings))
        waiting = [one for one in events if _key(one) not in seen]
        if not waiting:
            break
        seen.add(_key(waiting[0]))
        if not _one(folder, waiting[0], f"{len(waiting)} to go", by):
            break
    click.echo(f"{folder.choices} holds what was chosen")


def _key(event: ToldEvent) -> frozenset[str]:
    return frozenset(telling.name for telling in event.tellings)


def _one(folder: RecordFolder, event: ToldEvent, place: str, by: str) -> bool:
    """Show an event and do what is asked; False to stop."""
    from assay.errors import UsageError

    click.echo()
    click.echo(click.style(f"{place}  {event.event_id}  {plain(event.why)}", dim=True))
    for telling in event.tellings:
        click.echo(f"{click.style(plain(telling.name), bold=True)}  “{_short(telling.exact)}”")
    while True:
        key = click.prompt(
            "k keep, s split a telling off, j join with another event, q stop",
            type=click.Choice(["k", "s", "j", "q"]),
            show_choices=False,
        )
        if key in ("k", "q"):
            return bool(key == "k")
        asked = "which telling (DOCUMENT:M1)" if key == "s" else "which event or telling"
        named = click.prompt(asked)
        try:
            if key == "s":
                choose(folder, (), (named,), by)
            else:
                choose(folder, ((event.event_id, named),), (), by)
        except UsageError as error:
            # A slip of the finger ends nobody's session: the event is asked for again.
            click.echo(str(error))
        else:
            return True


def _short(text: str) -> str:
    told = plain(text)
    return told if len(told) <= _SHOWN_CHARS else told[: _SHOWN_CHARS - 1] + "…"


def events_as_dicts(folder: RecordFolder) -> list[dict[str, Any]]:
    """Every event with its tellings, for machines."""
    from assay.documents.told_events import told_events

    return [
        {
            "event_id": event.event_id,
            "joined_by": event.joined_by,
            "why": event.why,
            "tellings": [
                {"name": telling.name, "start": telling.start, "exact": telling.exact}
                for telling in event.tellings
            ],
        }
        for event in told_events(folder)
    ]
