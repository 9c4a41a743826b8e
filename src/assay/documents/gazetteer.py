"""Known names in a text: where they stand and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from assay.lexicon.names import Name, NameKind, adjectives, names
from assay.model.record import Span


@dataclass(frozen=True)
class Mention:
    """A known name at one place.

    Attributes:
        name: What it stands for.
        span: Where it stands.
    """

    name: Name
    span: Span


_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")

_MINISTRY_OF = (
    r"(?:Foreign Affairs|the Interior|Internal Affairs|Interior|Defen[cs]e|Justice|Culture|Economy|"
    r"Finance|Information(?: and Broadcasting)?|Communications?|Digital (?:Affairs|Development|"
    r"Transformation)|Truth|Health|Education|Trade|Energy)"
)
_FIELDS: Mapping[str, str] = {
    "Foreign": "Foreign Affairs",
    "Interior": "the Interior",
    "Defence": "Defence",
    "Defense": "Defence",
    "Justice": "Justice",
    "Culture": "Culture",
    "Information": "Information",
    "Communications": "Communications",
    "Finance": "Finance",
    "Health": "Health",
    "Economy": "Economy",
}
_MINISTRY = re.compile(
    rf"\b(?:(?:the|The)\s)?(?:(?P<of>[A-Z][\w.-]+(?:\s[A-Z][\w.-]+){{0,2}})(?:[’']s)?\s|"
    rf"(?P<its>country[’']s\s))?"
    rf"(?:(?P<short>{'|'.join(_FIELDS)})\s(?:M|m)inistry"
    rf"|(?:M|m)inistry\s(?:of|for)\s(?P<field>{_MINISTRY_OF}|foreign affairs|justice|defen[cs]e|"
    rf"the interior))"
    rf"(?:\s(?:of|in)\s(?:the\s)?(?P<after>[A-Z][\w.]+(?:\s[A-Z][\w.]+)?))?"
)


def find_names(text: str, span: Span, kinds: frozenset[NameKind] | None = None) -> list[Mention]:
    """Every known name inside a span, the longest at each place, in order.

    Args:
        text: The document's text.
        span: Where to look.
        kinds: Which; all by default.
    """
    found = [one for one in _spelled(text, span) if kinds is None or one.name.kind in kinds]
    if _CYRILLIC.search(text, span.start, span.end):
        found += [one for one in _stems(text, span) if kinds is None or one.name.kind in kinds]
        found.sort(key=lambda one: (one.span.start, -one.span.end))
    return found


def find_ministries(text: str, span: Span) -> list[Mention]:
    """Ministries of any country, read by their form."""
    found = []
    for match in _MINISTRY.finditer(text, span.start, span.end):
        field = _FIELDS.get(match.group("short") or "") or _title(match.group("field"))
        country = _country(match.group("of")) or _country(match.group("after"))
        start = match.start()
        if match.group("of") and not _country(match.group("of")):
            # A word of the sentence's beginning, no country: the name starts after it.
            start = match.start("short") if match.group("short") else start
        of = adjectives().get(country.value, country.value) if country else None
        value = f"{of} Ministry of {field}" if of else f"Ministry of {field}"
        code = country.country if country else None
        found.append(Mention(Name("agency", value, code), Span(start, match.end())))
    return found


def _title(field: str | None) -> str:
    if not field:
        return ""
    words = field.replace("Defense", "Defence").split()
    return " ".join(word if word == "the" else word[:1].upper() + word[1:] for word in words)


def _country(written: str | None) -> Name | None:
    if not written:
        return None
    words = written.split()
    for first in range(len(words)):
        for name in names().get(" ".join(words[first:]), ()):
            if name.kind == "country":
                return name
    return None


@cache
def _index() -> Mapping[str, tuple[tuple[str, Name], ...]]:
    """Written forms by their first word, longest first."""
    found: dict[str, list[tuple[str, Name]]] = {}
    for written, meant in names().items():
        if written.endswith("*"):
            if not _CYRILLIC.search(written):
                continue
            continue
        first = _WORD.match(written)
        if first is None:
            continue
        forms = {written}
        if len(written) > 3 and " " not in written:
            forms.add(written.upper())
        for form in forms:
            head = _WORD.match(form)
            if head:
                found.setdefault(head.group(0), []).append((form, meant[0]))
    return {
        head: tuple(sorted(forms, key=lambda one: -len(one[0]))) for head, forms in found.items()
    }


def _spelled(text: str, span: Span) -> Iterator[Mention]:
    index = _index()
    after = span.start
    for match in _WORD.finditer(text, span.start, span.end):
        if match.start() < after:
            continue
        for written, name in index.get(match.group(0), ()):
            end = match.start() + len(written)
            if end > span.end or not text.startswith(written, match.start()):
                continue
            if end < len(text) and text[end].isalnum() and written[-1].isalnum():
                continue
            yield Mention(name, Span(match.start(), end))
            after = end
            break


@cache
def _stem_pattern() -> tuple[re.Pattern[str], Mapping[str, Name]]:
    meant = {
        written.rstrip("*"): listed[0]
        for written, listed in names().items()
        if _CYRILLIC.search(written) and " " not in written
    }
    listed = "|".join(re.escape(stem) for stem in sorted(meant, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?P<stem>{listed})\w{{0,4}}(?!\w)"), meant


def _stems(text: str, span: Span) -> Iterator[Mention]:
    pattern, meant = _stem_pattern()
    for match in pattern.finditer(text, span.start, span.end):
        name = meant[match.group("stem")]
        yield Mention(name, Span(match.start(), match.end()))
