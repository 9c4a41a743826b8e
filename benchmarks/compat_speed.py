"""Peers' networks by `assay compat` beside coordination-network-toolkit itself, on one input.

    python benchmarks/compat_speed.py 300k
    python benchmarks/compat_speed.py 5M --kind hub-heavy --skip-cnt

Prints CPU-seconds (all processes), wall time, peak memory and the ratio to CNT's network alone,
loading left out; ours are whole commands with start-up and output. The edges of both are compared.
CNT runs when it is installed here or in the Python named by --cnt-python; CooRTweet needs R and
is not run.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from inputs import find_input, write_share_table
from peer_cnt import CNT_SCRIPT, has_cnt, write_cnt_csv

WINDOW_S = 60


@dataclass(frozen=True)
class Measured:
    """What one process and its children took."""

    what: str
    cpu_s: float
    wall_s: float
    peak_mb: float


def measure(what: str, command: list[str]) -> Measured:
    """Run a command to its end and take its resource use."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, errors = process.stderr, process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{what} failed:\n{errors.decode()[-2000:]}")
    wall_s = time.monotonic() - began
    return Measured(what, usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss / 1024)


def main() -> None:
    """Make the input, run all, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("size", nargs="?", default="300k")
    parser.add_argument("--kind", default="flat")
    parser.add_argument("--cnt-python", default=sys.executable)
    parser.add_argument("--skip-cnt", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shares, edges = folder / "shares.parquet", folder / "edges.parquet"
        write_share_table(find_input(options.kind, options.size), shares, ids="string")
        assay = [sys.executable, "-m", "assay", "compat"]
        tail = [str(shares), "--window", f"{WINDOW_S}s", "-q", "-o", str(edges)]
        runs = []
        for state in ("first run", "warm"):
            what = f"assay compat coortweet, {state}"
            runs.append(measure(what, [*assay, "coortweet", *tail]))
            what = f"assay compat cnt co_link, {state}"
            runs.append(measure(what, [*assay, "cnt", "--network", "co_link", *tail]))
        found = pq.ParquetFile(edges).read()
        network_s = None
        if options.skip_cnt or not has_cnt(options.cnt_python):
            print("CNT is not run: not installed here, or skipped")
        else:
            posts, database = folder / "posts.csv", folder / "cnt.db"
            loaded = folder / "loaded.txt"
            write_cnt_csv(shares, posts)
            command = [options.cnt_python, "-c", CNT_SCRIPT, str(posts), str(database)]
            run = measure("CNT co_link, loading too", [*command, str(WINDOW_S), str(loaded)])
            network_s = run.cpu_s - float(loaded.read_text(encoding="utf-8"))
            nothing = float("nan")
            runs += [run, Measured("CNT co_link, network alone", network_s, nothing, nothing)]
            query = "select user_1, user_2, weight from co_link_network"
            columns = list(zip(*sqlite3.connect(database).execute(query), strict=True))
            wanted = pa.table([pa.array(column) for column in columns], schema=found.schema)
            order = [(column, "ascending") for column in found.column_names]
            same = found.sort_by(order).equals(wanted.sort_by(order))
            print(f"{len(found):,} directed edges; equal to CNT's: {'yes' if same else 'NO'}")
        print(f"{'':32} {'CPU-s':>8} {'wall s':>8} {'peak MB':>8} {'of CNT':>8}")
        for run in runs:
            share = "" if network_s is None else f"{run.cpu_s / network_s:8.2f}"
            print(f"{run.what:32} {run.cpu_s:8.2f} {run.wall_s:8.2f} {run.peak_mb:8.0f} {share}")


if __name__ == "__main__":
    main()
