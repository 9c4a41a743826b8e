"""The words of case work: records, their states, acts, events, and who acts in which role.

Eight kinds of record share one life: something happens (an act), it is written down (an event),
and the state is what the events add up to. What an event keeps for ever (facts: ids, choices,
dates) is apart from what may have to be erased one day (the reason and the fields: free text,
addresses, names).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from assay.model.awaited import Awaited

RecordKind = Literal[
    "case", "notice", "appeal", "register", "complaint", "assessment", "misuse", "disclosure"
]
EventKind = RecordKind | Literal["bodies"]
"""What events are about: a record, or the register of protected bodies."""
STATES: Mapping[RecordKind, tuple[str, ...]] = MappingProxyType(
    {
        "case": ("draft", "open", "under_review", "reviewed", "closed"),
        "notice": (
            "draft",
            "submitted",
            "acknowledged",
            "triaged",
            "decided",
            "notified",
            "closed",
            "rejected_incomplete",
            "withdrawn",
            "duplicate",
            "parked",
        ),
        "appeal": (
            "lodged",
            "admissible",
            "inadmissible",
            "assigned",
            "upheld",
            "overturned",
            "modified",
            "external_review",
            "final",
        ),
        "register": ("pending_redaction", "published", "corrected", "withdrawn"),
        "complaint": ("draft", "open", "closed", "withdrawn"),
        "assessment": (
            "invited",
            "accepted",
            "declined",
            "ended",
            "published",
            "corrected",
            "withdrawn",
        ),
        "misuse": ("examined", "warned", "suspended", "closed"),
        "disclosure": ("requested", "checked", "granted", "refused", "closed"),
    }
)
"""The states of each kind of record; the first is where it begins."""

Role = Literal[
    "administrator",
    "investigator",
    "reviewer",
    "appeals_reviewer",
    "partner",
    "auditor",
    "public",
]
ROLES: tuple[Role, ...] = (
    "administrator",
    "investigator",
    "reviewer",
    "appeals_reviewer",
    "partner",
    "auditor",
    "public",
)

NOTICE_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "impersonation": "somebody passes for a person or a body",
        "coordinated": "accounts act together and hide it",
        "undisclosed_republication": "a publisher passes on another's texts without saying so",
        "government_order": "a public body demands something",
        "court_order": "a court orders something",
        "data_subject_request": "a person asks for, or about, data about them",
    }
)
PUBLIC_BODY_KINDS = frozenset({"government_order", "court_order"})
"""Notices that need their legal basis and the order's reference, and always two reviewers."""

SENDER_ADDRESSES = ("unconfirmed", "confirmed", "account", "letter", "team")
"""How it is known that the address of a notice's sender is theirs."""
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "restriction": "something is asked to be limited, labelled or removed",
        "no_action": "nothing is asked for",
        "not_enough_evidence": "the evidence does not carry a decision",
    }
)
AIMS: Mapping[str, str] = MappingProxyType(
    {
        "rights_of_others": "rights or reputations of others",
        "national_security": "national security",
        "public_order": "public order",
        "public_health": "public health",
        "morals": "morals",
    }
)
"""The legitimate aims of ICCPR article 19(3)."""
RABAT = ("context", "speaker", "intent", "content_and_form", "extent", "likelihood")
"""The six questions of the Rabat Plan of Action, asked of incitement only."""
APPEAL_BODIES = ("certified_odr", "court")
OUTSIDE_OUTCOMES = ("upheld", "overturned", "modified", "no_decision")
"""What an outside body did with the decision that was appealed against; none, if it was settled or
taken back."""
PRIORITIES = ("low", "normal", "high")

SHARED_WITH = ("red", "amber_strict", "amber", "green", "clear")
"""Who may be told of a matter: the marks of the Traffic Light Protocol (FIRST, TLP 2.0)."""
ACTED_ON = ("red", "amber", "green", "clear")
"""What may be done with what is told of it: the marks of the Permissible Actions Protocol."""

Fact = str | bool | int


@dataclass(frozen=True)
class Actor:
    """Who acts: an account's id (no real name; that is kept with the account) and its role."""

    id: str
    role: Role


