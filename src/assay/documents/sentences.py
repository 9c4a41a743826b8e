"""The sentence around a place by its full stops and lines, for what needs no parse."""

from __future__ import annotations

import re

from assay.model.record import Span

_END = re.compile(r"[.;!?](?:\s|$)|\n")


def sentence_around(text: str, span: Span) -> Span:
    """From the character behind the last full stop or line break to the next one."""
    begin = max(text.rfind(". ", 0, span.start), text.rfind("\n", 0, span.start)) + 1
    stop = _END.search(text, span.end)
    return Span(begin, stop.start() if stop else len(text))
