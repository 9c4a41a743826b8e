"""Words that mark something as said, thought or wanted, by language, class and frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from assay.lexicon.read_data import read_yaml


@dataclass(frozen=True)
class CueClass:
    """Verbs that behave alike.

    Attributes:
        name: Of the class.
        kind: What such a verb makes: ``statement``, ``attitude``, ``demand`` …
        frames: How the content may hang on the verb.
        words: Lemmas.
    """

    name: str
    kind: str
    frames: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class SpeechCues:
    """The cues of one language.

    Attributes:
        classes: Verbs, by class; a verb may be in several.
        prepositions: Verbs whose content follows a preposition, with those prepositions.
        nouns: Nouns such as “claim”.
        noun_prepositions: Those whose content follows a preposition (“criticism of …”).
        adjectives: Adjectives such as “confident”.
        documents: Nouns for documents and figures that are said to show something.
        unnamed: Participles that report without saying who (“was reported”).
        venue_nouns: Where things are said.
        labels: Words that stand before a colon and name nobody who speaks.
        nobody: Words that name nobody at all.
    """

    classes: tuple[CueClass, ...]
    prepositions: Mapping[str, frozenset[str]]
    nouns: frozenset[str]
    noun_prepositions: Mapping[str, frozenset[str]]
    adjectives: frozenset[str]
    documents: frozenset[str]
    unnamed: frozenset[str]
    venue_nouns: frozenset[str]
    labels: frozenset[str]
    nobody: frozenset[str]

    @property
    def verbs(self) -> frozenset[str]:
        """Every verb of every class."""
        return frozenset().union(*(one.words for one in self.classes))


@cache
def speech_cues() -> SpeechCues:
    """The cues of English."""
    return _cues(_lexicon()["en"])


@dataclass(frozen=True)
class ReportingForms:
    """Words that report in a language that is read without a parser, as they are written.

    Attributes:
        verbs: Forms of verbs of speech.
        demands: Those among them that ask for something.
        pronouns: He and she.
        that: What begins a reported clause.
    """

    verbs: frozenset[str]
    demands: frozenset[str]
    pronouns: tuple[str, ...]
    that: tuple[str, ...]


@cache
def reporting_forms(language: str) -> ReportingForms:
    """The forms of one language: ``fr``, ``de`` or ``ru``."""
    words = _lexicon()[language]
    return ReportingForms(
        verbs=frozenset(words["verbs"].split()),
        demands=frozenset(words["demands"].split()),
        pronouns=tuple(words["pronouns"].split()),
        that=tuple(words["that"].split()),
    )


@cache
def _lexicon() -> dict[str, Any]:
    return dict(read_yaml("speech_cues.yaml"))


def _cues(words: dict[str, Any]) -> SpeechCues:
    return SpeechCues(
        classes=tuple(
            CueClass(
                name, one["kind"], frozenset(one["frames"]), frozenset(str(one["words"]).split())
            )
            for name, one in words["classes"].items()
        ),
        prepositions={verb: frozenset(preps) for verb, preps in words["prepositions"].items()},
        nouns=frozenset(words["nouns"].split()) | frozenset(words["noun_prepositions"]),
        noun_prepositions={
            noun: frozenset(preps) for noun, preps in words["noun_prepositions"].items()
        },
        adjectives=frozenset(words["adjectives"].split()),
        documents=frozenset(words["documents"].split()),
        unnamed=frozenset(words["unnamed"].split()),
        venue_nouns=frozenset(words["venue_nouns"].split()),
        labels=frozenset(words["labels"].split()),
        nobody=frozenset(words["nobody"].split()),
    )
