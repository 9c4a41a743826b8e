"""What platforms say of impersonation and of parody: conditions, each with its date and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from assay.lexicon.read_data import read_yaml

UNDATED = "undated"
"""Stands for a date that could not be sourced."""
CONDITIONS = ("name_starts", "name", "bio", "handle", "name_or_handle", "somewhere", "avatar")


@dataclass(frozen=True)
class Quoted:
    """A platform's own words.

    Attributes:
        title: What the platform calls the rule.
        quote: Its words; empty where none could be sourced.
        dated: Day or month from which it holds, or :data:`UNDATED`.
        source: Where it stands.
    """

    title: str
    quote: str
    dated: str
    source: str


@dataclass(frozen=True)
class PlatformRule:
    """One platform's rules.

    Attributes:
        name: What people call the platform.
        profile: Where a profile stands, with ``{handle}``.
        impersonation: What it says of posing as somebody.
        labels: What it asks of parody, fan and commentary accounts.
        words: Words that count at the start of a display name.
        conditions: What a profile has to show, of :data:`CONDITIONS`.
        not_needed: Those of them that it only advises.
        verification: ``official`` where its badge says that the account is the body's, ``sold``
            where anyone may buy it, ``unknown`` where neither could be sourced.
    """

    name: str
    profile: str
    impersonation: Quoted
    labels: Quoted
    words: tuple[str, ...]
    conditions: tuple[str, ...]
    not_needed: tuple[str, ...]
    verification: str


@cache
def platform_rules() -> Mapping[str, PlatformRule]:
    """Platform as a register writes it, to its rules; parsed once per process."""
    return {name: _rule(raw) for name, raw in read_yaml("data", "platform_rules.yaml").items()}


def _rule(raw: Mapping[str, Any]) -> PlatformRule:
    labels = raw["labels"]
    return PlatformRule(
        name=raw["names"],
        profile=raw["profile"],
        impersonation=_quoted(raw["impersonation"]),
        labels=_quoted(labels),
        words=tuple(str(labels.get("words", "")).split()),
        conditions=tuple(labels["conditions"]),
        not_needed=tuple(labels.get("not_needed", ())),
        verification=raw["verification"],
    )


def _quoted(raw: Mapping[str, Any]) -> Quoted:
    return Quoted(
        title=raw.get("title", ""),
        quote=raw["quote"],
        dated=str(raw["dated"]),
        source=raw["source"],
    )
