"""Programs elsewhere that are told of every event, and what waits to be told to them.

What is told names the record, its state and the act, and holds no text and nobody's name. Of
restricted records nothing is told, nor of what is about them. It waits in the outbox, written with
the event.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select

from assay.cases.letters import WEBHOOK, Letter
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.outbox import put_letters
from assay.cases.store.tables import OUTBOX, RECORDS, WEBHOOKS
from assay.cases.store.visible import visible_to
from assay.errors import UsageError
from assay.model.case import Actor, Event, Record

MOST_WEBHOOKS = 10
_STRANGER = Actor("webhook", "auditor")
"""Whoever sees what is not restricted and is a member of nothing."""


@dataclass(frozen=True)
class Webhook:
    """A program elsewhere: its id and address, and since when it is told."""

    id: str
    address: str
    made_at: datetime


class Webhooks:
    """The webhooks of one house."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def make(self, address: str, at: datetime) -> str:
        """Tell an address of every event from now on; returns the webhook's id.

        Raises:
            UsageError: There are too many, or it is told already.
        """
        identity = secrets.token_hex(8)
        with writing(self.engine) as connection:
            known = list(connection.execute(select(WEBHOOKS.c.address)).scalars())
            if address in known:
                raise UsageError("this address is told already", fix="remove it first")
            if len(known) >= MOST_WEBHOOKS:
                raise UsageError(f"there are {MOST_WEBHOOKS} webhooks already", fix="remove one")
            row = {"id": identity, "address": address, "made_at": moment(at)}
            connection.execute(insert(WEBHOOKS).values(**row))
        return identity

    def all(self) -> list[Webhook]:
        """Every webhook, the oldest first."""
        asked = select(WEBHOOKS).order_by(WEBHOOKS.c.made_at, WEBHOOKS.c.id)
        with reading(self.engine) as connection:
            return [
                Webhook(row.id, row.address, datetime.fromisoformat(row.made_at))
                for row in connection.execute(asked)
            ]

    def address(self, identity: str) -> str | None:
        """Where a webhook leads; None once it is removed."""
        asked = select(WEBHOOKS.c.address).where(WEBHOOKS.c.id == identity)
        with reading(self.engine) as connection:
            found: str | None = connection.execute(asked).scalar()
        return found

    def remove(self, identity: str) -> bool:
        """Tell an address nothing more, not even what waits; False if there is no such webhook."""
        waits = (OUTBOX.c.purpose == WEBHOOK, OUTBOX.c.recipient == identity)
        with writing(self.engine) as connection:
            connection.execute(delete(OUTBOX).where(*waits))
            gone = connection.execute(delete(WEBHOOKS).where(WEBHOOKS.c.id == identity))
            return bool(gone.rowcount)


def announce(connection: Connection, record: Record, event: Event, entry: int) -> None:
    """Put what programs are told of an event into the outbox, in the event's transaction."""
    hooks = connection.execute(select(WEBHOOKS.c.id)).scalars().all()
    if not hooks:
        return
    open_to_all = select(RECORDS.c.id).where(RECORDS.c.id == record.id, visible_to(_STRANGER))
    if connection.execute(open_to_all).first() is None:
        return
    told = {
        "type": f"{event.kind}.{event.name}",
        "timestamp": event.at.isoformat(),
        "data": {
            "record": record.id,
            "kind": record.kind,
            "act": event.name,
            "state": event.state,
            "version": event.version,
            "entry": entry,
        },
    }
    text = json.dumps(told, separators=(",", ":"))
    letters = (Letter(WEBHOOK, hook, f"Told to a program: {event.name}", text) for hook in hooks)
    put_letters(connection, record.id, letters, event.at)
