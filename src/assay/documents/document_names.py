"""The names of one document, each where it stands: platforms, bodies, states, and who “we” are."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from assay.documents.base import Reading
from assay.documents.gazetteer import Mention, find_ministries, find_names
from assay.documents.local_names import local_platforms, surnames
from assay.documents.own_voice import OwnVoice, addressees, own_voice
from assay.documents.parse import PARSED_ROLES
from assay.documents.places import beginning_in, ended_by
from assay.model.record import Span, Value

_ONLINE = re.compile(
    r"\b(?:(?:internet|online|digital|foreign|US|western)\s(?:platforms?|compan(?:y|ies)|providers?)|"
    r"social\s(?:networks?|media)|internet\sservices?|websites?|accounts?|hosting|search\sengines?|domains?|apps?)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\s*(?:,|and|&|or|,\s*and|as well as)\s*")


class DocumentNames:
    """Names of one document, looked up by place; each list is made when it is first asked for."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text

    @cached_property
    def mentions(self) -> list[Mention]:
        """Known names and ministries in the parts that are read, in order."""
        found: list[Mention] = []
        for segment in self.reading.document.segments:
            if segment.role in PARSED_ROLES:
                ministries = find_ministries(self.text, segment.span)
                taken = [one.span for one in ministries]
                found += ministries
                for one in find_names(self.text, segment.span):
                    if not any(s.start <= one.span.start < s.end for s in taken):
                        found.append(one)
        local = local_platforms(self.reading.document, found, self.reading.parsed)
        return sorted((*found, *local), key=lambda one: one.span.start)

    @cached_property
    def platforms(self) -> list[Mention]:
        """Mentions of platforms and their companies that stand for themselves."""
        return [
            one
            for one in self.mentions
            if one.name.kind in ("platform", "company") and not self._means_else(one)
        ]

    @cached_property
    def platform_names(self) -> Counter[str]:
        """How often each platform is named."""
        return Counter(one.name.value for one in self.platforms)

    @cached_property
    def voice(self) -> OwnVoice:
        """Whom the document speaks for where it says “we”."""
        return own_voice(self.reading.document, self.mentions, self.platforms)

    @cached_property
    def addressed(self) -> list[Value]:
        """Whom a letter is written to."""
        return addressees(self.text, self.platforms)

    @cached_property
    def on_platforms(self) -> bool:
        """Whether the document speaks of platforms, or of things that stand on them."""
        return bool(self.platforms) or _ONLINE.search(self.text) is not None

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Names that somebody bears behind a given name."""
        return surnames(self.text)

    def _means_else(self, mention: Mention) -> bool:
        """An ambiguous word (“X”, “Signal”) without anything that makes it a platform."""
        if not mention.name.ambiguous:
            return False
        before = self.text[max(0, mention.span.start - 12) : mention.span.start]
        after = self.text[mention.span.end : mention.span.end + 20]
        return not (
            re.search(r"\b(?:on|by|platform|network|site)\s$", before)
            or re.match(
                r"(?:[’']s)?\s(?:accounts?|users?|posts?|Platforms|said|removed|suspended|banned|"
                r"blocked|took|has|will|announced|groups?|pages?|\(|and\s[A-Z])",
                after,
            )
        )

    def inside(self, span: Span) -> list[Mention]:
        """Known names that begin inside a span."""
        return list(beginning_in(self.mentions, span))

    def names_at(self, position: int) -> list[Mention]:
        """Known names that a character belongs to."""
        return self.touching(Span(position, position + 1))

    def platforms_inside(self, span: Span) -> list[Mention]:
        """Platforms that begin inside a span."""
        return list(beginning_in(self.platforms, span))

    @cached_property
    def _longest(self) -> int:
        return max((one.span.end - one.span.start for one in self.mentions), default=0)

    def touching(self, span: Span) -> list[Mention]:
        """Known names that share a character with a span."""
        reach = Span(span.start - self._longest, span.end)
        return [one for one in beginning_in(self.mentions, reach) if one.span.end > span.start]

    def groups_before(self, position: int) -> list[Mention]:
        """The platforms named together last before a position: “Facebook and Twitter”."""
        group: list[Mention] = []
        for one in ended_by(self.platforms, position):
            if group and not _GROUP.fullmatch(self.text, one.span.end, group[0].span.start):
                break
            group.insert(0, one)
        return group
