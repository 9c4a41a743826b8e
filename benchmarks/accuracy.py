"""How often the tests err and what they find, over many runs: `assay calibrate`, timed.

    python benchmarks/accuracy.py                 # the default laboratory, 40 runs a world
    python benchmarks/accuracy.py --runs 200      # the long one, which resumes after a stop

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
    return int(any(target["verdict"] == "not met" for target in told["targets"]))


if __name__ == "__main__":
    sys.exit(main())
