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
    is seen by its members alone, whatever the role. Everyone sees published register entries.
    """
    membership = RECORDS.c.id.in_(select(MEMBERS.c.record).where(MEMBERS.c.account == viewer.id))
    unrestricted = RECORDS.c.restricted.is_(False)
    if viewer.role in _SEES_UNRESTRICTED:
        return or_(unrestricted, membership)
    published = and_(RECORDS.c.kind == "register", RECORDS.c.state.in_(_PUBLISHED), unrestricted)
    return or_(membership, published)
