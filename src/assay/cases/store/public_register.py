"""What everyone may see of the register: published entries, proofs, appeals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, Select, case, func, select, true, tuple_

from assay.cases import merkle
from assay.cases.acts import TOLD
from assay.cases.awaited import day_of
from assay.cases.clocks import HouseClocks
from assay.cases.fold import fold_all
from assay.cases.given import TOLD_STEPS
from assay.cases.ledger import Sent, sent_of
from assay.cases.log import Entry
from assay.cases.opinion import Opinion, opinion_of
from assay.cases.refused import NoSuchRecord
from assay.cases.restoration import FELL
from assay.cases.store import entries
from assay.cases.store.connect import reading
from assay.cases.store.counted import counted, counted_steps, years
from assay.cases.store.listing import called
from assay.cases.store.tables import ENTRIES, RECORDS
from assay.cases.store.visible import published
from assay.cases.transparency import Row, transparency_rows
from assay.errors import CheckFailed
from assay.model.awaited import Awaited
from assay.model.case import Event, Record

PAGE = 50
Order = Literal["changed", "entered"]
_REPORT_STANDS = timedelta(minutes=1)
_SHOWN = ("publish", "correct", "withdraw")


@dataclass(frozen=True)
class Judged:
    """What somebody decided on an appeal.

    Attributes:
        body: The outside body; empty for the house itself.
        outcome: Upheld, overturned or modified; an outside body's can be ``no_decision``.
        day: When, as YYYY-MM-DD.
    """

    body: str
    outcome: str
    day: str


@dataclass(frozen=True)
class Appealed:
    """An appeal against a decision: how it stands, nothing of what it says.

    Attributes:
        state: Its state.
        outcome: How it came out in the end; None before, and where it was not admitted.
        lodged_at: When.
        changed_at: When the last step was taken that parties are told of.
        decided_at: When it came out so; None without an outcome.
        judged: How it came out here, and before an outside body.
        restores: Whether something that was restricted is to be restored; None where nothing was.
        nothing_told: Why there was nothing to restore; None where nobody recorded that.
        awaited: Who was asked to restore it, and what came of that.
    """

    state: str
    outcome: str | None
    lodged_at: datetime
    changed_at: datetime
    decided_at: datetime | None
    judged: tuple[Judged, ...] = ()
    restores: bool | None = None
    nothing_told: str | None = None
    awaited: tuple[Awaited, ...] = ()

    def asked(self, day: str) -> list[Sent]:
        """Who was asked to restore what was restricted, as everyone reads it on a day."""
        return sent_of(self.awaited, day)


@dataclass(frozen=True)
class PublicEntry:
    """A published entry.

    Attributes:
        record: As it stands.
        text: What was published last; None once erased.
        history: What happened since it was published, each with its place in the log.
        subject: Facts of the decision that it is about: kind of notice, outcome, days.
        appeals: Against that decision.
        opinions: Of independent assessors on it.
    """

    record: Record
    text: Mapping[str, str] | None
    history: tuple[tuple[int, Event], ...]
    subject: Mapping[str, str]
    appeals: tuple[Appealed, ...]
    opinions: tuple[Opinion, ...] = ()


@dataclass(frozen=True)
class Proof:
    """That one event of an entry is in the log that a checkpoint signed."""

    entry: Entry
    size: int
    hashes: tuple[bytes, ...]
    note: str


class PublicRegister:
    """The register of one house."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reports: dict[int, tuple[datetime, int, tuple[Row, ...]]] = {}
        self._counting = Lock()

    def listed(
        self,
        *,
        outcome: str | None = None,
        text: str | None = None,
        after: tuple[str, str] | None = None,
        order: Order = "changed",
    ) -> list[Mapping[str, Any]]:
        """A page of published entries, each with its decision's facts.

        Args:
            outcome: Only decisions that came out so.
            text: Only what has this in its title, or an id that begins with it.
            after: Where the page before ended (:func:`end_of`).
            order: The last changed first, for people; or in the order in which they were entered,
                for programs that read on page by page: what changes meanwhile keeps its place.
        """
        asked = _entries()
        if outcome:
            asked = asked.where(_SUBJECT.c.state.in_(TOLD), _SUBJECT.c.outcome == outcome)
        if text:
            asked = asked.where(called(text, true()))
        if order == "changed":
            place = tuple_(RECORDS.c.public_at, RECORDS.c.id)
            asked = asked.order_by(RECORDS.c.public_at.desc(), RECORDS.c.id.desc()).limit(PAGE)
            asked = asked.where(place < after) if after else asked
        else:
            place = tuple_(RECORDS.c.opened_at, RECORDS.c.id)
            asked = asked.order_by(RECORDS.c.opened_at, RECORDS.c.id).limit(PAGE)
            asked = asked.where(place > after) if after else asked
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(asked).mappings()]

    def newest(self) -> list[Mapping[str, Any]]:
        """The newest first: entries that changed, and those whose decision an appeal changed.

        ``told_at`` is the later of the two, so that whoever read of a decision reads of its end.
        """
        lost = RECORDS.alias("lost")
        overturned = (
            _entries()
            .add_columns(lost.c.public_at.label("told_at"))
            .join(lost, lost.c.about == RECORDS.c.about)
            .where(lost.c.kind == "appeal", lost.c.outcome.in_(FELL))
            .order_by(lost.c.public_at.desc(), lost.c.id.desc())
            .limit(PAGE)
        )
        rows: list[Mapping[str, Any]] = [
            {**row, "told_at": row["public_at"]} for row in self.listed()
        ]
        with reading(self.engine) as connection:
            rows += [dict(row) for row in connection.execute(overturned).mappings()]
        rows.sort(key=_when_told)
        latest = {row["id"]: row for row in rows}
        return sorted(latest.values(), key=_when_told, reverse=True)[:PAGE]

    def entry(self, identity: str) -> PublicEntry:
        """One published entry.

        Raises:
            NoSuchRecord: There is none, or it is not published.
            CheckFailed: Its row says that it is published, and no event does.
        """
        asked = select(RECORDS.c.about).where(RECORDS.c.id == identity, published())
        with reading(self.engine) as connection:
            row = connection.execute(asked).first()
            if row is None:
                raise NoSuchRecord
            events = entries.history_of(connection, identity)
            about = select(RECORDS).where(RECORDS.c.id == row.about)
            subject = connection.execute(about).mappings().first()
            appeals = _appeals(connection, row.about)
            opinions = _opinions(connection, row.about)
        names = [event.name for _, event in events]
        if "publish" not in names:
            raise CheckFailed(
                f"the row of register entry {identity} is not what its events add up to",
                fix="run assay case verify; the database was changed by hand",
            )
        first = names.index("publish")
        history = tuple((n, event) for n, event in events[first:] if event.name in _SHOWN)
        texts = [event.fields for _, event in history if event.name != "withdraw"]
        return PublicEntry(
            fold_all([event for _, event in events], HouseClocks()),
            texts[-1],
            history,
            {} if subject is None else _subject(subject),
            tuple(appeals),
            opinions,
        )

    def undone(self, about: str) -> Appealed | None:
        """The last appeal by which the decision that stands was overturned or modified: all parties
        were told of it, whoever lodged it. One that had it made anew came before it.
        """
        with reading(self.engine) as connection:
            appeals = _appeals(connection, about)
            events = entries.events_of(connection, about)
        anew = max((event.at for event in events if event.name == "decide_anew"), default=None)
        fell = (one for one in appeals if one.outcome in FELL)
        found = [one for one in fell if anew is None or _ended_at(one) > anew]
        return max(found, key=_ended_at, default=None)

    def transparency(self, year: int, now: datetime) -> tuple[Row, ...]:
        """The transparency report of a year.

        Counting reads every notice of the year: it is done anew when something was written, and
        not more than once a minute however many ask.
        """
        with self._counting, reading(self.engine) as connection:
            size = entries.size_of(connection)
            known = self._reports.get(year)
            if known and (known[1] == size or now - known[0] < _REPORT_STANDS):
                return known[2]
            if year not in years(connection):
                return transparency_rows([], [], {})
            rows = transparency_rows(*counted(connection, year), counted_steps(connection, year))
            self._reports[year] = (now, size, rows)
            return rows

    def years(self) -> list[int]:
        """The years that have a report, the first one first."""
        with reading(self.engine) as connection:
            return years(connection)

    def proof(self, identity: str, index: int) -> Proof:
        """Proof of one event of a published entry, against the newest checkpoint.

        Raises:
            NoSuchRecord: The event is none that everyone may see.
        """
        shown = self.entry(identity)
        histories = (shown.history, *(opinion.history for opinion in shown.opinions))
        event = next((one for told in histories for place, one in told if place == index), None)
        if event is None:
            raise NoSuchRecord
        with reading(self.engine) as connection:
            entry = entries.entry_at(connection, event.record, index)
            if entry is None:
                raise NoSuchRecord
            last = entries.last_checkpoint(connection)
            if last is None:
                raise NoSuchRecord
            size, note = last
            hashes = merkle.inclusion_proof(index, size, entries.node_reader(connection))
        return Proof(entry, size, tuple(hashes), note)