@dataclass(frozen=True)
class Act:
    """What somebody wants to do.

    Attributes:
        name: One of the workflow's acts.
        why: The reason, in the actor's words; erasable.
        facts: Choices, ids and dates that the record keeps for ever; no personal data.
        fields: Texts and addresses; erasable.
    """

    name: str
    why: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """What happened to one record, or to the register of protected bodies.

    Attributes:
        record: Id of the record; for the register of protected bodies what stands in its place.
        kind: Of the record.
        version: The record's version after it; the first event makes version 1.
        name: Of the act.
        state: The record's state after it.
        by: Who.
        at: When, in UTC.
        facts: Kept for ever.
        why: The reason; None once erased.
        fields: Texts; None once erased.
    """

    record: str
    kind: EventKind
    version: int
    name: str
    state: str
    by: Actor
    at: datetime
    facts: Mapping[str, Fact]
    why: str | None
    fields: Mapping[str, str] | None


@dataclass(frozen=True)
class Concerned:
    """One of the people whom a notice is about, each heard apart.

    Attributes:
        fields: The latest of what is theirs alone: their addresses in the notice, their e-mail
            address and language, what was put to them, and what they answered.
        answer_until: The day they were given.
        answered: Whether they answered.
        recorded: Whether the team recorded how they were heard since they were asked last.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    answer_until: str = ""
    answered: bool = False
    recorded: bool = False

    @property
    def addresses(self) -> list[str]:
        """Theirs among the notice's."""
        return self.fields.get("concerned_urls", "").split()


@dataclass(frozen=True)
class Task:
    """Something that the team still has to do.

    Attributes:
        number: The record's version that set it; what ends it names it by.
        text: What is to be done; empty once erased.
        for_whom: The account that it is for; empty for whoever takes it.
        due_on: The day by which, as YYYY-MM-DD; empty where there is none.
        done_on: The day on which it was ended; empty before.
    """

    number: int
    text: str
    for_whom: str = ""
    due_on: str = ""
    done_on: str = ""


@dataclass(frozen=True)
class Record:
    """What the events of one record add up to.

    Attributes:
        id: Random, says nothing.
        kind: Case, notice, appeal, register entry, complaint or assessment.
        state: One of the kind's states.
        version: Number of its events.
        opened_by: Who opened it.
        opened_at: When, in UTC.
        changed_at: When the last event happened.
        facts: The latest value of each fact.
        fields: The latest text of each field that is not erased.
        members: Who may see it while it is restricted; partners and the public see only records
            that they are members of.
        restricted: Whether only members may see it.
        took_part: Members of staff who acted on it, notes and views apart.
        conflicted: Who declared a conflict of interest.
        claimed_by: Who works on it now.
        concerned: The people whom a notice is about and who were asked or told, by their ids.
        hearing_recorded: Whether the team recorded how those who were asked so far were heard.
        urgent: Whether it was recorded why it cannot wait for a hearing.
        rights_reviewed: Whether the rights review is complete.
        proposed_by: Who proposed the outcome that waits for a second reviewer.
        files: SHA-256 of each file that is kept with it: not of those kept elsewhere or erased.
        due_at: When the next step is due; None where nothing waits.
        appeal_until: Until when an appeal can be lodged.
        awaited: What others were asked for, by the version that asked.
        tasks: What the team has to do, by the version that set it.
        public_at: When a register entry, or how an appeal came out, became public or changed last;
            None before. What the team does besides does not move it.
    """

    id: str
    kind: RecordKind
    state: str
    version: int
    opened_by: Actor
    opened_at: datetime
    changed_at: datetime
    facts: Mapping[str, Fact] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    restricted: bool = False
    took_part: frozenset[str] = frozenset()
    conflicted: frozenset[str] = frozenset()
    claimed_by: str | None = None
    concerned: Mapping[str, Concerned] = field(default_factory=dict)
    hearing_recorded: bool = False
    urgent: bool = False
    rights_reviewed: bool = False
    proposed_by: str | None = None
    files: frozenset[str] = frozenset()
    due_at: datetime | None = None
    appeal_until: datetime | None = None
    awaited: Mapping[int, Awaited] = field(default_factory=dict)
    tasks: Mapping[int, Task] = field(default_factory=dict)
    public_at: datetime | None = None

    @property
    def heard(self) -> bool:
        """Whether everybody who was asked was heard, or urgency was recorded instead."""
        asked = [one for one in self.concerned.values() if one.answer_until]
        all_heard = bool(asked) and all(one.answered or one.recorded for one in asked)
        return self.urgent or self.hearing_recorded or all_heard
