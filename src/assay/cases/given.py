"""What a partner sees of a record: what they wrote, what they were told, what they were given.

A partner works for another house. Of a notice or an appeal of theirs they see what its sender is
told; of one that concerns them, what is said of them; of an assessment that they were asked for,
all of it but the team's own notes; of any other record that they are a member of, that it is there.
Who of the team did something is not theirs to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assay.cases.acts import DECIDED, TOLD, WITHOUT_PART, is_staff
from assay.cases.clocks import HouseClocks
from assay.cases.concerned import everybody, is_anothers, seen_by
from assay.cases.evidence import Attached, attached
from assay.cases.fold import fold_all
from assay.cases.reasons import REASONS
from assay.cases.workflow import known_to_parties
from assay.model.case import PUBLIC_BODY_KINDS, Actor, Event, Fact, Record, RecordKind

HOUSE = "house"
"""Stands for whoever of the team did something."""
TOLD_STEPS: Mapping[RecordKind, tuple[str, ...]] = {
    "notice": (
        "submit",
        "submit_parked",
        "take_up_parked",
        "amend",
        "acknowledge",
        "triage",
        "reject_incomplete",
        "withdraw",
        "ask_to_withdraw",
        "mark_duplicate",
        "ask_to_be_heard",
        "answer",
        "conclude",
        "confirm",
        "notify",
        "close",
        "decide_anew",
    ),
    "appeal": (
        "lodge",
        "admit",
        "refuse",
        "uphold",
        "overturn",
        "modify",
        "go_outside",
        "record_outside",
        "ask_restoration",
        "record_asking",
        "record_answer",
        "record_silence",
        "nothing_to_restore",
        "finish",
    ),
    "register": ("publish", "correct", "withdraw"),
    "misuse": ("warn", "suspend", "lift"),
}
"""Steps that parties are told of; notes, proposals and who did what are the team's."""
_TEAMS_OWN = WITHOUT_PART | {"restrict", "unrestrict", "add_member", "remove_member"}
_SAID_OF_THEM = ("explanation", "urls", "legal_basis", "order_reference")
_PARTLY: Mapping[str, tuple[str, ...]] = {
    "reject_incomplete": ("told",),
    "refuse": ("told",),
    "uphold": ("told",),
    "overturn": ("told",),
    "modify": ("told",),
    "record_outside": ("outside_told",),
    "nothing_to_restore": ("nothing_told",),
    "conclude": ("told",),
    "propose": ("told",),
}
_FACTS = ("notice_kind", "about", "in_time")


def given_to(
    record: Record, history: list[tuple[int, Event]], viewer: Actor, clocks: HouseClocks
) -> tuple[Record, list[tuple[int, Event]]]:
    """A record and its history as a viewer may see them; the team and auditors see all.

    Whoever holds a secret link gets a record whose version counts what they are told.

    Args:
        record: As it stands.
        history: Its events, each with its place in the log.
        viewer: Who looks, and may know that the record is there.
        clocks: The house's, for what the record is without what was not told yet.
    """
    theirs = told_to(record, history, viewer)
    if viewer.role != "partner":
        return replace(seen_by(record, viewer.id), version=len(theirs)), history
    told = [(place, _with_texts_given(record, event, viewer)) for place, event in theirs]
    known = known_history(history)
    then = fold_all([event for _, event in known], clocks)
    assessor = record.facts.get("assessor") == viewer.id
    return replace(
        then,
        version=len(told),
        changed_at=told[-1][1].at if told else then.opened_at,
        restricted=False,
        opened_by=_by(record.opened_by, viewer),
        facts=record.facts if assessor else _facts_given(record, then, viewer),
        fields=_fields_given(record, known, viewer),
        members=frozenset({viewer.id}),
        took_part=frozenset(),
        conflicted=frozenset(),
        claimed_by=None,
        proposed_by=None,
        concerned=seen_by(record, viewer.id).concerned if viewer.id in record.concerned else {},
        hearing_recorded=False,
        urgent=False,
        rights_reviewed=False,
        due_at=record.due_at if assessor else None,
        awaited=record.awaited if assessor else {},
        tasks={},
        files=record.files if assessor else frozenset(),
    ), told


def told_to(
    record: Record, history: list[tuple[int, Event]], viewer: Actor
) -> list[tuple[int, Event]]:
    """What a viewer may know that it happened, each event with its place in the log.

    Outside the house the versions count these events alone: what somebody is not told does not
    show by a gap, nor by a record that has another version than before.
    """
    if is_staff(viewer):
        return history
    known = known_history(history)
    theirs = [
        (place, _of_the_house(event, viewer))
        for place, event in (*known, *_own(history[len(known) :], viewer))
        if _is_told(record, event, viewer)
    ]
    return [
        (place, replace(event, version=number))
        for number, (place, event) in enumerate(theirs, start=1)
    ]


