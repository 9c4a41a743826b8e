from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compat.coortweet import (
    COORTWEET_EDGES,
    FIELDS,
    CooRTweetNetwork,
    CooRTweetRules,
    coortweet_network,
    quantile_type_7,
)
from assay.compat.tables import PeerTable, read_table
from assay.errors import UsageError
from tests.compat.brute_force import coortweet_edges, exact_quantile
from tests.compat.random_tables import Row, share_rows, single_use_contents

REFERENCE = Path(__file__).resolve().parents[2] / ".." / "shared" / "reference" / "coortweet"
MODALITIES = ("russian", "url", "fburl", "image", "hashtag", "domain")
WINDOWS_S = (0.0, 0.25, 1.0, 2.5, 5.0, 100.0)


def as_peer_table(rows: list[Row]) -> PeerTable:
    seconds = [row["timestamp_share"] for row in rows]
    columns = {
        name: pa.chunked_array([pa.array([row[name] for row in rows], pa.string())])
        for name in FIELDS
        if name != "timestamp_share"
    }
    columns["timestamp_share"] = pa.chunked_array([pa.array(seconds)])
    return PeerTable(Path("rows"), columns, {name: name for name in FIELDS})


def as_edges(table: pa.Table) -> dict[tuple[str, str], Row]:
    edges = {}
    for row in table.to_pylist():
        pair = sorted((row.pop("from"), row.pop("to")))
        if "object_ids" in row:
            objects = row["object_ids"].split(",")
            row["object_ids"] = set(objects)
            assert len(objects) == len(row["object_ids"])
        edges[pair[0], pair[1]] = row
    assert len(edges) == len(table)
    return edges


def assert_same(found: dict[tuple[str, str], Row], wanted: dict[tuple[str, str], Row]) -> None:
    assert found.keys() == wanted.keys()
    for pair, edge in wanted.items():
        for name, value in edge.items():
            if isinstance(value, float):
                assert found[pair][name] == pytest.approx(value, rel=0, abs=1e-9), (pair, name)
            else:
                assert found[pair][name] == value, (pair, name)


def network_of(rows: list[Row], *rules: Any) -> CooRTweetNetwork:
    return coortweet_network(as_peer_table(rows), CooRTweetRules(*rules))


@settings(max_examples=150, deadline=None)
@given(
    share_rows(),
    st.sampled_from(WINDOWS_S),
    st.integers(0, 4),
    st.sampled_from([None, 0.0, 0.25, 0.5, 0.875, 1.0]),
)
def test_equals_the_rules_on_random_tables(
    rows: list[Row], window_s: float, min_participation: int, edge_weight: float | None
) -> None:
    rules = (window_s, min_participation, edge_weight)
    assert_same(as_edges(network_of(rows, *rules).edges), coortweet_edges(rows, *rules))


@settings(max_examples=150, deadline=None)
@given(share_rows(whole_seconds=False), st.sampled_from(WINDOWS_S), st.integers(0, 3))
def test_equals_the_rules_with_fractional_times(
    rows: list[Row], window_s: float, min_participation: int
) -> None:
    rows = single_use_contents(rows)
    found = as_edges(network_of(rows, window_s, min_participation).edges)
    assert_same(found, coortweet_edges(rows, window_s, min_participation))


def test_repeated_contents_of_many_rows_equal_the_rules() -> None:
    """Enough rows to fill the kernel's growing arrays, with contents of all three uses."""
    draw = np.random.default_rng(5)
    rows = [
        {
            "object_id": f"o{draw.integers(4)}",
            "account_id": f"a{draw.integers(12)}",
            "content_id": f"c{draw.integers(300)}",
            "timestamp_share": int(draw.integers(400)),
        }
        for _ in range(900)
    ]
    assert_same(as_edges(network_of(rows, 50.0, 2).edges), coortweet_edges(rows, 50.0, 2))


