"""Requests by authorities for data that are not public: an order, a check, word to the person.

Nothing is granted without the order itself on file, a check of what it may do to the person by
somebody else than who grants it, and word to that person, unless a law forbids it until a day that
is written down. Whom it was kept from is told when that day has come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from assay.model.case import Act, Actor, Fact, Record

ORDERED_BY = ("court", "prosecutor", "police", "regulator", "other")
RISKS: Mapping[str, str] = MappingProxyType(
    {
        "none_seen": "nothing speaks for harm to the person",
        "some": "harm is possible, and outweighed",
        "serious": "persecution, violence or an unfair trial must be feared",
    }
)
LONGEST_BAR_DAYS = 365
"""Until which whoever bars must look again."""
_ASKED = {
    "request": (
        ("authority", "name the authority"),
        ("legal_basis", "name the law and the article that it rests on"),
        ("order_reference", "give the reference of the order"),
        ("data_asked", "say which data are asked for"),
    ),
    "check_risk": (
        ("competence", "say whether this body may order it, and by which law that is clear"),
        ("risk_to_person", "say what may happen to the person, and how likely that is"),
        ("necessity", "say why it is needed, and in proportion"),
        ("narrowed", "say which lesser data were considered"),
    ),
    "tell_person": (("told_how", "say how the person was told"),),
    "bar_notice": (("bar_basis", "name the law or order that forbids to tell them"),),
    "grant": (("data_given", "say which data are given, no more than were ordered"),),
    "refuse_data": (("told", "say what the authority is told, and why"),),
}


@dataclass(frozen=True)
class Line:
    """A request as the ledger tells it; whose data they are, it does not say.

    Attributes:
        id: Of the record.
        received_on: Day.
        authority: Who asked.
        ordered_by: Sort of authority.
        legal_basis: Law and article.
        order_reference: As the authority calls it.
        data_asked: Which sorts of data.
        state: As it stands.
        risk: What the check found; empty before it.
        data_given: Which sorts, where it was granted.
        told_on: Day on which the person was told; empty while they were not.
        barred_until: Until when a law forbids to tell them; empty where none does.
    """

    id: str
    received_on: str
    authority: str
    ordered_by: str
    legal_basis: str
    order_reference: str
    data_asked: str
    state: str
    risk: str
    data_given: str
    told_on: str
    barred_until: str


COLUMNS = tuple(one.name for one in fields(Line))


def line_of(one: Record) -> Line:
    """A request as the ledger tells it."""
    said = {**one.fields, **{name: str(fact) for name, fact in one.facts.items()}}
    known = {name: said.get(name, "") for name in COLUMNS}
    return Line(**{**known, "id": one.id, "state": one.state})


def faults_of_disclosure(record: Record | None, act: Act, by: Actor, day: str) -> dict[str, str]:
    """What an act on a request lacks.

    Args:
        record: The request as it stands; None when it is opened.
        act: What is to be done.
        by: Who does it.
        day: Today.
    """
    asked = _ASKED.get(act.name, ())
    faults = {name: told for name, told in asked if not act.fields.get(name, "").strip()}
    for name in ("received_on", "told_on"):
        if str(act.facts.get(name, "")) > day:
            faults[name] = "this day has not come yet"
    if act.name == "bar_notice":
        latest = (date.fromisoformat(day) + timedelta(days=LONGEST_BAR_DAYS)).isoformat()
        if not day < str(act.facts["barred_until"]) <= latest:
            faults["barred_until"] = f"give a day after today and until {latest}"
    if act.name == "grant" and record is not None:
        faults |= _faults_of_grant(record, by, day)
    if act.name == "close" and record is not None and record.state == "granted":
        faults |= {} if "told_on" in record.facts else {"told_on": "the person was not told yet"}
    return faults


def disclosure_due(
    facts: Mapping[str, Fact], state: str, until: datetime | None
) -> datetime | None:
    """When the next step is due: a decision, or word to the person once the bar has ended."""
    if state in ("requested", "checked"):
        return until
    barred = facts.get("barred_until")
    if state != "granted" or "told_on" in facts or barred is None:
        return None
    return datetime.combine(date.fromisoformat(str(barred)), time.max, UTC)


def _faults_of_grant(record: Record, by: Actor, day: str) -> dict[str, str]:
    faults = {}
    if not record.files:
        faults["order"] = "add the order itself as a file first"
    if record.facts.get("risk") == "serious":
        faults["risk"] = "the check found a serious risk: refuse it, or check again"
    if record.proposed_by == by.id:
        faults["by"] = "nobody grants what they checked; ask another reviewer"
    told, barred = "told_on" in record.facts, str(record.facts.get("barred_until", ""))
    if not told and barred <= day:
        faults["told_on"] = (
            "tell the person first, or record the law that forbids it and until when"
        )
    return faults
