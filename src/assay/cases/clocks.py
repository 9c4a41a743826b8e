"""When the next step is due, and until when an appeal can be lodged.

Two periods are law and are not shortened: six months for an appeal (DSA, article 20(1)) and one
month for a data subject's request (GDPR, article 12(3)). Acknowledging a notice and deciding on
it are due "without undue delay" (DSA, article 16); the figures for those are this house's own.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

APPEAL_MONTHS = 6
DATA_SUBJECT_MONTHS = 1
LINK_MONTHS = 12
"""How long a secret link lasts once a matter rests; twice the time for an appeal."""


@dataclass(frozen=True)
class HouseClocks:
    """How long this house gives itself where the law says "without undue delay".

    Attributes:
        acknowledge_h: Hours from a notice's arrival to its acknowledgement.
        decide_days: Days from triage to a decision.
        notify_h: Hours from a decision to the notification.
        appeal_days: Days from an appeal to its decision.
    """

    acknowledge_h: int = 24
    decide_days: int = 7
    notify_h: int = 24
    appeal_days: int = 14


def months_later(at: datetime, months: int) -> datetime:
    """The same day some months on, or the month's last day where there is no such day."""
    month = at.month - 1 + months
    year, month = at.year + month // 12, month % 12 + 1
    day = min(at.day, calendar.monthrange(year, month)[1])
    return at.replace(year=year, month=month, day=day)


def end_of_day(day: str) -> datetime:
    """The last moment of a day, in UTC."""
    return datetime.combine(date.fromisoformat(day), time.max, UTC)


def due_after(name: str, state: str, at: datetime, clocks: HouseClocks) -> datetime | None:
    """When the step after an act is due; None where nobody waits for one.

    A data subject's month is set by the workflow, for it runs through all of these steps.
    """
    periods = {
        ("submit", "submitted"): timedelta(hours=clocks.acknowledge_h),
        ("take_up_parked", "submitted"): timedelta(hours=clocks.acknowledge_h),
        ("acknowledge", "acknowledged"): timedelta(hours=clocks.acknowledge_h),
        ("triage", "triaged"): timedelta(days=clocks.decide_days),
        ("decide_anew", "triaged"): timedelta(days=clocks.decide_days),
        ("conclude", "decided"): timedelta(hours=clocks.notify_h),
        ("confirm", "decided"): timedelta(hours=clocks.notify_h),
        ("lodge", "lodged"): timedelta(days=clocks.appeal_days),
    }
    period = periods.get((name, state))
    return None if period is None else at + period


def waits(state: str) -> bool:
    """Whether somebody waits for the next step."""
    return state in (
        "submitted",
        "parked",
        "acknowledged",
        "triaged",
        "decided",
        "lodged",
        "admissible",
        "assigned",
    )


def link_until(matter: Iterable[tuple[str, datetime]]) -> datetime | None:
    """When the secret links to a matter end; None while a next step is still to come.

    Args:
        matter: State and last change of the notice and of each appeal against it.
    """
    rows = list(matter)
    if any(waits(state) or state == "external_review" for state, _ in rows):
        return None
    return months_later(max(changed_at for _, changed_at in rows), LINK_MONTHS)
