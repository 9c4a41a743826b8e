"""Tellings of one act inside a document become one measure; different acts stay apart.

Two clauses tell the same when who, what kind of act and what kind of thing agree as far as both
say it, and their numbers do not differ. The fullest telling leads; the others are its mentions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assay.documents.kept_by_features import Features, KeptByFeatures
from assay.model.record import Count, Measure, Span, Value

_HEADLINES = ("headline", "subtitle")
_TAKEN_DOWN = frozenset(("remove", "suspend", "block"))
"""Words that newsrooms use for one another."""


@dataclass
class _Folded:
    measure: Measure
    units: frozenset[str]
    generic: bool
    told_at: list[Span] = field(default_factory=list)
    """Where it is told beside the telling that leads; sorted once, at the end."""


def fold(text: str, tellings: Sequence[tuple[Measure, frozenset[str], bool]]) -> list[Measure]:
    """Measures in the order in which they are first told.

    Args:
        text: The document's text.
        tellings: Each measure with the kinds of its targets, and whether its actor is unnamed.
    """
    kept: list[_Folded] = []
    by_features = KeptByFeatures()
    for measure, units, generic in tellings:
        told = _Folded(measure, units, generic)
        near = by_features.agreeing(_features(text, told))
        same = next((number for number in near if _same(text, kept[number], told)), len(kept))
        if same == len(kept):
            kept.append(told)
        else:
            _join(kept[same], told)
        by_features.keep(same, _features(text, kept[same]))
    return [
        replace(one.measure, mentions=tuple(sorted({*one.told_at} - {one.measure.span})))
        for one in kept
    ]


def _features(text: str, told: _Folded) -> Features:
    """What two tellings of one act share where both say it: see :func:`_same`."""
    measure = told.measure
    kinds = {"taken down" if action in _TAKEN_DOWN else action for action in _actions(measure)}
    # A headline rounds its numbers, so they need not stand below it.
    rounded = measure.segment in _HEADLINES
    return (
        kinds,
        set() if rounded else {count.n for count in measure.counts},
        set() if told.generic else _names(measure.actor),
        _named(text, measure.target),
    )


def _same(text: str, one: _Folded, other: _Folded) -> bool:
    first, second = one.measure, other.measure
    if first.segment == "related_link" or second.segment == "related_link":
        return False
    if not _one_kind(first, second) or not _one_status(first, second):
        return False
    if first.counts and second.counts and not _numbers_agree(first, second):
        return False
    if _of_another_time(text, first, second):
        return False
    if _differs(_names(first.actor), _names(second.actor), one.generic or other.generic):
        return False
    if _one_of_several(first, second):
        return False
    denied = first.status != second.status and "denied" in (first.status, second.status)
    if denied and bool(first.counts) != bool(second.counts):
        # What is denied is what was told: a number on one side alone is of something else.
        return False
    if "designate" in _actions(first):
        return _names(first.target) == _names(second.target)
    if one.units and other.units and not one.units & other.units:
        return False
    if first.acted_on and second.acted_on and first.acted_on.value != second.acted_on.value:
        return False
    named_targets = _named(text, first.target), _named(text, second.target)
    return not all(named_targets) or bool(named_targets[0] & named_targets[1])


def _one_kind(first: Measure, second: Measure) -> bool:
    mine, theirs = _actions(first), _actions(second)
    if mine & theirs:
        return True
    return bool(mine & _TAKEN_DOWN) and bool(theirs & _TAKEN_DOWN)


def _one_status(first: Measure, second: Measure) -> bool:
    done = {"past", "ongoing", "reported"}
    both = {first.status, second.status}
    # An act that somebody tells of and the actor denies is one act: the denial leads.
    return len(both) == 1 or both <= done or ("denied" in both and len(both & done) == 1)


def _actions(measure: Measure) -> set[str]:
    return {action for action, _ in measure.actions}


_OTHER_TIME = re.compile(
    r"\b(?:earlier|previously|separately|in\saddition|last\s(?:year|month|week|spring|summer|autumn|"
    r"fall|winter|January|February|March|April|May|June|July|August|September|October|November|"
    r"December)|(?:a|two|three)\s(?:years?|months?)\s(?:ago|before)|again|also)\b",
    re.IGNORECASE,
)


def _of_another_time(text: str, first: Measure, second: Measure) -> bool:
    """“In November the company also blocked …” beside an act without that date is another act."""
    for one, other in ((first, second), (second, first)):
        if one.acted_on is not None and other.acted_on is None and not one.counts:
            words = Span(max(0, one.span.start - 30), one.span.end)
            same_day = other.disclosed_on is not None and (
                other.disclosed_on.value == one.acted_on.value
            )
            if _OTHER_TIME.search(text, words.start, words.end) and not same_day:
                return one.segment == other.segment
    return False


def _numbers_agree(told: Measure, other_telling: Measure) -> bool:
    """Whether one side's numbers all stand on the other side."""
    first, second = told.counts, other_telling.counts
    mine = {(count.n, count.unit) for count in first}
    theirs = {(count.n, count.unit) for count in second}
    if mine <= theirs or theirs <= mine:
        return True
    headlines = [one for one in (told, other_telling) if one.segment in _HEADLINES]
    if len(headlines) == 1:
        body = other_telling if headlines[0] is told else told
        if all(_rounded(count, body.counts) for count in headlines[0].counts):
            return True
    # “360 pages and accounts” in a headline, “about 360 accounts, pages and groups” below it.
    return any(
        count.n == other.n and set(count.unit.split("+")) & set(other.unit.split("+"))
        for count in first
        for other in second
        if "+" in count.unit + other.unit
    )


