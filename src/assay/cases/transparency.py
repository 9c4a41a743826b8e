"""The transparency report of a year: what was asked, decided and appealed, as rows that count.

The sections are those of Regulation (EU) 2024/2835 (templates under the DSA's articles 15, 24 and
42). The rows are the house's own counts under these headings and not its template file; what the
records do not tell is a row without a value that says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from assay.model.case import (
    APPEAL_BODIES,
    NOTICE_KINDS,
    OUTCOMES,
    OUTSIDE_OUTCOMES,
    PUBLIC_BODY_KINDS,
)

ORDERS = "Orders from authorities"
NOTICES = "Notices"
OWN = "Own-initiative moderation"
COMPLAINTS = "Complaints, disputes and misuse"
AUTOMATION = "Automated means"
STAFF = "People"
RECIPIENTS = "Recipients of the service"
QUALITATIVE = "In words"
SECTIONS = (ORDERS, NOTICES, OWN, COMPLAINTS, AUTOMATION, STAFF, RECIPIENTS, QUALITATIVE)
GROUNDS = ("ILLEGAL_CONTENT", "INCOMPATIBLE_CONTENT")
APPEAL_OUTCOMES = ("upheld", "overturned", "modified")
STEPS = (
    (COMPLAINTS, "warnings for misuse", "warn"),
    (COMPLAINTS, "suspensions for misuse", "suspend"),
    (ORDERS, "requests for personal data received", "request"),
    (ORDERS, "requests for personal data granted", "grant"),
    (ORDERS, "requests for personal data refused", "refuse_data"),
)
"""Steps that count in the year in which they happened: section, what is counted, the act."""
_AUTOMATED = ("FULLY", "PARTIALLY", "NOT_AUTOMATED")
_NOT_KEPT = (
    (OWN, "decisions", "the records begin with a notice"),
    (AUTOMATION, "accuracy and error rates", "not kept in the records"),
    (STAFF, "people who moderate, and their languages", "not kept in the records"),
    (RECIPIENTS, "average monthly active recipients", "known to the platform alone"),
    (QUALITATIVE, "description of the moderation", "written by the platform"),
)


@dataclass(frozen=True)
class Noticed:
    """What the report needs of a notice.

    Attributes:
        kind: Kind of notice.
        state: As it stands now.
        received_at: When it was handed in.
        decided_at: When it was decided; None while it is not.
        outcome: Of the decision.
        ground: Of a restriction; None where its text was erased.
        automation: How far it was decided by automated means, as its public statement says.
    """

    kind: str
    state: str
    received_at: datetime
    decided_at: datetime | None = None
    outcome: str | None = None
    ground: str | None = None
    automation: str | None = None


@dataclass(frozen=True)
class Contested:
    """What the report needs of an appeal.

    Attributes:
        lodged_at: When it came.
        answered_at: When it was decided; None while it is not.
        outcome: Upheld, overturned, modified by the house; None while it is not decided, or not
            admitted.
        outside: The outside body that it was taken to.
        outside_outcome: What that body decided; None while that is not known.
        refused: Whether it was not admitted.
        asked_to_restore: Whether somebody was asked to restore what was restricted.
        restored: Whether everybody who answered said that everything was.
    """

    lodged_at: datetime
    answered_at: datetime | None = None
    outcome: str | None = None
    outside: str | None = None
    outside_outcome: str | None = None
    refused: bool = False
    asked_to_restore: bool = False
    restored: bool = False


@dataclass(frozen=True)
class Row:
    """One line of the report.

    Attributes:
        section: One of :data:`SECTIONS`.
        indicator: What is counted.
        group: Of which sort; empty where it is of all.
        value: The figure; None where there is none.
        unit: ``number``, ``hours`` or ``share`` (0 to 1).
        note: What is to be known of it.
    """

    section: str
    indicator: str
    group: str
    value: float | None
    unit: str
    note: str = ""


def transparency_rows(
    notices: Sequence[Noticed], appeals: Sequence[Contested], steps: Mapping[str, int]
) -> tuple[Row, ...]:
    """Every row of a report, in the order of the sections.

    Args:
        notices: That were handed in during the period, restricted ones left out.
        appeals: That were lodged during the period, likewise.
        steps: How often each act of :data:`STEPS` happened during the period, likewise.
    """
    orders = [one for one in notices if one.kind in PUBLIC_BODY_KINDS]
    others = [one for one in notices if one.kind not in PUBLIC_BODY_KINDS]
    rows = [
        *_of_notices(ORDERS, orders, [kind for kind in NOTICE_KINDS if kind in PUBLIC_BODY_KINDS]),
        *_of_notices(
            NOTICES, others, [kind for kind in NOTICE_KINDS if kind not in PUBLIC_BODY_KINDS]
        ),
        *_of_appeals(appeals),
        *_of_automation(notices),
        *(_count(section, what, "", steps.get(act, 0)) for section, what, act in STEPS),
        *(Row(section, what, "", None, "number", note) for section, what, note in _NOT_KEPT),
    ]
    return tuple(sorted(rows, key=lambda row: SECTIONS.index(row.section)))


def _of_notices(section: str, notices: Sequence[Noticed], kinds: Iterable[str]) -> list[Row]:
    by_kind = Counter(one.kind for one in notices)
    decided = [one for one in notices if one.decided_at is not None]
    outcomes = Counter(one.outcome for one in decided)
    restricted = [one for one in decided if one.outcome == "restriction"]
    grounds = Counter(one.ground for one in restricted)
    hours = [_hours(one.received_at, one.decided_at) for one in decided if one.decided_at]
    states = Counter(one.state for one in notices)
    return [
        _count(section, "received", "", len(notices)),
        *(_count(section, "received", kind, by_kind[kind]) for kind in kinds),
        _count(section, "decided", "", len(decided)),
        *(_count(section, "decided", outcome, outcomes[outcome]) for outcome in OUTCOMES),
        *(_count(section, "restrictions by ground", name, grounds[name]) for name in GROUNDS),
        *(
            _count(section, "not decided", state, states[state])
            for state in ("rejected_incomplete", "withdrawn", "duplicate", "parked")
        ),
        _middle(section, "median time to the decision", hours),
    ]


def _of_appeals(appeals: Sequence[Contested]) -> list[Row]:
    outcomes = Counter(one.outcome for one in appeals if one.outcome)
    judged = sum(outcomes.values())
    changed = outcomes["overturned"] + outcomes["modified"]
    outside = Counter(one.outside for one in appeals)
    decided_outside = Counter(one.outside_outcome for one in appeals)
    hours = [
        _hours(one.lodged_at, one.answered_at)
        for one in appeals
        if one.answered_at and one.outcome is not None
    ]
    share = changed / judged if judged else None
    note = "" if judged else "no appeal was decided"
    return [
        _count(COMPLAINTS, "appeals lodged", "", len(appeals)),
        *(_count(COMPLAINTS, "appeals decided", name, outcomes[name]) for name in APPEAL_OUTCOMES),
        _count(COMPLAINTS, "appeals not admitted", "", sum(one.refused for one in appeals)),
        Row(COMPLAINTS, "share overturned or modified", "", share, "share", note),
        _middle(COMPLAINTS, "median time to the answer", hours),
        *(
            _count(COMPLAINTS, "taken to an outside body", name, outside[name])
            for name in APPEAL_BODIES
        ),
        *(
            _count(COMPLAINTS, "decided by an outside body", name, decided_outside[name])
            for name in OUTSIDE_OUTCOMES
        ),
        _count(COMPLAINTS, "restoration asked for", "", sum(x.asked_to_restore for x in appeals)),
        _count(COMPLAINTS, "restored, as was answered", "", sum(x.restored for x in appeals)),
    ]


def _of_automation(notices: Sequence[Noticed]) -> list[Row]:
    told = Counter(one.automation for one in notices if one.outcome == "restriction")
    note = "of restrictions with a public statement"
    return [
        Row(AUTOMATION, "restrictions", name, told[f"AUTOMATED_DECISION_{name}"], "number", note)
        for name in _AUTOMATED
    ]


def _count(section: str, indicator: str, group: str, value: int) -> Row:
    return Row(section, indicator, group, value, "number")


def _middle(section: str, indicator: str, hours: Sequence[float]) -> Row:
    if not hours:
        return Row(section, indicator, "", None, "hours", "nothing was decided")
    return Row(section, indicator, "", round(median(hours), 1), "hours")


def _hours(begin: datetime, end: datetime) -> float:
    return (end - begin).total_seconds() / 3600


def by_section(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """The rows under their headings."""
    found: dict[str, list[Row]] = {section: [] for section in SECTIONS}
    for row in rows:
        found[row.section].append(row)
    return found
