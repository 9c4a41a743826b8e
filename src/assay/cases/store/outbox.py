"""Letters that wait to be sent, and secret links: written with the act that they belong to.

An act that is acknowledged has its letters in the database already, so a crash loses none of
them. Once a letter is sent its text is erased (it may hold a secret link); what stays is to whom,
when, and the SHA-256 of what was sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from assay.cases.clocks import link_until
from assay.cases.letters import (
    PARTIES,
    WEBHOOK,
    Letter,
    Link,
    Opens,
    Party,
    WithIt,
    letter_sha256,
    token_hash,
)
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import LINKS, OUTBOX, RECORDS
from assay.cases.store.visible import visible_to
from assay.errors import UsageError
from assay.model.case import Actor, Record

LETTERS = "letters"
"""The lane of what goes by mail. What a program is told has its webhook's id for a lane."""
MOST_ATTEMPTS = 22
"""About three days in all; long enough for a mail server that is away over a weekend."""
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(minutes=10)
"""How long a letter is one worker's alone, unless it says that it is still at it.

A worker that was killed leaves one letter of each lane behind; another takes it after that time.
"""


LONGEST = timedelta(hours=1)
"""So long a lease is renewed: a mail server that is not done by then will not be."""


@dataclass(frozen=True)
class Taken:
    """A letter of the outbox that one worker has to send, and nobody else until its lease is over.

    Attributes:
        id: Of the letter; the same in every attempt.
        letter: What to send.
        attempts: How many failed.
        hold: Of this taking; another worker's is another one.
    """

    id: str
    letter: Letter
    attempts: int
    hold: str


@dataclass
class _AtHand:
    """When a letter that is being sent here was taken, and its lease renewed."""

    taken: datetime
    renewed: datetime


@dataclass(frozen=True)
class Holder:
    """Whom a secret link belongs to, and the record that it opens.

    Attributes:
        record: Its id.
        actor: As the log names the holder.
        party: Which side they are; the sender where the link asks whose an address is.
        until: When the link ends; None while the matter goes on.
    """

    record: str
    actor: Actor
    party: Party
    until: datetime | None = None


class LinkEnded(UsageError):
    """The link was one: another took its place, or its time is over."""

    def __init__(self) -> None:
        super().__init__("this secret link has ended", fix="ask the house for a new one")


def put(connection: Connection, record: Record, with_it: WithIt, at: datetime) -> None:
    """Write letters and links in the transaction of the act that they go with."""
    told = (write(record) for write in with_it.telling)
    put_letters(connection, record.id, (*with_it.letters, *told), at)
    for link in with_it.links:
        row = _link_row(record.id, link, at)
        if link.replaces:
            same = (LINKS.c[name] == row[name] for name in ("record", "holder", "purpose"))
            live = LINKS.c.ended_at.is_(None)
            connection.execute(update(LINKS).where(*same, live).values(ended_at=moment(at)))
        connection.execute(insert(LINKS).values(**row))


def put_letters(
    connection: Connection, record: str | None, letters: Iterable[Letter], at: datetime
) -> None:
    """Write letters into the outbox; without a record where they are about an account."""
    rows = [_letter_row(record, letter, at) for letter in letters]
    if rows:
        connection.execute(insert(OUTBOX), rows)


