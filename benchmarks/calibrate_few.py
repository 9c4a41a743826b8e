"""How often is anything named where few accounts react within minutes and nobody acts together?

    python benchmarks/calibrate_few.py             # 200 runs of each, at 20 s and 60 s
    python benchmarks/calibrate_few.py --runs 40 --seed 3

The world ``few`` of ``assay calibrate``, and others like it of other sizes and speeds; three of
them were looked at for decision 0023. Prints for each how many runs keep an edge, and how many name
an account by its own test on held-out objects; each of them is false.
"""

from __future__ import annotations

import argparse
import itertools

from assay.detectors.coaction_parameters import Coaction
from assay.detectors.in_memory import detect_in_memory
from assay.laboratory.calibrate_held_out import ACCOUNTS, HeldOutTask, judge_held_out
from assay.laboratory.calibrate_rules import GATE, kept_by_nulls
from assay.laboratory.calibrate_run import judged
from assay.laboratory.worlds import World, make_world
from assay.laboratory.worlds_habits import few

SIZES = (*itertools.product((30, 60, 120), (8, 12, 20), (180.0,)), (60, 12, 90.0), (60, 12, 360.0))
"""Accounts, sharers of each story, and their mean delay after the first."""

WINDOWS_S = (20.0, 60.0)


def named(world: World, seed: int, run: int, parameters: Coaction) -> list[tuple[bool, bool]]:
    """At each window: whether an edge is kept, and whether an account is named."""
    made = make_world(world, seed, run, None)
    each = detect_in_memory(made.shares, WINDOWS_S, world.resolution_us, parameters)
    found = []
    for window_s, tested in zip(WINDOWS_S, each, strict=True):
        kept = kept_by_nulls(tested, window_s, parameters.min_shared, parameters.fdr)
        (edges,) = (judged(one, made)["false"] for one in kept if one.rule == GATE)
        held_out = judge_held_out(HeldOutTask(made, tested, window_s, parameters, seed))
        found.append((edges > 0, held_out[ACCOUNTS]["false"] > 0))
    return found


def main() -> None:
    """Print a row for every world and window."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--runs", type=int, default=200, help="runs of each kind of world")
    options.add_argument("--seed", type=int, default=7, help="of all worlds")
    chosen = options.parse_args()
    print("accounts", "sharers", "delay_s", "window_s", "edge", "account", sep="\t")
    for accounts, sharers, delay_s in SIZES:
        name = f"few {accounts} {sharers} {delay_s:g}"
        world = World(name, name, few(accounts, sharers, delay_s))
        runs = [named(world, chosen.seed, run, Coaction()) for run in range(chosen.runs)]
        for window_s, own in zip(WINDOWS_S, zip(*runs, strict=True), strict=True):
            edge, account = (sum(one) for one in zip(*own, strict=True))
            row = (accounts, sharers, f"{delay_s:g}", f"{window_s:g}", edge, account)
            print(*row, sep="\t", flush=True)


if __name__ == "__main__":
    main()
