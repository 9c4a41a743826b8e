"""The body that a phrase names, in one form, and what “the ministry” stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.documents.base import Reading
from assay.documents.gazetteer import Mention, find_ministries, find_names
from assay.documents.parties import Parties, parties_of
from assay.lexicon.people import is_body
from assay.model.record import Span, Value

_ARTICLE = re.compile(r"^(?:the|a|an|its|his|her|their|this|that)\s+", re.IGNORECASE)
_BODY_KINDS = frozenset(("platform", "agency", "regulator", "outlet", "body", "organisation"))


_COMPANY = re.compile(
    r"(?:(?:social|video|messaging|search|tech|technology|internet|online|short|sharing|giant|US|"
    r"American)[\s-](?:media\s|network(?:ing)?\s|sharing\s|engine\s|video\s)?)?"
    r"(?:company|platform|network|service|firm|giant|site|app|messenger)"
)


_OTHER_BODY = re.compile(r"\b(?:firm|company|agency|consultancy|contractor|publisher|[A-Z]\w+\s"
                         r"(?:Ltd|Inc|LLC|GmbH))\b")  # fmt: skip


@dataclass
class Bodies:
    """The ministries named in a document, for “the ministry” later on."""

    text: str
    ministries: list[Mention]
    parties: Parties

    @classmethod
    def of(cls, reading: Reading, spans: list[Span]) -> Bodies:
        """Those named within some spans of a document."""
        found = [mention for span in spans for mention in find_ministries(reading.text, span)]
        return cls(
            reading.text, sorted(found, key=lambda mention: mention.span), parties_of(reading)
        )

    def named(self, span: Span) -> Value | None:
        """The body that a phrase names; None for “the company” without a name before it."""
        words = _ARTICLE.sub("", " ".join(span.of(self.text).split()))
        ministries = [
            m for m in self.ministries if m.span.start < span.end and span.start < m.span.end
        ]
        if ministries and "country" not in ministries[0].span.of(self.text):
            return Value(ministries[0].name.value, span)
        company = self._company(words, span)
        if company is not None:
            return company
        if " " not in words and words.islower():
            return self._meant(words.lower(), span)
        known = [m for m in find_names(self.text, span) if m.name.kind in _BODY_KINDS]
        if known and known[0].span.end >= span.end:
            return Value(known[0].name.value, span)
        return Value(re.sub(r"[’']s?$", "", words), span) if words else None

    def holds(self, span: Span) -> bool:
        """Whether a phrase names a body and no person: a known name, a ministry, a committee."""
        if any(m.span.start < span.end and span.start < m.span.end for m in self.ministries):
            return True
        if any(is_body(word) for word in span.of(self.text).split()):
            return True
        return any(m.name.kind in _BODY_KINDS for m in find_names(self.text, span))

    def _company(self, words: str, span: Span) -> Value | None:
        """“the social media company”, “the platform”: the platform named last, if only one was."""
        if not _COMPANY.fullmatch(words):
            return None
        told = span.of(self.text)
        here = (self.text[max(0, span.start - 5) : span.start] + told).casefold()
        if not re.search(rf"(?:the|this)\s+{re.escape(words.casefold())}$", here):
            return None
        group = self.parties.groups_before(span.start)
        if len(group) != 1 or _OTHER_BODY.search(self.text, group[0].span.end, span.start):
            return None
        return Value(group[0].name.value, span, how=f"“{told}”: named before")

    def _meant(self, noun: str, span: Span) -> Value | None:
        if noun in ("regulator", "watchdog"):
            known = [
                one
                for one in self.parties.mentions
                if one.name.kind == "regulator" and one.span.end <= span.start
            ]
            if known:
                return Value(known[-1].name.value, known[-1].span, how=f"“{noun}”: named before")
        if not is_body(noun):
            return None
        before = [
            m
            for m in self.ministries
            if m.span.end <= span.start and noun in m.span.of(self.text).lower()
        ]
        full = [m for m in before if " Ministry" in m.name.value] or before
        if not full:
            return None
        return Value(full[-1].name.value, full[-1].span, how=f"“{noun}” refers back to it")
