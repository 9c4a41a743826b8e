"""The people whom a notice is about: each is asked, answers and is told apart from the others.

What is said to one of them, what they answer and which addresses are theirs is theirs alone; they
learn of no other, and see of the notice's addresses their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assay.cases.acts import is_staff
from assay.cases.refused import Refused
from assay.model.case import Act, Concerned, Event, Record

OWN = ("answer", "concerned_email", "concerned_language", "concerned_urls", "put_to_them")
"""Fields that are one person's."""
_TOWARDS_ONE = ("ask_to_be_heard", "name_addresses", "notify", "replace_link")


def concerned_after(record: Record, event: Event) -> Mapping[str, Concerned]:
    """The people concerned after an event of a notice."""
    if event.kind != "notice":
        return record.concerned
    if event.name == "record_hearing":
        return {who: replace(one, recorded=True) for who, one in record.concerned.items()}
    who = _whom(record, event)
    if who is None:
        return record.concerned
    before = record.concerned.get(who, Concerned())
    said = {name: text for name, text in (event.fields or {}).items() if name in OWN}
    after = Concerned(
        {**before.fields, **said},
        str(event.facts.get("answer_until", before.answer_until)),
        before.answered or event.name == "answer",
        before.recorded and event.name != "ask_to_be_heard",
    )
    return {**record.concerned, who: after}


def everybody(record: Record) -> frozenset[str]:
    """Ids of everybody whom a record is about, the sender of a file about misuse too."""
    known = record.facts.get("concerned")
    return frozenset(record.concerned) | ({str(known)} if known is not None else frozenset())


def seen_by(record: Record, who: str) -> Record:
    """A record as one of the people concerned may see it; unchanged for anybody else."""
    one = record.concerned.get(who)
    if one is None:
        return record
    fields = {name: text for name, text in record.fields.items() if name not in OWN}
    facts = {name: fact for name, fact in record.facts.items() if name != "answer_until"}
    if one.answer_until:
        facts["answer_until"] = one.answer_until
    if one.addresses or len(record.concerned) > 1:
        # Where others are concerned too, nothing is shown that is not known to be theirs.
        fields["urls"] = "\n".join(one.addresses)
    return replace(
        record,
        facts={**facts, "concerned": who},
        fields={**fields, **one.fields},
        concerned={who: one},
    )


def check_addresses(record: Record, act: Act) -> None:
    """Make sure that the addresses which an act says are somebody's are the notice's.

    Raises:
        Refused: One is not.
    """
    every = record.fields.get("urls", "").split()
    others = [one for one in act.fields.get("concerned_urls", "").split() if one not in every]
    if others:
        told = f"the notice does not name {', '.join(others)}"
        raise Refused(
            "these are no addresses of the notice",
            fix="give addresses as the notice has them",
            lacking={"concerned_urls": told},
        )


def is_anothers(record: Record, event: Event, who: str) -> bool:
    """Whether an event is about another of the people concerned than this one."""
    if who not in record.concerned:
        return False
    if event.name == "answer" or (event.name == "attach" and not is_staff(event.by)):
        return event.by.id != who
    if event.name == "notify":
        return False  # It tells everybody, whomever it names.
    return event.name in _TOWARDS_ONE and event.facts.get("concerned", who) != who


def unasked(record: Record) -> list[str]:
    """The notice's addresses that are nobody's who was asked or told; none while nobody was."""
    urls = record.fields.get("urls", "").split()
    known = {one for person in record.concerned.values() for one in person.addresses}
    if len(urls) < 2 or not record.concerned:
        return []
    return [one for one in urls if one not in known]


def _whom(record: Record, event: Event) -> str | None:
    """Whom an event is about; a link that was replaced before it was said whose is the one's."""
    if event.name == "answer":
        return event.by.id
    if event.name == "replace_link" and event.facts["party"] != "concerned":
        return None
    if event.name not in _TOWARDS_ONE:
        return None
    who = event.facts.get("concerned")
    if who is None and event.name == "replace_link":
        who = record.facts.get("concerned")
    return None if who is None else str(who)
