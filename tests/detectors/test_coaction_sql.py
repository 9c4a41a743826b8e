"""The compiled copies of the network's steps are what Ibis makes of the expressions."""

from __future__ import annotations

import re
import subprocess
import sys

import ibis
import pytest

from assay.detectors.coaction_steps import co_timed_pairs, coordination_network
from assay.engine.step import Step

SCHEMAS = {
    "active_shares": {"object": "int32", "account": "int32", "shared_us": "int64"},
    "co_timed_pairs": {"object": "int32", "pair": "int64"},
    "partial_network": {"pair": "int64", "shared_objects": "int64"},
}


@pytest.mark.parametrize(
    "step",
    [
        co_timed_pairs(1),
        co_timed_pairs(60_000_000),
        co_timed_pairs(10**15),
        coordination_network(1),
        coordination_network(7),
        coordination_network(2, "partial_network"),
    ],
    ids=lambda step: step.name,
)
def test_the_copy_equals_what_ibis_compiles(step: Step) -> None:
    tables = {name: ibis.table(SCHEMAS[name], name=name) for name in step.reads}
    compiled = str(ibis.to_sql(step.build(tables), dialect="duckdb"))
    assert _plain(step.duckdb_sql or "") == _plain(compiled)


def _plain(sql: str) -> str:
    """One space between words, none inside brackets."""
    return re.sub(r" ?([()]) ?", r"\1", re.sub(r"\s+", " ", sql.strip()))


def test_a_run_needs_no_ibis_and_without_an_engine_no_duckdb_and_no_importer() -> None:
    """Loading Ibis takes as long as detection on a million shares."""
    code = (
        "import sys, assay.workbench, assay.detectors.coaction; "
        "early = {'duckdb', 'assay.importers.run'} & sys.modules.keys(); "
        "import assay.engine.duckdb; "
        "sys.exit('ibis' in sys.modules or bool(early))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
