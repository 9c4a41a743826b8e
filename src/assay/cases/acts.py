"""Every act of the workflow: from which states, to which, by whom, and with what said.

This table is the whole of who may do what; :mod:`assay.cases.workflow` adds the rules that need
more than one row (two reviewers, another person on appeal, hearing first).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from assay.cases.facts import OF_FILES
from assay.cases.misuse import COUNTED
from assay.model.case import STATES, Actor, EventKind, RecordKind, Role

STAFF: tuple[Role, ...] = ("administrator", "investigator", "reviewer", "appeals_reviewer")
HANDLERS: tuple[Role, ...] = ("administrator", "investigator", "reviewer")
REVIEWERS: tuple[Role, ...] = ("administrator", "reviewer")
APPEALS: tuple[Role, ...] = ("administrator", "appeals_reviewer")
SENDERS: tuple[Role, ...] = (*HANDLERS, "partner", "public")
OUTSIDERS: tuple[Role, ...] = ("partner", "public")
ASSESSORS: tuple[Role, ...] = ("partner",)
ANYONE: tuple[Role, ...] = (*STAFF, *OUTSIDERS)


@dataclass(frozen=True)
class Rule:
    """One act on one kind of record.

    Attributes:
        kind: The kind of record.
        name: What the act is called.
        sources: The states that it is possible in; none for the act that opens a record.
        target: The state after it; None leaves the state as it is.
        roles: Who may do it.
        needs: Facts that must be given.
        may: Facts that can be given.
        inside: Of the sources, those in which the team alone may do it: a party would learn by it
            whether a decision was made that they are not told yet.
    """

    kind: RecordKind
    name: str
    sources: tuple[str, ...]
    target: str | None
    roles: tuple[Role, ...]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()

    def possible(self, state: str, by: Actor) -> bool:
        """Whether it can be done in this state, whatever the role."""
        return state in self.sources and (is_staff(by) or state not in self.inside)


DECIDED = ("decided", "notified", "closed")
"""States of a notice that was decided."""
TOLD = ("notified", "closed")
"""States of a notice whose parties know the decision."""
APPEALABLE = ("notify", "reject_incomplete", "warn", "suspend")
"""Acts from which the time for an appeal runs, each anew."""
BEFORE_DECISION = ("submitted", "acknowledged", "triaged")
"""States of a notice that can still be marked as a duplicate."""
_ADDRESS = "sender_address"
_ANSWERED = ("inadmissible", "upheld", "overturned", "modified")
_RESTORING = ("overturned", "modified", "external_review", "final")


def _asked_outside(
    kind: RecordKind,
    asking: tuple[str, str],
    sources: tuple[str, ...],
    ever: tuple[str, ...],
    roles: tuple[Role, ...],
) -> tuple[Rule, ...]:
    """The acts by which somebody outside is asked for something, and what came of it is told.

    Args:
        kind: Of the record.
        asking: What asks by e-mail, and what records that it was asked some other way.
        sources: The states in which that is possible.
        ever: Those in which an answer can still be recorded, and mended.
        roles: Who may.
    """
    by_letter, another_way = asking
    due, answer = ("answer_until", "due_by"), ("answered_on", "answer_kind")
    to_whom = ("recipient_kind", "sent_on", "channel")
    again = ("answer_until", "sha256")
    answered = ("regards", "answered_on", "channel", "answer_kind")
    rule = partial(Rule, kind, target=None, roles=roles)
    return (
        rule(by_letter, sources, needs=("recipient_kind", *due), may=("escalates", "sha256")),
        rule(another_way, sources, needs=to_whom, may=("sha256", *due, "escalates")),
        rule("remind", sources, needs=("regards",), may=again),
        rule("record_reminder", sources, needs=("regards", "sent_on", "channel"), may=again),
        rule("record_receipt", sources, needs=("regards", "answered_on")),
        rule("record_answer", ever, needs=answered, may=("sha256",)),
        rule("record_silence", sources, needs=("regards",)),
        rule("correct_sending", ever, needs=("regards",), may=("sent_on", *due, *answer)),
    )


NOTICE_ACTS: tuple[Rule, ...] = (
    Rule("notice", "draft", (), "draft", SENDERS, ("notice_kind",), ("sample", _ADDRESS)),
    Rule("notice", "amend", ("draft", "rejected_incomplete"), None, SENDERS),
    Rule(
        "notice",
        "submit",
        ("draft", "rejected_incomplete"),
        "submitted",
        SENDERS,
        (),
        (_ADDRESS,),
    ),
    Rule(
        "notice",
        "submit_parked",
        ("draft", "rejected_incomplete"),
        "parked",
        SENDERS,
        ("parked_until",),
        (_ADDRESS,),
    ),
    Rule("notice", "confirm_address", STATES["notice"], None, ("public",), (_ADDRESS,)),
    Rule("notice", "take_up_parked", ("parked",), "submitted", HANDLERS),
    Rule("notice", "acknowledge", ("submitted",), "acknowledged", HANDLERS),
    Rule("notice", "triage", ("acknowledged",), "triaged", HANDLERS, ("priority",)),
    Rule(
        "notice",
        "reject_incomplete",
        ("draft", "submitted", "acknowledged"),
        "rejected_incomplete",
        HANDLERS,
    ),
    Rule("notice", "mark_duplicate", BEFORE_DECISION, "duplicate", HANDLERS, ("duplicate_of",)),
    Rule(
        "notice",
        "withdraw",
        ("draft", "parked", *BEFORE_DECISION),
        "withdrawn",
        SENDERS,
        inside=("triaged",),
    ),
    Rule("notice", "ask_to_withdraw", ("triaged", "decided"), None, OUTSIDERS),
    Rule(
        "notice",
        "ask_to_be_heard",
        ("triaged",),
        None,
        HANDLERS,
        ("concerned", "answer_until"),
    ),
    Rule("notice", "answer", ("triaged", "decided"), None, OUTSIDERS),
    Rule("notice", "record_hearing", ("triaged",), None, HANDLERS),
    Rule("notice", "record_urgency", ("triaged",), None, REVIEWERS),
    Rule("notice", "review_rights", ("triaged",), None, HANDLERS, ("aim", "incitement")),
    Rule("notice", "propose", ("triaged",), None, HANDLERS, ("outcome",), ("unfounded",)),
    Rule("notice", "send_back", ("triaged",), None, REVIEWERS),
    Rule("notice", "confirm", ("triaged",), "decided", REVIEWERS),
    Rule("notice", "conclude", ("triaged",), "decided", REVIEWERS, ("outcome",), ("unfounded",)),
    Rule("notice", "prepare_statement", ("triaged", *DECIDED), None, HANDLERS),
    Rule("notice", "delay_notification", ("decided",), None, REVIEWERS, ("delay_until",)),
    Rule("notice", "notify", ("decided",), "notified", HANDLERS, (), ("concerned",)),
    Rule("notice", "close", ("notified",), "closed", HANDLERS),
    # Nobody does it: it follows where an appeal against a refusal is overturned.
    Rule("notice", "decide_anew", (*TOLD, "rejected_incomplete"), "triaged", ()),
    Rule("notice", "name_addresses", STATES["notice"], None, HANDLERS, ("concerned",)),
    Rule(
        "notice",
        "replace_link",
        STATES["notice"],
        None,
        HANDLERS,
        ("party",),
        (_ADDRESS, "concerned"),
    ),
)
CASE_ACTS: tuple[Rule, ...] = (
    Rule("case", "draft", (), "draft", HANDLERS),
    Rule("case", "amend", ("draft", "open"), None, HANDLERS),
    Rule("case", "open", ("draft",), "open", HANDLERS),
    Rule("case", "start_review", ("open",), "under_review", HANDLERS),
    Rule("case", "send_back", ("under_review",), "open", REVIEWERS),
    Rule("case", "finish_review", ("under_review",), "reviewed", REVIEWERS),
    Rule("case", "close", ("reviewed",), "closed", HANDLERS),
    Rule("case", "reopen", ("reviewed", "closed"), "open", HANDLERS),
)
APPEAL_ACTS: tuple[Rule, ...] = (
    Rule("appeal", "lodge", (), "lodged", ANYONE, ("about",), ("in_time",)),
    Rule("appeal", "admit", ("lodged",), "admissible", APPEALS),
    Rule("appeal", "refuse", ("lodged",), "inadmissible", APPEALS),
    Rule("appeal", "assign", ("admissible", "assigned"), "assigned", APPEALS, ("assignee",)),
    Rule("appeal", "uphold", ("assigned",), "upheld", APPEALS),
    Rule("appeal", "overturn", ("assigned",), "overturned", APPEALS),
    Rule("appeal", "modify", ("assigned",), "modified", APPEALS),
    Rule("appeal", "go_outside", _ANSWERED, "external_review", ANYONE, ("appeal_body",)),
    Rule(
        "appeal",
        "record_outside",
        ("external_review",),
        None,
        STAFF,
        ("outside_outcome", "decided_on"),
    ),
    *_asked_outside("appeal", ("ask_restoration", "record_asking"), _RESTORING, _RESTORING, STAFF),
    Rule("appeal", "nothing_to_restore", _RESTORING, None, STAFF),
    Rule("appeal", "finish", (*_ANSWERED, "external_review"), "final", APPEALS),
)
REGISTER_ACTS: tuple[Rule, ...] = (
    Rule("register", "enter", (), "pending_redaction", HANDLERS, (), ("about",)),
    Rule("register", "amend", ("pending_redaction",), None, HANDLERS),
    Rule("register", "publish", ("pending_redaction",), "published", REVIEWERS),
    Rule("register", "correct", ("published", "corrected"), "corrected", REVIEWERS),
    Rule("register", "withdraw", ("published", "corrected"), "withdrawn", REVIEWERS),
)
COMPLAINT_ACTS: tuple[Rule, ...] = (
    Rule("complaint", "draft", (), "draft", HANDLERS, ("complainant_kind", "may_be_public")),
    Rule("complaint", "amend", ("draft", "open"), None, HANDLERS, (), ("may_be_public",)),
    Rule("complaint", "open", ("draft",), "open", HANDLERS),
    *_asked_outside(
        "complaint", ("send", "record_sending"), ("open",), ("open", "closed"), HANDLERS
    ),
    Rule("complaint", "close", ("open",), "closed", HANDLERS),
    Rule("complaint", "reopen", ("closed",), "open", HANDLERS),
    Rule("complaint", "withdraw", ("draft", "open"), "withdrawn", HANDLERS),
)
_AT_WORK = ("invited", "accepted")
_SPOKEN = ("published", "corrected")
ASSESSMENT_ACTS: tuple[Rule, ...] = (
    Rule("assessment", "invite", (), "invited", STAFF, ("about", "assessor")),
    Rule("assessment", "give", (*_AT_WORK, *_SPOKEN), None, STAFF),
    Rule("assessment", "accept", ("invited",), "accepted", ASSESSORS),
    Rule("assessment", "decline", _AT_WORK, "declined", ASSESSORS),
    Rule(
        "assessment",
        "record_rerun",
        ("accepted", *_SPOKEN),
        None,
        ASSESSORS,
        ("rerun_outcome",),
        ("sha256",),
    ),
    Rule(
        "assessment",
        "ask_for_evidence",
        ("accepted", *_SPOKEN),
        None,
        ASSESSORS,
        ("answer_until",),
    ),
    Rule(
        "assessment",
        "supply",
        ("accepted", *_SPOKEN),
        None,
        STAFF,
        ("regards",),
        ("sha256",),
    ),
    Rule("assessment", "refuse_evidence", ("accepted", *_SPOKEN), None, STAFF, ("regards",)),
    Rule(
        "assessment",
        "record_silence",
        ("accepted", *_SPOKEN),
        None,
        (*STAFF, *ASSESSORS),
        ("regards",),
    ),
    Rule("assessment", "publish", ("accepted",), "published", ASSESSORS, ("conclusion",)),
    Rule("assessment", "correct", _SPOKEN, "corrected", ASSESSORS, ("conclusion",)),
    Rule("assessment", "withdraw", _SPOKEN, "withdrawn", ASSESSORS),
    Rule("assessment", "end", _AT_WORK, "ended", STAFF),
)
MISUSE_ACTS: tuple[Rule, ...] = (
    Rule("misuse", "examine", (), "examined", HANDLERS, ("about",), (*COUNTED, _ADDRESS)),
    Rule("misuse", "warn", ("examined",), "warned", REVIEWERS, (), (*COUNTED, "concerned")),
    Rule(
        "misuse",
        "suspend",
        ("warned", "suspended"),
        "suspended",
        REVIEWERS,
        ("suspend_until",),
        (*COUNTED, "concerned"),
    ),
    Rule("misuse", "lift", ("suspended",), "warned", REVIEWERS, (), ("concerned",)),
    Rule("misuse", "close", ("examined", "warned", "suspended"), "closed", HANDLERS),
)
DISCLOSURE_ACTS: tuple[Rule, ...] = (
    Rule("disclosure", "request", (), "requested", HANDLERS, ("ordered_by", "received_on")),
    Rule("disclosure", "amend", ("requested",), None, HANDLERS),
    Rule("disclosure", "check_risk", ("requested", "checked"), "checked", HANDLERS, ("risk",)),
    Rule(
        "disclosure",
        "tell_person",
        ("requested", "checked", "granted", "refused"),
        None,
        HANDLERS,
        ("told_on",),
    ),
    Rule(
        "disclosure",
        "bar_notice",
        ("requested", "checked", "granted"),
        None,
        REVIEWERS,
        ("barred_until",),
    ),
    Rule("disclosure", "grant", ("checked",), "granted", REVIEWERS),
    Rule("disclosure", "refuse_data", ("requested", "checked"), "refused", REVIEWERS),
    Rule("disclosure", "close", ("granted", "refused"), "closed", HANDLERS),
)


def _everywhere(kind: RecordKind) -> tuple[Rule, ...]:
    """The acts that every record knows in every state, and that leave the state alone."""
    states = STATES[kind]
    return (
        Rule(kind, "note", states, None, STAFF),
        _attaching(kind),
        Rule(kind, "check_file", states, None, STAFF, ("entry",), ("verified",)),
        Rule(kind, "claim", states, None, STAFF),
        Rule(kind, "release", states, None, STAFF),
        Rule(kind, "mark_sharing", states, None, STAFF, ("tlp",), ("pap",)),
        Rule(kind, "add_task", states, None, STAFF, (), ("for_whom", "due_on")),
        Rule(kind, "end_task", states, None, STAFF, ("task",)),
        Rule(kind, "declare_conflict", states, None, STAFF),
        Rule(kind, "restrict", states, None, STAFF),
        Rule(kind, "unrestrict", states, None, REVIEWERS),
        Rule(kind, "add_member", states, None, STAFF, ("member",)),
        Rule(kind, "remove_member", states, None, STAFF, ("member",)),
        Rule(kind, "erase", states, None, REVIEWERS, ("entry",)),
    )


def _attaching(kind: RecordKind) -> Rule:
    """Who adds a file: the team; to a notice the person concerned too, as long as they can answer
    or appeal.
    """
    states, facts = STATES[kind], ("sha256",)
    if kind != "notice":
        return Rule(kind, "attach", states, None, STAFF, facts, OF_FILES)
    inside = tuple(state for state in states if state not in ("triaged", *DECIDED))
    return Rule(kind, "attach", states, None, ANYONE, facts, OF_FILES, inside)


RULES: tuple[Rule, ...] = (
    *NOTICE_ACTS,
    *CASE_ACTS,
    *APPEAL_ACTS,
    *REGISTER_ACTS,
    *COMPLAINT_ACTS,
    *ASSESSMENT_ACTS,
    *MISUSE_ACTS,
    *DISCLOSURE_ACTS,
    *(rule for kind in STATES for rule in _everywhere(kind)),
)
"""Every act of every kind of record."""

WITHOUT_PART = frozenset(
    {
        "note",
        "claim",
        "release",
        "declare_conflict",
        "erase",
        "replace_link",
        "check_file",
        "mark_sharing",
        "add_task",
        "end_task",
    }
)
"""Acts that do not make somebody a party to the matter."""


def is_staff(actor: Actor) -> bool:
    """Whether somebody belongs to the house: neither a partner nor the public."""
    return actor.role not in OUTSIDERS


def find_rule(kind: EventKind, name: str) -> Rule | None:
    """The rule of an act, or None if this kind of record knows no such act."""
    return next((rule for rule in RULES if (rule.kind, rule.name) == (kind, name)), None)


def opening_rule(kind: RecordKind) -> Rule:
    """The act that opens a record of this kind."""
    return next(rule for rule in RULES if rule.kind == kind and not rule.sources)