def _one_of_several(first: Measure, second: Measure) -> bool:
    """“Kadrik and Tukan removed accounts” and then “Tukan removed 18”: a part, not the same."""
    if first.segment != second.segment:
        return False
    mine, theirs = _names(first.actor), _names(second.actor)
    return mine != theirs and (mine < theirs or theirs < mine)


def _rounded(count: Count, exact: Sequence[Count]) -> bool:
    """“over 200 accounts and pages” in a headline, “218 accounts, pages and groups” below it."""
    kinds = set(count.unit.split("+"))
    near = [one.n for one in exact if kinds & set(one.unit.split("+"))]
    sums = [*near, sum(near)]
    if count.comparator in (">", ">="):
        return any(count.n <= n <= 1.5 * count.n for n in sums)
    if count.comparator in ("<", "<="):
        return any(0.6 * count.n <= n <= count.n for n in sums)
    return count.comparator == "~" and any(abs(n - count.n) <= 0.1 * count.n for n in sums)


def _differs(mine: set[str], theirs: set[str], generic: bool) -> bool:
    if not mine or not theirs:
        return False
    return not mine & theirs and not generic


def _names(values: Sequence[Value]) -> set[str]:
    return {value.value.casefold() for value in values if value.value}


def _named(text: str, values: Sequence[Value]) -> set[str]:
    """Targets that are names, not common nouns."""
    return {
        value.value.casefold()
        for value in values
        if value.value and value.value[:1].isupper() and value.span is not None
        and not value.value.casefold().endswith(("accounts", "pages", "content", "officials"))
    }  # fmt: skip


def _join(one: _Folded, other: _Folded) -> None:
    """The fuller telling, completed from the other, which becomes a mention."""
    first, second = one.measure, other.measure
    lead, rest = (first, second) if _fullness(one) >= _fullness(other) else (second, first)
    generic_lead = one.generic if lead is first else other.generic
    actor = lead.actor or rest.actor
    if generic_lead and rest.actor and not (other.generic if lead is first else one.generic):
        actor = rest.actor
    if "denied" in (first.status, second.status) and first.status != second.status:
        lead, rest = (first, second) if first.status == "denied" else (second, first)
    one.measure = replace(
        lead,
        actor=actor,
        platform=lead.platform or rest.platform,
        target=lead.target or rest.target,
        counts=lead.counts or rest.counts,
        spend=lead.spend or rest.spend,
        origin=lead.origin or rest.origin,
        operator=lead.operator or rest.operator,
        ground=(*lead.ground, *(value for value in rest.ground
                                if value.value not in {one.value for one in lead.ground})),
        legal_basis=lead.legal_basis or rest.legal_basis,
        evidence=lead.evidence or rest.evidence,
        election=lead.election or rest.election,
        repetition=lead.repetition or rest.repetition,
        disclosed_on=lead.disclosed_on or rest.disclosed_on,
        acted_on=lead.acted_on or rest.acted_on,
    )  # fmt: skip
    one.units |= other.units
    one.generic = one.generic and other.generic
    one.told_at.append(rest.span)


def _fullness(told: _Folded) -> tuple[int, int, int, int]:
    measure = told.measure
    return (
        int(bool(measure.counts)),
        int(measure.segment == "body"),
        int(bool(measure.actor)),
        len(measure.actions),
    )
