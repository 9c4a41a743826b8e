"""A finding: one claim about named subjects, with its statistic, reason, limits and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Claim = Literal["synchronous", "inauthentic", "origin", "likeness"]
"""The three claims that are kept apart, none implying the next; and likeness, which says of an
account or domain that it looks like a body's own, and claims none of the three."""
OF_ACCOUNTS, OF_DOMAINS = "impersonation", "lookalike-domain"
"""Findings about names: how their kinds and ids begin, and so their folders of evidence."""
OF_NAMES = (OF_ACCOUNTS, OF_DOMAINS)


@dataclass(frozen=True)
class EvidenceReference:
    """A frozen table of rows behind a finding.

    Attributes:
        path: Relative to the run's folder, with forward slashes.
        sha256: Of the file's bytes.
        rows: Number of rows in it.
        holds: What the rows are, in a few words.
    """

    path: str
    sha256: str
    rows: int
    holds: str


@dataclass(frozen=True)
class Explanation:
    """One explanation of a pattern, honest ones included, with what speaks for and against it.

    Attributes:
        name: What it is called.
        speaks_for: What the figures say for it.
        speaks_against: What they say against it.
        weight: How far the figures fit it: a word from the fixed scale in the docs.
    """

    name: str
    speaks_for: str
    speaks_against: str
    weight: str = ""


@dataclass(frozen=True)
class Finding:
    """What a detector says, and everything needed to contest it.

    Attributes:
        id: Stable within a run; derived from the kind and the subjects.
        kind: Detector and sort of finding, such as ``coaction.community``.
        claim: Which of the three claims it makes, or that it shows a likeness alone.
        subjects: Account ids, sorted.
        statement: One sentence in plain words.
        statistic: The figures behind it, by name with units.
        p_value: How often this would arise under the stated null; None if not tested.
        q_value: Expected share of false results at this threshold; None if not tested.
        reason: Why the score is what it is, for a layman.
        limits: What the finding does not say, and when it fails.
        explanations: Honest and dishonest explanations weighed.
        strength: A word from the fixed scale in the docs.
        method: Name, version and every parameter.
        evidence: The frozen rows.
    """

    id: str
    kind: str
    claim: Claim
    subjects: tuple[str, ...]
    statement: str
    statistic: Mapping[str, Any]
    p_value: float | None
    q_value: float | None
    reason: str
    limits: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    strength: str
    method: Mapping[str, Any]
    evidence: tuple[EvidenceReference, ...] = field(default=())
