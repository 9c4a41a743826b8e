"""Words for people, offices and bodies, and the commonest given names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from assay.lexicon.read_data import read_yaml

Gender = Literal["female", "male"]


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(str(words).split()) for name, words in read_yaml("people.yaml").items()}


def is_title(word: str) -> bool:
    """Mr, Sen., Dr …"""
    return word.lower() in _lists()["titles"]


def is_role(word: str) -> bool:
    """Spokeswoman, minister, president …"""
    return word.lower() in _lists()["roles"]


def is_person_noun(word: str) -> bool:
    """A noun that may stand for one person named before: the diplomat, the senator."""
    return word.lower() in _lists()["person_nouns"]


def is_body(word: str) -> bool:
    """Ministry, embassy, company …"""
    return word.lower() in _lists()["bodies"]


def is_plain_modifier(word: str) -> bool:
    """An adjective that belongs to an office (foreign, deputy) and names no country."""
    return word.lower() in _lists()["plain_modifiers"]


def may_be_name(word: str) -> bool:
    """Whether a capitalised word may be part of a person's name."""
    return word.lower() not in _lists()["not_names"] and not is_role(word) and not is_title(word)


def gender_of(words: tuple[str, ...]) -> Gender | None:
    """What titles, offices and a given name say of somebody's gender; None where they are silent.

    Surnames in -ova, -eva, -ina and -skaya are female forms of Slavic names.
    """
    lists = _lists()
    lowered = [word.lower() for word in words]
    for word in lowered:
        if word in lists["female_roles"]:
            return "female"
        if word in lists["male_roles"]:
            return "male"
    for word in lowered:
        if word in lists["female"] and word not in lists["male"]:
            return "female"
        if word in lists["male"] and word not in lists["female"]:
            return "male"
    if lowered and lowered[-1].endswith(("ova", "eva", "skaya", "skaia")):
        return "female"
    return None


def given_names() -> frozenset[str]:
    """The commonest given names of several languages, small letters."""
    return _lists()["female"] | _lists()["male"]
