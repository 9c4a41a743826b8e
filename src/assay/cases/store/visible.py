"""Who sees which records, as conditions of a query: lists, counts and single looks use the same."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import ColumnElement, Table, and_, or_, select

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
_MOST_VIEWERS = 1024
"""Whose conditions are kept: a page asks several times, and to build them takes as long."""


def sees_unrestricted(viewer: Actor) -> bool:
    """Whether somebody sees whatever is not restricted: staff and auditors."""
    return viewer.role in _SEES_UNRESTRICTED


@lru_cache(_MOST_VIEWERS)
def visible_to(viewer: Actor, rows: Table = RECORDS) -> ColumnElement[bool]:
    """True for the records that somebody may know of.

    Members see theirs. Staff and auditors see all that is not restricted; a restricted record
    is seen by its members alone, whatever the role, and so is what is about it (an appeal, an
    entry that is not published, a file about its sender and the appeal against that). Everyone
    sees published register entries.

    Args:
        viewer: Who asks.
        rows: ``records``; or ``searched``, where the viewer sees whatever is not restricted.
    """
    mine = select(MEMBERS.c.record).where(MEMBERS.c.account == viewer.id)
    below = RECORDS.alias("below")
    of_mine = select(below.c.id).where(below.c.restricted.is_(False), below.c.about.in_(mine))
    about_mine = or_(rows.c.about.in_(mine), rows.c.about.in_(of_mine))
    if sees_unrestricted(viewer):
        opened = and_(rows.c.restricted.is_(False), or_(open_to_the_team(rows), about_mine))
        return or_(opened, rows.c.id.in_(mine))
    # The public holds a link to one record; what is about it (a register entry in the making, the
    # other side's appeal) is not theirs.
    return or_(RECORDS.c.id.in_(mine), published())


def open_to_the_team(rows: Table = RECORDS) -> ColumnElement[bool]:
    """True unless a record is about a restricted one, or about something that is about one."""
    # Restricted records are few and have an index of their own: what is about them is found from
    # there, once a query, and not by looking up the subject of every record.
    subject, between = RECORDS.alias("subject"), RECORDS.alias("between")
    restricted = select(subject.c.id).where(subject.c.restricted.is_(True))
    about_one = select(between.c.id).where(between.c.about.in_(restricted))
    hidden = or_(rows.c.about.in_(restricted), rows.c.about.in_(about_one))
    return or_(rows.c.about.is_(None), ~hidden)


def no_sample() -> ColumnElement[bool]:
    """True unless a record is a sample, or is about one or about something that is about one (an
    appeal in a file about its sender): none of them counts in any figure.
    """
    subject, behind = RECORDS.alias("sampled"), RECORDS.alias("behind")
    about_one = (
        select(subject.c.id)
        .outerjoin_from(subject, behind, behind.c.id == subject.c.about)
        .where(subject.c.id == RECORDS.c.about)
        .where(or_(subject.c.sample.is_(True), behind.c.sample.is_(True)))
    )
    return and_(RECORDS.c.sample.is_(False), ~about_one.correlate(RECORDS).exists())


def published() -> ColumnElement[bool]:
    """True for register entries that were published, and stay so when they are withdrawn."""
    return and_(
        RECORDS.c.kind == "register",
        RECORDS.c.state.in_(_PUBLISHED),
        RECORDS.c.restricted.is_(False),
    )
