"""Views of the queue that people keep: a name and what is asked for, never what was found.

A view is asked anew by whoever opens it, so that it shows nobody more than the queue does.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, false, insert, or_, select

from assay.cases.acts import STAFF
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import SAVED_VIEWS
from assay.errors import UsageError
from assay.model.case import Actor

MOST_VIEWS = 20
"""Of one account."""
_READS_SHARED = (*STAFF, "auditor")


@dataclass(frozen=True)
class SavedView:
    """A view that somebody kept.

    Attributes:
        id: Random.
        account: Whose it is.
        name: What its tab says.
        query: What it asks of the queue, as in its address.
        shared: Whether colleagues have it too; partners never do.
    """

    id: str
    account: str
    name: str
    query: str
    shared: bool


class SavedViews:
    """The saved views of one house."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def seen_by(self, viewer: Actor) -> list[SavedView]:
        """Somebody's own views and those that colleagues share, by name."""
        others = SAVED_VIEWS.c.shared if viewer.role in _READS_SHARED else false()
        asked = (
            select(SAVED_VIEWS)
            .where(or_(SAVED_VIEWS.c.account == viewer.id, others))
            .order_by(SAVED_VIEWS.c.name, SAVED_VIEWS.c.id)
        )
        with reading(self.engine) as connection:
            return [
                SavedView(row.id, row.account, row.name, row.query, row.shared)
                for row in connection.execute(asked)
            ]

    def keep(self, by: Actor, name: str, query: str, *, shared: bool, at: datetime) -> None:
        """Keep a view under a name that is new among one's own.

        Raises:
            UsageError: The name is taken, there are too many, or this person shares with nobody.
        """
        if shared and by.role not in STAFF:
            raise UsageError("only the team shares views", fix="keep it for yourself")
        mine = SAVED_VIEWS.c.account == by.id
        with writing(self.engine) as connection:
            names = list(connection.execute(select(SAVED_VIEWS.c.name).where(mine)).scalars())
            if name in names:
                raise UsageError(
                    "you have a view of this name", fix="take another name, or remove that one"
                )
            if len(names) >= MOST_VIEWS:
                raise UsageError(f"you have {MOST_VIEWS} views already", fix="remove one")
            row = {"account": by.id, "name": name, "query": query, "shared": shared}
            row |= {"id": secrets.token_hex(8), "made_at": moment(at)}
            connection.execute(insert(SAVED_VIEWS).values(**row))

    def remove(self, identity: str, by: Actor) -> bool:
        """Remove a view of one's own, or as administrator a shared one; False if it is neither."""
        shared = SAVED_VIEWS.c.shared if by.role == "administrator" else false()
        theirs = or_(SAVED_VIEWS.c.account == by.id, shared)
        with writing(self.engine) as connection:
            gone = connection.execute(
                delete(SAVED_VIEWS).where(SAVED_VIEWS.c.id == identity, theirs)
            )
            return bool(gone.rowcount)
