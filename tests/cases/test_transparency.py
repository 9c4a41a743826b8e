"""The transparency report: every notice and appeal is counted once, in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cases.transparency import (
    AUTOMATION,
    COMPLAINTS,
    NOTICES,
    ORDERS,
    SECTIONS,
    Contested,
    Noticed,
    Row,
    transparency_rows,
)
from assay.model.case import NOTICE_KINDS, OUTCOMES
from tests.cases.made import START

NOTICE = Noticed("impersonation", "submitted", START)
APPEAL = Contested(START)
Key = tuple[str, str, str]


def figures(notices: list[Noticed], appeals: list[Contested]) -> dict[Key, float | None]:
    rows: tuple[Row, ...] = transparency_rows(notices, appeals, {"suspend": 2, "grant": 1})
    found = {(row.section, row.indicator, row.group): row.value for row in rows}
    assert len(found) == len(rows)
    assert [row.section for row in rows] == sorted(
        (row.section for row in rows), key=SECTIONS.index
    )
    return found


def test_steps_stand_under_their_headings() -> None:
    found = figures([], [])
    assert found[COMPLAINTS, "suspensions for misuse", ""] == 2
    assert found[COMPLAINTS, "warnings for misuse", ""] == 0
    assert found[ORDERS, "requests for personal data granted", ""] == 1


def test_a_year_by_hand() -> None:
    restricted = replace(
        NOTICE,
        state="notified",
        decided_at=START + timedelta(hours=10),
        outcome="restriction",
        ground="INCOMPATIBLE_CONTENT",
        automation="AUTOMATED_DECISION_NOT_AUTOMATED",
    )
    order = replace(
        NOTICE,
        kind="government_order",
        decided_at=START + timedelta(hours=2),
        outcome="no_action",
    )
    later = replace(order, decided_at=START + timedelta(hours=5))
    overturned = replace(APPEAL, outcome="overturned", answered_at=START + timedelta(hours=7))
    upheld = replace(APPEAL, outcome="upheld", answered_at=START + timedelta(hours=1))
    found = figures(
        [NOTICE, restricted, order, later],
        [overturned, replace(upheld, outside="court"), replace(APPEAL, refused=True), APPEAL],
    )
    expected = {
        (NOTICES, "received", "impersonation"): 2,
        (NOTICES, "decided", ""): 1,
        (NOTICES, "restrictions by ground", "INCOMPATIBLE_CONTENT"): 1,
        (NOTICES, "median time to the decision", ""): 10.0,
        (ORDERS, "received", ""): 2,
        (ORDERS, "decided", "no_action"): 2,
        (ORDERS, "median time to the decision", ""): 3.5,
        (COMPLAINTS, "appeals lodged", ""): 4,
        (COMPLAINTS, "appeals decided", "overturned"): 1,
        (COMPLAINTS, "appeals not admitted", ""): 1,
        (COMPLAINTS, "share overturned or modified", ""): 0.5,
        (COMPLAINTS, "median time to the answer", ""): 4.0,
        (COMPLAINTS, "taken to an outside body", "court"): 1,
        (AUTOMATION, "restrictions", "NOT_AUTOMATED"): 1,
    }
    assert {key: found[key] for key in expected} == expected


def test_an_empty_year_has_no_shares_and_no_times_and_says_so() -> None:
    rows = transparency_rows([], [], {})
    assert {row.section for row in rows} == set(SECTIONS)
    assert all(row.note for row in rows if row.value is None)
    assert {row.unit for row in rows if row.value is not None} == {"number"}


@given(
    st.lists(
        st.builds(
            lambda kind, outcome, hours: replace(
                NOTICE,
                kind=kind,
                outcome=outcome,
                decided_at=START + timedelta(hours=hours) if outcome else None,
            ),
            st.sampled_from(sorted(NOTICE_KINDS)),
            st.sampled_from([None, *sorted(OUTCOMES)]),
            st.integers(0, 10_000),
        ),
        max_size=12,
    )
)
def test_the_parts_add_up_to_the_whole(notices: list[Noticed]) -> None:
    found = figures(notices, [])
    for indicator in ("received", "decided"):
        whole = sum(found[section, indicator, ""] or 0 for section in (ORDERS, NOTICES))
        parts = [value or 0 for key, value in found.items() if key[1] == indicator and key[2]]
        assert whole == pytest.approx(sum(parts))
    assert found[ORDERS, "received", ""] == sum(
        one.kind in ("government_order", "court_order") for one in notices
    )
