"""Coaction beside its floor and beside CNT: speed, memory and growth, on one input in one run.

The **floor** is DuckDB reading the columns object, account and time of the same Parquet file and
sorting them by object and time into a table: no tool that sorts can cost less. Ours is
``assay detect coaction`` with gate and comparison nulls, twice: the **whole command** on the share
table (checksum, import, sorting, detection) and **detection** on the dataset that this leaves.
Each is a process of its own with start-up and output. ``benchmarks/run.py`` is the command.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.lines import Goal, Line, failed
from benchmarks.measure import Measured, NotMeasured, median
from benchmarks.peer_cnt import CNT_SCRIPT, has_cnt

WINDOW_S = 60
LEAST_FLOORS = 3  # the floor is short, and every ratio hangs on it
MEMORY = "2GB"
COLUMNS = {
    "table": ("object_id", "account_id", "timestamp_share"),
    "dataset": ("object_id", "account_id", "shared_at"),
}

# argv: Parquet file, then the columns object, account, time.
FLOOR = """
import sys
import duckdb
path, object_id, account_id, time = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET enable_progress_bar = false")
connection.execute(
    f"CREATE TEMP TABLE sorted AS SELECT {object_id}, {account_id}, {time} "
    f"FROM read_parquet($path) ORDER BY {object_id}, {time}",
    {"path": path},
)
"""

# argv: edges.parquet.
CHECK_TESTED = """
import sys
import pyarrow.parquet as pq
names = ["p_value", "q_value", "p_shuffle", "p_rate", "p_hypergeometric"]
edges = pq.read_table(sys.argv[1], columns=names)
missing = [name for name in names if len(edges) and edges[name].null_count == len(edges)]
sys.exit(f"not tested: {missing}" if missing else 0)
"""


@dataclass(frozen=True)
class Case:
    """One input of a row."""

    row: str
    kind: str
    size: str
    ids: str

    @property
    def name(self) -> str:
        """Such as ``flat 5M, int ids``."""
        return f"{self.kind} {self.size}, {self.ids} ids"


def floor(bench: Bench, parquet: Path, columns: tuple[str, str, str]) -> Measured:
    """Read and sort, nothing else."""
    command = [bench.options.python, "-c", FLOOR, str(parquet), *columns]
    return median(max(bench.options.runs, LEAST_FLOORS), lambda: bench.once(command))


def detect(bench: Bench, given: Path, out: Path, *more: str) -> Measured:
    """``assay detect coaction`` on a share table or a dataset."""
    return bench.assay(*_arguments(given), *more, out=out)


def _arguments(given: Path) -> tuple[str, ...]:
    window = f"{WINDOW_S}s"
    return ("detect", "coaction", str(given), "--window", window, "--no-report", "--quiet")


def sizes(bench: Bench, out: Path) -> tuple[int, int, str]:
    """Shares and share pairs of a finished run, and both with its candidates in words.

    Raises:
        NotMeasured: The run left out the gate or a comparison null.
    """
    bench.script(CHECK_TESTED, str(out / "edges.parquet"))
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    shares = record["data"]["shares"]
    pairs = sum(part["share_pairs"] for part in record["prediction"])
    candidates = record["results"]["candidates"]
    return shares, pairs, f"{shares:,} shares, {pairs:,} share pairs, {candidates:,} candidates"


def network_of_cnt(bench: Bench, case: Case) -> tuple[Measured, Measured]:
    """CNT's co-link network: loading and network, and the network alone.

    The second one's wall time and memory are those of the whole.
    """
    posts, database = bench.work / "posts.csv", bench.work / "cnt.db"
    loaded = bench.work / "loaded.txt"
    shares = bench.shares(case.kind, case.size, case.ids)
    bench.script(
        "import sys, pathlib, peer_cnt; peer_cnt.write_cnt_csv(*map(pathlib.Path, sys.argv[1:]))",
        *(str(shares), str(posts)),
    )
    command = [bench.options.cnt_python, "-c", CNT_SCRIPT, str(posts), str(database)]
    try:
        whole = bench.once([*command, str(WINDOW_S), str(loaded)])
        alone_s = whole.cpu_s - float(loaded.read_text(encoding="utf-8"))
    finally:
        for leftover in bench.work.glob("cnt.db*"):
            leftover.unlink()
        posts.unlink()
    return whole, Measured(alone_s, whole.wall_s, whole.peak_mb)


def beside_cnt(
    bench: Bench, case: Case, ours: Measured | None, what: str, goal: Goal
) -> list[Line]:
    """CNT's lines, and how many times our CPU its network alone takes."""
    name = f"{case.name}: CNT"
    if case.size != "300k" and not bench.options.peers:
        return [Line(case.row, name, note="not run at this size without --peers")]
    if not has_cnt(bench.options.cnt_python):
        return [Line(case.row, name, note="not run: not installed (requirements-bench.lock)")]
    bench.tell(name)
    try:
        whole, alone = network_of_cnt(bench, case)
    except NotMeasured as error:
        return [failed(case.row, name, error)]
    told = f"{alone.cpu_s:.2f} CPU-s"
    lines = [Line(case.row, f"{name}, loading and network", whole, note=f"network alone {told}")]
    if ours is not None:
        times = alone.cpu_s / ours.cpu_s
        lines.append(
            Line(
                case.row,
                f"{case.name}: CNT's network alone over {what}",
                figure=times,
                unit="x ours",
                goal=goal if bench.judging else None,
                note=told,
            )
        )
    return lines


