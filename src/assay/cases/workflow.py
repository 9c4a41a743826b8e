"""The workflow, pure: may this be done, and what event is it.

Nothing here reads a clock, a database or the environment: the actor and the moment come in.
``decide`` checks an act and makes its event; :mod:`assay.cases.fold` adds it to the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from assay.cases.acts import APPEALABLE, RULES, TOLD, Rule, find_rule, is_staff, opening_rule
from assay.cases.awaited import day_of
from assay.cases.concerned import check_addresses, unasked
from assay.cases.disclosure import faults_of_disclosure
from assay.cases.facts import ID, check_dates, check_fact
from assay.cases.gate import missing_from_notice
from assay.cases.misuse import faults_of_misuse
from assay.cases.outside import faults_of_invitation, faults_outside
from assay.cases.persons import (
    check_concerned,
    check_independence,
    check_leaving,
    check_person,
    speaks,
)
from assay.cases.reasons import missing_from_reasons
from assay.cases.refused import Refused, refuse_missing
from assay.cases.restoration import check_restoration, restores
from assay.cases.rights import missing_from_review
from assay.cases.statement import faults_of_statement
from assay.cases.tasks import check_task
from assay.errors import CheckFailed
from assay.model.case import (
    OUTCOMES,
    PUBLIC_BODY_KINDS,
    Act,
    Actor,
    Event,
    Fact,
    Record,
    RecordKind,
)


def open_record(
    kind: RecordKind, act: Act, identity: str, *, by: Actor, at: datetime, about: Record | None
) -> Event:
    """The first event of a new record.

    Args:
        kind: What to open.
        act: The kind's opening act.
        identity: The new record's id.
        by: Who opens it.
        at: When, in UTC.
        about: The record that an appeal, an entry or an assessment is about; None for others.

    Raises:
        Refused: The act does not open such a record, or something is missing or wrong.
    """
    rule = opening_rule(kind)
    if act.name != rule.name:
        raise Refused(f"{act.name} does not open a record", fix=f"the first act is {rule.name}")
    _check_role(rule, by)
    facts = _checked(rule, act, by)
    if kind == "appeal":
        facts = facts | {"in_time": _in_time(act, about, at)}
    elif kind == "register":
        _check_told(about)
    elif kind == "assessment":
        refuse_missing("the invitation", faults_of_invitation(act, about))
    elif kind in ("misuse", "disclosure"):
        check_dates(act)
        refuse_missing("the file", _faults_inside(kind, None, act, by, at))
    state = rule.target or ""
    return Event(identity, kind, 1, act.name, state, by, _utc(at), facts, act.why, act.fields)


def decide(
    record: Record, act: Act, *, by: Actor, at: datetime, about: Record | None = None
) -> Event:
    """The event that an act makes of a record.

    Args:
        record: As it stands.
        act: What is to be done.
        by: Who does it.
        at: When, in UTC.
        about: The record that an appeal, an entry or an assessment is about, where there is one;
            for mark_duplicate the other notice, as far as this person may know of it.

    Raises:
        Refused: It is not possible in this state, not by this person, or something is missing.
    """
    rule = find_rule(record.kind, act.name)
    if rule is None or not rule.sources:
        raise Refused(f"{record.kind} knows no act {act.name!r}", fix=_instead(record, by))
    _check_role(rule, by)
    if not rule.possible(record.state, by):
        when = f"while the {record.kind} is {record.state}" if is_staff(by) else "now"
        raise Refused(f"{act.name} is not possible {when}", fix=_instead(record, by))
    facts = _checked(rule, act, by)
    check_person(record, rule, by)
    if record.kind == "appeal":
        check_independence(record, act, by, about)
        check_restoration(record, act)
        facts |= restores(act, about)
    elif (record.kind, act.name) == ("register", "publish"):
        _check_told(about)
    if act.name == "mark_duplicate":
        _check_duplicate(record, about)
    _check_matter(record, act, by)
    if record.kind in ("complaint", "assessment", "appeal"):
        day = day_of(_utc(at))
        refuse_missing("this act", faults_outside(record, act, day, about))
    elif record.kind in ("misuse", "disclosure"):
        refuse_missing("this act", _faults_inside(record.kind, record, act, by, at))
    return _event(record, rule, replace(act, facts=facts), by, _utc(at))


def follow(record: Record, act: Act, cause: Event) -> Event:
    """The event that an act on another record brings about on this one.

    Whoever did that does this by it: neither their role nor their part in the matter is asked
    again, and nobody becomes a party to this record by it (``fold`` sees the fact ``follows``).

    Raises:
        CheckFailed: Such a record knows no such act.
    """
    rule = find_rule(record.kind, act.name)
    if rule is None:
        raise CheckFailed(f"{record.kind} knows no act {act.name!r}")
    facts = {**act.facts, "follows": cause.record}
    return _event(record, rule, replace(act, facts=facts), cause.by, cause.at)


def _event(record: Record, rule: Rule, act: Act, by: Actor, at: datetime) -> Event:
    """The next event of a record."""
    return Event(
        record.id,
        record.kind,
        record.version + 1,
        act.name,
        rule.target or record.state,
        by,
        at,
        act.facts,
        act.why,
        act.fields,
    )


def _instead(record: Record, by: Actor) -> str:
    """What is possible; to the parties a decision would show by it that they are not told yet."""
    if not is_staff(by):
        return "see what the page offers"
    return "possible now: " + (", ".join(possible_acts(record, by)) or "nothing")


def possible_acts(record: Record, by: Actor) -> list[str]:
    """Names of the acts that the state, the role and the side allow; other rules may refuse one."""
    restricts = record.facts.get("outcome") == "restriction"
    return [
        rule.name
        for rule in RULES
        if rule.kind == record.kind and rule.possible(record.state, by) and by.role in rule.roles
        if speaks(record, rule, by) and (restricts or rule.name != "prepare_statement")
    ]


def has_appealed(about: list[Event], lodged_at: Iterable[datetime]) -> bool:
    """Whether one of these appeals came after what can be appealed against last.

    Args:
        about: History of the notice, or of the file about its sender.
        lodged_at: When somebody lodged their appeals against it.
    """
    told_at = [event.at for event in about if event.name in APPEALABLE]
    return any(not told_at or at >= told_at[-1] for at in lodged_at)


def known_to_parties(history: list[Event]) -> list[Event]:
    """What the parties may know of: a decision, and what came after it, once they are told.

    Until then a decision whose notification is delayed looks like one that is still to come. Of
    several, where an appeal had a notice decided anew, the last one alone can be untold.
    """
    state = "draft"
    for known, event in enumerate(history):
        if event.state == "decided" and state != "decided":
            told = any(later.name == "notify" for later in history[known:])
            if not told:
                return history[:known]
        state = event.state
    return history


def needs_two(record: Record, outcome: str) -> bool:
    """Whether a second person must confirm: restrictions, and whatever a public body demands."""
    return outcome == "restriction" or record.facts.get("notice_kind") in PUBLIC_BODY_KINDS


def _check_role(rule: Rule, by: Actor) -> None:
    """Before anything about the record is told: who may not do it learns nothing of it."""
    if by.role not in rule.roles:
        who = "ask one of: " + ", ".join(rule.roles) if rule.roles else "it follows by itself"
        raise Refused(f"{by.role} may not {rule.name}", fix=who)


def _checked(rule: Rule, act: Act, by: Actor) -> dict[str, Fact]:
    """The act's facts, after checking them and the reason."""
    if not ID.fullmatch(by.id):
        raise Refused(f"{by.id!r} is no account id", fix="use letters, digits and . _ : @ -")
    if not act.why.strip():
        raise Refused(f"{rule.name} has no reason", fix="say why in a sentence")
    lacking = [name for name in rule.needs if name not in act.facts]
    if lacking:
        raise Refused(f"{rule.name} needs {', '.join(lacking)}", fix="give these facts")
    unknown = sorted(set(act.facts) - {*rule.needs, *rule.may})
    if unknown:
        raise Refused(
            f"{rule.name} keeps no fact {', '.join(unknown)}",
            fix="facts stay for ever; say it as a field, which can be erased",
        )
    for name, value in act.facts.items():
        check_fact(name, value)
    return dict(act.facts)


