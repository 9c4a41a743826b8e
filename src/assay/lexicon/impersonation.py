"""Words by which bodies name themselves, and characters that look alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assay.lexicon.read_data import read_yaml


@dataclass(frozen=True)
class CountryWords:
    """How names point to a country, beside its names in CLDR: adjectives, and its capital."""

    adjectives: tuple[str, ...]
    capitals: tuple[str, ...]


@dataclass(frozen=True)
class ImpersonationWords:
    """The lexicon, as written in the data file.

    Attributes:
        affixes: Words that do not make a name another body's.
        claims_official: Phrases that claim to be official.
        claims_only: Phrases that claim to be the only one.
        personal: Phrases by which personal and campaign accounts say that they are no official one.
        labels: Phrases by which parody, fan and comment accounts say what they are.
        roles: Offices and kinds of body, with the words for each.
        sender_first: Words for offices before which the sender stands, and then the host.
        kinds: Kinds of a register's body, each with its role; None where names tell it.
        countries: ISO 3166-1 alpha-2 to words.
    """

    affixes: tuple[str, ...]
    claims_official: tuple[str, ...]
    claims_only: tuple[str, ...]
    personal: tuple[str, ...]
    labels: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]
    sender_first: tuple[str, ...]
    kinds: Mapping[str, str | None]
    countries: Mapping[str, CountryWords]


@cache
def impersonation_words() -> ImpersonationWords:
    """The lexicon, parsed once per process."""
    raw = read_yaml("impersonation.yaml")
    return ImpersonationWords(
        affixes=tuple(raw["affixes"].split()),
        claims_official=_phrases(raw["claims_official"]),
        claims_only=_phrases(raw["claims_only"]),
        personal=_phrases(raw["personal"]),
        labels=_phrases(raw["labels"]),
        roles={role: tuple(words.split()) for role, words in raw["roles"].items()},
        sender_first=tuple(raw["sender_first"].split()),
        kinds=raw["kinds"],
        countries={code: _country(line) for code, line in _codes(raw["countries"])},
    )


@cache
def lookalikes() -> Mapping[str, str]:
    """Characters beyond ASCII that look like one or two small Latin letters or digits (UTS #39)."""
    text = files("assay.lexicon").joinpath("confusables.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {chr(int(code, 16)): target for code, target in rows}


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _codes(raw: Mapping[object, str]) -> list[tuple[str, str]]:
    # YAML 1.1 reads the code of Norway as the word "no".
    return [("NO" if code is False else str(code), line) for code, line in raw.items()]


def _country(line: str) -> CountryWords:
    adjectives, capitals = line.split("|")
    return CountryWords(tuple(adjectives.split()), tuple(capitals.split()))