def against_floor(bench: Bench, case: Case, floor_goal: float, cnt_goal: Goal | None) -> list[Line]:
    """Floor, whole command and detection of one large input, and CNT where a goal names it."""
    shares = bench.shares(case.kind, case.size, case.ids)
    out = bench.work / "out"
    lines: list[Line] = []
    detection = None
    what = f"{case.name}: floor"
    try:
        bench.tell(case.name)
        table_floor = floor(bench, shares, COLUMNS["table"])
        lines.append(Line(case.row, f"{what} of the share table", table_floor))
        what = f"{case.name}: whole command on the share table"
        whole = detect(bench, shares, out)
        _, _, told = sizes(bench, out)
        times = whole.cpu_s / table_floor.cpu_s
        lines.append(Line(case.row, what, whole, times, "x floor", note=told))
        bench.keep_dataset(shares, out / "dataset")
        dataset = bench.dataset(shares)
        what = f"{case.name}: floor of the dataset"
        dataset_floor = floor(bench, dataset / "shares.parquet", COLUMNS["dataset"])
        lines.append(Line(case.row, what, dataset_floor))
        what = f"{case.name}: detection on the dataset"
        detection = detect(bench, dataset, out)
        times = detection.cpu_s / dataset_floor.cpu_s
        goal = Goal(floor_goal) if bench.judging else None
        told = f"{detection.cpu_s / table_floor.cpu_s:.2f} x the share table's floor"
        lines.append(Line(case.row, what, detection, times, "x floor", goal, told))
    except NotMeasured as error:
        lines.append(failed(case.row, what, error))
    if cnt_goal is not None:
        lines += beside_cnt(bench, case, detection, "detection", cnt_goal)
    return lines


