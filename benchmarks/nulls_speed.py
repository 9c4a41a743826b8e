"""The gate and the comparison nulls over ten million pairs of accounts, without a join before them.

Pairs are drawn from the shares of the flat input of five million: two shares of one object, their
accounts, until there are ten million different pairs. So busy accounts are drawn often, as among
real candidates, and every pair has an object in common. ``benchmarks/run.py`` is the command.
"""

from __future__ import annotations

import json

from benchmarks.bench import Bench
from benchmarks.lines import Goal, Line, failed
from benchmarks.measure import Measured, NotMeasured

PAIRS = 10_000_000
MOST_CPU_S = 60.0
MOST_GB = 3.0

# argv: shares.parquet, pairs, where to write the figures.
NULLS = """
import json, os, sys
from pathlib import Path
import numpy as np
from assay.detectors.activity import activity_of
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.share_reader import read_coded_shares
from assay.detectors.window_run import tested_kind, tests_of_pairs

path, pairs, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
(shares,) = read_coded_shares(path, ("object",)).kinds.values()
activity = activity_of([shares], 1_000_000)
task = tested_kind(shares, 60.0, Coaction(), activity)
first = task.first
rng = np.random.default_rng(1)
packed = np.empty(0, np.int64)
while len(packed) < pairs:
    rows = rng.integers(0, len(first), pairs // 2)
    begins = first.starts[first.objects[rows]]
    others = begins + rng.integers(0, first.starts[first.objects[rows] + 1] - begins)
    low = np.minimum(first.accounts[rows], first.accounts[others]).astype(np.int64)
    high = np.maximum(first.accounts[rows], first.accounts[others]).astype(np.int64)
    packed = np.unique(np.concatenate((packed, (low * 2**32 + high)[low != high])))
packed = np.sort(rng.permutation(packed)[:pairs])
pair = ((packed // 2**32).astype(np.int32), (packed % 2**32).astype(np.int32))
del packed, rows, begins, others, low, high
before = os.times()
common = sum(
    int(columns["common_objects"].sum())
    for columns in tests_of_pairs(pair, task, memory_bytes=2 << 30, threads=2)
)
after = os.times()
out.write_text(json.dumps({
    "cpu_s": after.user + after.system - before.user - before.system,
    "wall_s": after.elapsed - before.elapsed,
    "pairs": len(pair[0]),
    "common": common,
}))
"""


def nulls(bench: Bench, ids: str) -> list[Line]:
    """CPU of both nulls alone; the peak is that of the whole process."""
    what = f"flat 5M, {ids} ids: gate and comparison nulls over {PAIRS:,} pairs"
    pairs = PAIRS // bench.options.shrink
    try:
        dataset = bench.dataset(bench.shares("flat", "5M", ids))
        bench.tell(what)
        out = bench.work / "nulls.json"
        command = [bench.options.python, "-c", NULLS, str(dataset / "shares.parquet")]
        command += [str(pairs), str(out)]
        bench.once(command)  # compiles what is not in the cache
        whole = bench.once(command)
    except NotMeasured as error:
        return [failed("nulls", what, error)]
    told = json.loads(out.read_text(encoding="utf-8"))
    alone = Measured(told["cpu_s"], told["wall_s"], whole.peak_mb)
    note = f"{told['pairs']:,} pairs, {told['common']:,} common objects"
    judged = bench.judging
    return [
        Line(
            "nulls", what, alone, alone.cpu_s, "CPU-s", Goal(MOST_CPU_S) if judged else None, note
        ),
        Line(
            "nulls",
            f"{what}: peak memory",
            figure=whole.peak_mb / 1000,
            unit="GB",
            goal=Goal(MOST_GB) if judged else None,
            note="of the whole process, the shares included",
        ),
    ]
