"""Where the targets of a measure are said to come from, and who is said to run them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.documents.parties import Parties
from assay.model.record import Span, Value

_FROM = re.compile(
    r"(?:\boriginat\w+\s+(?:in|from)|\bbased\s+(?:primarily\s+|mostly\s+)?in|\blocated\s+in|"
    r"\bcame\s+from|\b(?:managed|operated|run|coming|emanating|controlled|administered)\s+from|"
    r"\btraced\s+(?:back\s+)?to|\b(?:accounts?|pages?|groups?|profiles?|channels?|networks?|users?|"
    r"individuals|people|operations?|assets)\s+(?:\w+\s+)?(?:from|in)|"
    r"\b(?:linked|tied|connected|attributed|related)\s+to)\s+(?:both\s+|the\s+)?$",
    re.IGNORECASE,
)
_UNKNOWN_PLACE = re.compile(
    r"\b(?:originat\w+\s+(?:in|from)|came\s+from|based\s+in|located\s+in|(?:managed|operated|run)\s+from|"
    r"(?:accounts?|pages?|groups?|channels?|networks?|broadcasters?|outlets?)\s+(?:from|in))\s+"
    r"(?:the\s+)?(?P<place>(?!January|February|March|April|May|June|July|August|September|October|"
    r"November|December|Monday|Tuesday|Wednesday|Thursday|Friday)[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)"
)
_UNKNOWN_ORIGIN = re.compile(
    r"\bof\s(?:(?:allegedly|supposedly|reportedly|apparently)\s)?(?P<place>[A-Z][a-z]+)\sorigin\b"
)
_LISTED = re.compile(r"\s*(?:,|and|,\s*and|as well as|or|/)\s*(?:the\s)?")
_AFTER = re.compile(r"-(?:based|linked|backed|origin|run|aligned|sponsored|affiliated|born)\b")
_ORIGIN = re.compile(r"(?:n|s)?\s+origin\b")
_HEDGED = re.compile(r"\b(?:allegedly|reportedly|supposedly|apparently|presumably|likely)\s$", re.I)
_THINGS = (
    r"(?:accounts?|pages?|groups?|profiles?|channels?|networks?|operations?|assets|trolls?|bots?|"
    r"users?|operatives|campaigns?|outlets?|sites?|websites?|posts?)"
)
_ADJECTIVE = re.compile(
    rf"(?:[\s-](?:state|government|military|intelligence|influence|backed|linked|run|fake|"
    rf"inauthentic|propaganda|disinformation|news|media|language|social|Facebook|Twitter|and|"
    rf"official|based|sponsored|covert|coordinated|pro-government)){{0,4}}\s{_THINGS}\b",
    re.IGNORECASE,
)
_RUN_BY = re.compile(
    r"\b(?:(?:linked|tied|connected|attributed|related|traced|ties|links)\s+(?:back\s+)?to|"
    r"(?:associated|affiliated)\s+with|(?:run|operated|managed|controlled|created|orchestrated|"
    r"administered|conducted|owned)\s+(?:and\s+\w+\s+)?by|belong(?:ing|s|ed)?\s+to|"
    r"individuals\s+(?:at|in|from)|on\s+behalf\s+of|actions?\s+against|measures\s+against|"
    r"moves?\s+against|crackdown\s+on)\s+(?:individuals\s+(?:associated|linked|connected)\s+"
    r"(?:with|to)\s+|people\s+(?:associated|linked)\s+(?:with|to)\s+|employees\s+of\s+)?"
    r"(?:the\s+)?(?:[A-Z]\w+-based\s+|[A-Z]\w+\s+)?$"
)
_NAME = re.compile(
    r"(?:“)?[A-Z][\w’'&.-]*(?:\s+(?:of|and|for|the|de|al|&)?\s?[A-Z][\w’'&.-]*){0,6}(?:”)?"
    r"|(?:(?<=\ba\s)|(?<=\ban\s))(?:[\w-]+\s){0,3}(?:firm|company|agency|contractor|consultancy|"
    r"operation|organi[sz]ation|business|outfit|ministry|government|party|entrepreneur)"
    r"(?:\s(?:in|from)\s[A-Z]\w+(?:\s[A-Z]\w+)?)?"
)
_SHORTENED = re.compile(r"(?:\b(?:Inc|Ltd|Co|Corp|Bros|St)|\.[A-Z])\.$")
"""Names that end in a full stop of their own."""
_OPERATOR_LEAD = re.compile(
    r"\b(?:(?:linked|tied|connected|attributed|traced|links|ties)\s+(?:back\s+)?to|(?:associated|affiliated)\s+"
    r"with|(?:run|operated|managed|controlled|created|orchestrated|administered|owned)\s+by|"
    r"belong(?:ing|s|ed)?\s+to)\s+(?:individuals\s+(?:associated|linked|connected)\s+(?:with|to)\s+)?"
    r"(?:(?:the|a|an)\s+)?"
)


_KIND_OF_BODY = re.compile(
    r"(?:employees\s+of\s+)?(?:(?:the|a|an)\s+)?(?:[\w-]+\s+){0,2}?(?:firm|company|agency|contractor|"
    r"consultancy|broadcaster|outlet|newspaper|group|operation\s+known\s+as|network\s+known\s+as)\s+"
    r"(?=[A-Z“])|employees\s+of\s+(?:the\s+)?"
)
"""“the marketing firm Ostbridge”, “employees of Clear River”: the name stands behind its kind."""


def origins(parties: Parties, stretch: Span, core: Sequence[Span]) -> list[Value]:
    """Countries that targets are said to come from.

    Args:
        parties: The document's names.
        stretch: The words that tell of the targets.
        core: The target phrases themselves, where an adjective alone says it.
    """
    text = parties.text
    found: list[Value] = []
    last_end = -1
    for mention in parties.inside(stretch):
        if mention.name.kind != "country":
            continue
        span = mention.span
        before = text[max(stretch.start, span.start - 60) : span.start]
        named = mention.name.form == "name" and _FROM.search(before)
        listed = bool(found) and last_end > 0 and _LISTED.fullmatch(text[last_end : span.start])
        tail = _AFTER.match(text, span.end)
        origin = _ORIGIN.match(text, span.end)
        modifies = mention.name.form == "adjective" and any(
            one.start <= span.start < one.end for one in core
        )
        if not (named or listed or tail or origin or modifies):
            continue
        if modifies and not (origin or tail or _ADJECTIVE.match(text, span.end)):
            continue
        place = _place(text, span, tail, origin)
        if not any(one.value == mention.name.value for one in found):
            found.append(Value(mention.name.value, place))
        last_end = span.end
    for match in _UNKNOWN_ORIGIN.finditer(text, stretch.start, stretch.end):
        if not found:
            span = Span(match.start("place"), match.end("place"))
            found.append(Value(span.of(text), span, how="an adjective in the place of a country’s"))
    for match in _UNKNOWN_PLACE.finditer(text, stretch.start, stretch.end):
        span = Span(match.start("place"), match.end("place"))
        if not found and not parties.touching(span):
            found.append(Value(span.of(text), span, how="a name in the place of a country"))
    return found


def _place(text: str, span: Span, tail: re.Match[str] | None, origin: re.Match[str] | None) -> Span:
    if tail:
        return Span(span.start, tail.end())
    if origin:
        hedge = _HEDGED.search(text, max(0, span.start - 14), span.start)
        return Span(hedge.start() if hedge else span.start, origin.end())
    return span


def operators(parties: Parties, stretch: Span) -> list[Value]:
    """Bodies that the targets are said to be run by, by name."""
    text = parties.text
    found: list[Value] = []
    for mention in parties.inside(stretch):
        if mention.name.kind in ("country", "platform", "company"):
            continue
        before = text[max(stretch.start, mention.span.start - 90) : mention.span.start]
        if _RUN_BY.search(before):
            _add(found, Value(mention.name.value, mention.span))
    for lead in _OPERATOR_LEAD.finditer(text, stretch.start, stretch.end):
        kind = _KIND_OF_BODY.match(text, lead.end(), stretch.end)
        match = _NAME.match(text, kind.end() if kind is not None else lead.end(), stretch.end)
        if match is None:
            continue
        full_stop = text[match.end() - 1] == "." and not _SHORTENED.search(match.group(0))
        span = Span(match.start(), match.end() - full_stop)
        known = parties.touching(span)
        if any(one.span.end >= span.end for one in known if one.name.kind == "country"):
            continue
        if any(one.name.kind in ("platform", "company") for one in known):
            continue
        if any(value.span and value.span.start < span.end and span.start < value.span.end
               for value in found):  # fmt: skip
            continue
        _add(found, Value(span.of(text).strip("“”"), span))
    return found


def _add(found: list[Value], value: Value) -> None:
    if all(one.value != value.value for one in found):
        found.append(value)