def _check_matter(record: Record, act: Act, by: Actor) -> None:
    """What one act asks of the record beyond its state."""
    if record.kind == "notice" and act.name in ("submit", "submit_parked"):
        _check_gate(record, act)
    elif act.name == "confirm_address":
        if record.facts.get("sender_address") != "unconfirmed":
            raise Refused("this address waits for no confirmation", fix="it is confirmed already")
    elif act.name == "review_rights":
        incitement = act.facts["incitement"] is True
        refuse_missing("the rights review", missing_from_review(act.fields, incitement=incitement))
    elif act.name in ("propose", "conclude"):
        _check_outcome(record, act)
    elif act.name == "prepare_statement":
        _check_statement(record, act)
    elif act.name in ("confirm", "send_back") and record.kind == "notice":
        if record.proposed_by is None:
            raise Refused("no decision is proposed", fix="propose one first")
        if record.proposed_by == by.id and act.name == "confirm":
            raise Refused("nobody confirms their own proposal", fix="ask another reviewer")
        if act.name == "confirm":
            _check_ready(record, str(record.facts["outcome"]))
    elif act.name == "finish_review" and record.opened_by.id == by.id:
        raise Refused("nobody reviews their own case", fix="ask another reviewer")
    elif act.name == "remove_member":
        check_leaving(record, str(act.facts["member"]))
    check_task(record, act)
    check_addresses(record, act)
    if "concerned" in act.facts:
        check_concerned(record, str(act.facts["concerned"]), by)
    check_dates(act)


