"""What the events of a record add up to: its state, marks, clocks.

``fold`` knows only what an event itself keeps for ever, so that a record folds the same after an
erasure. Whether an event may happen is asked in :mod:`assay.cases.workflow`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from assay.cases.acts import APPEALABLE, WITHOUT_PART, Rule, find_rule, is_staff
from assay.cases.awaited import awaited_after, concerns_awaited, due_at
from assay.cases.clocks import (
    APPEAL_MONTHS,
    DATA_SUBJECT_MONTHS,
    HouseClocks,
    due_after,
    end_of_day,
    months_later,
    waits,
)
from assay.cases.concerned import concerned_after
from assay.cases.disclosure import disclosure_due
from assay.cases.evidence import keeps_file
from assay.cases.facts import OF_FILES
from assay.cases.statement import KEEP_OUT, PREFIX
from assay.cases.tasks import concerns_task, tasks_after
from assay.errors import CheckFailed
from assay.model.case import Event, Fact, Record


def fold(record: Record | None, event: Event, clocks: HouseClocks) -> Record:
    """The record after an event.

    Raises:
        CheckFailed: The event cannot follow: a version is missing, or the state does not lead
            there.
    """
    rule = _rule_that_follows(record, event)
    if record is None:
        record = Record(event.record, rule.kind, event.state, 0, event.by, event.at, event.at,
                        members=frozenset({event.by.id}))  # fmt: skip
    facts, fields = _facts_after(record, event), _fields_after(record, event)
    awaited = record.awaited
    if concerns_awaited(event):
        # What is said of one recipient or request stands with it, beside what is said of others.
        facts, fields, awaited = record.facts, record.fields, awaited_after(awaited, event)
    tasks = record.tasks
    if concerns_task(event):
        facts, fields, tasks = record.facts, record.fields, tasks_after(tasks, event)
    record = replace(
        record,
        tasks=tasks,
        concerned=concerned_after(record, event),
        state=event.state,
        version=event.version,
        changed_at=event.at,
        facts=facts,
        fields=fields,
        awaited=awaited,
        public_at=event.at if _makes_public(record, event) else record.public_at,
        took_part=record.took_part | ({event.by.id} if _takes_part(event) else frozenset()),
    )
    return _with_clock(_with_marks(record, event), event, clocks)


def _rule_that_follows(record: Record | None, event: Event) -> Rule:
    """The rule by which an event is the next one of a record, or its first.

    Raises:
        CheckFailed: It cannot.
    """
    rule = find_rule(event.kind, event.name)
    version, state = (0, None) if record is None else (record.version, record.state)
    begins = rule is not None and not rule.sources
    if rule is None or begins != (record is None) or event.version != version + 1:
        raise CheckFailed(f"event {event.version} ({event.name}) cannot follow version {version}")
    if (state is not None and state not in rule.sources) or event.state != (rule.target or state):
        raise CheckFailed(f"{event.name} does not lead from {state} to {event.state}")
    if record is not None and (record.id, record.kind) != (event.record, event.kind):
        raise CheckFailed(f"event {event.version} is of another record")
    return rule


def _makes_public(record: Record, event: Event) -> bool:
    """Whether everyone may know of an event: in the register, or of how an appeal came out."""
    if record.kind == "register":
        # What is erased can be the public text: whoever keeps a copy is to look again.
        erases = event.name == "erase" and record.public_at is not None
        return erases or event.name in ("publish", "correct", "withdraw")
    return record.kind == "appeal" and _outcome_after(event) is not None


def _takes_part(event: Event) -> bool:
    """Whether who did it has a part in the matter from now on."""
    return is_staff(event.by) and event.name not in WITHOUT_PART and "follows" not in event.facts


def _facts_after(record: Record, event: Event) -> Mapping[str, Fact]:
    # A proposal and what is said of one entry, member, assignee or link belong to that event.
    passing = ("entry", "follows", "member", "party", "sha256", *OF_FILES)
    lasting = {key: value for key, value in event.facts.items() if key not in passing}
    outcome = _outcome_after(event) if event.kind == "appeal" else None
    if outcome is not None:
        # The state moves on, to an outside body and to its end; how the appeal came out stays.
        lasting["outcome"] = outcome
    if event.name == "decide_anew":
        lost = ("outcome", "unfounded")
        return {name: fact for name, fact in record.facts.items() if name not in lost}
    if event.name in ("propose", "conclude") and "unfounded" in record.facts:
        # What an earlier proposal said of the notice does not belong to the next one.
        lasting.setdefault("unfounded", False)
    return {**record.facts, **lasting}


def _outcome_after(event: Event) -> Fact | None:
    """How an appeal came out by an event: here, or in the end before an outside body."""
    if event.name in ("uphold", "overturn", "modify"):
        return event.state
    outside = event.facts.get("outside_outcome")
    return None if outside == "no_decision" else outside


def _fields_after(record: Record, event: Event) -> Mapping[str, str]:
    said, fields = record.fields, event.fields or {}
    if event.name == "attach":
        # What a file is called and shows stands with the file (assay.cases.evidence).
        fields = {}
    if event.name == "prepare_statement":
        # A statement is prepared as a whole: what an earlier one said besides is not part of it.
        said = {
            name: text
            for name, text in said.items()
            if name != KEEP_OUT and not name.startswith(PREFIX)
        }
    if event.kind == "register" and event.name in ("publish", "correct") and event.fields is None:
        # The public text was erased: a draft, or what was corrected, does not come back for it.
        said = {}
    return {**said, **fields}


def fold_all(events: Iterable[Event], clocks: HouseClocks) -> Record:
    """The record that a whole history adds up to; the history is not empty."""
    record: Record | None = None
    for event in events:
        record = fold(record, event, clocks)
    if record is None:
        raise CheckFailed("a record without events")
    return record


def _with_marks(record: Record, event: Event) -> Record:
    """Members, conflicts, claims, hearing, review and proposal after an event."""
    by = event.by.id
    match event.name:
        case "restrict":
            return replace(record, restricted=True, members=record.members | {by})
        case "unrestrict":
            return replace(record, restricted=False)
        case "add_member":
            return replace(record, members=record.members | {str(event.facts["member"])})
        case "remove_member":
            return replace(record, members=record.members - {str(event.facts["member"])})
        case "invite":
            return replace(record, members=record.members | {str(event.facts["assessor"])})
        case "ask_to_be_heard":
            record = _with_person_concerned(record, event)
            waits_for = not record.concerned[str(event.facts["concerned"])].answered
            return replace(record, hearing_recorded=record.hearing_recorded and not waits_for)
        case "notify" | "warn" | "suspend" | "lift" if "concerned" in event.facts:
            return _with_person_concerned(record, event)
        case "attach" if keeps_file(event):
            return replace(record, files=record.files | {str(event.facts["sha256"])})
        case "claim":
            return replace(record, claimed_by=by)
        case "release":
            return replace(record, claimed_by=None)
        case "declare_conflict":
            kept = None if record.claimed_by == by else record.claimed_by
            return replace(record, conflicted=record.conflicted | {by}, claimed_by=kept)
        case "record_hearing":
            return replace(record, hearing_recorded=True)
        case "record_urgency":
            return replace(record, urgent=True)
        case "review_rights":
            return replace(record, rights_reviewed=True)
        case "propose" | "check_risk":
            return replace(record, proposed_by=by)
        case "send_back" | "decide_anew":
            return replace(record, proposed_by=None)
    return record


def _with_person_concerned(record: Record, event: Event) -> Record:
    """The person concerned sees the record from now on."""
    return replace(record, members=record.members | {str(event.facts["concerned"])})


def _with_clock(record: Record, event: Event, clocks: HouseClocks) -> Record:
    """The next due date, and the end of the time for appeals."""
    if record.kind in ("complaint", "assessment"):
        rests = record.state in ("closed", "withdrawn", "declined", "ended")
        return replace(record, due_at=None if rests else due_at(record.awaited.values()))
    if record.kind == "disclosure":
        until = event.at + timedelta(days=clocks.decide_days)
        due = disclosure_due(record.facts, record.state, record.due_at or until)
        return replace(record, due_at=due)
    if record.kind == "appeal" and ("restores" in record.facts or record.awaited):
        return replace(record, due_at=_restoration_due(record, event, clocks))
    if event.name == "submit_parked" or (record.kind == "misuse" and event.name == "suspend"):
        day = str(event.facts.get("parked_until") or event.facts["suspend_until"])
        record = replace(record, due_at=end_of_day(day))
    if record.kind == "misuse":
        if event.name in APPEALABLE:
            record = replace(record, appeal_until=months_later(event.at, APPEAL_MONTHS))
        return record if record.state == "suspended" else replace(record, due_at=None)
    if event.name in APPEALABLE:
        until = months_later(event.at, APPEAL_MONTHS)
        return replace(record, due_at=None, appeal_until=until)
    if event.name == "decide_anew":
        due = due_after(event.name, event.state, event.at, clocks)
        return replace(record, due_at=due, appeal_until=None)
    if event.name == "submit" and record.facts.get("notice_kind") == "data_subject_request":
        return replace(record, due_at=months_later(event.at, DATA_SUBJECT_MONTHS))
    if record.facts.get("notice_kind") == "data_subject_request":
        return replace(record, due_at=record.due_at if waits(record.state) else None)
    due = due_after(event.name, event.state, event.at, clocks)
    if due is not None:
        return replace(record, due_at=due)
    return record if waits(record.state) else replace(record, due_at=None)


def _restoration_due(record: Record, event: Event, clocks: HouseClocks) -> datetime | None:
    """When restoration is to be asked for, or answered; None where nobody waits for either."""
    if record.awaited:
        return due_at(record.awaited.values())
    if not record.facts["restores"]:
        return None
    if event.facts.get("restores"):
        return event.at + timedelta(hours=clocks.notify_h)
    return record.due_at
