"""The table of acts is sound, and leads to every state."""

from __future__ import annotations

import pytest

from assay.cases.acts import RULES, opening_rule
from assay.cases.facts import FACT_VALUES
from assay.model.case import ROLES, STATES, RecordKind


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.kind}.{rule.name}" for rule in RULES])
def test_the_table_of_acts_is_sound(rule: object) -> None:
    from assay.cases.acts import Rule

    assert isinstance(rule, Rule)
    assert set(rule.sources) <= set(STATES[rule.kind])
    assert rule.target in (None, *STATES[rule.kind])
    assert set(rule.roles) <= set(ROLES) - {"auditor"}  # auditors look and change nothing
    assert {*rule.needs, *rule.may} <= set(FACT_VALUES)


@pytest.mark.parametrize("kind", STATES)
def test_every_state_can_be_reached(kind: RecordKind) -> None:
    reached = {rule.target for rule in RULES if rule.kind == kind}
    assert set(STATES[kind]) <= reached
    assert opening_rule(kind).target == STATES[kind][0]
