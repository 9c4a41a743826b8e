"""Who sees which records, as conditions of a query: lists, counts and single looks use the same."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from assay.cases.store.tables import MEMBERS, RECORDS
from assay.model.case import Actor

_PUBLISHED = ("published", "corrected", "withdrawn")
_SEES_UNRESTRICTED = (
    "administrator",
    "investigator",
    "reviewer",
    "appeals_reviewer",
    "auditor",
)


def visible_to(viewer: Actor) -> ColumnElement[bool]:
    """True for the records that somebody may know of.

    Members see theirs. Staff and auditors see all that is not restricted; a restricted record
    is seen by its members alone, whatever the role, and so is what is about it (an appeal, an
    entry that is not published). Everyone sees published register entries.
    """
    mine = select(MEMBERS.c.record).where(MEMBERS.c.account == viewer.id)
    membership = or_(
        RECORDS.c.id.in_(mine), and_(RECORDS.c.restricted.is_(False), RECORDS.c.about.in_(mine))
    )
    subject = RECORDS.alias("subject")
    hidden = select(subject.c.id).where(subject.c.restricted.is_(True))
    unrestricted = and_(
        RECORDS.c.restricted.is_(False),
        or_(RECORDS.c.about.is_(None), RECORDS.c.about.not_in(hidden)),
    )
    if viewer.role in _SEES_UNRESTRICTED:
        return or_(unrestricted, membership)
    # The public holds a link to one record; what is about it (a register entry in the making, the
    # other side's appeal) is not theirs.
    return or_(RECORDS.c.id.in_(mine), published())


def published() -> ColumnElement[bool]:
    """True for register entries that were published, and stay so when they are withdrawn."""
    return and_(
        RECORDS.c.kind == "register",
        RECORDS.c.state.in_(_PUBLISHED),
        RECORDS.c.restricted.is_(False),
    )
