"""A briefing or a comment by one speaker: its paragraphs are that person's words.

“Briefing by the Spokesperson, Ida Berg” stands at the head and no quotation marks follow. Questions
and the names of parts are left out; what others are quoted with inside stays theirs.
"""

from __future__ import annotations

import re

from assay.documents.own_voice import OwnVoice
from assay.documents.parse import Parsed
from assay.model.record import Span, Speaker, Statement

_ASKED = re.compile(r"\s*(?:question|q|journalist|reporter|correspondent)\b[^:\n]{0,40}:", re.I)
_ANSWERED = re.compile(r"\s*(?:answer|a|reply)\s*:\s*", re.IGNORECASE)
_LEAST_WORDS = 7


def monologue(parsed: Parsed, voice: OwnVoice, statement_id: str) -> Statement | None:
    """The speaker's words as one statement; None where the head names no speaker.

    Args:
        parsed: The document's parse.
        voice: Whom the document speaks for.
        statement_id: The id to give it.
    """
    if voice.person is None or voice.platform:
        return None
    spans = []
    for paragraph in parsed.paragraphs:
        text = paragraph.text
        if paragraph.role != "body" or _ASKED.match(text):
            continue
        words = [token for token in paragraph.doc if token.is_alpha]
        if len(words) < _LEAST_WORDS or not re.search(r"[.!?…][”\"’)]*\s*$", text):
            continue
        answered = _ANSWERED.match(text) or _labelled(text, voice.person.value)
        start = paragraph.span.start + (answered.end() if answered else 0)
        spans.append(Span(start, paragraph.span.end))
    if not spans:
        return None
    return Statement(
        statement_id=statement_id,
        form="direct",
        spans=tuple(spans),
        cue=None,
        speaker=Speaker(voice.person.value, voice.person.span, organisation=voice.body),
    )


def _labelled(text: str, name: str | None) -> re.Match[str] | None:
    """“Ida Berg: We have …”: the speaker's name before the words, perhaps with an office."""
    last = (name or "").split()[-1:]
    return re.match(rf"[^:.\n]{{0,40}}\b{re.escape(last[0])}\s*:\s*", text) if last else None


def is_monologue(statement: Statement, voice: OwnVoice) -> bool:
    """Whether a statement is the whole document's: its “we” is whom the document speaks for."""
    person = voice.person
    return person is not None and statement.cue is None and statement.speaker.value == person.value
