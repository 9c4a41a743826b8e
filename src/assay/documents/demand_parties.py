"""Who asks and who is asked, by name as far as the document tells; which demands are kept."""

from __future__ import annotations

import re

from assay.documents.base import Reading
from assay.documents.demand_forms import Asked
from assay.documents.grammar import phrase
from assay.documents.monologue import is_monologue
from assay.documents.parse import Paragraph
from assay.documents.parties import Parties, distinct
from assay.documents.party import Party
from assay.documents.pronouns import we
from assay.lexicon.word_lists import word_list
from assay.model.record import Span, Value

_PLATFORM_WORDS = word_list("platform_words")


_ANYWHERE = word_list("platform_words_elsewhere")
"""Words that stand for other things as well: they count where the document names platforms."""
_STATES = ("country", "authority", "platform", "person", "name", "other")


def is_ours(
    parties: Parties,
    place: Span,
    asked: Asked,
    asker: Party | None,
    addressed: list[Party],
) -> bool:
    """Demands about platforms and what stands on them, and those between states about such."""
    if asker is not None and asker.kind == "platform" and not addressed and not asker.generic:
        return False
    if asked.diplomatic and asked.empty:
        # “sent a note to the company” without what it says is no more than a letter sent.
        return any(one.kind == "country" for one in addressed)
    if any(token.lower_ == "you" for token in asked.asked) and parties.addressed:
        return True
    if not parties.on_platforms:
        return False
    if asked.diplomatic:
        return asker is not None and asker.kind in _STATES
    if any(one.kind == "platform" for one in addressed):
        return True
    words = set(re.findall(r"\w+", parties.text[asked.content.start : asked.content.end].lower()))
    about = (
        bool(words & _PLATFORM_WORDS - _ANYWHERE)
        or bool(words & _ANYWHERE and len(parties.platforms) > 1)
        or bool(parties.platforms_inside(asked.content))
    )
    if asked.hope:
        named_asker = asker is not None and asker.kind in ("authority", "country", "name", "person")
        corporate = re.search(r"\bcorporate|compan", asked.content.of(parties.text))
        expletive = any(token.lower_ in ("it", "this", "that", "there") for token in asked.asked)
        if expletive and not about:
            return False
        return about or bool(corporate) or (bool(addressed) and named_asker)
    if asked.asker is not None and asked.asker.lower_ in ("i", "we") and (about or asked.firm):
        return True
    named = asker is not None and asker.kind in ("authority", "country", "platform", "name",
                                                 "person", "outlet")  # fmt: skip
    if asker is None and asked.own and not asked.asked:
        return False
    on_bodies = asked.firm and any(one.kind == "authority" for one in addressed)
    return (about and (named or asker is None)) or (named and on_bodies)


def asking(
    reading: Reading,
    parties: Parties,
    paragraph: Paragraph,
    asked: Asked,
    asker: Party | None,
) -> tuple[Value, ...]:
    """Who makes a demand; a pronoun means whom the document's statements say it means."""
    token = asked.asker
    if token is None or asker is None:
        return _unnamed(parties, asked)
    span = paragraph.span_of(token)
    if token.lower_ in ("we", "i", "us"):
        return (_first_person(reading, parties, span, token.text),)
    if token.lower_ in ("he", "she", "they", "it", "who"):
        if asker.kind == "platform" and token.lower_ in ("it", "they"):
            return asker.values
        return _speaker_of(reading, asked, span)
    whole = phrase(paragraph, token)
    side = [one for one in parties.inside(whole) if one.name.kind == "country"]
    if token.lower_ == "side" and side:
        return (Value(side[0].name.value, whole, how="the side of this country"),)
    if token.pos_ == "PROPN" and asker.kind in ("person", "name"):
        # “Vale” is Sigrid Vale, if the statements know her.
        return _speaker_of(reading, asked, span) or asker.values
    return asker.values


def _unnamed(parties: Parties, asked: Asked) -> tuple[Value, ...]:
    """“You are required to …” in a letter: the sender asks."""
    voice = parties.voice.value
    if not asked.own or voice is None:
        return ()
    return (Value(voice.value, voice.span, how=voice.how or "whom the page speaks for"),)


def _first_person(reading: Reading, parties: Parties, span: Span, said: str) -> Value:
    for statement in reading.statements_at(span.start):
        if is_monologue(statement, parties.voice):
            continue
        speaker = statement.speaker.organisation or Value(statement.speaker.value)
        return Value(speaker.value, span, how=f"“{said}”: the speaker")
    voice = parties.voice.value
    if voice is not None:
        return Value(voice.value, span, how=f"“{said}”: {voice.how or 'whom the page speaks for'}")
    meant = we(parties, span)
    if meant.kind == "platform" and meant.values:
        return meant.values[0]
    return Value(None, span, how=f"“{said}”: the speaker is not named")


def _speaker_of(reading: Reading, asked: Asked, span: Span) -> tuple[Value, ...]:
    """Whom the statement with this asking word names as its speaker."""
    for statement in reading.statements:
        cue = statement.cue
        if statement.speaker.value is None or cue is None:
            continue
        told_here = cue.start < asked.trigger.end and asked.trigger.start < cue.end
        named_here = statement.speaker.span == span
        if told_here or named_here:
            return (Value(statement.speaker.value, span, how="as the statement names the speaker"),)
    return ()


def asked_of(
    text: str,
    parties: Parties,
    paragraph: Paragraph,
    addressed: list[Party],
    asked: Asked,
) -> tuple[Value, ...]:
    """Of whom it is asked: names; “you” in a letter is whom it is written to."""
    found: list[Value] = []
    for party, token in zip(addressed, asked.asked, strict=True):
        if token.lower_ == "you":
            found += parties.addressed
            continue
        if token.lower_ in ("us", "me"):
            found += _us(parties, paragraph.span_of(token))
            continue
        whole = phrase(paragraph, token, whole=True)
        platforms = parties.platforms_inside(whole)
        if party.kind == "platform" and len(platforms) > len(party.values):
            found += [Value(one.name.value, one.span) for one in platforms]
            continue
        found += party.values
    return distinct([one for one in found if not _told_by_names(text, parties, one)])


def _us(parties: Parties, span: Span) -> tuple[Value, ...]:
    """“asked us to explain”: whom the page speaks for."""
    if parties.voice.value is not None:
        return (Value(parties.voice.value.value, span, how="“us”: whom the page speaks for"),)
    return we(parties, span).values


def _told_by_names(text: str, parties: Parties, value: Value) -> bool:
    """“providers Cloudflare and Cisco”: the names say it."""
    span = value.span
    if span is None or value.value != span.of(text):
        return False
    return bool(parties.platforms_inside(Span(span.end, span.end + 2)))
