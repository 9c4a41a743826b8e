"""Run coordination-network-toolkit itself on posts; needs it to be installed."""

from __future__ import annotations

import contextlib
import csv
import io
import multiprocessing
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.compat.random_tables import CNT_COLUMNS, Row

NETWORKS = ("co_link", "co_retweet", "co_tweet", "co_reply", "co_post")


def write_posts(path: Path, posts: list[Row]) -> None:
    """The posts as the CSV file that CNT reads."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, CNT_COLUMNS)
        writer.writeheader()
        writer.writerows(posts)


def run_cnt(
    posts: list[Row], network: str, window_s: float, min_edge_weight: int
) -> dict[tuple[str, str], int]:
    """CNT's own edges."""
    from coordination_network_toolkit import compute_networks
    from coordination_network_toolkit.preprocess import preprocess_csv_files

    compute: Callable[..., Any] = {
        "co_link": compute_networks.compute_co_link_network,
        "co_retweet": compute_networks.compute_co_retweet_parallel,
        "co_tweet": compute_networks.compute_co_tweet_network,
        "co_reply": compute_networks.compute_co_reply_network,
        "co_post": compute_networks.compute_co_post_network,
    }[network]
    # CNT hands its lock to its workers by inheritance, so they have to be forked.
    multiprocessing.set_start_method("fork", force=True)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        write_posts(Path(folder) / "posts.csv", posts)
        database = str(Path(folder) / "cnt.db")
        preprocess_csv_files(database, [str(Path(folder) / "posts.csv")])
        compute(database, window_s, min_edge_weight=min_edge_weight, n_threads=1)
        with contextlib.closing(sqlite3.connect(database)) as connection:
            rows = connection.execute(f"select user_1, user_2, weight from {network}_network")
            return {(user_1, user_2): weight for user_1, user_2, weight in rows}
