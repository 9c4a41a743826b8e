"""Calibrate the tests: worlds where the truth is known, run many times, on several processes.

Every finished run is a line of ``runs.ndjson`` in the output folder. An interrupted calibration
goes on from there, and one with more runs takes those that are there already.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
import zlib
from collections.abc import Generator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from assay import __version__
from assay.errors import UsageError
from assay.laboratory.calibrate_data import names_of, open_data
from assay.laboratory.calibrate_run import Condition, Judging, Outcome, run_condition
from assay.laboratory.worlds import World, find_worlds
from assay.model.method import METHOD
from assay.model.progress import Progress

JITTERS_S = (20.0, 200.0)
"""Jitters of the planted groups."""

Task = tuple[Condition, int]
"""A condition and the number of a run."""

NO_WORLDS = "none"
"""Stands for no world where only the user's data are to be judged."""

TOGETHER = 4
"""Runs handed to a process at a time."""


@dataclass(frozen=True)
class Calibration:
    """What is calibrated.

    Attributes:
        worlds: Names of worlds; empty for all.
        runs: Runs of each condition.
        shrinkages: Each κ of the gate's null to try; None learns it, as the gate does.
        judging: How worlds are judged.
        processes: Worker processes.
    """

    worlds: tuple[str, ...] = ()
    runs: int = 40
    shrinkages: tuple[float | None, ...] = (None,)
    judging: Judging = field(default_factory=Judging)
    processes: int = 2

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: A value is out of its range, or a world does not exist.
        """
        if self.runs < 1:
            raise UsageError("--runs must be at least 1", fix="40 is usual")
        if not 0 < self.judging.fdr < 1:
            raise UsageError("--fdr must lie between 0 and 1", fix="0.05 is usual")
        if not all(shrinkage is None or shrinkage > 0 for shrinkage in self.shrinkages):
            raise UsageError("the shrinkage must be above 0", fix="--shrinkage 5,20")
        if not self.conditions() and self.judging.dataset is None:
            raise UsageError(
                "no world has times fine enough for these windows",
                fix="use longer windows: at least twice a world's time resolution",
            )

    def conditions(self) -> list[Condition]:
        """Every world, planted and not, at every κ."""
        return [
            Condition(world.name, jitter_s, shrinkage)
            for world in self.simulated()
            if self.judging.windows_of(world.name)
            for shrinkage in self.shrinkages
            for jitter_s in (None, *(JITTERS_S if world.planted else ()))
        ]

    def simulated(self) -> tuple[World, ...]:
        """The worlds asked for; ``none`` asks for the user's data alone."""
        return () if self.worlds == (NO_WORLDS,) else find_worlds(self.worlds)

    def of_data(self) -> list[Condition]:
        """Every surrogate of the user's data."""
        if self.judging.dataset is None:
            return []
        names = names_of(open_data(Path(self.judging.dataset)))
        return [Condition(name, None, shrinkage) for name in names for shrinkage in self.shrinkages]

    def tasks(self) -> list[Task]:
        """Every condition with the number of every run, the user's data first."""
        tasks: list[Task] = []
        if self.judging.dataset is not None:
            replicates = open_data(Path(self.judging.dataset)).replicates(self.runs)
            tasks = [(one, run) for one in self.of_data() for run in range(replicates)]
        return tasks + [(one, run) for one in self.conditions() for run in range(self.runs)]


def calibrate(calibration: Calibration, folder: Path, progress: Progress) -> list[Outcome]:
    """Run everything that is not there yet; return all outcomes in their order.

    Args:
        calibration: What to run.
        folder: Where ``runs.ndjson`` is kept.
        progress: Told about finished runs.

    Raises:
        UsageError: Parameters make no sense.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "runs.ndjson"
    done = _read_log(log, calibration)
    wanted = calibration.tasks()
    missing = [task for task in wanted if task not in done]
    progress.stage("Running worlds", len(wanted), "runs")
    progress.advance(len(wanted) - len(missing))
    with (
        log.open("a", encoding="utf-8") as stream,
        closing(_run_all(missing, calibration)) as batches,
    ):
        for tasks in batches:
            for task, outcomes in tasks:
                done[task] = outcomes
                stream.writelines(json.dumps(outcome) + "\n" for outcome in outcomes)
            stream.flush()
            progress.advance(len(tasks))
    return [outcome for task in wanted for outcome in done[task]]


Done = list[tuple[Task, list[Outcome]]]


def _run_all(tasks: list[Task], calibration: Calibration) -> Generator[Done, None, None]:
    """Run tasks on processes, a few at a time; what was begun when a stop comes is left."""
    batches = [tasks[begin : begin + TOGETHER] for begin in range(0, len(tasks), TOGETHER)]
    run_some = partial(_run_some, judging=calibration.judging)
    if calibration.processes == 1 or len(batches) < 2:
        yield from map(run_some, batches)
        return
    # Spawned, not forked: threads of Arrow and numba do not survive a fork. Leaving the block, by
    # whatever way, ends the processes at once.
    context = multiprocessing.get_context("spawn")
    with context.Pool(min(calibration.processes, len(batches)), _ignore_interrupts) as pool:
        yield from pool.imap_unordered(run_some, batches)


def _run_some(tasks: list[Task], judging: Judging) -> Done:
    """In a worker: run some tasks."""
    return [((condition, run), run_condition(condition, run, judging)) for condition, run in tasks]


def _ignore_interrupts() -> None:
    """In a worker: the parent hears Ctrl-C and ends it; SIGTERM ends it as it always does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _header(calibration: Calibration) -> dict[str, Any]:
    """What makes runs comparable; worlds and their number may differ."""
    judging = asdict(calibration.judging)
    if calibration.judging.dataset is not None:
        # Not where the data lie, which is nobody's business, but which they are.
        shares = open_data(Path(calibration.judging.dataset)).kinds
        judging["dataset"] = {
            kind: zlib.crc32(own.times_us.tobytes(), zlib.crc32(own.accounts.tobytes()))
            for kind, own in shares.items()
        }
    told = {"version": __version__, "method": METHOD, "judging": judging}
    header: dict[str, Any] = json.loads(json.dumps(told))
    return header


def _read_log(log: Path, calibration: Calibration) -> dict[Task, list[Outcome]]:
    """Runs that are there already; a log of another calibration is begun anew."""
    done: dict[Task, list[Outcome]] = {}
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True) if log.exists() else []
    header = _header(calibration)
    # A line without its end was being written when the last run was stopped.
    whole = [json.loads(line) for line in lines if line.endswith("\n")]
    if not whole or whole[0] != header:
        log.write_text(json.dumps(header) + "\n", encoding="utf-8")
        return done
    for outcome in whole[1:]:
        condition = Condition(outcome["world"], outcome["jitter_s"], outcome["shrinkage"])
        done.setdefault((condition, outcome["run"]), []).append(outcome)
    # A run is whole with all of its windows; the rest of an unfinished one is dropped.
    done = {
        task: outcomes
        for task, outcomes in done.items()
        if len(outcomes) == len(calibration.judging.windows_of(task[0].world))
    }
    kept = [header, *(outcome for outcomes in done.values() for outcome in outcomes)]
    log.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    return done
