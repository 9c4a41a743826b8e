"""How often the tests err and what they find, over many runs: `assay calibrate`, timed.

    python benchmarks/accuracy.py                 # the default laboratory, 40 runs a world
    python benchmarks/accuracy.py --runs 200      # the long one, which resumes after a stop
    python benchmarks/accuracy.py --markdown      # and the tables of docs/reference/calibrate.md

Prints wall time, CPU time of all processes and every target; the exit code is 1 when a target is
not met. docs/reference/calibrate.md says what each target means.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

Row = dict[str, Any]

RULES = ("gate", "shuffle", "rate", "hypergeometric", "CooRTweet 0.5", "CooRTweet 0.95", "CNT 2")
HELD_OUT = ("gate", "groups held out", "accounts held out")
WINDOWS_S = (20.0, 60.0, 300.0)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Cells as a table of Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)) + "\n"


def short(figure: float) -> str:
    """Three digits, thousands set off."""
    return f"{float(f'{figure:.3g}'):,g}"


def false_edges(quiet: list[Row]) -> str:
    """Mean false edges of a run with nothing planted at 60 s, by world and rule."""
    false = {(row["world"], row["rule"]): row["false"] for row in quiet if row["window_s"] == 60}
    worlds = dict.fromkeys(world for world, _ in false)
    rows = [[world, *(short(false[world, rule]) for rule in RULES)] for world in worlds]
    return table(["world", *RULES], rows)


def false_runs(quiet: list[Row]) -> str:
    """By window, with nothing planted: false edges a run, and runs with anything false."""
    of = {(row["world"], row["rule"], row["window_s"]): row for row in quiet}
    worlds = dict.fromkeys(row["world"] for row in quiet if row["window_s"] in WINDOWS_S)

    def cell(world: str, rule: str, column: str) -> str:
        own = [of.get((world, rule, window_s)) for window_s in WINDOWS_S]
        return " · ".join("–" if row is None else short(row[column]) for row in own)

    rows = [
        [world, cell(world, "gate", "false")]
        + [cell(world, rule, "runs_with_false") for rule in HELD_OUT]
        for world in worlds
    ]
    return table(["world", "false edges", "runs: edges", "runs: groups", "runs: accounts"], rows)


def accounts_found(targets: list[Row]) -> str:
    """What was found of groups of six, by edges and by the accounts' own test; missed ones bold."""
    names = [
        f"accounts {by}, {jitter_s} s"
        for jitter_s in (20, 200)
        for by in ("tied by edges", "named by their own test")
    ]
    found = {(one["world"], one["name"]): one for one in targets if one["name"] in names}
    rows = []
    for world in dict.fromkeys(world for world, _ in found):
        own = [found[world, name] for name in names]
        bold = ["**" if one["verdict"] == "not met" else "" for one in own]
        cells = [f"{mark}{one['figure']}{mark}" for mark, one in zip(bold, own, strict=True)]
        rows.append([world, *cells])
    return table(["world", *names], rows)


def markdown(told: dict[str, Any]) -> str:
    """The tables of docs/reference/calibrate.md."""
    quiet = [row for row in told["rates"] if row["jitter_s"] is None]
    return "\n".join((false_edges(quiet), false_runs(quiet), accounts_found(told["targets"])))


def main() -> int:
    """Run the laboratory and print what came of it."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--runs", type=int, default=40, help="runs of each kind of world")
    options.add_argument("--worlds", default="", help="some of the worlds; all unless given")
    options.add_argument("--python", default=sys.executable, help="interpreter that runs Assay")
    options.add_argument(
        "--out", type=Path, default=Path(tempfile.gettempdir()) / "assay-accuracy", help="where to"
    )
    options.add_argument("--markdown", action="store_true", help="print the tables as well")
    chosen = options.parse_args()
    command = [chosen.python, "-m", "assay", "calibrate", "--runs", str(chosen.runs)]
    command += ["--worlds", chosen.worlds] if chosen.worlds else []
    began = time.monotonic()
    done = subprocess.run([*command, "-o", str(chosen.out)], check=False, stdout=subprocess.DEVNULL)
    if done.returncode:
        return done.returncode
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall_s = time.monotonic() - began
    print(f"{wall_s:.0f} s wall, {used.ru_utime + used.ru_stime:.0f} CPU-s")
    told = json.loads((chosen.out / "calibration.json").read_text(encoding="utf-8"))
    for target in told["targets"]:
        print(target["verdict"], target["world"], target["asked"], target["figure"], sep="\t")
    if chosen.markdown:
        print(markdown(told))
    return int(any(target["verdict"] == "not met" for target in told["targets"]))


if __name__ == "__main__":
    sys.exit(main())