def end_of(rows: list[Mapping[str, Any]], order: Order = "changed") -> tuple[str, str]:
    """What ``after`` is to say for the page that follows these rows."""
    last = rows[-1]
    return str(last["public_at" if order == "changed" else "opened_at"]), str(last["id"])


_APPEAL = RECORDS.alias("appeal")
_SUBJECT = RECORDS.alias("subject")


def _ended_at(appeal: Appealed) -> datetime:
    return appeal.decided_at or appeal.lodged_at


def _when_told(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["told_at"], row["id"]


def _entries() -> Select[Any]:
    """Published entries, each with its decision's facts and how many appealed."""
    appeal = (
        select(func.count())
        .select_from(_APPEAL)
        .where(_APPEAL.c.about == RECORDS.c.about, _APPEAL.c.kind == "appeal")
    )
    overturned = appeal.where(_APPEAL.c.outcome.in_(FELL), _against_what_stands())
    return (
        select(
            RECORDS,
            _SUBJECT.c.notice_kind.label("subject_kind"),
            # Of a decision that is made anew, nothing is told until its parties know it.
            case((_SUBJECT.c.state.in_(TOLD), _SUBJECT.c.outcome)).label("subject_outcome"),
            appeal.scalar_subquery().label("appeals"),
            overturned.scalar_subquery().label("changed_on_appeal"),
        )
        .join(_SUBJECT, _SUBJECT.c.id == RECORDS.c.about, isouter=True)
        # Complaints stand in the ledger: they are what a house asks of others.
        .where(published(), RECORDS.c.public_at.is_not(None))
        .where(_SUBJECT.c.kind.is_distinct_from("complaint"))
    )


def _against_what_stands() -> ColumnElement[bool]:
    """True for an appeal unless another decision was made and told in place of the one it is of."""
    lodged, anew = ENTRIES.alias("lodged"), ENTRIES.alias("anew")
    # A frame is canonical JSON, so that its first key is the act.
    made_anew = anew.c.frame.startswith('{"act":"decide_anew"', autoescape=True)
    overtaken = (
        select(anew.c.log_index)
        .where(anew.c.record == _APPEAL.c.about, made_anew)
        .where(lodged.c.record == _APPEAL.c.id, lodged.c.log_index < anew.c.log_index)
    )
    return _SUBJECT.c.state.not_in(TOLD) | ~overtaken.exists()


def _opinions(connection: Connection, about: str | None) -> tuple[Opinion, ...]:
    """Assessments of a decision, the first one first.

    An opinion that was published stays, whoever restricts its assessment; that somebody else was
    asked is told only where the team may know of it too.
    """
    asked = (
        select(RECORDS.c.id, RECORDS.c.restricted)
        .where(RECORDS.c.about == about, RECORDS.c.kind == "assessment")
        .order_by(RECORDS.c.opened_at)
    )
    rows = [] if about is None else connection.execute(asked).all()
    found = [
        (row.restricted, opinion_of(entries.history_of(connection, row.id), HouseClocks()))
        for row in rows
    ]
    return tuple(opinion for restricted, opinion in found if opinion.history or not restricted)


def _appeals(connection: Connection, about: str | None) -> list[Appealed]:
    """The appeals against a decision, the first one first."""
    against = (
        select(RECORDS)
        .where(RECORDS.c.about == about, RECORDS.c.kind == "appeal")
        .order_by(RECORDS.c.opened_at)
    )
    rows = connection.execute(against).mappings().all()
    return [_appealed(row, entries.events_of(connection, row["id"])) for row in rows]


def _appealed(row: Mapping[Any, Any], events: list[Event]) -> Appealed:
    # The row changes with the team's own notes too, which are nobody else's to know of.
    told = [event for event in events if event.name in TOLD_STEPS["appeal"]]
    record = fold_all(events, HouseClocks())
    decided = [event for event in told if event.name in ("uphold", "overturn", "modify")]
    outside = [event for event in told if event.name == "record_outside"]
    final = [event.at for event in (*decided, *outside) if _outcome(event) == row["outcome"]]
    restores = record.facts.get("restores")
    return Appealed(
        row["state"],
        row["outcome"],
        told[0].at,
        told[-1].at,
        final[-1] if final else None,
        (
            *(Judged("", event.state, day_of(event.at)) for event in decided),
            *(_judged_outside(event, record) for event in outside),
        ),
        None if restores is None else bool(restores),
        record.fields.get("nothing_told"),
        tuple(record.awaited.values()),
    )


def _outcome(event: Event) -> str:
    """How an appeal came out by a decision on it."""
    return str(event.facts.get("outside_outcome", event.state))


def _judged_outside(event: Event, appeal: Record) -> Judged:
    body, day = appeal.facts["appeal_body"], event.facts["decided_on"]
    return Judged(str(body), _outcome(event), str(day))


def _subject(row: Mapping[Any, Any]) -> dict[str, str]:
    names = ("notice_kind", "outcome", "opened_at", "state")
    told = {name: row[name] for name in names if row[name] is not None}
    if row["state"] not in TOLD:
        told.pop("outcome", None)
    if row["state"] == "decided":
        told["state"] = "triaged"  # Untold yet, it looks as if it were still to come.
    return told
