"""Speed of the import: CPU-seconds, rows a second, peak memory, and the ratio to a floor.

The floor is DuckDB reading every column of the same file and nothing else. Every measurement is
a process of its own, started once before to warm caches. Run:

    python benchmarks/import_speed.py [--posts 500000] [--shares 5000000]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

IRA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "ira-tweets"

_IMPORT = """
import sys
from pathlib import Path
from assay.importers.report import ImportOptions
from assay.importers.run import import_files
from assay.model.progress import Silent
options = ImportOptions(threads=2, timezone="UTC")
summary = import_files([sys.argv[1]], Path(sys.argv[2]), options, Silent())
print(summary.read, sum(summary.shares.values()))
"""
_FLOOR = """
import sys, duckdb
path = sys.argv[1]
reader = "read_csv($path, all_varchar = true)" if path.endswith(".csv") else "read_parquet($path)"
duckdb.execute("SET threads = 2; SET enable_progress_bar = false")
duckdb.execute(f"CREATE TEMP TABLE t AS SELECT * FROM {reader}", {"path": path})
"""


def made_up_posts(path: Path, count: int) -> None:
    """A CSV of posts: words, links (one in two), hashtags, mentions, reposts (one in three)."""
    duckdb.execute("SELECT setseed(0.5)")
    duckdb.execute(
        f"""
        COPY (
            SELECT
                i AS tweet_id,
                'user' || CAST(random() * {count // 15} AS BIGINT) AS screen_name,
                strftime(to_timestamp(1600000000 + CAST(random() * 1e6 AS BIGINT)),
                    '%Y-%m-%dT%H:%M:%SZ') AS created_at,
                'en' AS lang,
                CASE WHEN i % 3 = 0 THEN CAST(random() * {count // 8} AS BIGINT) END
                    AS retweeted_tweet_id,
                array_to_string(list_transform(range(12), lambda j:
                    'word' || CAST(hash(i * 31 + j) % 5000 AS VARCHAR)), ' ')
                || ', "quoted", #tag' || i % 700 || ' @friend' || i % 9000
                || CASE WHEN i % 2 = 0 THEN ' https://www.example' || i % 900
                    || '.com/news/' || CAST(random() * {count // 5} AS BIGINT)
                    || '?utm_source=x&id=' || i % 50 ELSE '' END
                || CASE WHEN i % 4 = 0 THEN ' Привет, мир' ELSE '' END AS text
            FROM range({count}) AS r(i)
        ) TO '{path}' (HEADER)
        """
    )


def made_up_shares(csv: Path, parquet: Path, count: int) -> None:
    """A share table with skewed accounts and objects, as CSV and as Parquet."""
    duckdb.execute("SELECT setseed(0.5)")
    duckdb.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE made_up AS
        SELECT
            'o' || CAST(random() * random() * {count // 8} AS BIGINT) AS object_id,
            'u' || CAST(random() * random() * {count // 15} AS BIGINT) AS account_id,
            'c' || i AS content_id,
            1600000000 + CAST(random() * 1e7 AS BIGINT) AS timestamp_share
        FROM range({count}) AS r(i)
        """
    )
    duckdb.execute(f"COPY made_up TO '{csv}' (HEADER)")
    duckdb.execute(f"COPY made_up TO '{parquet}' (FORMAT parquet)")


def measured(code: str, *arguments: str) -> tuple[float, float, float, str]:
    """CPU-seconds, wall seconds, peak megabytes and output of one process."""
    environment = {key: v for key, v in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "assay-bench-bytecode")
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the measured process failed with {process.returncode}")
    peak_mb = usage.ru_maxrss / 1e3  # kilobytes on Linux
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, peak_mb, output.strip()


def report(name: str, path: Path, folder: Path) -> None:
    """Measure one file and print a line."""
    floor_s = measured(_FLOOR, str(path))[0]
    cpu_s, wall_s, peak_mb, output = measured(_IMPORT, str(path), str(folder / f"{name}.dataset"))
    rows, shares = (int(word) for word in output.split())
    print(
        f"{name:<24}{rows:>10,} rows {shares:>10,} shares {cpu_s:7.1f} CPU-s {wall_s:7.1f} s wall "
        f"{rows / cpu_s:>11,.0f} rows/CPU-s {rows / wall_s:>11,.0f} rows/s "
        f"{cpu_s / floor_s:6.1f}x floor {peak_mb:7,.0f} MB"
    )


def main() -> None:
    """Make the inputs and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=500_000)
    parser.add_argument("--shares", type=int, default=5_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = folder / "small.csv"
        made_up_posts(small, 1000)
        measured(_IMPORT, str(small), str(folder / "warm"))
        print(f"start-up alone: {measured(_IMPORT, str(small), str(folder / 'warm'))[0]:.1f} CPU-s")
        if arguments.posts:
            posts = folder / "posts.csv"
            made_up_posts(posts, arguments.posts)
            report("made-up posts, CSV", posts, folder)
        if IRA.exists():
            tweets = folder / "ira.csv"
            duckdb.execute(f"COPY (FROM '{IRA / 'tweets.parquet'}') TO '{tweets}' (HEADER)")
            report("IRA tweets, CSV", tweets, folder)
        if arguments.shares:
            csv, parquet = folder / "shares.csv", folder / "shares.parquet"
            made_up_shares(csv, parquet, arguments.shares)
            report("share table, CSV", csv, folder)
            report("share table, Parquet", parquet, folder)


if __name__ == "__main__":
    main()
