"""The register made ready to be compared with millions of names.

Every name and handle becomes keys in the coarse form (:mod:`assay.text.name_forms`), also written
in Latin letters where it is not. A key that does not distinguish (short, an ordinary word, an
office and a country alone) is compared whole and never looked for inside other names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import ahocorasick
from anyascii import anyascii

from assay.identities.concepts import DIPLOMATIC, Concept, concept_of, remainder
from assay.identities.register import Body, Handle
from assay.lexicon.impersonation import impersonation_words
from assay.lexicon.ordinary_words import ordinary_words
from assay.text.name_forms import coarse, coarse_words, joined, plain, split

LEAST_INSIDE = 8
"""Letters that a key needs to be looked for inside other names."""
LEAST_WHOLE = 5
"""Letters below which a whole name counts for little."""
LEAST_TYPO = 7
"""Letters that a key needs for one slip to be forgiven; two from :data:`LEAST_TWO_TYPOS`."""
LEAST_TWO_TYPOS = 14
LEAST_REST = 4
"""Letters beside office and country that make a name distinguish its body."""


_SOUNDS = str.maketrans({"c": "k", "w": "v", "x": "ks", "h": "", "y": "l", "j": "l", "z": "s"})
_DOUBLED = re.compile(r"([^\n])\1+")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Key:
    """One comparable form of a body's name or handle.

    Attributes:
        body: Place in the register.
        form: Coarse form.
        written: As the register writes it.
        handle: Whether it is a handle.
        distinct: Whether it distinguishes the body even inside other names.
        weak: Whether it is an ordinary word, or very short.
    """

    body: int
    form: str
    written: str
    handle: bool
    distinct: bool
    weak: bool


@dataclass(frozen=True)
class Compiled:
    """A register ready for comparison.

    Attributes:
        bodies: As read.
        whole: Coarse form to keys.
        bags: Coarse words of a name in alphabetical order, to keys.
        patterns: Finds, in one pass, keys inside names (``in``) and halves of keys at a name's
            start or end (``part``).
        sounds: How a key sounds, to keys; only for names in other scripts.
        handles: Platform and handle to body and handle; platform "" holds all.
        posts: Sender and host to bodies that are posts of one country in another.
        offices: Role and country to other bodies.
        places: For each body the countries that belong to it.
    """

    bodies: tuple[Body, ...]
    whole: dict[str, list[Key]]
    bags: dict[str, list[Key]]
    patterns: ahocorasick.Automaton
    sounds: dict[str, list[Key]]
    handles: dict[tuple[str, str], tuple[int, Handle]]
    posts: dict[tuple[str, str], list[int]]
    offices: dict[tuple[str, str], list[int]]
    places: tuple[frozenset[str], ...]

    def first_post_of(self, sender: str) -> list[int]:
        """The register's first post of a country abroad; empty if it has none."""
        return [body for (one, _), met in self.posts.items() if one == sender for body in met][:1]


def compile_register(bodies: Sequence[Body]) -> Compiled:
    """Make a register ready."""
    keys = list(_keys(bodies))
    whole: dict[str, list[Key]] = defaultdict(list)
    bags: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        whole[key.form].append(key)
        bag = bags_of([key.written])[0]
        if not key.handle and bag:
            bags[bag].append(key)
    concepts = [[concept_of(name) for name in body.names] for body in bodies]
    posts, offices = _by_concept(bodies, concepts)
    return Compiled(
        tuple(bodies),
        dict(whole),
        dict(bags),
        _patterns(keys),
        _by_sound(keys),
        _handles(bodies),
        posts,
        offices,
        tuple(
            frozenset({body.sender, body.host} - {""}).union(*(one.countries for one in told))
            for body, told in zip(bodies, concepts, strict=True)
        ),
    )


def bags_of(names: Sequence[str]) -> list[str]:
    """The words of each name in the coarse form, in alphabetical order; empty for a single word."""
    lines = split(coarse_words(joined(names)))
    return ["".join(sorted(line.split())) if " " in line.strip() else "" for line in lines]


