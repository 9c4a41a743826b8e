"""The words of the documentary record: spans, claims, statements, measures, demands, events.

A document is a text with segments; what is read from it are *claims*, each tied to the characters
it was read from. Statements, measures and demands gather the claims about one act of speech or
one act of enforcement. Nothing here says what is true: a claim is what somebody wrote.

Offsets count Unicode code points of the document's text, the end excluded, as the text selectors
of the W3C Web Annotation Data Model do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assay.model.document import (
    OWN_WORDS,
    DatedValue,
    DateRole,
    Document,
    Precision,
    Segment,
    SegmentRole,
    SourceLink,
    Span,
    Value,
)

__all__ = [
    "CURRENCY_OPEN",
    "OWN_WORDS",
    "Action",
    "Claim",
    "ClaimKey",
    "Comparator",
    "Count",
    "DateRole",
    "DatedValue",
    "Demand",
    "Document",
    "Event",
    "EvidenceOffered",
    "Measure",
    "Precision",
    "Relation",
    "RelationKind",
    "Segment",
    "SegmentRole",
    "SourceLink",
    "Span",
    "Speaker",
    "Spend",
    "Statement",
    "StatementForm",
    "Status",
    "Value",
]

Comparator = Literal["=", "~", ">", ">=", "<", "<=", "range", "vague"]
"""How a number stands to the truth that it is said of: “more than 10” is ``>`` 10."""

Action = Literal[
    "remove",
    "suspend",
    "block",
    "demote",
    "label",
    "demonetise",
    "ad_ban",
    "geo_block",
    "de_index",
    "end_business",
    "restore",
    "identify",
    "designate",
    "other",
]
"""What was done. ``identify`` says that accounts were found and nothing about what was done."""

Status = Literal["past", "ongoing", "announced", "threatened", "hypothetical", "denied", "reported"]

StatementForm = Literal["direct", "indirect", "mixed", "headline_paraphrase"]

EvidenceOffered = Literal["none", "cited", "attached"]


@dataclass(frozen=True)
class Speaker:
    """Who says something.

    Attributes:
        value: Canonical name, the person or body that a pronoun stands for.
        span: Where the speaker is named at this statement: a name, a noun or a pronoun.
        role: Office, as written.
        organisation: Canonical name of the body spoken for.
    """

    value: str | None
    span: Span | None
    role: Value | None = None
    organisation: Value | None = None


@dataclass(frozen=True)
class Statement:
    """Something said by somebody, as the document gives it.

    Attributes:
        statement_id: ``S1`` and so on inside its document.
        form: Quoted, reported or both.
        spans: The words said; several where the document interrupts them.
        cue: The words that mark it as said (“said”, “according to”).
        speaker: Who said it.
        kind: ``statement``, ``demand``, ``reply``, ``accusation``, or ``attitude`` for what
            somebody is said to think, want or plan.
        addressee: To whom.
        venue: Where or in what.
        said_on: When.
        through: Who passed it on (“according to Reuters”), outermost last.
        verbatim: False where quotation marks hold words that nobody is quoted with.
        measure_id: The measure it is about or answers.
        evidence_offered: For an accusation, whether evidence is named or attached.
    """

    statement_id: str
    form: StatementForm
    spans: tuple[Span, ...]
    cue: Span | None
    speaker: Speaker
    kind: Literal["statement", "demand", "reply", "accusation", "attitude"] = "statement"
    addressee: tuple[Value, ...] = ()
    venue: Value | None = None
    said_on: DatedValue | None = None
    through: tuple[Value, ...] = ()
    verbatim: bool = True
    measure_id: str | None = None
    evidence_offered: EvidenceOffered | None = None


@dataclass(frozen=True)
class Count:
    """A number of things.

    Attributes:
        n: The number; the lower end of a range.
        unit: ``accounts``, ``pages``, ``groups``, ``channels``, ``posts``, ``ads``,
            ``companies`` …; ``accounts+pages`` for one number over two kinds.
        span: The number's own characters.
        phrase: The number with what it counts.
        comparator: How exact it is said to be.
        most: The upper end of a range.
        platform: Whose; None where one number covers several platforms unsplit.
    """

    n: float
    unit: str
    span: Span
    phrase: Span
    comparator: Comparator = "="
    most: float | None = None
    platform: str | None = None


CURRENCY_OPEN = "XXX"
"""ISO 4217's code for no currency: a word such as “crowns”, which several states call theirs."""


@dataclass(frozen=True)
class Spend:
    """Money said to be spent, paid or fined.

    Attributes:
        amount: In units of the currency.
        currency: ISO 4217; :data:`CURRENCY_OPEN` where the word does not say.
        span: Where it stands.
        comparator: How exact it is said to be.
        period: The time that it covers, as ISO 8601 interval or year.
    """

    amount: float
    currency: str
    span: Span
    comparator: Comparator = "="
    period: str | None = None