def _faults_inside(
    kind: RecordKind, record: Record | None, act: Act, by: Actor, at: datetime
) -> dict[str, str]:
    """What an act lacks on a file about a sender, or on an authority's request."""
    day = day_of(_utc(at))
    if kind == "misuse":
        return faults_of_misuse(record, act, day)
    return faults_of_disclosure(record, act, by, day)


def _check_duplicate(record: Record, other: Record | None) -> None:
    """A notice is a duplicate of another that is examined; nothing hidden is named in the open."""
    if other is None or other.kind != "notice" or other.id == record.id:
        told = "give the id of another notice"
        raise Refused("there is no such notice", fix=told, lacking={"duplicate_of": told})
    if other.state in ("draft", "duplicate"):
        told = f"that one is {other.state}; give the notice that is examined"
        raise Refused("it is not examined itself", fix=told, lacking={"duplicate_of": told})
    if other.restricted and not record.restricted:
        told = "restrict this one first: whoever sees it would learn of the other"
        raise Refused("the other notice is restricted", fix=told, lacking={"duplicate_of": told})


def _check_told(about: Record | None) -> None:
    """Nothing of a notice becomes public before its parties know, of a complaint unwanted."""
    if about is not None and about.facts.get("sample") is True:
        raise Refused(
            "the notice is a sample, made up to try the work on",
            fix="withdraw it when it has served; the register holds real decisions alone",
        )
    if about is not None and about.kind not in ("notice", "complaint"):
        raise Refused(
            f"an entry is made of a decision or a complaint, and this is of the kind {about.kind}",
            fix="prepare the entry of the notice that it is about",
        )
    if about is not None and about.kind == "notice" and about.state not in TOLD:
        raise Refused(
            f"an entry is made of a decision; the notice is {about.state}",
            fix="decide it and tell the parties first",
        )
    if about is not None and about.kind == "complaint":
        if not about.facts["may_be_public"]:
            raise Refused(
                "who complains does not want it to be public",
                fix="ask them; if they agree, amend the complaint",
            )
        if not about.awaited:
            raise Refused("the complaint was sent to nobody yet", fix="send it first")


def _check_gate(record: Record, act: Act) -> None:
    fields = {**record.fields, **act.fields}
    missing = missing_from_notice(str(record.facts["notice_kind"]), fields)
    refuse_missing("the notice", missing)


def _check_outcome(record: Record, act: Act) -> None:
    outcome = str(act.facts["outcome"])
    if act.name == "conclude" and needs_two(record, outcome):
        raise Refused(
            f"a second person must confirm: {OUTCOMES[outcome]}", fix="propose, then confirm"
        )
    _check_ready(record, outcome)
    if act.facts.get("unfounded") is True and (
        outcome != "no_action" or record.facts.get("notice_kind") == "data_subject_request"
    ):
        raise Refused(
            "only a notice on which nothing is asked for can be manifestly unfounded",
            fix="leave it out; requests about one's own data are never counted",
        )
    if outcome == "restriction":
        refuse_missing("the statement of reasons", missing_from_reasons(act.fields))


def _check_statement(record: Record, act: Act) -> None:
    """The record for the Transparency Database: of a restriction, complete, nothing personal."""
    waits = record.state == "triaged" and record.proposed_by is None
    if waits or record.facts.get("outcome") != "restriction":
        raise Refused(
            "only a restriction has a statement of reasons", fix="propose the restriction first"
        )
    refuse_missing("the statement for everyone", faults_of_statement(record, act.fields))


def _check_ready(record: Record, outcome: str) -> None:
    """A restriction waits for the hearing and for the rights review."""
    if outcome != "restriction":
        return
    if not record.heard:
        who = "the person" if len(record.concerned) < 2 else "everybody"
        raise Refused(
            f"{who} concerned was not heard", fix="record_hearing, or record_urgency and why"
        )
    if unasked(record) and not (record.urgent or record.hearing_recorded):
        raise Refused(
            "nobody was asked about: " + ", ".join(unasked(record)),
            fix="ask whoever is behind these too, or record_hearing and say how they were heard",
        )
    if not record.rights_reviewed:
        raise Refused("the rights review is missing", fix="review_rights first")


def _in_time(act: Act, about: Record | None, at: datetime) -> bool:
    """Whether an appeal comes within six months; one that comes later can still be admitted."""
    if about is None or about.id != act.facts["about"]:
        raise Refused("there is no such record to appeal against", fix="check the id")
    if about.appeal_until is None:
        raise Refused(
            "nothing was notified yet that could be appealed against",
            fix="an appeal is possible from the notification, or the refusal of a notice, on",
        )
    return _utc(at) <= about.appeal_until


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise CheckFailed("a moment without a time zone")
    return at.astimezone(UTC)
