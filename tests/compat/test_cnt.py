from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compat.cnt import CntRules, as_network, cnt_network, plain_text, read_posts
from assay.errors import InputError, UsageError
from tests.compat.brute_force import cnt_edges
from tests.compat.random_tables import TEXTS, Row, random_posts
from tests.compat.run_cnt import NETWORKS, run_cnt, write_posts

REFERENCE = Path(__file__).resolve().parents[2] / ".." / "shared" / "reference"
FIXTURE = json.loads(Path(__file__).with_name("cnt_expected.json").read_text(encoding="utf-8"))


def found_edges(path: Path, network: str, window_s: float, min_edge_weight: int) -> dict[Any, int]:
    rules = CntRules(as_network(network), window_s, min_edge_weight)
    rows = cnt_network(read_posts(path, rules.network), rules).edges.to_pylist()
    edges = {(row["user_1"], row["user_2"]): row["weight"] for row in rows}
    assert len(edges) == len(rows)
    return edges


@pytest.mark.parametrize(
    "case", FIXTURE["cases"], ids=lambda case: f"{case['seed']}-{case['network']}"
)
def test_equals_what_cnt_found_on_made_up_posts(case: Row, tmp_path: Path) -> None:
    write_posts(tmp_path / "posts.csv", FIXTURE["posts"][str(case["seed"])])
    found = found_edges(
        tmp_path / "posts.csv", case["network"], case["window_s"], case["min_edge_weight"]
    )
    assert found == {(user_1, user_2): weight for user_1, user_2, weight in case["edges"]}
    assert found, "a case without edges tests nothing"


@settings(max_examples=40)
@given(
    st.integers(0, 10**6),
    st.sampled_from(NETWORKS),
    st.sampled_from([0.0, 0.1, 0.3, 1.0, 9.9, 60.0, 1000.0]),
    st.integers(0, 3),
)
def test_equals_the_rules_on_random_posts(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    network: str,
    window_s: float,
    min_edge_weight: int,
) -> None:
    path = tmp_path_factory.mktemp("posts") / "posts.csv"
    posts = random_posts(seed)
    write_posts(path, posts)
    rules = (network, window_s, min_edge_weight)
    assert found_edges(path, *rules) == cnt_edges(posts, *rules)


@pytest.mark.peer
@pytest.mark.parametrize("seed", range(100, 130))
def test_equals_cnt_itself(seed: int, tmp_path: Path) -> None:
    posts = random_posts(seed, n_posts=150)
    write_posts(tmp_path / "posts.csv", posts)
    window_s = (0, 1, 60, 0.1, 0.7, 12.3)[seed % 6]
    for network in NETWORKS:
        rules = (network, window_s, 1 + seed % 3)
        found = found_edges(tmp_path / "posts.csv", *rules)
        assert found == run_cnt(posts, *rules), rules
        assert found == cnt_edges(posts, *rules), rules


def test_share_table_stands_for_links_and_reposts(tmp_path: Path) -> None:
    path = tmp_path / "shares.parquet"
    columns = {
        "object_id": ["x", "x", "x", None, ""],
        "account_id": ["a", "b", "a", "a", "b"],
        "content_id": ["1", "2", "1", "3", "4"],
        "timestamp_share": [0, 5, 500, 900, 900],
    }
    pq.write_table(pa.table(columns), path)
    loops = {("a", "a"): 1, ("b", "b"): 1}
    # The second row of content 1 is dropped; rows without an object share the empty link.
    assert found_edges(path, "co_link", 5, 1) == {
        ("a", "a"): 2,
        ("b", "b"): 2,
        ("a", "b"): 2,
        ("b", "a"): 2,
    }
    assert found_edges(path, "co_retweet", 5, 1) == loops | {("a", "b"): 1, ("b", "a"): 1}
    assert found_edges(path, "co_retweet", 4.5, 1) == loops


def test_links_may_be_a_list(tmp_path: Path) -> None:
    path = tmp_path / "posts.parquet"
    columns = {
        "message_id": ["1", "2", "3"],
        "user_id": ["a", "b", "c"],
        "timestamp": [0.0, 1.0, 1.0],
        "urls": pa.array([["l1", "l2"], ["l2"], None], pa.list_(pa.string())),
    }
    pq.write_table(pa.table(columns), path)
    found = found_edges(path, "co_link", 60, 1)
    assert found == {("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 1}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Hello  World ", "hello world"),
        ("@Some_one: hello", "hello"),
        ("mail me@home now", "mail me now"),
        ("@a\x1cb c", "c"),
        ("x @a\u3000b", "x b"),
        ("İ", "i̇"),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.peer
@given(st.text(st.sampled_from("aB@\t\n\r\x0b\x1c\x1f \x85\xa0\u2003\u2028\u3000İß")))
def test_plain_text_is_cnts(text: str) -> None:
    from coordination_network_toolkit.similarity import message_preprocessor

    assert plain_text(text) == message_preprocessor(text)
    assert all(plain_text(known) == message_preprocessor(known) for known in TEXTS)


def test_a_file_without_the_compared_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("message_id,user_id,timestamp\n1,a,5\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_posts(path, "co_tweet")
    assert caught.value.column == "message"
    assert "text" in (caught.value.fix or "")
    assert found_edges(path, "co_post", 60, 1) == {("a", "a"): 1}


def test_unknown_network_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="co_dance"):
        as_network("co_dance")


@pytest.mark.data
@pytest.mark.parametrize("modality", ["russian", "url", "image", "hashtag", "domain"])
def test_equals_the_reference(modality: str) -> None:
    network = "co_retweet" if modality == "russian" else "co_link"
    found = found_edges(REFERENCE / "coortweet" / f"input_{modality}.parquet", network, 60, 1)
    wanted = pq.read_table(REFERENCE / "cnt" / f"{modality}_{network}_w60_mw1.parquet")
    assert found == {(r["user_1"], r["user_2"]): r["weight"] for r in wanted.to_pylist()}