@dataclass(frozen=True)
class Measure:
    """One act of enforcement as one document tells it.

    Attributes:
        measure_id: ``M1`` and so on inside its document.
        actions: Every step, first one first, each with the words that say it.
        status: Whether it was done, is announced, threatened, supposed or denied.
        actor: Who did it.
        platform: Where.
        target: On what or whom.
        counts: How many of what.
        spend: Money named with it.
        origin: Where the targets are said to come from.
        operator: Who is said to run them.
        ground: The rule or reason given.
        legal_basis: The law given.
        evidence: What the actor is said to go by.
        election: The vote named with it.
        repetition: The words that say it was not the first time.
        disclosed_on: When it was made known.
        acted_on: When it was done.
        asserted_by: Who says so, innermost first; empty where the document itself does.
        span: The clause that tells it.
        mentions: Further places that tell the same.
        segment: The role of the segment it stands in.
    """

    measure_id: str
    actions: tuple[tuple[Action, Span], ...]
    status: Status
    actor: tuple[Value, ...]
    platform: tuple[Value, ...]
    span: Span
    target: tuple[Value, ...] = ()
    counts: tuple[Count, ...] = ()
    spend: tuple[Spend, ...] = ()
    origin: tuple[Value, ...] = ()
    operator: tuple[Value, ...] = ()
    ground: tuple[Value, ...] = ()
    legal_basis: tuple[Value, ...] = ()
    evidence: tuple[Value, ...] = ()
    election: tuple[Value, ...] = ()
    repetition: Value | None = None
    disclosed_on: DatedValue | None = None
    acted_on: DatedValue | None = None
    asserted_by: tuple[Value, ...] = ()
    mentions: tuple[Span, ...] = ()
    segment: SegmentRole = "body"


@dataclass(frozen=True)
class Demand:
    """Something asked of somebody.

    Attributes:
        demand_id: ``D1`` and so on inside its document.
        actor: Who asks.
        addressee: Of whom.
        trigger: The word that asks (“urged”, “we call on”).
        content: What is asked for.
        status: ``made``, ``expressed`` (a hope), ``announced``, ``refused`` or ``met``.
        legal_basis: The law or norm named.
        target: What it is about (sites, apps, accounts).
        counts: Numbers in it.
        demanded_on: When.
        measure_id: The measure that it answers.
        statement_id: The statement that makes it.
        mentions: Further places that make the same demand.
    """

    demand_id: str
    actor: tuple[Value, ...]
    addressee: tuple[Value, ...]
    trigger: Span
    content: Span
    status: Literal["made", "expressed", "announced", "refused", "met"] = "made"
    legal_basis: tuple[Value, ...] = ()
    target: tuple[Value, ...] = ()
    counts: tuple[Count, ...] = ()
    demanded_on: DatedValue | None = None
    measure_id: str | None = None
    statement_id: str | None = None
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One value of one slot, on somebody's word, with the characters it was read from.

    Attributes:
        claim_id: Unique inside the record; made from document, stage, subject, slot and span.
        document: The document.
        subject: What it is said of: ``document``, a measure, statement or demand by its id.
        slot: Which property, such as ``platform`` or ``count``.
        value: As read, normalised to text.
        norm: Typed: number, ISO date, name; JSON.
        comparator: For numbers.
        hedge: Words that weaken it.
        hedged_by: Whose hedge.
        asserted_by: On whose word, innermost first; empty for the document's own.
        span: Where it was read; None only where ``in_text`` is False.
        in_text: Whether the value stands in the text or was inferred.
        how: How it was resolved.
        stage: The stage that wrote it.
        segment: Role of the segment.
    """

    claim_id: str
    document: str
    subject: str
    slot: str
    value: str
    norm: Any
    span: Span | None
    stage: str
    comparator: Comparator | None = None
    hedge: str | None = None
    hedged_by: str | None = None
    asserted_by: tuple[str, ...] = ()
    in_text: bool = True
    how: str | None = None
    segment: SegmentRole | None = None


RelationKind = Literal[
    "equal", "sum_of_parts", "rounding", "bound", "subset", "unit_differs", "contradicts"
]
"""How two claims about the same thing stand to each other."""

ClaimKey = tuple[str, str, str]
"""Document, subject and slot that a relation points at, such as (``a.txt``, ``M1``, ``count``)."""


@dataclass(frozen=True)
class Relation:
    """How claims of an event stand to each other; both stay as they are.

    Attributes:
        kind: Which relation.
        slot: The property that is compared, such as ``counts``.
        left: Claims on one side; several for the parts of a sum.
        right: Claims on the other side.
        why: The comparison in words, such as “13 + 5 = 18”.
    """

    kind: RelationKind
    slot: str
    left: tuple[ClaimKey, ...]
    right: tuple[ClaimKey, ...]
    why: str


@dataclass(frozen=True)
class Event:
    """Measures of several documents that tell of one act.

    Attributes:
        event_id: Unique inside the record; made from the members.
        members: Document and measure id of each telling.
        relations: How their claims stand to each other.
        joined_by: ``rules``, or the name of the person whose choice it was.
        why: What joined them, for people.
    """

    event_id: str
    members: tuple[tuple[str, str], ...]
    relations: tuple[Relation, ...] = ()
    joined_by: str = "rules"
    why: str = ""
