"""How often does a run warn that people react too fast for the test, and is the warning right?

    python -m benchmarks.calibrate_warning                    # 20 runs of every world, seed 3
    python -m benchmarks.calibrate_warning --runs 5 --seed 4 --worlds few,hub

The worlds of ``assay calibrate``, and the ones like ``few`` of ``calibrate_few.py``. Prints for
each world, planting and window how many runs keep a false edge and how many are warned of
(:mod:`assay.detectors.reactions`), with the medians of the three figures that the warning rests on;
then how both hang together where nothing is planted. The bounds were
chosen on seeds 1 and 2.
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections import defaultdict
from dataclasses import dataclass
from functools import partial

import numpy as np
from benchmarks.calibrate_few import SIZES

from assay.detectors.arrays import first_flags, taken
from assay.detectors.block_grid import block_grids
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.in_memory import detect_in_memory
from assay.detectors.reactions import CandidateTests, Reactions, reactions_of
from assay.laboratory.calibrate_rules import GATE, kept_by_nulls
from assay.laboratory.calibrate_run import judged
from assay.laboratory.worlds import World, find_worlds, make_world
from assay.laboratory.worlds_habits import few

JITTERS_S = (None, 20.0, 200.0)


@dataclass(frozen=True)
class Judged:
    """One world at one window.

    Attributes:
        world: Its name.
        jitter_s: Of what is planted; None for nothing.
        false: Whether the gate keeps a false edge.
        reactions: What the warning rests on.
    """

    world: str
    jitter_s: float | None
    false: bool
    reactions: Reactions


def worlds(names: list[str]) -> list[World]:
    """The laboratory's, and where none is named those like ``few`` as well."""
    found = list(find_worlds(names))
    if not names:
        for accounts, sharers, delay_s in SIZES:
            name = f"few {accounts} {sharers} {delay_s:g}"
            found.append(World(name, name, few(accounts, sharers, delay_s), planted=False))
    return found


def judge(seed: int, job: tuple[str, float | None, int]) -> list[Judged]:
    """One run of a world at each of its windows."""
    name, jitter_s, run = job
    (world,) = (one for one in worlds([]) if one.name == name)
    parameters = Coaction()
    made = make_world(world, seed, run, jitter_s)
    first = taken(made.shares, first_flags(made.shares))
    each = detect_in_memory(made.shares, world.windows_s, world.resolution_us, parameters)
    found = []
    for window_s, tested in zip(world.windows_s, each, strict=True):
        kept = kept_by_nulls(tested, window_s, parameters.min_shared, parameters.fdr)
        (edges,) = (judged(one, made)["false"] for one in kept if one.rule == GATE)
        grid = block_grids(window_s, parameters.deltas, world.resolution_us)[0]
        tests = CandidateTests(
            tested.account_i,
            tested.account_j,
            tested.p_values[0],
            tested.family,
            parameters.min_shared,
        )
        own = reactions_of("object", window_s, first, grid, tests)
        found.append(Judged(world.name, jitter_s, edges > 0, own))
    return found


def main() -> None:
    """Print a row for every world, planting and window, and the sums."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--runs", type=int, default=20, help="runs of each kind of world")
    options.add_argument("--seed", type=int, default=3, help="of all worlds")
    options.add_argument("--worlds", default="", help="some of the worlds; all unless given")
    chosen = options.parse_args()
    jobs = [
        (world.name, jitter_s, run)
        for world in worlds([name for name in chosen.worlds.split(",") if name])
        for jitter_s in (JITTERS_S if world.planted else JITTERS_S[:1])
        for run in range(chosen.runs)
    ]
    rows: dict[tuple[str, float | None, float], list[Judged]] = defaultdict(list)
    print(
        "world",
        "jitter_s",
        "window_s",
        "runs",
        "false",
        "warned",
        "met",
        "small",
        "joined",
        sep="\t",
    )
    with multiprocessing.get_context("spawn").Pool() as pool:
        for made in pool.imap(partial(judge, chosen.seed), jobs):
            for one in made:
                rows[one.world, one.jitter_s, one.reactions.window_s].append(one)
    for (world, jitter_s, window_s), own in rows.items():
        print(world, "–" if jitter_s is None else f"{jitter_s:g}", f"{window_s:g}", len(own),
              sum(one.false for one in own), sum(one.reactions.too_fast for one in own),
              *(f"{np.median([getattr(one.reactions, name) for one in own]):.3f}"
                for name in ("met", "small", "joined")), sep="\t")  # fmt: skip
    print()
    print("nothing planted", "false edge", "none", sep="\t")
    quiet = [one for (_, jitter_s, _), own in rows.items() if jitter_s is None for one in own]
    for warned in (True, False):
        false = [one.false for one in quiet if one.reactions.too_fast == warned]
        print("warned of" if warned else "not", sum(false), len(false) - sum(false), sep="\t")


if __name__ == "__main__":
    main()
