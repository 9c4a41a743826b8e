"""Whole commands on other input: help, import of posts and of shares, and a scan of real posts."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench import REPOSITORY, Bench
from benchmarks.lines import Goal, Line, failed
from benchmarks.measure import Measured, NotMeasured, median

HERE = Path(__file__).resolve().parent
IRA = (REPOSITORY.parent / "shared" / "data" / "ira-tweets" / "tweets.parquet").resolve()
POSTS = 1_000_000
SHARES = 5_000_000
HELP_RUNS = 5

# argv: rows, path.
MAKE_POSTS = """
import sys
from pathlib import Path
from import_speed import made_up_posts
made_up_posts(Path(sys.argv[2]), int(sys.argv[1]))
"""
# argv: Parquet file, path.
AS_CSV = """
import sys
import duckdb
source, path = sys.argv[1:]
duckdb.execute(f"COPY (FROM read_parquet($source)) TO '{path}' (FORMAT csv, HEADER)",
    {"source": source})
"""


def help_line(bench: Bench) -> list[Line]:
    """``assay --help``: the median of several."""
    what = "assay --help"
    bench.tell(what)
    command = [bench.options.python, "-m", "assay", "--help"]
    try:
        bench.once(command)
        measured = median(HELP_RUNS, lambda: bench.once(command))
    except NotMeasured as error:
        return [failed("help", what, error)]
    goal = Goal(0.3) if bench.judging else None
    return [Line("help", what, measured, measured.wall_s, "s wall", goal)]


def import_lines(bench: Bench) -> list[Line]:
    """``assay import`` of posts with text, and of share tables."""
    posts = POSTS // bench.options.shrink
    name = f"posts-{posts}.csv"
    csv = bench.made(name, HERE / "import_speed.py", MAKE_POSTS, str(posts))
    goal = Goal(100_000, at_least=True) if bench.judging else None
    lines = _imported(bench, "posts with text, CSV", csv, posts, (goal, None))
    goal = Goal(1_000_000, at_least=True) if bench.judging else None
    for ids in bench.options.ids:
        table = bench.shares("flat", "5M", ids)
        rows = SHARES // bench.options.shrink
        csv = bench.made(f"{table.stem}.csv", HERE / "inputs.py", AS_CSV, str(table))
        for form, path in (("Parquet", table), ("CSV", csv)):
            what = f"share table, {ids} ids, {form}"
            lines += _imported(bench, what, path, rows, (None, goal))
    return lines


def _imported(
    bench: Bench, what: str, path: Path, rows: int, goals: tuple[Goal | None, Goal | None]
) -> list[Line]:
    """Rows per CPU-second and per second of wall time; one goal for each."""
    what = f"assay import: {what}"
    bench.tell(what)
    try:
        out = bench.work / "imported"
        measured = bench.assay("import", str(path), "--timezone", "UTC", "--quiet", out=out)
    except NotMeasured as error:
        return [failed("import", what, error)]
    per_cpu_s, per_s = rows / measured.cpu_s, rows / measured.wall_s
    note = f"{rows:,} rows"
    return [
        Line("import", what, measured, per_cpu_s, "rows/CPU-s", goals[0], note),
        Line("import", f"{what}, wall", figure=per_s, unit="rows/s", goal=goals[1]),
    ]


def scan_lines(bench: Bench) -> list[Line]:
    """``assay scan`` of the real posts, from the file to the report."""
    what = "assay scan of ira-tweets, to the report"
    if not bench.judging:
        return [Line("ira", what, note="not run on shrunken input")]
    if not IRA.exists():
        return [Line("ira", what, note="not run: the real data are not beside the repository")]
    bench.tell(what)
    out = bench.work / "scanned"
    try:
        measured: Measured = bench.assay("scan", str(IRA), "--quiet", out=out)
    except NotMeasured as error:
        return [failed("ira", what, error)]
    page_mb = (out / "report.html").stat().st_size / 1e6
    return [
        Line("ira", what, measured, measured.wall_s, "s wall", Goal(60), f"page {page_mb:.1f} MB"),
        Line("ira", f"{what}: memory", None, measured.peak_mb / 1000, "GB", Goal(3)),
    ]
