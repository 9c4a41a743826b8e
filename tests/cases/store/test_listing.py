"""A page of a list and its total: what is searched for is found by whichever way is quicker."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from assay.cases.store import listing
from assay.cases.store.case_store import CaseStore
from assay.cases.store.listing import Wanted, end_of
from assay.cases.store.verify import verify
from assay.model.case import Actor
from tests.cases.made import ANNA, BEN, COMPLETE, EVE, START, act

OLGA, PAUL = Actor("olga", "auditor"), Actor("paul", "partner")
TEXTS = (None, "one", "ONE 1", "nobody")


@pytest.fixture
def listed(store: CaseStore) -> CaseStore:
    """Six notices, one of them restricted, with an assessment of it, and one that Paul sent."""
    for number, by in enumerate((ANNA, ANNA, ANNA, ANNA, PAUL, ANNA)):
        draft = act(
            "draft",
            notice_kind="impersonation",
            fields={**COMPLETE, "title": f"One {number % 3}"},
        )
        notice = store.open_record("notice", draft, by=by, at=START)
    invite = act("invite", about=notice.id, assessor="kim", fields={"asked": "Does it carry?"})
    store.open_record("assessment", invite, by=ANNA, at=START)
    store.act(notice.id, 1, act("restrict"), by=ANNA, at=START)
    return store


def test_a_page_and_its_total_are_those_of_all_that_may_be_seen(
    listed: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for few in (0, 2):
        monkeypatch.setattr(listing, "_FEW", few)
        check_pages(listed)


def check_pages(listed: CaseStore) -> None:
    totals = {}
    viewers = (ANNA, OLGA, PAUL, EVE)
    for viewer, text, kind in product(viewers, TEXTS, (None, "notice")):
        wanted = Wanted(text=text, kind="notice" if kind else None)
        every = listed.records(viewer, wanted)
        first, total = listed.page(viewer, replace(wanted, limit=3))
        assert total == len(every) == listed.count(viewer, wanted)
        rest = replace(wanted, after=end_of(first[-1], wanted)) if len(first) == 3 else None
        again = listed.page(viewer, rest) if rest else ([], total)
        assert ([*first, *again[0]], again[1]) == (every, total)
        totals[viewer.id, text, kind] = total
    assert [totals["anna", text, None] for text in TEXTS] == [7, 6, 2, 0]
    assert [totals["olga", text, None] for text in TEXTS] == [5, 5, 2, 0]
    assert [totals["olga", text, "notice"] for text in TEXTS] == [5, 5, 2, 0]
    assert [totals["paul", text, None] for text in TEXTS] == [1, 1, 1, 0]
    assert [totals["eve", text, None] for text in TEXTS] == [0, 0, 0, 0]


def test_a_record_is_found_by_what_it_is_called_now(listed: CaseStore) -> None:
    row = listed.records(BEN, Wanted(text="one 0"))[0]
    title = act("amend", fields={"title": "Another"})
    listed.act(row["id"], 1, title, by=ANNA, at=START)
    assert listed.page(BEN, Wanted(text="other"))[1] == 1
    assert row["id"] not in {one["id"] for one in listed.page(BEN, Wanted(text="one 0"))[0]}
    for entry, _ in listed.record(row["id"], BEN)[1]:
        version = listed.record(row["id"], BEN)[0].version
        listed.act(row["id"], version, act("erase", entry=entry), by=BEN, at=START)
    assert listed.page(BEN, Wanted(text="other"))[1] == 0
    assert listed.page(BEN, Wanted(text=row["id"][:6]))[1] == 1
    assert verify(listed).faults == []
