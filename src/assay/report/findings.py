"""What a finding is about, read from its record."""

from __future__ import annotations

from typing import Any

AFFILIATED = "coaction.affiliated"
"""The kind of a finding whose accounts declare one publisher or affiliation."""


def is_affiliated(finding: dict[str, Any]) -> bool:
    """Whether the accounts of a finding say themselves that they belong together."""
    return finding.get("kind") == AFFILIATED


def affiliated_communities(findings: list[dict[str, Any]]) -> set[int]:
    """The communities that are openly affiliated."""
    numbers = {community_of(finding) for finding in findings if is_affiliated(finding)}
    return {number for number in numbers if number is not None}


def community_of(finding: dict[str, Any]) -> int | None:
    """The community that a finding is about; None if it is about something else."""
    statistic = finding.get("statistic") or {}
    number = statistic.get("community")
    return int(number) if isinstance(number, int | float) else None
