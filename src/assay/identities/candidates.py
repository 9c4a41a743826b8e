"""Names that may mean a protected body, found among many at once; weighing them comes later.

All names of a batch are one text. Folding, stripping and searching run over that text in native
loops; Python sees only what was found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import ahocorasick
from anyascii import anyascii
from rapidfuzz.distance import OSA

from assay.identities.compile import (
    LEAST_TWO_TYPOS,
    Compiled,
    Key,
    bags_of,
    sound_of,
    stripped_forms,
)
from assay.identities.concepts import Concept, concept_of, role_forms
from assay.text.name_forms import (
    coarse,
    coarse_without_end_digits,
    joined,
    plain,
    split,
)


@dataclass(frozen=True)
class Match:
    """A name that may mean a body.

    Attributes:
        row: Place of the name in the batch.
        body: Place of the body in the register.
        how: ``whole``, ``affix``, ``typo``, ``inside``, ``words``, ``transliteration``, ``concept``
            or ``sister``.
        written: The body's name or handle that it meets.
        handle: Whether that is a handle.
        distinct: Whether that distinguishes the body; not so an ordinary word.
        share: Share of the name that the key covers, 0 to 1.
        slips: Typing errors between them.
    """

    row: int
    body: int
    how: str
    written: str
    handle: bool = False
    distinct: bool = True
    share: float = 1.0
    slips: int = 0


def find_candidates(names: Sequence[str], register: Compiled) -> Iterator[Match]:
    """All matches of a batch of names, in no particular order, some of them twice."""
    text = joined(names)
    lines = coarse(text)
    whole = split(lines)
    yield from _whole(whole, register, "whole")
    yield from _found(lines, whole, register)
    bare = coarse_without_end_digits(text)
    earlier = whole
    for form in (bare, *stripped_forms(bare)):
        stripped = split(form)
        rows = [
            row for row, (one, two) in enumerate(zip(stripped, earlier, strict=True)) if one != two
        ]
        if earlier is whole:
            earlier = stripped
        if not rows:
            continue
        some = [stripped[row] for row in rows]
        yield from _at(rows, _whole(some, register, "affix"))
        yield from _at(rows, _found(joined_lines(some), some, register))
    foreign = [row for row, name in enumerate(names) if not name.isascii()]
    if foreign:
        yield from _transliterated(names, foreign, register)
    yield from _bags(names, register)
    yield from _concepts(names, text, register)


def joined_lines(lines: Sequence[str]) -> str:
    """Coarse lines as one text again."""
    return "\n" + "\n".join(lines) + "\n"


def _whole(lines: Sequence[str], register: Compiled, how: str) -> Iterator[Match]:
    for row, keys in enumerate(map(register.whole.get, lines)):
        if keys:
            for key in keys:
                yield _match(row, key, how)


def _match(row: int, key: Key, how: str, *, share: float = 1.0, slips: int = 0) -> Match:
    return Match(row, key.body, how, key.written, key.handle, not key.weak, share, slips)


def _at(rows: Sequence[int], matches: Iterator[Match]) -> Iterator[Match]:
    for one in matches:
        yield Match(
            rows[one.row], one.body, one.how, one.written, one.handle, one.distinct, one.share,
            one.slips,
        )  # fmt: skip


def _found(text: str, lines: Sequence[str], register: Compiled) -> Iterator[Match]:
    """Keys inside names, and names a slip or two away from a key."""
    if not len(register.patterns):
        return
    starts = list(accumulate((len(line) + 1 for line in lines), initial=1))
    tried: set[tuple[int, str]] = set()
    for end, (form, inside, parts) in register.patterns.iter(text):
        row = bisect_right(starts, end - form.endswith("\n")) - 1
        line = lines[row]
        if line == form:
            continue
        for key in inside:
            yield _match(row, key, "inside", share=len(key.form) / len(line))
        for key in parts:
            slips = 2 if len(key.form) >= LEAST_TWO_TYPOS else 1
            if abs(len(line) - len(key.form)) > slips or (row, key.form) in tried:
                continue
            tried.add((row, key.form))
            distance = OSA.distance(line, key.form, score_cutoff=slips)
            if 0 < distance <= slips:
                yield _match(row, key, "typo", slips=distance)


def _transliterated(
    names: Sequence[str], rows: Sequence[int], register: Compiled
) -> Iterator[Match]:
    latin = [anyascii(names[row]) for row in rows]
    text = coarse_without_end_digits(joined(latin))
    lines = split(text)
    yield from _at(rows, _whole(lines, register, "transliteration"))
    for form in (text, *stripped_forms(text)):
        for row, keys in enumerate(map(register.sounds.get, split(sound_of(form)))):
            for key in keys or ():
                yield _match(rows[row], key, "transliteration")
    yield from _at(rows, _found(text, lines, register))


def _bags(names: Sequence[str], register: Compiled) -> Iterator[Match]:
    for row, keys in enumerate(map(register.bags.get, bags_of(names))):
        for key in keys or ():
            yield _match(row, key, "words")


@cache
def _roles() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for form in role_forms():
        automaton.add_word(form, len(form))
    automaton.make_automaton()
    return automaton


def _concepts(names: Sequence[str], text: str, register: Compiled) -> Iterator[Match]:
    if not register.posts and not register.offices:
        return
    small = plain(text)
    starts = list(accumulate((len(line) + 1 for line in split(small)), initial=1))
    rows = {bisect_right(starts, end) - 1 for end, _ in _roles().iter(small)}
    for row in sorted(rows):
        yield from _of_concept(row, concept_of(names[row]), register)


def _of_concept(row: int, concept: Concept, register: Compiled) -> Iterator[Match]:
    if concept.diplomatic and concept.sender:
        met = register.posts.get((concept.sender, concept.host), ())
        for body in met:
            yield Match(row, body, "concept", register.bodies[body].name)
        if concept.host and not met:
            for first in register.first_post_of(concept.sender):
                yield Match(row, first, "sister", register.bodies[first].name)
        return
    for role in concept.roles:
        if len(concept.countries) == 1:
            for body in register.offices.get((role, next(iter(concept.countries))), ()):
                yield Match(row, body, "concept", register.bodies[body].name)