class Outbox:
    """The letters of one house, in its case database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._at_hand: dict[str, _AtHand] = {}

    def lanes(self, at: datetime) -> list[str]:
        """The lanes with something whose time has come, and that nobody is sending."""
        asked = select(_lane()).where(*_due(at)).distinct()
        with reading(self.engine) as connection:
            return list(connection.execute(asked).scalars())

    def take(self, lane: str, at: datetime) -> Taken | None:
        """Take the letter of a lane that waits longest and whose time has come, for :data:`LEASE`.

        Writers take turns on either database, so that however many servers look at once, one of
        them gets it.
        """
        oldest = (
            select(OUTBOX.c.id)
            .where(_lane() == lane, *_due(at))
            .order_by(OUTBOX.c.next_at, OUTBOX.c.id)
            .limit(1)
            .scalar_subquery()
        )
        held = {"held_by": secrets.token_hex(8), "held_until": moment(at + LEASE)}
        asked = update(OUTBOX).where(OUTBOX.c.id == oldest).values(**held).returning(OUTBOX)
        with writing(self.engine) as connection:
            row = connection.execute(asked).mappings().first()
        if row is None:
            return None
        self._at_hand[row["held_by"]] = _AtHand(at, at)
        letter = Letter(row["purpose"], row["recipient"], row["subject"], row["text"])
        return Taken(row["id"], letter, row["attempts"], row["held_by"])

    def renew(self, at: datetime) -> None:
        """Hold what is being sent here for another :data:`LEASE` where half of one is over."""
        for hold, one in list(self._at_hand.items()):
            if at - one.renewed >= LEASE / 2 and at - one.taken < LONGEST:
                held = update(OUTBOX).where(OUTBOX.c.held_by == hold)
                with writing(self.engine) as connection:
                    connection.execute(held.values(held_until=moment(at + LEASE)))
                one.renewed = at

    def sent(self, taken: Taken, at: datetime) -> None:
        """A letter is on its way; its text is no longer needed, whoever has taken it meanwhile."""
        self._at_hand.pop(taken.hold, None)
        told = {"state": "sent", "sent_at": moment(at), "text": None, "fault": None}
        with writing(self.engine) as connection:
            mine = OUTBOX.c.id == taken.id
            connection.execute(update(OUTBOX).where(mine).values(**told, **_FREE))

    def failed(self, taken: Taken, fault: str, at: datetime) -> None:
        """A letter could not be sent; it is tried again later, at longer and longer intervals.

        Where the lease was over and another worker has it, what became of it is theirs to say.
        """
        self._at_hand.pop(taken.hold, None)
        attempts = taken.attempts + 1
        wait = min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT)
        told = {
            "state": "failed" if attempts >= MOST_ATTEMPTS else "waiting",
            "attempts": attempts,
            "next_at": moment(at + wait),
            "fault": fault,
        }
        mine = (OUTBOX.c.id == taken.id, OUTBOX.c.held_by == taken.hold)
        with writing(self.engine) as connection:
            connection.execute(update(OUTBOX).where(*mine).values(**told, **_FREE))

    def again(self, identity: str, viewer: Actor, at: datetime) -> bool:
        """Try a letter once more, now, that was given up or waits; False if there is none."""
        mine = (OUTBOX.c.id == identity, OUTBOX.c.state.in_(("failed", "waiting")))
        with writing(self.engine) as connection:
            done = connection.execute(
                update(OUTBOX)
                .where(*mine, _known_to(viewer))
                .values(state="waiting", attempts=0, next_at=moment(at), fault=None)
            )
            return bool(done.rowcount)

    def of_record(self, record: str) -> list[Mapping[str, Any]]:
        """Letters about a record, without the texts; the caller may see the record."""
        mine = (OUTBOX.c.record == record, OUTBOX.c.purpose != WEBHOOK)
        asked = _without_text().where(*mine).order_by(OUTBOX.c.made_at)
        with reading(self.engine) as connection:
            return [dict(row) for row in connection.execute(asked).mappings()]

    def listed(self, viewer: Actor, state: str | None, limit: int) -> list[Mapping[str, Any]]:
        """Letters that the viewer may know of, the newest first."""
        asked = _without_text().where(_known_to(viewer))
        if state is not None:
            asked = asked.where(OUTBOX.c.state == state)
        with reading(self.engine) as connection:
            found = connection.execute(asked.order_by(OUTBOX.c.made_at.desc()).limit(limit))
            return [dict(row) for row in found.mappings()]

    def count(self, viewer: Actor, state: str) -> int:
        """How many letters that the viewer may know of are in this state."""
        mine = (OUTBOX.c.state == state, _known_to(viewer))
        asked = select(func.count()).select_from(OUTBOX).where(*mine)
        with reading(self.engine) as connection:
            return int(connection.execute(asked).scalar_one())

    def put(self, record: Record, with_it: WithIt, at: datetime) -> None:
        """Write letters and links about a record without an act."""
        with writing(self.engine) as connection:
            put(connection, record, with_it, at)

    def holder(self, token: str, at: datetime, opens: Collection[Opens] = PARTIES) -> Holder | None:
        """Whose secret link this is, or None.

        Args:
            token: In the link.
            at: The present.
            opens: What the link may be for.

        Raises:
            LinkEnded: It was replaced, or the matter has rested for so long that it ended.
        """
        mine = (LINKS.c.token == token_hash(token), LINKS.c.purpose.in_(opens))
        asked = select(LINKS).where(*mine)
        with reading(self.engine) as connection:
            row = connection.execute(asked).mappings().first()
            if row is None:
                return None
            until = _until(connection, row["record"])
        if row["ended_at"] is not None or (until is not None and until <= at):
            raise LinkEnded
        party: Party = "concerned" if row["purpose"] == "concerned" else "sender"
        return Holder(row["record"], Actor(row["holder"], "public"), party, until)


_FREE = {"held_by": None, "held_until": None}


def _lane() -> ColumnElement[str]:
    return case((OUTBOX.c.purpose == WEBHOOK, OUTBOX.c.recipient), else_=LETTERS)


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    now = moment(at)
    free = or_(OUTBOX.c.held_until.is_(None), OUTBOX.c.held_until <= now)
    return OUTBOX.c.state == "waiting", OUTBOX.c.next_at <= now, free


def _until(connection: Connection, record: str) -> datetime | None:
    """When the links to a record end."""
    appeals = and_(RECORDS.c.about == record, RECORDS.c.kind == "appeal")
    asked = select(RECORDS.c.state, RECORDS.c.changed_at)
    matter = connection.execute(asked.where(or_(RECORDS.c.id == record, appeals)))
    return link_until((row.state, datetime.fromisoformat(row.changed_at)) for row in matter)


def _known_to(viewer: Actor) -> ColumnElement[bool]:
    """True for letters about records that somebody may know of; for administrators also for those
    about accounts.
    """
    known = OUTBOX.c.record.in_(select(RECORDS.c.id).where(visible_to(viewer)))
    return or_(known, OUTBOX.c.record.is_(None)) if viewer.role == "administrator" else known


def _without_text() -> Any:
    return select(*(column for column in OUTBOX.c if column.name != "text"))


def _letter_row(record: str | None, letter: Letter, at: datetime) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(8),
        "record": record,
        "purpose": letter.purpose,
        "recipient": letter.recipient,
        "subject": letter.subject,
        "text": letter.text,
        "sha256": letter_sha256(letter),
        "state": "waiting",
        "attempts": 0,
        "made_at": moment(at),
        "next_at": moment(at),
    }


def _link_row(record: str | None, link: Link, at: datetime) -> dict[str, Any]:
    return {
        "token": token_hash(link.token),
        "record": link.record or record,
        "holder": link.holder,
        "purpose": link.opens,
        "made_at": moment(at),
    }