def _keys(bodies: Sequence[Body]) -> Iterable[Key]:
    for place, body in enumerate(bodies):
        seen: set[str] = set()
        written = [(name, False) for name in body.names]
        written += [(handle.handle, True) for handle in body.handles]
        for name, is_handle in written:
            spelt = [name, anyascii(name), _ARTICLE.sub("", name)]
            for form in dict.fromkeys(split(coarse(joined(spelt)))):
                if len(form) >= 3 - (not form.isascii()) and form not in seen:
                    seen.add(form)
                    weak = form in _ordinary() or len(form) < (LEAST_WHOLE if form.isascii() else 2)
                    yield Key(place, form, name, is_handle, _distinct(name, form), weak)


def _distinct(name: str, form: str) -> bool:
    if len(form) < (LEAST_INSIDE if form.isascii() else 4) or form in _ordinary():
        return False
    # An office and a country alone are what the concept parser is for.
    return len(remainder(name)) >= LEAST_REST


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(split(coarse(joined(sorted(ordinary_words())))))


def _by_concept(
    bodies: Sequence[Body], concepts: Sequence[Sequence[Concept]]
) -> tuple[dict[tuple[str, str], list[int]], dict[tuple[str, str], list[int]]]:
    posts: dict[tuple[str, str], list[int]] = defaultdict(list)
    offices: dict[tuple[str, str], list[int]] = defaultdict(list)
    kinds = impersonation_words().kinds
    for place, (body, told) in enumerate(zip(bodies, concepts, strict=True)):
        role = kinds.get(body.kind)
        if role in DIPLOMATIC:
            if body.sender and body.host:
                posts[body.sender, body.host].append(place)
            continue
        for concept in told:
            country = body.sender or concept.sender
            for office in concept.roles - DIPLOMATIC:
                if country and place not in offices[office, country]:
                    offices[office, country].append(place)
    return dict(posts), dict(offices)


def _handles(bodies: Sequence[Body]) -> dict[tuple[str, str], tuple[int, Handle]]:
    found: dict[tuple[str, str], tuple[int, Handle]] = {}
    for place, body in enumerate(bodies):
        for handle in body.handles:
            found.setdefault((handle.platform, handle.handle), (place, handle))
            found.setdefault(("*", handle.handle), (place, handle))
    return found


def _by_sound(keys: Sequence[Key]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        found[sound_of(key.form)].append(key)
    return dict(found)


def _patterns(keys: Sequence[Key]) -> ahocorasick.Automaton:
    """Keys inside names, and halves of keys at the ends of names.

    One slip (a letter more, less, other, or two exchanged) cannot touch both halves when a letter
    or two between them belongs to neither.
    """
    wanted: dict[str, tuple[list[Key], list[Key]]] = defaultdict(lambda: ([], []))
    for key in keys:
        length = len(key.form)
        if key.distinct:
            wanted[key.form][0].append(key)
        if length >= LEAST_TYPO and not key.weak:
            half = (length - 1) // 2
            wanted["\n" + key.form[:half]][1].append(key)
            wanted[key.form[length - half :] + "\n"][1].append(key)
    automaton = ahocorasick.Automaton()
    for form, (inside, parts) in wanted.items():
        automaton.add_word(form, (form, inside, parts))
    if wanted:
        automaton.make_automaton()
    return automaton


def _affixes() -> list[str]:
    forms = set(split(coarse(joined(impersonation_words().affixes)))) - {""}
    return sorted(forms, key=lambda form: (-len(form), form))


@cache
def _at_start() -> re.Pattern[str]:
    # The line end comes first, so that the search jumps from line to line.
    return re.compile(rf"\n(?:{'|'.join(map(re.escape, _affixes()))})(?=[^\n]{{3}})")


@cache
def _at_end() -> re.Pattern[str]:
    turned = "|".join(re.escape(form[::-1]) for form in _affixes())
    return re.compile(rf"\n(?:{turned})(?=[^\n]{{3}})")


def stripped_forms(text: str) -> Iterator[str]:
    """Coarse lines without an affix at the end, at the start, at both, and without two at each."""
    end = _at_end().sub("\n", text[::-1])[::-1]
    yield end
    yield _at_start().sub("\n", text)
    both = _at_start().sub("\n", end)
    yield both
    yield _at_start().sub("\n", _at_end().sub("\n", both[::-1])[::-1])


def sound_of(text: str) -> str:
    """Coarse lines as they sound: what transliterations write now so, now so, made alike."""
    return _DOUBLED.sub(r"\1", text.translate(_SOUNDS))


def plain_form(name: str) -> str:
    """The plain form of one name."""
    return split(plain(joined([name])))[0]
