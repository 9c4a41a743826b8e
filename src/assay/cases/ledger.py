"""The ledger of complaints: what was sent to whom, and whether it was answered.

Everyone who was written to stands in it alike, whoever wrote: the day of sending, whose rule set
the day for an answer, reminders, and how and when it was answered, or that it never was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from assay.model.awaited import Awaited


@dataclass(frozen=True)
class Sent:
    """A complaint as one recipient got it, and what came of it.

    Attributes:
        number: Of the sending, within its complaint.
        recipient: The body that it went to; empty once erased.
        recipient_kind: Platform, regulator, international organisation or public statement.
        channel: How it went.
        sent_on: The day, as YYYY-MM-DD, as are the other days.
        sha256: Of what was sent.
        answer_until: The day by which an answer was due; empty where none is awaited.
        due_by: Whose rule set that day.
        due_rule: That rule, quoted.
        reminded_on: The days of reminders.
        receipt_on: The day on which it was confirmed that it arrived.
        state: ``open``, ``late`` (the day has passed), ``answered``, ``silent``, ``not_awaited``.
        answered_on: The day of the answer.
        days: Days from sending to the answer.
        answered_by: How it came.
        answer_kind: What came of it.
        reply: What everyone may read of the answer.
        escalates: Number of the earlier sending that this one takes further.
        corrected_on: The days on which what stands here was corrected.
    """

    number: int
    recipient: str
    recipient_kind: str
    channel: str
    sent_on: str
    sha256: str
    answer_until: str
    due_by: str
    due_rule: str
    reminded_on: tuple[str, ...]
    receipt_on: str
    state: str
    answered_on: str
    days: int | None
    answered_by: str
    answer_kind: str
    reply: str
    escalates: int | None
    corrected_on: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """How many of one sort of recipient got a complaint, and how they answered."""

    recipient_kind: str
    sent: int
    answered: int
    waiting: int
    unanswered: int
    median_days: float | None


def sent_of(awaited: Iterable[Awaited], day: str) -> list[Sent]:
    """The rows of one complaint, or of a restoration that was asked for, in the order of sending.

    Args:
        awaited: What was asked of whom.
        day: Today in UTC, as YYYY-MM-DD; a day for an answer that has passed shows as such by
            itself, whether or not anybody recorded it.
    """
    return [_sent(one, day) for one in awaited]


def tallies(rows: Iterable[Sent]) -> list[Tally]:
    """The rows counted by sort of recipient; public statements, which nobody answers, are left out.

    A late answer counts as an answer.
    """
    by_kind: dict[str, list[Sent]] = {}
    for row in rows:
        if row.state != "not_awaited":
            by_kind.setdefault(row.recipient_kind, []).append(row)
    return [_tally(kind, found) for kind, found in sorted(by_kind.items())]


def _tally(kind: str, rows: list[Sent]) -> Tally:
    states = [row.state for row in rows]
    days = [row.days for row in rows if row.days is not None]
    return Tally(
        kind,
        len(rows),
        states.count("answered"),
        states.count("open"),
        states.count("late") + states.count("silent"),
        float(median(days)) if days else None,
    )


def _sent(one: Awaited, day: str) -> Sent:
    facts, fields = one.facts, one.fields
    answer = one.answer if one.outcome == "answered" else {}
    answered = one.ended if one.outcome == "answered" else ""
    return Sent(
        number=one.number,
        recipient=fields.get("recipient", ""),
        recipient_kind=str(facts["recipient_kind"]),
        channel=str(facts.get("channel", "e_mail")),
        sent_on=one.since,
        sha256=str(facts.get("sha256", "")),
        answer_until=one.until,
        due_by=str(facts.get("due_by", "")),
        due_rule=fields.get("due_rule", ""),
        reminded_on=one.reminded,
        receipt_on=one.receipt,
        state="late" if one.overdue(day) else one.outcome,
        answered_on=answered,
        days=(date.fromisoformat(answered) - date.fromisoformat(one.since)).days
        if answered
        else None,
        answered_by=str(answer.get("channel", "")),
        answer_kind=str(answer.get("answer_kind", "")),
        reply=str(answer.get("reply_public", "")),
        escalates=int(facts["escalates"]) if "escalates" in facts else None,
        corrected_on=one.corrected,
    )
