"""What a decision tells the person concerned: the statement of reasons (DSA, article 17)."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: tuple[tuple[str, str], ...] = (
    ("told", "say in plain words what was decided and why"),
    ("measure", "say which measure is asked for, on what, how long and where"),
    ("reasons_facts", "say which facts and circumstances it rests on"),
    ("ground", "say whether it rests on the law or on published terms"),
    ("ground_reference", "name the law's article or the rule's number"),
    ("ground_explanation", "say why it applies here"),
    ("automation", "say how far automated means were used, or that none were"),
)
"""The fields that a restriction needs, and what each asks."""


def missing_from_reasons(fields: Mapping[str, str]) -> dict[str, str]:
    """What the statement of reasons lacks, and what each part asks; empty if it is complete."""
    return {name: told for name, told in REASONS if not fields.get(name, "").strip()}
