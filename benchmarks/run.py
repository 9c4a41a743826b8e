"""Speed, memory and growth of Assay as ratios in one run on the same input.

    python benchmarks/run.py --quick
    python benchmarks/run.py --peers --runs 3 --json figures.json

Prints one table; the exit code is 1 when a goal is missed. docs/reference/benchmarks.md says what
each row means.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench import REPOSITORY, Bench, Options
from benchmarks.coaction_speed import Case, against_floor, growth, small, within_memory
from benchmarks.command_speed import help_line, import_lines, scan_lines
from benchmarks.identities_speed import identities_lines
from benchmarks.lines import Goal, Line, as_json, as_markdown, as_text, failed
from benchmarks.measure import NotMeasured
from benchmarks.nulls_speed import nulls

CNT_OVER_FLAT = Goal(15.0, at_least=True)
ROWS: dict[str, Callable[[Bench], list[Line]]] = {
    "help": help_line,
    "300k": lambda bench: _each(bench, lambda ids: small(bench, Case("300k", "flat", "300k", ids))),
    "flat": lambda bench: _each(
        bench,
        lambda ids: against_floor(bench, Case("flat", "flat", "5M", ids), 6.0, CNT_OVER_FLAT),
    ),
    "hub": lambda bench: _each(
        bench, lambda ids: against_floor(bench, Case("hub", "hub-heavy", "5M", ids), 15.0, None)
    ),
    "nulls": lambda bench: _each(bench, lambda ids: nulls(bench, ids)),
    "20M": lambda bench: _each(
        bench, lambda ids: within_memory(bench, Case("20M", "flat", "20M", ids))
    ),
    "growth": lambda bench: _each(bench, lambda ids: growth(bench, ids)),
    "import": import_lines,
    "ira": scan_lines,
    "identities": identities_lines,
}
"""The rows in their order; the data set that 20M leaves is used by growth."""

# What the interpreter has; pyarrow imports pandas where it is installed.
DESCRIBE = """
import importlib.metadata as metadata, importlib.util, platform
import assay
names = [f"{name} {metadata.version(name)}" for name in ("duckdb", "numba", "numpy", "pyarrow")]
pandas = "pandas installed (pyarrow imports it, about 1 CPU-s a run)"
if importlib.util.find_spec("pandas") is None:
    pandas = "no pandas"
print(f"Assay {assay.__version__}, Python {platform.python_version()}, " + ", ".join(names), pandas,
    sep="; ")
"""


def _each(bench: Bench, row: Callable[[str], list[Line]]) -> list[Line]:
    return [line for ids in bench.options.ids for line in row(ids)]


def parser() -> argparse.ArgumentParser:
    """The options."""
    default_inputs = Path(tempfile.gettempdir()) / "assay-bench"
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = made.add_argument
    add("--rows", help=f"some of {','.join(ROWS)}; all unless given")
    add("--quick", action="store_true", help="the row 300k alone")
    add("--ids", default="int,string", help="kinds of id in the share tables")
    add("--runs", type=int, default=1, help="each figure is the median of so many runs")
    add("--peers", action="store_true", help="run CNT on 5M shares too (minutes)")
    add("--python", default=sys.executable, help="interpreter that runs Assay and the floor")
    add("--cnt-python", default=sys.executable, help="interpreter that has CNT")
    add("--inputs", type=Path, default=default_inputs, help="folder where inputs stay")
    add("--timeout", type=float, default=1800.0, help="seconds that one command may take")
    add("--shrink", type=int, default=1, help="divide all inputs, to try the benchmark itself")
    add("--json", type=Path, help="write the figures as JSON too")
    add("--markdown", action="store_true", help="print the table for the documentation")
    return made


def read_options(arguments: list[str] | None = None) -> tuple[argparse.Namespace, list[str]]:
    """The options and the names of the rows; ends with a message when they make no sense."""
    usage = parser()
    given = usage.parse_args(arguments)
    rows = ["300k"] if given.quick else list(ROWS)
    if given.rows:
        rows = [name for name in ROWS if name in given.rows.split(",")]
        if set(rows) != set(given.rows.split(",")):
            usage.error(f"--rows takes some of {','.join(ROWS)}")
    if not set(given.ids.split(",")) <= {"int", "string"}:
        usage.error("--ids takes int, string or both")
    if given.inputs.resolve().is_relative_to(REPOSITORY):
        usage.error("--inputs must lie outside of the repository")
    return given, rows


def head(options: Options) -> list[str]:
    """What the figures depend on."""
    described = subprocess.run(
        [options.python, "-c", DESCRIBE], capture_output=True, text=True, check=False
    )
    if described.returncode:
        raise SystemExit(f"{options.python} does not run Assay:\n{described.stderr[-500:]}")
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    cores = len(os.sched_getaffinity(0))
    told = [
        described.stdout.strip() + (f"; commit {commit}" if commit else ""),
        f"{cores} cores, load average {os.getloadavg()[0]:.1f} at the start; median of "
        f"{options.runs} run(s); whole processes with their children; numba's caches warm unless "
        "said",
    ]
    if options.shrink > 1:
        told.append(f"inputs divided by {options.shrink}: nothing is judged")
    return told


def measure_rows(bench: Bench, rows: list[str], lines: list[Line]) -> None:
    """Add all lines of the rows; a row that cannot be made is a line that says why."""
    for name in rows:
        try:
            made = ROWS[name](bench)
        except NotMeasured as error:
            made = [failed(name, name, error)]
        lines += made
        for line in made:
            if line.measured is not None:
                bench.tell(f"  {line.what}: {line.measured.cpu_s:.2f} CPU-s")


def main() -> int:
    """Measure, print, and say whether every goal was met."""
    given, rows = read_options()
    options = Options(
        python=given.python,
        cnt_python=given.cnt_python,
        inputs=given.inputs.resolve(),
        ids=tuple(given.ids.split(",")),
        runs=given.runs,
        timeout_s=given.timeout,
        shrink=given.shrink,
        peers=given.peers,
    )
    told = head(options)
    options.inputs.mkdir(parents=True, exist_ok=True)
    lines: list[Line] = []
    # SIGTERM, as `timeout` sends it, ends the measured process too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with tempfile.TemporaryDirectory(prefix="run-", dir=options.inputs) as work:
            measure_rows(Bench(options, Path(work)), rows, lines)
    finally:  # what was measured is shown even when the rest was interrupted
        print((as_markdown if given.markdown else as_text)(told, lines), flush=True)
        if given.json:
            record = {"head": told, "lines": [as_json(line) for line in lines]}
            text = json.dumps(record, indent=2, ensure_ascii=False)
            given.json.write_text(text + "\n", encoding="utf-8")
    return 1 if any(line.met is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
