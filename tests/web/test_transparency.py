"""The transparency report over a real house: page and table alike, nothing restricted in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from assay.model.case import Actor
from assay.web.house import House
from tests.cases.made import act
from tests.cases.test_statement import fields
from tests.web.served import Visitor, clock_of, said
from tests.web.test_statement import decided


def figures(visitor: Visitor, year: int) -> dict[tuple[str, str, str], str]:
    text = visitor.get(f"/transparency/{year}.csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["year"] for row in rows} == {str(year)}
    return {(row["section"], row["indicator"], row["group"]): row["value"] for row in rows}


def test_the_report_counts_what_happened(house: House, somebody: Callable[[], Visitor]) -> None:
    ben, dora = (house.accounts.by_email(f"{name}@house.example") for name in ("ben", "dora"))
    assert ben is not None
    assert dora is not None
    assert "nothing was decided" in said(somebody().get("/transparency"))
    notice, secret = decided(house), decided(house)
    at = house.now()
    prepared = act("prepare_statement", fields=fields())
    seen = house.store.act(notice, 8, prepared, by=ben.actor, at=at)
    seen = house.store.act(notice, seen.version, act("notify"), by=ben.actor, at=at)
    appeal = house.store.open_record(
        "appeal", act("lodge", about=notice), by=Actor("guest-1", "public"), at=at
    )
    asking = act(
        "record_asking",
        recipient_kind="platform",
        sent_on=at.date().isoformat(),
        channel="web_form",
        answer_until="2026-12-31",
        due_by="sender",
        sha256="ab" * 32,
        fields={"recipient": "The platform", "wanted": "The name."},
    )
    answer = act(
        "record_answer",
        regards=5,
        answered_on=at.date().isoformat(),
        channel="e_mail",
        answer_kind="done",
        fields={"reply": "Done."},
    )
    steps = (act("admit"), act("assign", assignee=dora.id), act("overturn"), asking, answer)
    for what in (*steps, act("finish")):
        appeal = house.store.act(appeal.id, appeal.version, what, by=dora.actor, at=at)
    house.store.act(secret, 8, act("restrict"), by=ben.actor, at=at)

    visitor = somebody()
    clock_of(house).go_on(minutes=2)
    found = figures(visitor, 2026)
    assert found["Notices", "received", "impersonation"] == "1"
    assert found["Notices", "decided", "restriction"] == "1"
    assert found["Notices", "restrictions by ground", "INCOMPATIBLE_CONTENT"] == "1"
    assert found["Notices", "median time to the decision", ""] == "0.0"
    assert found["Complaints, disputes and misuse", "appeals decided", "overturned"] == "1"
    assert found["Complaints, disputes and misuse", "share overturned or modified", ""] == "1.0"
    assert found["Complaints, disputes and misuse", "restoration asked for", ""] == "1"
    assert found["Complaints, disputes and misuse", "restored, as was answered", ""] == "1"
    assert found["Automated means", "restrictions", "NOT_AUTOMATED"] == "1"
    assert found["People", "people who moderate, and their languages", ""] == ""
    page = said(visitor.get("/transparency"))
    assert "Transparency report 2026" in page
    assert "100.0 %" in page

    house.store.act(notice, seen.version, act("restrict"), by=ben.actor, at=at)
    clock_of(house).go_on(minutes=2)
    assert figures(visitor, 2026)["Complaints, disputes and misuse", "appeals lodged", ""] == "0"
    assert figures(visitor, 2026)["Notices", "received", ""] == "0"
    assert figures(visitor, 2019)["Notices", "received", ""] == "0"
    assert visitor.get("/transparency?year=x").status_code == 404
