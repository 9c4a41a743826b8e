"""How a database finds the records that somebody may know of; who sees which, lists' tests hold."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from assay.cases.store.case_store import open_store
from assay.cases.store.connect import reading
from assay.cases.store.tables import RECORDS
from assay.cases.store.visible import visible_to
from tests.cases.made import ANNA, BEN


def test_sqlite_finds_restricted_records_by_their_own_index(tmp_path: Path) -> None:
    """It plans without knowing how few these are, and takes the narrowest index that has all."""
    store = open_store(str(tmp_path / "cases.db"), make=True)
    asked = select(func.count()).select_from(RECORDS).where(visible_to(ANNA))
    sql = asked.compile(store.engine, compile_kwargs={"literal_binds": True})
    with reading(store.engine) as connection:
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
    store.engine.dispose()
    of_restricted = [step for step in steps if step.startswith("SCAN subject ")]
    assert of_restricted == ["SCAN subject USING COVERING INDEX records_restricted"] * 2


def test_what_one_viewer_sees_is_put_into_sql_once() -> None:
    assert visible_to(ANNA) is visible_to(ANNA)
    assert visible_to(ANNA) is not visible_to(BEN)
