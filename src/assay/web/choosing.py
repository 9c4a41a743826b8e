"""What forms let people choose from where the record and the house decide it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from assay.cases.acts import APPEALS, ASSESSORS, STAFF
from assay.cases.concerned import everybody
from assay.cases.outside import ASSESSABLE
from assay.cases.refused import Refused
from assay.cases.store.accounts import Account
from assay.model.awaited import Awaited
from assay.model.case import Act, Record
from assay.web import words
from assay.web.outgoing import givable

Choices = Mapping[str, Mapping[str, str]]


def choices_of(record: Record, about: Record | None, people: list[Account], day: str) -> Choices:
    """Choices by the name of a question, or of the act whose one question they are for.

    Args:
        record: Whose forms they are.
        about: What it is about, as far as the viewer may see it.
        people: Every account.
        day: Today in UTC, as YYYY-MM-DD.
    """
    open_ones = [person for person in people if not person.disabled]
    free = {
        person.id: person.name
        for person in open_ones
        if person.role in APPEALS and (about is None or person.id not in about.took_part)
    }
    outside = {person.id: person.name for person in open_ones if person.id not in record.members}
    inside = {person.id: person.name for person in people if person.id in record.members}
    texts = about if record.kind == "assessment" else record
    return {
        "assignee": free,
        "add_member": outside,
        "remove_member": inside,
        "assessor": assessors(record, people),
        "given": {name: words.FIELDS[name] for name in givable(texts)} if texts else {},
        "concerned_urls": {one: one for one in record.fields.get("urls", "").split()},
        "concerned": people_concerned(record),
        "for_whom": {person.id: person.name for person in open_ones if person.role in STAFF},
        "end_task": {
            str(one.number): _shortened(one.text)
            for one in record.tasks.values()
            if not one.done_on
        },
        "escalates": _labels(record.awaited.values()),
        **{
            act: _labels(one for one in record.awaited.values() if fits(one, day))
            for act, fits in _FITTING.items()
        },
    }


def assessors(record: Record, people: Iterable[Account]) -> dict[str, str]:
    """Who can be invited to assess a record: partners without a part in it, no party to it."""
    if record.kind not in ASSESSABLE:
        return {}
    bound = record.took_part | everybody(record) | {record.opened_by.id}
    return {
        person.id: person.name
        for person in people
        if person.role in ASSESSORS and not person.disabled and person.id not in bound
    }


def people_concerned(record: Record) -> dict[str, str]:
    """The people whom a notice is about, by what tells them apart for the team."""
    return {
        who: ", ".join(one.addresses) or one.fields.get("concerned_email") or f"Person {number}"
        for number, (who, one) in enumerate(record.concerned.items(), start=1)
    }


def check_assessor(record: Record, act: Act, people: Iterable[Account]) -> None:
    """Make sure that whoever is asked can be.

    Raises:
        Refused: They are no partner, or had a part in the matter.
    """
    if act.facts["assessor"] not in assessors(record, people):
        told = "Choose a partner who had no part in the matter."
        raise Refused("this assessor cannot be asked", fix=told, lacking={"assessor": told})


def can_invite(record: Record, account: Account) -> bool:
    """Whether somebody may ask for an assessment of this record."""
    return record.kind in ASSESSABLE and record.state != "draft" and account.role in STAFF


def _open(one: Awaited, day: str) -> bool:
    return one.outcome == "open"


def _not_answered(one: Awaited, day: str) -> bool:
    return one.outcome not in ("answered", "not_awaited")


_FITTING: Mapping[str, Callable[[Awaited, str], bool]] = {
    "remind": _open,
    "record_reminder": _open,
    "record_receipt": _open,
    "record_silence": lambda one, day: one.overdue(day),
    "record_answer": lambda one, day: one.outcome != "not_awaited",
    "correct_sending": lambda one, day: True,
    "supply": _not_answered,
    "refuse_evidence": lambda one, day: one.outcome in ("open", "silent"),
}
"""Which of the things that are awaited an act can be about."""


def _labels(awaited: Iterable[Awaited]) -> dict[str, str]:
    """What can be chosen of what is awaited, in words."""
    return {str(one.number): f"{_called(one)} ({one.since})" for one in awaited}


def _called(one: Awaited) -> str:
    return _shortened(one.fields.get("recipient") or one.fields.get("evidence_wanted", ""))


def _shortened(text: str) -> str:
    """The beginning of a text, to choose it by."""
    if not text:
        return "text erased"
    return text if len(text) <= 60 else text[:59] + "…"
