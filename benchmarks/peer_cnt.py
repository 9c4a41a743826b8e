"""Runs coordination-network-toolkit (CNT) itself on a share table, in the Python that has it."""

from __future__ import annotations

import argparse
import csv
import subprocess
from pathlib import Path

COLUMNS = (
    "message_id",
    "user_id",
    "username",
    "repost_id",
    "reply_id",
    "message",
    "timestamp",
    "urls",
)

# argv: posts.csv, cnt.db, window, and a file for the CPU-seconds of starting and loading.
CNT_SCRIPT = """
import contextlib, multiprocessing, os, sys
from coordination_network_toolkit.compute_networks import compute_co_link_network
from coordination_network_toolkit.preprocess import preprocess_csv_files

multiprocessing.set_start_method("fork")
posts, database, window_s, loaded = sys.argv[1:]
with contextlib.redirect_stdout(sys.stderr):
    preprocess_csv_files(database, [posts])
    with open(loaded, "w") as stream:
        stream.write(str(sum(os.times()[:4])))
    compute_co_link_network(database, int(window_s), n_threads=os.cpu_count(), min_edge_weight=1)
"""


def has_cnt(python: str) -> bool:
    """Whether that Python can import CNT."""
    code = "import coordination_network_toolkit"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def write_cnt_csv(shares: Path, posts: Path) -> None:
    """The share table as CNT's CSV: each row a post with one link."""
    import pyarrow.parquet as pq

    table = pq.ParquetFile(shares)
    with posts.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for batch in table.iter_batches():
            columns = [batch[name].to_pylist() for name in ("content_id", "account_id")]
            columns += [batch["timestamp_share"].to_pylist(), batch["object_id"].to_pylist()]
            for content, account, at_s, link in zip(*columns, strict=True):
                writer.writerow((content, account, "", "", "", "", at_s, link))


def main() -> None:
    """Write CNT's CSV of a share table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("shares", type=Path)
    parser.add_argument("posts", type=Path)
    options = parser.parse_args()
    write_cnt_csv(options.shares, options.posts)


if __name__ == "__main__":
    main()
