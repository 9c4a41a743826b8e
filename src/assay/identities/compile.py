"""The register made ready to be compared with millions of names.

Every name and handle becomes a key, spelt every way (:mod:`assay.identities.keyring`). A key that
does not distinguish (short, an ordinary word, an office and a country alone) is compared whole and
never looked for inside other names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from anyascii import anyascii

from assay.identities.automaton import word_automaton
from assay.identities.concepts import (
    DIPLOMATIC,
    Concept,
    concept_of,
    role_forms,
    without_pieces,
    without_places,
)
from assay.identities.desk import Roles
from assay.identities.keyring import Entry, Keyring, looks_of, make_keyring
from assay.identities.population import Population, without_end_digits
from assay.identities.register import Body, Handle
from assay.lexicon.impersonation import impersonation_words
from assay.lexicon.ordinary_words import ordinary_words
from assay.text.name_forms import joined, plain, split, words

LEAST_INSIDE = 8
"""Letters that a key needs to be looked for inside other names."""
LEAST_WHOLE = 4
"""Letters below which a whole name counts for little."""
LEAST_CORE, LEAST_CORE_TWICE = 4, 10
"""Letters beside affixes and countries from which one slip, or two, are forgiven."""
STATE = frozenset({"agency", "ministry"})
"""Kinds whose names hold their country's, as all its bodies' do."""
LEAST_REST = 4
"""Letters beside office and country that make a name distinguish its body."""

_ARTICLE = re.compile(r"^(?:the|a|le|la|les|el|los|il|der|die|das)\s+", re.IGNORECASE)
_BESIDE = re.compile(r"\s*\(([^()]*)\)\s*")


@dataclass(frozen=True)
class Key:
    """One name or handle of a body.

    Attributes:
        body: Place in the register.
        written: As the register writes it.
        spelt: The way of writing it that is compared: without an article, in Latin letters.
        letters: How many letters it has.
        handle: Whether it is a handle.
        distinct: Whether it distinguishes the body even inside other names.
        doubt: Why it distinguishes the body little even when met whole: ``ordinary`` (a word, or
            two letters), ``short`` (three letters), ``common`` (many bear it), or empty.
    """

    body: int
    written: str
    spelt: str
    letters: int
    handle: bool
    distinct: bool
    doubt: str


@dataclass(frozen=True)
class Compiled:
    """A register ready for comparison.

    Attributes:
        bodies: As read.
        keys: All names and handles.
        keyring: Their spellings.
        roles: Finds words for offices, where the register has bodies that these could mean.
        handles: Platform and handle to body and handle; platform "*" holds all.
        posts: Sender and host to bodies that are posts of one country in another.
        offices: Role and country to other bodies.
        places: For each body the countries that belong to it.
        population: Words and names that many people bear.
    """

    bodies: tuple[Body, ...]
    keys: tuple[Key, ...]
    keyring: Keyring
    roles: Roles
    handles: dict[tuple[str, str], tuple[int, Handle]]
    posts: dict[tuple[str, str], list[int]]
    offices: dict[tuple[str, str], list[int]]
    places: tuple[frozenset[str], ...]
    population: Population

    @cached_property
    def listed(self) -> frozenset[str]:
        """All official handles, of any platform."""
        return frozenset(handle for _, handle in self.handles)

    def first_post_of(self, sender: str) -> list[int]:
        """The register's first post of a country abroad; empty if it has none."""
        return [body for (one, _), met in self.posts.items() if one == sender for body in met][:1]


