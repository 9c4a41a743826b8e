"""What a name says it is: an office or body, whose, and where: ``RusEmbTunisia``.

A name is cut at blanks, signs and inner capitals, and read with the words for offices (12 languages
and more) and countries (CLDR's names, adjectives, capitals). Who sends and who hosts is told by the
order: the country right before the office, or right after it, is the sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate

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


MOST_WITH_CODE = 3
"""Words from which a name is written out, without codes."""
_STANDS_IN = re.compile("[驻駐]")
"""Chinese: before the country where a post stands."""
INFLECTED = frozenset(["ru", "uk", "be", "pl", "cs", "sr", "bg", "ro", "el", "hr", "sk"])
"""Locales whose countries change their endings with the case."""
LEAST_STEM = 4
MOST_ENDING = 3
_OF = frozenset(["of", "de", "du", "von", "di", "do", "da"])


@dataclass(frozen=True)
class Piece:
    """A word that says something.

    Attributes:
        sort: ``role``, ``country`` or ``city``.
        value: Which.
        after_in: Whether "in" stands before it.
        sender_first: Of an office: whether the sender stands before the host, and both before it.
    """

    sort: str
    value: str
    after_in: bool = False
    sender_first: bool = False


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
    stems: dict[str, Piece]
    """Beginnings of countries' names, in languages that inflect them."""
    inside: ahocorasick.Automaton
    """Words that count inside a longer one."""
    every: ahocorasick.Automaton
    """All words, to cut a run of letters that they cover wholly."""


@cache
def _vocabulary() -> _Vocabulary:
    found: dict[str, Piece] = {}
    for names, piece in _named():
        for name, form in zip(names, split(plain(joined(names))), strict=True):
            if len(form) > 1 or (form and not name.isascii()):
                found.setdefault(form, piece)
    stems: dict[str, Piece] = {}
    for code, name in _countries([one for one in LOCALES if one in INFLECTED]):
        if stem := _stem(_form(name)):
            stems.setdefault(stem, Piece("country", code))
    return _Vocabulary(found, stems, *_automata(found))


def _named() -> Iterator[tuple[Sequence[str], Piece]]:
    """Names in any language of what they stand for; of two meanings of a name the first counts."""
    lexicon = impersonation_words()
    first = frozenset(split(plain(joined(sorted(lexicon.sender_first)))))
    for role, names in lexicon.roles.items():
        for name in names:
            yield [name], Piece("role", role, sender_first=_form(name) in first)
    for code, country in lexicon.countries.items():
        yield country.adjectives, Piece("country", code)
        yield country.capitals, Piece("city", code)
    for code, name in _countries(LOCALES):
        yield [name], Piece("country", code)


