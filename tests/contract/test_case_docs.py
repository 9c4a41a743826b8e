"""The page on cases says what the code knows: every act with its row, every fact and its words."""

from __future__ import annotations

import pytest
from tests.conftest import REPOSITORY

from assay.cases.acts import RULES, Rule
from assay.cases.facts import FACT_VALUES
from assay.cases.gate import missing_from_notice
from assay.cases.reasons import missing_from_reasons
from assay.model.case import RABAT, STATES

PAGE = (REPOSITORY / "docs" / "reference" / "cases.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.kind}.{rule.name}" for rule in RULES])
def test_every_act_stands_in_the_docs(rule: Rule) -> None:
    by = ", ".join(role.replace("_", " ") for role in rule.roles)
    facts = ", ".join(f"`{name}`" for name in rule.needs) or "–"
    if rule.sources == STATES[rule.kind] and rule.target is None:
        assert f"| `{rule.name}` | {by} | {facts} |" in PAGE
    else:
        sources = ", ".join(rule.sources) or "(opens)"
        row = f"| `{rule.name}` | {sources} | {rule.target or 'stays'} | {by} | {facts} |"
        assert row in PAGE


@pytest.mark.parametrize("name", FACT_VALUES)
def test_every_fact_stands_in_the_docs(name: str) -> None:
    values = FACT_VALUES[name]
    words = ", ".join(f"`{word}`" for word in values) if isinstance(values, tuple) else ""
    assert f"| `{name}` | {words}" in PAGE


def test_every_question_stands_in_the_docs() -> None:
    asked = {*missing_from_notice("court_order", {}), *RABAT, *missing_from_reasons({})}
    assert [name for name in sorted(asked) if f"`{name}`" not in PAGE] == []
