"""The public ledger of complaints, read from the log: published ones, with every recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import Engine, select

from assay.cases.awaited import day_of
from assay.cases.clocks import HouseClocks
from assay.cases.fold import fold_all
from assay.cases.ledger import Sent, sent_of
from assay.cases.store import entries
from assay.cases.store.connect import reading
from assay.cases.store.tables import RECORDS
from assay.cases.store.visible import published
from assay.model.case import Record


@dataclass(frozen=True)
class Complained:
    """A published complaint.

    Attributes:
        entry: Id of the register entry that publishes it.
        state: Of that entry.
        title: What was published; empty once erased.
        complainant: Who complains, as published; empty once erased.
        complainant_kind: Person, organisation or public body.
        legal_basis: Of a public body.
        changed_at: When the entry changed last.
        sent: To whom it was sent, and what came of it; none where the entry was withdrawn.
    """

    entry: str
    state: str
    title: str
    complainant: str
    complainant_kind: str
    legal_basis: str
    changed_at: datetime
    sent: tuple[Sent, ...]


class Ledger:
    """The ledger of one house."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._known: tuple[int, str, tuple[Complained, ...]] | None = None
        self._reading = Lock()

    def complaints(self, at: datetime) -> tuple[Complained, ...]:
        """Every published complaint, the last changed first.

        Worked out anew when something was written or the day changed, once however many ask.
        """
        day = day_of(at)
        asked = (
            select(RECORDS.c.id, RECORDS.c.about)
            .where(published(), RECORDS.c.about.in_(_COMPLAINTS))
            .order_by(RECORDS.c.changed_at.desc(), RECORDS.c.id.desc())
        )
        with self._reading, reading(self.engine) as connection:
            size = entries.size_of(connection)
            if self._known and self._known[:2] == (size, day):
                return self._known[2]
            found = []
            for row in connection.execute(asked).all():
                entry, complaint = (
                    fold_all(
                        [event for _, event in entries.history_of(connection, one)], HouseClocks()
                    )
                    for one in (row.id, row.about)
                )
                found.append(_complained(entry, complaint, day))
            self._known = (size, day, tuple(found))
            return self._known[2]

    def complaint(self, entry: str, at: datetime) -> Complained | None:
        """The complaint that an entry publishes; None if it publishes something else."""
        return next((one for one in self.complaints(at) if one.entry == entry), None)


_COMPLAINT = RECORDS.alias("complaint")
_COMPLAINTS = select(_COMPLAINT.c.id).where(_COMPLAINT.c.kind == "complaint")


def _complained(entry: Record, complaint: Record, day: str) -> Complained:
    withdrawn = entry.state == "withdrawn"
    return Complained(
        entry=entry.id,
        state=entry.state,
        title=entry.fields.get("title", ""),
        complainant=entry.fields.get("sender_public", ""),
        complainant_kind=str(complaint.facts["complainant_kind"]),
        legal_basis=entry.fields.get("legal_basis", ""),
        changed_at=entry.changed_at,
        sent=() if withdrawn else tuple(sent_of(complaint.awaited.values(), day)),
    )
