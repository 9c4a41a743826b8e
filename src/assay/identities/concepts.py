"""What a name says it is: an office or body, whose, and where: ``RusEmbTunisia``.

A name is cut at blanks, signs and inner capitals, and read with the words for offices (12 languages
and more) and countries (CLDR's names, adjectives, capitals). Who sends and who hosts is told by the
order: the country right before the office, or right after it, is the sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import ahocorasick
from babel import Locale

from assay.lexicon.impersonation import impersonation_words
from assay.text.name_forms import joined, plain, split, words

LOCALES = (
    "en", "fr", "es", "pt", "de", "it", "ru", "uk", "pl", "tr", "ar", "fa", "he", "zh", "ja", "ko",
    "el", "ka", "hy", "id", "nl", "sv", "hu", "cs", "ro", "sr", "bg",
)  # fmt: skip
DIPLOMATIC = frozenset({"embassy", "consulate", "ambassador", "mission"})
WHOLE_WORD_BELOW = 5
"""A Latin word of fewer letters counts only by itself."""
MOST_CODE = 4
"""Letters beside an office and a country that may be a code for a place."""
_INSIDE = frozenset({"in", "en", "em", "à", "au", "aux", "v", "в", "w", "ve"})
FILLERS = frozenset(["of", "the", "in", "de", "du", "la", "le", "to", "and", "et", "en", "da"])


_STANDS_IN = re.compile("[驻駐]")
"""Chinese: before the country where a post stands."""
_ENDINGS = {"я": "иею", "а": "ые", "ь": "и", "й": "яе", "н": "ае", "к": "ае", "р": "ае"}
"""Russian and Ukrainian cases: a country's last letter, and what stands in its place."""


@dataclass(frozen=True)
class Piece:
    """A word that says something: ``sort`` is role, country or city."""

    sort: str
    value: str
    after_in: bool = False


@dataclass(frozen=True)
class Concept:
    """What a name says.

    Attributes:
        roles: Offices and kinds of body.
        sender: Country whose body it is; empty if not told.
        host: Country where it stands; empty if not told.
        countries: All countries named, by themselves or by their capital.
    """

    roles: frozenset[str]
    sender: str
    host: str
    countries: frozenset[str]

    @property
    def diplomatic(self) -> bool:
        """Whether it is a post of one country in another."""
        return bool(self.roles & DIPLOMATIC)


@dataclass(frozen=True)
class _Vocabulary:
    words: dict[str, Piece]
    inside: ahocorasick.Automaton
    """Words that count inside a longer one."""
    every: ahocorasick.Automaton
    """All words, to cut a run of letters that they cover wholly."""


@cache
def _vocabulary() -> _Vocabulary:
    lexicon = impersonation_words()
    found: dict[str, Piece] = {}

    def add(names: Sequence[str], piece: Piece) -> None:
        for name, form in zip(names, split(plain(joined(names))), strict=True):
            if len(form) > 1 or (form and not name.isascii()):
                found.setdefault(form, piece)

    for role, names in lexicon.roles.items():
        add(names, Piece("role", role))
    for code, country in lexicon.countries.items():
        add(country.adjectives, Piece("country", code))
        add(country.capitals, Piece("city", code))
    for locale in LOCALES:
        for code, name in Locale(locale).territories.items():
            if len(code) == 2 and code.isalpha() and len(name) >= (4 if name.isascii() else 2):
                add([name, *_cases(locale, name)], Piece("country", code))
    inside, every = ahocorasick.Automaton(), ahocorasick.Automaton()
    for form, piece in found.items():
        every.add_word(form, (form, piece))
        if len(form) >= WHOLE_WORD_BELOW or not form.isascii():
            inside.add_word(form, (form, piece))
    for filler in FILLERS:
        if filler not in found:
            every.add_word(filler, (filler, None))
    inside.make_automaton()
    every.make_automaton()
    return _Vocabulary(found, inside, every)


def _cases(locale: str, name: str) -> list[str]:
    ends = _ENDINGS.get(name[-1], "") if locale in {"ru", "uk"} else ""
    kept = name if ends.startswith("ае") else name[:-1]
    return [kept + end for end in ends]


@cache
def role_forms() -> tuple[str, ...]:
    """The plain forms of all words for offices: a name without any of them has no concept."""
    return tuple(form for form, piece in _vocabulary().words.items() if piece.sort == "role")


def pieces_of(name: str) -> list[Piece]:
    """The words of a name that say something, in their order."""
    told: list[Piece] = []
    tokens = split(words(joined([_STANDS_IN.sub(" in ", name)])))[0].split()
    after_in = False
    for token in tokens:
        if token in _INSIDE and token not in _vocabulary().words:
            after_in = True
            continue
        for piece in _of_token(token):
            told.append(Piece(piece.sort, piece.value, after_in))
        after_in = False
    # A name of several words (New Zealand, foreign affairs) is found when they are put together.
    whole = [piece for _, (_, piece) in _vocabulary().inside.iter_long("".join(tokens))]
    known = {(piece.sort, piece.value) for piece in told}
    told.extend(piece for piece in whole if (piece.sort, piece.value) not in known)
    return told


def _of_token(token: str) -> Iterator[Piece]:
    vocabulary = _vocabulary()
    whole = vocabulary.words.get(token)
    if whole is not None:
        yield whole
        return
    cut = list(vocabulary.every.iter_long(token))
    left = len(token) - sum(len(form) for _, (form, _) in cut)
    sorts = {piece.sort for _, (_, piece) in cut if piece is not None}
    # RusEmbNZ: an office, whose, and a code that no list holds.
    if cut and (left == 0 or (left <= MOST_CODE and {"role", "country"} <= sorts)):
        yield from (piece for _, (_, piece) in cut if piece is not None)
        return
    yield from (piece for _, (_, piece) in vocabulary.inside.iter_long(token))


def concept_of(name: str) -> Concept:
    """What a name says it is."""
    pieces = pieces_of(name)
    roles = frozenset(piece.value for piece in pieces if piece.sort == "role")
    places = [piece for piece in pieces if piece.sort != "role"]
    if not places:
        return Concept(roles, "", "", frozenset())
    countries = frozenset(piece.value for piece in places)
    sender = _sender(pieces)
    hosts = [piece.value for piece in places if piece.value != sender]
    return Concept(roles, sender, hosts[-1] if hosts else "", countries)


def _sender(pieces: Sequence[Piece]) -> str:
    """The country beside the office; a city, or a country after "in", is never the sender."""
    may = [piece.sort == "country" and not piece.after_in for piece in pieces]
    for place, piece in enumerate(pieces):
        if piece.sort != "role":
            continue
        for beside in (place - 1, place + 1):
            if 0 <= beside < len(pieces) and may[beside]:
                return pieces[beside].value
    return next((piece.value for piece, able in zip(pieces, may, strict=True) if able), "")


def remainder(name: str) -> str:
    """What is left of a name without offices, countries and capitals."""
    line = split(plain(joined([name])))[0]
    for end, (form, _) in reversed(list(_vocabulary().every.iter_long(line))):
        line = line[: end - len(form) + 1] + line[end + 1 :]
    return line


def places_of(text: str) -> frozenset[str]:
    """Countries that a text names, by themselves or by their capital."""
    return frozenset(piece.value for piece in pieces_of(text) if piece.sort != "role")