def test_equal_times_take_the_account_seen_first_for_the_older() -> None:
    def row(account: str, content: str) -> Row:
        return {
            "object_id": "o",
            "account_id": account,
            "content_id": content,
            "timestamp_share": 7,
        }

    # z comes first in the file, so its two contents are the older ones, whatever the names.
    rows = [row("z", "z1"), row("a", "a1"), row("z", "z2")]
    [edge] = network_of(rows, 60.0, 1).edges.to_pylist()
    assert (edge["from"], edge["to"], edge["weight"]) == ("a", "z", 2)
    assert (edge["n_content_id"], edge["n_content_id_y"]) == (2, 1)
    rows = [row("a", "a1"), row("z", "z1"), row("z", "z2")]
    [edge] = network_of(rows, 60.0, 1).edges.to_pylist()
    assert (edge["n_content_id"], edge["n_content_id_y"]) == (1, 2)


def test_objects_stand_in_the_order_of_their_first_rows_even_of_rows_in_no_pair() -> None:
    shares = ["o:z:o", "p:a:1", "p:b:2", "o:a:3", "o:b:4"]  # z's content is its object: no pair
    rows: list[Row] = [
        dict(zip(FIELDS, [*share.split(":"), 7], strict=True))  # object, account, content, time
        for share in shares
    ]
    [edge] = network_of(rows, 60.0, 1).edges.to_pylist()
    assert edge["object_ids"] == "o,p"


def test_window_is_inclusive() -> None:
    def rows(seconds: float) -> list[Row]:
        return [
            {"object_id": "o", "account_id": "a", "content_id": "1", "timestamp_share": 0.0},
            {"object_id": "o", "account_id": "b", "content_id": "2", "timestamp_share": seconds},
        ]

    assert len(network_of(rows(60.0), 60.0, 1).edges) == 1
    assert len(network_of(rows(60.001), 60.0, 1).edges) == 0


def test_no_edges_leave_an_empty_table_of_the_same_columns() -> None:
    rows = [{"object_id": "o", "account_id": "a", "content_id": "1", "timestamp_share": 0}]
    network = network_of(rows, 60.0, 2, 0.5)
    assert network.edges.schema == COORTWEET_EDGES
    assert (len(network.edges), network.all_edges, network.threshold) == (0, 0, None)


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=60),
    st.integers(0, 64).map(lambda k: k / 64),
)
def test_quantile_is_type_7(values: list[int], probability: float) -> None:
    found = quantile_type_7(np.array(values), probability)
    assert found == pytest.approx(float(exact_quantile(values, probability)), abs=1e-12)


def test_quantile_rounds_as_r_does() -> None:
    # quantile(c(1, 2, 10), 0.9): R computes 0.2 * 2 + 0.8 * 10 from index 2.8.
    assert quantile_type_7(np.array([10, 1, 2]), 0.9) == pytest.approx(8.4)
    assert quantile_type_7(np.array([3, 3, 3, 3]), 0.7) == 3.0


def test_bad_rules_are_usage_errors() -> None:
    with pytest.raises(UsageError, match="negative"):
        CooRTweetRules(window_s=-1)
    with pytest.raises(UsageError, match="no quantile"):
        CooRTweetRules(edge_weight=1.5)


@pytest.mark.data
@pytest.mark.parametrize("modality", MODALITIES)
def test_equals_the_reference(modality: str) -> None:
    table = read_table(REFERENCE / f"input_{modality}.parquet", FIELDS)
    found = coortweet_network(table, CooRTweetRules(60.0, 2)).edges
    wanted = pq.read_table(REFERENCE / f"edges_{modality}_tw60_mp2.parquet")
    assert_same(as_edges(found), as_edges(wanted))
    for quantile in ("0.5", "0.9"):
        kept = coortweet_network(table, CooRTweetRules(60.0, 2, float(quantile))).edges
        name = f"subgraph1_{modality}_tw60_mp2_ew{quantile}.parquet"
        assert_same(as_edges(kept), as_edges(pq.read_table(REFERENCE / name)))
