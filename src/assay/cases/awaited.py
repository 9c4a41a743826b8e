"""What a record waits for from others, folded from its events: asked, reminded, answered or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

from assay.model.awaited import OUTCOME_OF, Awaited
from assay.model.case import Event

SENDING = frozenset({"send", "record_sending", "ask_restoration", "record_asking"})
"""The acts that ask something of somebody outside the house."""
ASKING = SENDING | {"ask_for_evidence"}
"""The acts that ask something of somebody."""
_REMINDERS = ("remind", "record_reminder")


def concerns_awaited(event: Event) -> bool:
    """Whether what an event says belongs to one thing that is awaited, and not to the record."""
    return event.name in ASKING or "regards" in event.facts


def awaited_after(before: Mapping[int, Awaited], event: Event) -> Mapping[int, Awaited]:
    """What is awaited after an event that concerns it."""
    if event.name in ASKING:
        one = _asked(event)
    else:
        one = _answered(before[int(event.facts["regards"])], event)
    return {**before, one.number: one}


def due_at(awaited: Iterable[Awaited]) -> datetime | None:
    """The end of the first day by which an answer is due; None while nothing is open."""
    days = [one.until for one in awaited if one.outcome == "open"]
    return datetime.combine(date.fromisoformat(min(days)), time.max, UTC) if days else None


def _asked(event: Event) -> Awaited:
    until = str(event.facts.get("answer_until", ""))
    return Awaited(
        event.version,
        str(event.facts.get("sent_on", day_of(event.at))),
        until,
        "open" if until else "not_awaited",
        facts=event.facts,
        fields=event.fields or {},
    )


def _answered(one: Awaited, event: Event) -> Awaited:
    """One thing that is awaited, after a reminder, a receipt, a correction or its end."""
    told = {name: value for name, value in event.facts.items() if name != "regards"}
    texts, today = event.fields or {}, day_of(event.at)
    if event.name in _REMINDERS:
        until = str(told.get("answer_until", one.until))
        return replace(one, until=until, reminded=(*one.reminded, str(told.get("sent_on", today))))
    if event.name == "record_receipt":
        return replace(one, receipt=str(told["answered_on"]))
    if event.name == "correct_sending":
        until = str(told.get("answer_until", one.until))
        # Nobody was silent before the day by which an answer was really due.
        early = one.outcome == "silent" and until >= one.ended
        return replace(
            one,
            since=str(told.get("sent_on", one.since)),
            until=until,
            outcome="open" if early else one.outcome,
            ended="" if early else str(told.get("answered_on", one.ended)),
            corrected=(*one.corrected, today),
            facts={**one.facts, **told},
            fields={**one.fields, **texts},
            answer={**one.answer, **told, **texts} if one.outcome == "answered" else {},
        )
    ended = str(told.get("answered_on", today))
    return replace(one, outcome=OUTCOME_OF[event.name], ended=ended, answer={**told, **texts})


def day_of(at: datetime) -> str:
    """The day of a moment in UTC, as facts write days."""
    return at.astimezone(UTC).date().isoformat()
