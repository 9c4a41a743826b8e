"""Statements: who says what, in which words, to whom, where, and who passed it on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from assay.documents.addressees import addressees, venue
from assay.documents.attribution import Draft
from assay.documents.base import Reading
from assay.documents.coreference import Cast, Person
from assay.documents.drafts import drafts_of
from assay.documents.monologue import monologue
from assay.documents.organisations import Bodies
from assay.documents.parties import parties_of
from assay.documents.places import Covering
from assay.documents.quotes import Quotation, quotations
from assay.documents.roles import Office
from assay.documents.said_on import day_before_content, said_on
from assay.documents.speakers import Mention, mention
from assay.documents.statement_kinds import evidence_offered, kind_of
from assay.lexicon.speech_cues import speech_cues
from assay.model.record import Span, Speaker, Statement, StatementForm, Value

if TYPE_CHECKING:
    from spacy.tokens import Token

Kind = Literal["statement", "demand", "reply", "accusation", "attitude"]


@dataclass(frozen=True)
class _Known:
    """What is known of the document while its statements are read.

    Attributes:
        reading: The document and what was read of it so far.
        text: The text that all offsets count in.
        told: The speakers so far, in the order of the text.
        cast: Everybody named in it.
        bodies: The ministries named in it.
        quotations: What stands in quotation marks, in order.
    """

    reading: Reading
    text: str
    told: list[Speaker]
    cast: Cast
    bodies: Bodies
    quotations: tuple[Quotation, ...]

    @property
    def several(self) -> str | None:
        """Whom “they” stands for: the several people who spoke last (“two officials”)."""
        for speaker in reversed(self.told):
            if speaker.value is not None and _SEVERAL.match(speaker.value):
                return speaker.value
            if speaker.value is not None and speaker.span is not None:
                return None
        return None


_SEVERAL = re.compile(
    r"(?:two|three|four|five|six|several|some|many|\d+)\s|(?:\w+\s)?(?:officials|people|sources|"
    r"researchers|experts|analysts|lawmakers|senators|prosecutors|diplomats|executives)\b",
    re.IGNORECASE,
)


class Statements:
    """Reads statements, direct and indirect, from a parsed document."""

    name = "statements"
    languages: Sequence[str] = ("en",)

    def read(self, reading: Reading) -> None:
        """Add every statement, in the order of the text."""
        if reading.parsed is None:
            return
        spans = [paragraph.span for paragraph in reading.parsed.paragraphs]
        bodies = Bodies.of(reading, spans)
        known = _Known(
            reading,
            reading.text,
            [],
            Cast(reading.parsed, bodies.holds),
            bodies,
            quotations(reading.text, spans),
        )
        drafts = _without_repeats(drafts_of(reading.parsed, known.quotations))
        statements = [
            _statement(draft, known, f"S{number}") for number, draft in enumerate(drafts, 1)
        ]
        reading.statements += _passed_on(statements)
        whole = monologue(reading.parsed, parties_of(reading).voice, f"S{len(statements) + 1}")
        if whole is not None:
            reading.statements.append(whole)


def _without_repeats(drafts: list[Draft]) -> list[Draft]:
    """“According to X” that only credits another statement, and drafts with the same words."""
    kept: list[Draft] = []
    seen: set[tuple[Span, ...]] = set()
    for draft in drafts:
        key = tuple(draft.spans)
        if key in seen:
            continue
        seen.add(key)
        kept.append(draft)
    return kept


def _statement(draft: Draft, known: _Known, statement_id: str) -> Statement:
    cue = draft.cue
    if cue is not None and not draft.quoted and draft.carried_from is None:
        draft.spans[0] = day_before_content(
            known.reading, draft.paragraph.between(*cue), draft.spans[0]
        )
    speaker = _speaker(draft, known)
    known.told.append(speaker)
    cue_paragraph = draft.paragraph
    if cue is not None and draft.carried_from is not None:
        cue_paragraph = draft.carried_from
    content = " ".join(span.of(known.text) for span in draft.spans)
    kind = kind_of(draft.kind, cue[0] if cue else None, content, _frame(draft, known.text))
    verb = cue[0] if cue is not None else None
    whole = Span(draft.spans[0].start, draft.spans[-1].end)
    form = _form(draft, known.quotations)
    return Statement(
        statement_id=statement_id,
        form=form,
        spans=tuple(draft.spans),
        cue=cue_paragraph.between(*cue) if cue else None,
        speaker=speaker,
        kind=cast("Kind", kind),
        addressee=addressees(cue_paragraph, verb, whole) if verb is not None else (),
        through=_credited(draft, known),
        venue=venue(cue_paragraph, verb) if verb is not None else None,
        said_on=said_on(known.reading, cue_paragraph, cue, tuple(draft.spans)) if cue else None,
        verbatim=form != "headline_paraphrase" or _stands_elsewhere(known.text, draft),
        evidence_offered=evidence_offered(kind, content),
    )


def _speaker(draft: Draft, known: _Known) -> Speaker:
    if draft.source is None:
        return Speaker(None, None)
    paragraph = draft.carried_from or draft.paragraph
    named = mention(paragraph, _owner(draft.source))
    said_by = named
    if named.reference == "relative":
        antecedent = _antecedent(draft.source)
        if antecedent is not None:
            said_by = mention(paragraph, antecedent)
    person = _person(said_by, _owner(draft.source), known.cast)
    if person is not None:
        known.cast.spoke(person, draft.spans[-1].end)
        office = said_by.office
        if office.role is None or (said_by.reference == "noun" and person.office.role is not None):
            office = person.office
        return Speaker(person.name, named.span, *_office(office, known))
    if said_by.reference == "pronoun" and said_by.plural:
        return Speaker(known.several, named.span)
    if said_by.reference in ("pronoun", "relative"):
        return Speaker(None, named.span)
    body = known.bodies.named(said_by.span)
    value = body.value if body is not None else _plain(said_by)
    role, organisation = _office(said_by.office, known)
    names_body = said_by.reference == "name" and role is None and known.bodies.holds(said_by.span)
    if organisation is None and names_body:
        organisation = body
    if said_by.reference == "noun" and role is not None and role.span is not None:
        # “The regulator” names no office beyond itself.
        role = role if organisation is not None or role.span.end < named.span.end else None
    return Speaker(value, named.span, role, organisation)


def _owner(source: Token) -> Token:
    """Whose post, letter or statement says it: the person named before it."""
    if source.lemma_.lower() not in speech_cues().venue_nouns:
        return source
    return next(
        (word for word in source.children if word.dep_ == "poss" and word.pos_ == "PROPN"), source
    )


def _credited(draft: Draft, known: _Known) -> tuple[Value, ...]:
    """Whom the writer has it from: “…,” X said, according to Y."""
    if draft.credit is None:
        return ()
    named = mention(draft.paragraph, draft.credit)
    body = known.bodies.named(named.span)
    return (Value(body.value if body is not None else _plain(named), named.span),)


def _person(said_by: Mention, source: Token, cast: Cast) -> Person | None:
    if said_by.reference == "name":
        return cast.person(said_by.words)
    if said_by.reference == "pronoun":
        return cast.pronoun(said_by)
    if said_by.reference == "noun":
        return cast.noun(said_by, source.text)
    return None


def _office(office: Office, known: _Known) -> tuple[Value | None, Value | None]:
    role = office.role
    told = Value(" ".join(role.span.of(known.text).split()), role.span) if role else None
    if office.organisation is None:
        return told, None
    return told, known.bodies.named(office.organisation)


def _plain(said_by: Mention) -> str:
    words = list(said_by.words)
    if words and words[0].lower() in ("the", "a", "an", "this", "that", "these", "those"):
        words = words[1:] or words
    text = " ".join(words)
    for mark in ("’s", "'s", ",", "."):
        text = text.replace(f" {mark}", mark)
    return text.replace(" - ", "-")


def _antecedent(relative: Token) -> Token | None:
    verb = relative.head
    while verb.dep_ not in ("relcl", "acl") and verb.head.i != verb.i:
        verb = verb.head
    return verb.head if verb.dep_ in ("relcl", "acl") else None


def _form(draft: Draft, marks: tuple[Quotation, ...]) -> StatementForm:
    if draft.paragraph.role == "headline":
        return "headline_paraphrase"
    if draft.quoted and draft.frame in ("quote", "according"):
        return "direct"
    inside = any(
        span.start <= one.outer.start and one.inner.end <= span.end
        for one in marks
        for span in draft.spans
    )
    if draft.quoted and not inside:
        return "direct"
    return "mixed" if inside or draft.quoted else "indirect"


def _stands_elsewhere(text: str, draft: Draft) -> bool:
    """Whether words that a headline puts between marks stand in the document's body as well."""
    if not draft.quoted:
        return True
    words = draft.spans[0].of(text).rstrip(",.;:!?")
    return text.count(words) > 1


