"""Words of enforcement: verbs, nouns of count, grounds; see ``data/enforcement.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

from assay.lexicon.read_data import read_yaml
from assay.model.record import Action


@dataclass(frozen=True)
class Unit:
    """A kind of thing that is counted.

    Attributes:
        name: Canonical plural.
        online: Whether such things live on platforms.
        words: The nouns in the singular by language; Russian stems end in ``*``.
    """

    name: str
    online: bool
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class EnforcementWords:
    """The vocabulary, casefolded.

    Attributes:
        verbs: English lemmas, of one or several words, with the actions that they may name.
        designating: Lemmas that need a label beside them (“brand … a …”).
        nouns: Nominalisations with their action.
        relation_verbs: Verbs that end a relation.
        relation_objects: What is ended.
        with_object: Actions by a verb and its object (“reduce the reach of …”).
        light: Verbs that carry another verb, with what they make of it.
        light_nouns: Nouns that carry an infinitive.
        objects: Nouns that enforcement acts on besides the units.
        units: What is counted.
        grounds: Canonical grounds with the expressions that they are written in.
    """

    verbs: Mapping[str, Action]
    designating: frozenset[str]
    nouns: Mapping[str, Action]
    relation_verbs: frozenset[str]
    relation_objects: frozenset[str]
    with_object: Mapping[tuple[str, str], Action]
    light: Mapping[str, str]
    light_nouns: Mapping[str, str]
    objects: frozenset[str]
    units: tuple[Unit, ...]
    grounds: Mapping[str, re.Pattern[str]]

    @cached_property
    def online_nouns(self) -> Mapping[str, str]:
        """English nouns of things that live on platforms, with their unit."""
        return {
            word.casefold(): unit.name
            for unit in self.units
            if unit.online
            for word in unit.words["en"]
        }


@cache
def enforcement_words() -> EnforcementWords:
    """The vocabulary, read once."""
    lists: dict[str, Any] = read_yaml("data", "enforcement.yaml")
    verbs: dict[str, Action] = {}
    designating: set[str] = set()
    for action, senses in lists["verbs"].items():
        for lemma in senses.get("thing", ()):
            verbs[lemma] = cast(Action, action)
        designating.update(senses.get("body", ()))
    return EnforcementWords(
        verbs=verbs,
        designating=frozenset(designating),
        nouns={
            noun: cast(Action, action) for action, nouns in lists["nouns"].items() for noun in nouns
        },
        relation_verbs=frozenset(lists["relations"]["verbs"]),
        relation_objects=frozenset(lists["relations"]["objects"]),
        with_object={
            (verb, thing): cast(Action, action)
            for action, words in lists["with_object"].items()
            for verb in words["verbs"]
            for thing in words["objects"]
        },
        light=_by_word(lists["light"]),
        light_nouns=_by_word(lists["light_nouns"]),
        objects=frozenset(word.casefold() for word in lists["objects"]["en"]),
        units=tuple(_unit(name, entry) for name, entry in lists["units"].items()),
        grounds={
            ground: re.compile(pattern, re.IGNORECASE)
            for ground, pattern in lists["grounds"].items()
        },
    )


def _by_word(groups: Mapping[str, list[str]]) -> dict[str, str]:
    """Words with their group; the group listed first keeps a word that two of them have."""
    found: dict[str, str] = {}
    for group, words in groups.items():
        for word in words:
            found.setdefault(word, group)
    return found


def _unit(name: str, entry: Mapping[str, Any]) -> Unit:
    words = {language: tuple(entry.get(language, ())) for language in ("en", "ru", "fr", "de")}
    return Unit(name, bool(entry["online"]), words)
