"""What it costs to ask who may know of a record; who sees which, lists' tests hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, text

from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import drawn
from assay.cases.store.tables import RECORDS
from assay.cases.store.visible import visible_to
from tests.cases.made import ANNA, BEN, COMPLETE, START, act


def rows_read(connection: Connection, asked: Select[Any]) -> int:
    """How much a database does for a query: rows that PostgreSQL looks at, steps of SQLite's."""
    sql = str(asked.compile(connection.engine, compile_kwargs={"literal_binds": True}))
    if connection.dialect.name == "postgresql":
        explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}"
        plan = connection.exec_driver_sql(explain).scalar_one()[0]["Plan"]
        return sum(_looked_at(node) for node in _nodes(plan))
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    driver: Any = connection.connection.dbapi_connection
    driver.set_progress_handler(step, 1)
    connection.exec_driver_sql(sql).all()
    driver.set_progress_handler(None, 1)
    return steps


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _looked_at(node: dict[str, Any]) -> int:
    told = (node.get(name, 0) for name in ("Actual Rows", "Rows Removed by Filter"))
    return int(node["Actual Loops"] * sum(told)) if "Scan" in node["Node Type"] else 0


def test_one_record_is_asked_for_at_the_same_cost_among_however_many(store: CaseStore) -> None:
    """The restricted ones are few, and found without looking at all others."""
    draft = act("draft", notice_kind="impersonation", fields=COMPLETE)
    shown, hidden = (store.open_record("notice", draft, by=ANNA, at=START) for _ in range(2))
    invite = act("invite", about=shown.id, assessor="kim", fields={"asked": "Does it carry?"})
    about = store.open_record("assessment", invite, by=ANNA, at=START)
    store.act(hidden.id, 1, act("restrict"), by=ANNA, at=START)
    asked = select(func.count()).where(RECORDS.c.id == about.id, visible_to(BEN))
    costs = []
    for number in range(3):
        rows = [{**drawn(shown), "id": f"{number}-{other}"} for other in range(500)]
        with writing(store.engine) as connection:
            connection.execute(insert(RECORDS), rows)
            if connection.dialect.name == "postgresql":
                connection.execute(text("ANALYZE records"))
        with reading(store.engine) as connection:
            assert connection.execute(asked).scalar() == 1
            costs.append(rows_read(connection, asked))
    assert costs[1:] == costs[:1] * 2


def test_what_one_viewer_sees_is_put_into_sql_once() -> None:
    assert visible_to(ANNA) is visible_to(ANNA)
    assert visible_to(ANNA) is not visible_to(BEN)
