"""The register made ready to be compared with millions of names.

Every name and handle becomes keys in the coarse form (:mod:`assay.text.name_forms`), also written
in Latin letters where it is not. A key that does not distinguish (short, an ordinary word, an
office and a country alone) is compared whole and never looked for inside other names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ahocorasick
from anyascii import anyascii

from assay.identities.concepts import DIPLOMATIC, Concept, concept_of
from assay.identities.register import Body, Handle
from assay.lexicon.impersonation import impersonation_words
from assay.lexicon.ordinary_words import ordinary_words
from assay.text.name_forms import coarse, joined, plain, split

LEAST_INSIDE = 8
"""Letters that a key needs to be looked for inside other names."""
LEAST_TYPO = 7
"""Letters that a key needs for one slip to be forgiven; two from :data:`LEAST_TWO_TYPOS`."""
LEAST_TWO_TYPOS = 12


@dataclass(frozen=True)
class Key:
    """One comparable form of a body's name or handle.

    Attributes:
        body: Place in the register.
        form: Coarse form.
        written: As the register writes it.
        handle: Whether it is a handle.
        distinct: Whether it distinguishes the body.
    """

    body: int
    form: str
    written: str
    handle: bool
    distinct: bool


@dataclass(frozen=True)
class Compiled:
    """A register ready for comparison.

    Attributes:
        bodies: As read.
        whole: Coarse form to keys.
        bags: Coarse words of a name in alphabetical order, to keys.
        patterns: Finds, in one pass, keys inside names (``in``) and halves of keys at a name's
            start or end (``part``).
        strip: Takes affixes off both ends of coarse lines.
        handles: Platform and handle to body and handle; platform "" holds all.
        posts: Sender and host to bodies that are posts of one country in another.
        offices: Role and country to other bodies.
        places: For each body the countries that belong to it.
    """

    bodies: tuple[Body, ...]
    whole: dict[str, list[Key]]
    bags: dict[str, list[Key]]
    patterns: ahocorasick.Automaton
    strip: re.Pattern[str]
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
        bag = bag_of(key.written)
        if not key.handle and bag:
            bags[bag].append(key)
    concepts = [[concept_of(name) for name in body.names] for body in bodies]
    posts, offices = _by_concept(bodies, concepts)
    return Compiled(
        tuple(bodies),
        dict(whole),
        dict(bags),
        _patterns(keys),
        _strip_pattern(),
        _handles(bodies),
        posts,
        offices,
        tuple(
            frozenset({body.sender, body.host} - {""}).union(*(one.countries for one in told))
            for body, told in zip(bodies, concepts, strict=True)
        ),
    )


def bag_of(name: str) -> str:
    """A name's words in the coarse form, in alphabetical order; empty for a single word."""
    parts = name.split()
    return "".join(sorted(split(coarse(joined(parts))))) if len(parts) > 1 else ""


def _keys(bodies: Sequence[Body]) -> Iterable[Key]:
    for place, body in enumerate(bodies):
        seen: set[str] = set()
        written = [(name, False) for name in body.names]
        written += [(handle.handle, True) for handle in body.handles]
        for name, is_handle in written:
            for form in dict.fromkeys(split(coarse(joined([name, anyascii(name)])))):
                if len(form) >= 3 - (not form.isascii()) and form not in seen:
                    seen.add(form)
                    yield Key(place, form, name, is_handle, _distinct(name, form))


def _distinct(name: str, form: str) -> bool:
    if len(form) < (LEAST_INSIDE if form.isascii() else 4) or form in ordinary_words():
        return False
    concept = concept_of(name)
    if not concept.roles and not concept.countries:
        return True
    # An office and a country alone are what the concept parser is for.
    rest = " ".join(name.split())
    return bool(concept.roles) and not concept.countries and len(rest.split()) > 2


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
        if length >= LEAST_TYPO and (key.distinct or key.handle):
            half = (length - 1) // 2
            wanted["\n" + key.form[:half]][1].append(key)
            wanted[key.form[length - half :] + "\n"][1].append(key)
    automaton = ahocorasick.Automaton()
    for form, (inside, parts) in wanted.items():
        automaton.add_word(form, (form, inside, parts))
    if wanted:
        automaton.make_automaton()
    return automaton


def _strip_pattern() -> re.Pattern[str]:
    forms = sorted(set(split(coarse(joined(impersonation_words().affixes)))), key=len, reverse=True)
    any_of = "|".join(map(re.escape, filter(None, forms)))
    return re.compile(rf"(?<=\n)(?:{any_of})+(?=[^\n]{{3}})|(?<=[^\n]{{3}})(?:{any_of})+(?=\n)")


def plain_form(name: str) -> str:
    """The plain form of one name."""
    return split(plain(joined([name])))[0]