def compile_register(bodies: Sequence[Body], population: Population | None = None) -> Compiled:
    """Make a register ready.

    Args:
        bodies: As read.
        population: What was learnt of names that many people bear; only the lexicon without.
    """
    concepts = [[concept_of(name) for name in body.names] for body in bodies]
    posts, offices = _by_concept(bodies, concepts)
    keys, listed = _keys(bodies, population or Population())
    return Compiled(
        tuple(bodies),
        tuple(keys),
        make_keyring(listed),
        word_automaton(looks_of(role_forms()) if posts or offices else ()),
        _handles(bodies),
        posts,
        offices,
        tuple(
            frozenset({body.sender, body.host} - {""}).union(*(one.countries for one in told))
            for body, told in zip(bodies, concepts, strict=True)
        ),
        population or Population(),
    )


def _keys(bodies: Sequence[Body], population: Population) -> tuple[list[Key], list[Entry]]:
    """Keys, and all that is entered for them; the same look of the same body once."""
    written = list(_written(bodies))
    spellings = [spelt for _, _, spelt, _ in written]
    keys: list[Key] = []
    listed: list[Entry] = []
    seen: set[tuple[int, str]] = set()
    text = joined(spellings)
    # Folded all at once: one by one that takes longer than all the rest.
    forms = zip(looks_of(spellings), split(plain(text)), split(words(text)), strict=True)
    for (place, name, spelt, is_handle), (look, letters, line) in zip(written, forms, strict=True):
        if len(look) < 3 - (not look.isascii()) or (place, look) in seen:
            continue
        seen.add((place, look))
        doubt = _doubt(look) or ("common" if look in population.names else "")
        inside = not doubt and look not in population.inside and _distinct(letters, look)
        doubled = doubt not in {"ordinary", "short"}
        slips = _slips(line, bodies[place]) if doubled else 0
        listed.append(Entry(spelt, len(keys), slips, inside, not is_handle, doubled))
        keys.append(Key(place, name, spelt, len(look), is_handle, inside, doubt))
    return keys, listed


def _written(bodies: Sequence[Body]) -> Iterator[tuple[int, str, str, bool]]:
    """Body, name as the register writes it, one way to write it, and whether it is a handle."""
    for place, body in enumerate(bodies):
        for name in body.names:
            for one in dict.fromkeys(_ways(name)):
                yield place, name, one, False
        for handle in body.handles:
            yield place, handle.handle, handle.handle, True


def _ways(name: str) -> Iterator[str]:
    yield name
    if not name.isascii():
        yield anyascii(name)
    bare = _ARTICLE.sub("", name)
    yield bare
    if _BESIDE.search(bare):
        yield _BESIDE.sub(" ", bare).strip()
        yield from (part for part in _BESIDE.findall(bare) if len(part) > 2)


def _doubt(look: str) -> str:
    least = LEAST_WHOLE if look.isascii() else 2
    if look in _ordinary() or len(look) < least - 1:
        return "ordinary"
    return "short" if len(look) < least else ""


def _slips(line: str, body: Body) -> int:
    """Slips that are forgiven: none where little but affixes and countries is left of a name.

    ABC News and CBC News are two outlets; posts of one country are told apart by their hosts.

    Args:
        line: The words of the name in the plain form.
        body: Whose name it is.
    """
    if body.kind in DIPLOMATIC:
        return 2
    affixes = impersonation_words().affixes
    left = [word for word in without_end_digits(line) if word not in affixes]
    core = "".join(left)
    if body.kind in STATE:
        core = without_places(core)
    if len(core) == len(left[0] if left else "") and core.endswith(affixes):
        end = max(len(one) for one in affixes if core.endswith(one))
        core = core[: len(core) - end]
    if not core.isascii():
        return 1
    return 2 if len(core) >= LEAST_CORE_TWICE else 1 if len(core) >= LEAST_CORE else 0


def _distinct(letters: str, look: str) -> bool:
    if len(look) < (LEAST_INSIDE if look.isascii() else 4):
        return False
    # An office and a country alone are what the concept parser is for.
    return len(without_pieces(letters)) >= LEAST_REST


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(looks_of(sorted(ordinary_words())))


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


def plain_form(name: str) -> str:
    """The plain form of one name."""
    return split(plain(joined([name])))[0]