def known_history(history: list[tuple[int, Event]]) -> list[tuple[int, Event]]:
    """What the parties may know of a history, each event with its place in the log."""
    return history[: len(known_to_parties([event for _, event in history]))]


def files_given(record: Record, history: list[tuple[int, Event]], viewer: Actor) -> list[Attached]:
    """The files that the person concerned hears of: their own, and none that came after a decision
    that they are not told yet, which would tell of it.
    """
    known = known_history(history)
    theirs = (*known, *_own(history[len(known) :], viewer))
    return attached(one for one in theirs if not is_anothers(record, one[1], viewer.id))


def _is_told(record: Record, event: Event, viewer: Actor) -> bool:
    """Whether somebody is told that something happened."""
    if event.by.id == viewer.id:
        return True
    if is_anothers(record, event, viewer.id):
        return False
    if record.kind == "assessment":
        return record.facts.get("assessor") == viewer.id and event.name not in _TEAMS_OWN
    return event.name in TOLD_STEPS.get(record.kind, ())


def _with_texts_given(record: Record, event: Event, viewer: Actor) -> Event:
    """An event with those of its texts that somebody is given."""
    whole = record.kind in ("assessment", "register") or event.by.id == viewer.id
    if whole or event.fields is None:
        return event
    return replace(event, why="", fields=_texts_given(record, event, viewer), facts={})


def _fields_given(
    record: Record, history: Iterable[tuple[int, Event]], viewer: Actor
) -> dict[str, str]:
    """The latest of each text that somebody is given, the texts of proposals that came true too."""
    if record.kind == "assessment" and record.facts["assessor"] == viewer.id:
        return dict(record.fields)
    given: dict[str, str] = {}
    for _, event in history:
        given |= _texts_given(record, event, viewer)
    return given


def _texts_given(record: Record, event: Event, viewer: Actor) -> Mapping[str, str]:
    fields = event.fields or {}
    if event.by.id == viewer.id or (record.kind == "register" and _is_told(record, event, viewer)):
        return fields
    concerned = viewer.id in everybody(record)
    if is_anothers(record, event, viewer.id) or not (concerned or viewer.id == record.opened_by.id):
        return {}
    names = _PARTLY.get(event.name, ())
    if event.name in ("propose", "conclude") and record.state not in TOLD:
        names = ()
    if concerned:
        names += _names_of_concerned(record, event)
    given = {name: fields[name] for name in names if name in fields}
    if concerned and "urls" in given:
        # Of the notice's addresses their own, where it is known which.
        given["urls"] = seen_by(record, viewer.id).fields.get("urls", "")
    return given


def _names_of_concerned(record: Record, event: Event) -> tuple[str, ...]:
    """What the person concerned reads beside what both sides are told."""
    if event.name in ("draft", "amend", "submit"):
        body = record.facts.get("notice_kind") in PUBLIC_BODY_KINDS
        return (*_SAID_OF_THEM, "sender_name") if body else _SAID_OF_THEM
    if event.name == "ask_to_be_heard":
        return ("put_to_them",)
    if event.name in ("propose", "conclude") and record.state in TOLD:
        return tuple(name for name, _ in REASONS)
    return ()


def _facts_given(record: Record, then: Record, viewer: Actor) -> dict[str, Fact]:
    names: tuple[str, ...] = _FACTS
    if viewer.id == record.opened_by.id and "sender_address" in record.facts:
        # Whether the address that they gave waits for its confirmation, which is theirs to give.
        names += ("sender_address",)
        then = replace(then, facts={**then.facts, "sender_address": record.facts["sender_address"]})
    then = seen_by(then, viewer.id)
    if viewer.id == then.facts.get("concerned"):
        names += ("concerned", "answer_until")
    if then.kind != "notice" or then.state in DECIDED:
        names += ("outcome",)
    return {name: then.facts[name] for name in names if name in then.facts}


def _own(history: Iterable[tuple[int, Event]], viewer: Actor) -> Iterable[tuple[int, Event]]:
    return (one for one in history if one[1].by.id == viewer.id)


def _of_the_house(event: Event, viewer: Actor) -> Event:
    return replace(event, by=_by(event.by, viewer))


def _by(actor: Actor, viewer: Actor) -> Actor:
    """Who did something, as far as it is a partner's to know."""
    if actor.id == viewer.id:
        return actor
    return Actor(HOUSE if is_staff(actor) else "somebody", actor.role)
