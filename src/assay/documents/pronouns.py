"""Whom a pronoun means: the platform named last, or whom the document speaks for as “we”."""

from __future__ import annotations

from assay.documents.document_names import DocumentNames
from assay.documents.monologue import is_monologue
from assay.documents.party import Party
from assay.model.record import Span, Value

PRONOUNS = frozenset(("it", "they", "we", "them"))
"""The pronouns that may stand for somebody who acts."""


def pronoun(names: DocumentNames, word: str, span: Span) -> Party:
    """“we” as :func:`we`; “it” is the platform named last, “they” those named together last."""
    if word.casefold() == "we":
        return we(names, span)
    group = names.groups_before(span.start)
    if not group:
        return Party("other", (), generic=True)
    listed = group if word.casefold() != "it" else group[-1:]
    told = f"“{word}”: named before"
    return Party(
        "platform",
        tuple(Value(one.name.value, span, how=told) for one in listed),
        generic=True,
    )


def we(names: DocumentNames, span: Span) -> Party:
    """In a platform’s own notice “we” is the platform."""
    quoted = inside_quotes(names.text, span.start)
    for statement in names.reading.statements_at(span.start):
        if is_monologue(statement, names.voice):
            continue
        if statement.form == "indirect" and not quoted:
            # “Several media have reported that we …”: the writer's “we”.
            continue
        value = statement.speaker.organisation or Value(statement.speaker.value)
        if value.value in names.platform_names:
            return Party("platform", (Value(value.value, span),), generic=True)
        return Party("other", (), generic=True)
    if quoted:
        return Party("other", (), generic=True)
    voice = names.voice
    if voice.platform and voice.body is not None:
        return Party("platform", (Value(voice.body.value, span),), generic=True)
    if voice.value is not None:
        told = f"“we”: {voice.value.how or 'the head of the page'}"
        return Party("authority", (Value(voice.value.value, span, how=told),), generic=True)
    if not names.platform_names:
        return Party("platform", (), generic=True)
    ((most, _),) = names.platform_names.most_common(1)
    return Party(
        "platform",
        (Value(most, span, how="“we” in a notice that names this platform most"),),
        generic=True,
    )


def inside_quotes(text: str, position: int) -> bool:
    """Whether a double quotation mark is open at a position, in its paragraph."""
    start = text.rfind("\n", 0, position) + 1
    before = text[start:position]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
