"""A finding is fixed once made, and carries what is needed to contest it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import get_args

import pytest

from assay.model.finding import Claim, Finding


def test_the_three_claims_are_kept_apart() -> None:
    assert get_args(Claim) == ("synchronous", "inauthentic", "origin", "likeness")


def test_a_finding_has_reason_limits_explanations_and_evidence() -> None:
    names = {item.name for item in fields(Finding)}
    assert names >= {"statement", "statistic", "reason", "limits", "explanations", "evidence"}


def test_a_finding_cannot_be_changed() -> None:
    finding = Finding(
        id="f1",
        kind="coaction.community",
        claim="synchronous",
        subjects=("x:1", "x:2"),
        statement="Two accounts shared the same link.",
        statistic={"shared_objects": 2},
        p_value=0.01,
        q_value=0.04,
        reason="They were close in time.",
        limits=("Nothing here says who they are.",),
        explanations=(),
        strength="moderate",
        method={"name": "coaction"},
    )
    assert finding.evidence == ()
    with pytest.raises(FrozenInstanceError):
        finding.strength = "strong"  # type: ignore[misc]  # frozen: it must fail