def _countries(locales: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Code and name of every country in some languages."""
    for locale in locales:
        for code, name in Locale(locale).territories.items():
            if len(code) == 2 and code.isalpha() and len(name) >= (4 if name.isascii() else 2):
                yield code, name


def _automata(
    forms: Mapping[str, Piece],
) -> tuple[ahocorasick.Automaton, ahocorasick.Automaton]:
    """Of words that count inside longer ones, and of all words with what may stand between them."""
    inside, every = ahocorasick.Automaton(), ahocorasick.Automaton()
    for form, piece in forms.items():
        every.add_word(form, (form, piece))
        if len(form) >= WHOLE_WORD_BELOW or not form.isascii():
            inside.add_word(form, (form, piece))
    for filler in FILLERS:
        if filler not in forms:
            every.add_word(filler, (filler, None))
    inside.make_automaton()
    every.make_automaton()
    return inside, every


def _form(name: str) -> str:
    return split(plain(joined([name])))[0]


def _stem(name: str) -> str:
    """A country's name without the letters that cases change: Япони, Rosj."""
    return name[:-1] if len(name) > LEAST_STEM and not name[-1].isdigit() else ""


@cache
def names_of_places() -> dict[str, frozenset[str]]:
    """The plain forms of all names of each country and its capital."""
    found: dict[str, set[str]] = {}
    for form, piece in _vocabulary().words.items():
        if piece.sort != "role":
            found.setdefault(piece.value, set()).add(form)
    return {code: frozenset(forms) for code, forms in found.items()}


@cache
def role_forms() -> tuple[str, ...]:
    """The plain forms of all words for offices: a name without any of them has no concept."""
    return tuple(form for form, piece in _vocabulary().words.items() if piece.sort == "role")


def pieces_of(name: str) -> list[Piece]:
    """The words of a name that say something, in their order."""
    told: list[Piece] = []
    tokens = split(words(joined([_STANDS_IN.sub(" in ", name)])))[0].split()
    if len(tokens) > 2 and tokens[-2] in _OF and _is_role(tokens[-1]):
        tokens.reverse()
    after_in = False
    for token in tokens:
        if token in _INSIDE and token not in _vocabulary().words:
            after_in = True
            continue
        said = _of_token(token, len(tokens) < MOST_WITH_CODE)
        told += [replace(piece, after_in=True) for piece in said] if after_in else said
        after_in = False
    # A name of several words (New Zealand, foreign affairs) is found when they are put together.
    edges = {0, *accumulate(map(len, tokens))}
    whole = [
        piece
        for end, (form, piece) in _vocabulary().inside.iter_long("".join(tokens))
        if {end + 1, end + 1 - len(form)} <= edges
    ]
    known = {(piece.sort, piece.value) for piece in told}
    told.extend(piece for piece in whole if (piece.sort, piece.value) not in known)
    return told


def _is_role(token: str) -> bool:
    piece = _vocabulary().words.get(token)
    return piece is not None and piece.sort == "role"


@lru_cache(maxsize=1 << 16)
def _of_token(token: str, code: bool) -> tuple[Piece, ...]:
    """What one word says; the names of a register repeat their words.

    Args:
        token: The word in the plain form.
        code: Whether letters left beside an office and a country may be a code.
    """
    vocabulary = _vocabulary()
    whole = vocabulary.words.get(token)
    if whole is not None:
        return (whole,)
    for ending in range(MOST_ENDING + 1):
        stem = vocabulary.stems.get(token[: len(token) - ending])
        if stem is not None:
            return (stem,)
    cut = list(vocabulary.every.iter_long(token))
    left = len(token) - sum(len(form) for _, (form, _) in cut)
    sorts = {piece.sort for _, (_, piece) in cut if piece is not None}
    # RusEmbNZ, a name of few words: an office, whose, and a code that no list holds.
    if cut and (left == 0 or (code and left <= MOST_CODE and {"role", "country"} <= sorts)):
        return tuple(piece for _, (_, piece) in cut if piece is not None)
    return tuple(piece for _, (_, piece) in vocabulary.inside.iter_long(token))


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
        if piece.sender_first and place > 1 and may[0] and may[1]:
            return pieces[0].value
        for beside in (place - 1, place + 1):
            if 0 <= beside < len(pieces) and may[beside]:
                return pieces[beside].value
    return next((piece.value for piece, able in zip(pieces, may, strict=True) if able), "")


def remainder(name: str) -> str:
    """What is left of a name without offices, countries and capitals."""
    return without_pieces(_form(name))


def without_pieces(letters: str) -> str:
    """A run of letters in the plain form without offices, countries and capitals."""
    for end, (form, _) in reversed(list(_vocabulary().every.iter_long(letters))):
        letters = letters[: end - len(form) + 1] + letters[end + 1 :]
    return letters


def without_places(letters: str) -> str:
    """A run of letters in the plain form without countries and capitals (five letters and more)."""
    for end, (form, piece) in reversed(list(_vocabulary().inside.iter_long(letters))):
        if piece.sort != "role":
            letters = letters[: end - len(form) + 1] + letters[end + 1 :]
    return letters


def places_of(text: str) -> frozenset[str]:
    """Countries that a text names, by themselves or by their capital."""
    return frozenset(piece.value for piece in pieces_of(text) if piece.sort != "role")