def small(bench: Bench, case: Case) -> list[Line]:
    """300k shares: the whole command, warm and cold, beside CNT's network alone."""
    shares = bench.shares(case.kind, case.size, case.ids)
    out = bench.work / "out"
    lines: list[Line] = []
    whole = None
    what = f"{case.name}: floor"
    try:
        bench.tell(case.name)
        table_floor = floor(bench, shares, COLUMNS["table"])
        lines.append(Line(case.row, f"{what} of the share table", table_floor))
        what = f"{case.name}: whole command, numba's caches cold"
        cold = bench.cold(*_arguments(shares), out=out)
        what = f"{case.name}: whole command, warm"
        whole = detect(bench, shares, out)
        _, _, told = sizes(bench, out)
        times = whole.cpu_s / table_floor.cpu_s
        lines.append(Line(case.row, what, whole, times, "x floor", note=told))
        lines.append(
            Line(case.row, f"{case.name}: whole command, numba's caches cold", cold, note="one run")
        )
        bench.keep_dataset(shares, out / "dataset")
        what = f"{case.name}: detection on the dataset"
        lines.append(Line(case.row, what, detect(bench, bench.dataset(shares), out)))
    except NotMeasured as error:
        lines.append(failed(case.row, what, error))
    return lines + beside_cnt(bench, case, whole, "the whole command", Goal(1.0, at_least=True))


def within_memory(bench: Bench, case: Case) -> list[Line]:
    """The whole command on the share table with little memory: it finishes, and keeps to it."""
    shares = bench.shares(case.kind, case.size, case.ids)
    out = bench.work / "out"
    what = f"{case.name}: whole command, --memory {MEMORY}"
    bench.tell(what)
    try:
        whole = detect(bench, shares, out, "--memory", MEMORY)
        _, _, told = sizes(bench, out)
    except NotMeasured as error:
        return [failed(case.row, what, error)]
    bench.keep_dataset(shares, out / "dataset")
    goal = Goal(3.0) if bench.judging else None
    return [Line(case.row, what, whole, whole.peak_mb / 1000, "GB", goal, told)]


def growth(bench: Bench, ids: str) -> list[Line]:
    """CPU per share and share pair at 20M over that at 1M, with and without start-up."""
    out = bench.work / "out"
    lines: list[Line] = []
    per_unit: dict[str, float] = {}
    per_unit_net: dict[str, float] = {}
    what = f"growth, {ids} ids: start-up"
    try:
        start = start_up(bench, ids)
        lines.append(Line("growth", f"{what} (detection on 300 shares)", start))
        for size in ("1M", "20M"):
            case = Case("growth", "flat", size, ids)
            what = f"{case.name}: detection on the dataset"
            bench.tell(what)
            measured = detect(bench, bench.dataset(bench.shares("flat", size, ids)), out)
            shares, pairs, told = sizes(bench, out)
            per_unit[size] = measured.cpu_s / (shares + pairs) * 1e6
            per_unit_net[size] = (measured.cpu_s - start.cpu_s) / (shares + pairs) * 1e6
            unit = "CPU-µs a share or pair"
            lines.append(Line("growth", what, measured, per_unit[size], unit, note=told))
    except NotMeasured as error:
        return [*lines, failed("growth", what, error)]
    finally:
        shutil.rmtree(out, ignore_errors=True)
    what = f"growth, {ids} ids: CPU per (share + share pair), 20M over 1M"
    goal = Goal(1.3) if bench.judging else None
    grown = per_unit["20M"] / per_unit["1M"]
    lines.append(Line("growth", what, figure=grown, unit="x", goal=goal))
    if min(per_unit_net.values()) > 0:  # tiny inputs may cost no more than start-up
        net = per_unit_net["20M"] / per_unit_net["1M"]
        lines.append(Line("growth", f"{what}, start-up taken off", figure=net, unit="x"))
    return lines


# argv: path.
MAKE_FEW = """
import sys
from pathlib import Path
from inputs import ShareInput, write_share_table
write_share_table(ShareInput("flat", 300, 40, 18.0, 0), Path(sys.argv[2]), ids=sys.argv[1])
"""


def start_up(bench: Bench, ids: str) -> Measured:
    """What detection costs before the first share."""
    few = bench.made(f"few-{ids}.parquet", Path(__file__).with_name("inputs.py"), MAKE_FEW, ids)
    return detect(bench, bench.dataset(few), bench.work / "out")