def _frame(draft: Draft, text: str) -> str:
    """The words of the statement's sentences that are not its content."""
    paragraph = draft.paragraph
    if draft.cue is None:
        return ""
    sentence = draft.cue[0].sent
    start = paragraph.span.start + sentence.start_char
    end = paragraph.span.start + sentence.end_char
    if draft.carried_from is not None:
        return ""
    left, pieces = start, []
    for span in draft.spans:
        if span.start >= end or span.end <= start:
            continue
        pieces.append(text[left : max(left, span.start)])
        left = max(left, span.end)
    pieces.append(text[left : max(left, end)])
    return " ".join(pieces)


def _passed_on(statements: list[Statement]) -> list[Statement]:
    """Who passed a statement on: the speaker of the one that it stands in, outermost last."""
    done = []
    covering = Covering(statement.spans for statement in statements)
    for statement in statements:
        around = (statements[number] for number in covering.at(statement.spans[0].start))
        outer = [
            (other.spans[-1].end - other.spans[0].start, other)
            for other in around
            if other is not statement
            and other.kind != "attitude"
            and _within(statement, other)
            and not _same_speaker(statement, other)
        ]
        through = list(statement.through) + [
            Value(other.speaker.value, other.speaker.span)
            for _, other in sorted(outer, key=lambda pair: pair[0])
            if other.speaker.value is not None and other.speaker.span is not None
        ]
        done.append(replace(statement, through=tuple(through)) if through else statement)
    return done


def _within(inner: Statement, outer: Statement) -> bool:
    """Whether a statement with its cue stands in the words of another."""
    cue = inner.cue or inner.spans[0]
    return (
        any(
            span.start <= inner.spans[0].start
            and inner.spans[-1].end <= span.end
            and span.start <= cue.start
            and cue.end <= span.end
            for span in outer.spans
        )
        and inner.spans != outer.spans
    )


def _same_speaker(one: Statement, other: Statement) -> bool:
    return one.speaker.value is not None and one.speaker.value == other.speaker.value
