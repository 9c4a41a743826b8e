"""How small a network could hide in data like these? Plant groups, and see who is found."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from assay.detectors.base import DetectorContext
from assay.detectors.coaction_parameters import Coaction, check_seed
from assay.errors import InputError, UsageError
from assay.laboratory.baseline import Baseline, run_baseline
from assay.laboratory.draws import Draws
from assay.laboratory.intervals import wilson
from assay.laboratory.planting import Group, plant
from assay.laboratory.replay import found_members

MOST_GROUP = 500

POWER = pa.schema(
    [
        pa.field("size", pa.int64(), nullable=False),
        pa.field("objects", pa.int64(), nullable=False),
        pa.field("jitter_s", pa.float64(), nullable=False),
        pa.field("runs", pa.int64(), nullable=False),
        pa.field("planted_accounts", pa.int64(), nullable=False),
        pa.field("found_accounts", pa.int64(), nullable=False),
        pa.field("found_share", pa.float64(), nullable=False),
        pa.field("low", pa.float64(), nullable=False),
        pa.field("high", pa.float64(), nullable=False),
        pa.field("groups_seen", pa.int64(), nullable=False),
    ]
)
"""One row per kind of group: ``found_share`` of the planted accounts, with its 95 % interval;
``groups_seen`` is the number of runs in which at least two of the group were found."""


@dataclass(frozen=True)
class PowerGrid:
    """Which groups are planted, and how often.

    Attributes:
        sizes: Accounts of a group.
        objects: Objects that its members all share.
        jitters_s: Their shares of one object fall within so many seconds.
        runs: Plantings of each combination.
        known: Share of the objects that are taken from the data, where others share them too.
        seed: Of every draw.
    """

    sizes: tuple[int, ...] = (3, 6, 12, 25)
    objects: tuple[int, ...] = (4, 8, 16)
    jitters_s: tuple[float, ...] = (20.0, 200.0)
    runs: int = 20
    known: float = 0.5
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be planted.

        Raises:
            UsageError: A value is out of its range.
        """
        if not self.sizes or not all(2 <= size <= MOST_GROUP for size in self.sizes):
            raise UsageError(
                f"a group has 2 to {MOST_GROUP} accounts", fix="--sizes 3,6,12,25 is usual"
            )
        if not self.objects or not all(1 <= count <= MOST_GROUP for count in self.objects):
            raise UsageError(
                f"a group shares 1 to {MOST_GROUP} objects", fix="--objects 4,8,16 is usual"
            )
        if not self.jitters_s or not all(0 < jitter_s <= 1e6 for jitter_s in self.jitters_s):
            raise UsageError("a jitter is longer than 0 s", fix="--jitter 20s,200s is usual")
        if self.runs < 1:
            raise UsageError("--runs must be at least 1", fix="20 is usual")
        if not 0 <= self.known <= 1:
            raise UsageError("--known must lie between 0 and 1", fix="0.5 is usual")
        check_seed(self.seed)

    def groups(self) -> tuple[Group, ...]:
        """Every combination."""
        return tuple(
            Group(size, objects, jitter_s, self.known)
            for jitter_s, objects, size in itertools.product(
                sorted(set(self.jitters_s)), sorted(set(self.objects)), sorted(set(self.sizes))
            )
        )


@dataclass(frozen=True)
class PowerResult:
    """What was found of what was planted.

    Attributes:
        table: ``POWER``, sorted by jitter, objects and size.
        kind: Kind of object that the groups shared.
        parameters: The detector's, as it settled them.
    """

    table: pa.Table
    kind: str
    parameters: Coaction


@dataclass(frozen=True)
class Setup:
    """What a measurement of power needs beside the data.

    Attributes:
        grid: What is planted.
        coaction: What the detector looks for.
        kind: Kind of object that the groups share; None takes the busiest one.
    """

    grid: PowerGrid
    coaction: Coaction
    kind: str | None = None


def measure_power(setup: Setup, context: DetectorContext) -> PowerResult:
    """Plant every group and see whom the detector finds.

    Each planting stands alone: the data with that one group. Plantings that an earlier,
    interrupted call finished are taken from the context's work folder.

    Args:
        setup: What to plant and how to look.
        context: The dataset, an engine, and a folder to work in.

    Raises:
        InputError: The dataset has no shares of the wanted kinds.
        UsageError: Parameters do not fit the data or each other.
    """
    if setup.coaction.auto_window or setup.coaction.max_sharers is not None:
        raise UsageError(
            "power is measured at given windows and over all objects",
            fix="leave out --window auto and --max-sharers",
        )
    base = run_baseline(setup.coaction, context)
    kind = setup.kind or base.busiest_kind
    if kind not in base.shares:
        raise InputError(
            f"the dataset has no shares of the kind {kind}",
            fix="choose from " + ", ".join(base.shares),
        )
    todo = [(group, run) for group in setup.grid.groups() for run in range(setup.grid.runs)]
    _tell_cost(base, kind, setup.grid, context)
    log = context.work / f"plantings-{_key(base, kind, setup.grid)}.ndjson"
    done = _finished(log)
    # Written anew, so that a line that a kill cut off does not swallow the next one.
    log.write_text("".join(json.dumps(one) + "\n" for one in done.items()), encoding="utf-8")
    todo = [one for one in todo if _name(*one) not in done]
    _replay_all(base, _Task(kind, setup.grid.seed, todo, log), context)
    found = _finished(log)
    rows = [
        _row(group, [found[_name(group, run)] for run in range(setup.grid.runs)])
        for group in setup.grid.groups()
    ]
    return PowerResult(pa.Table.from_pylist(rows, schema=POWER), kind, base.parameters)


@dataclass(frozen=True)
class _Task:
    """Plantings that are still to be carried out, and where each is noted."""

    kind: str
    seed: int
    todo: Sequence[tuple[Group, int]]
    log: Path


def _replay_all(base: Baseline, task: _Task, context: DetectorContext) -> None:
    """Carry out plantings on threads and note each one at once; kernels release the GIL."""
    context.progress.stage("Planting groups", len(task.todo), "plantings")

    shares, is_first = base.shares[task.kind], base.is_first[task.kind]

    def one(planting: tuple[Group, int]) -> tuple[str, int]:
        group, run = planting
        draws = Draws(task.seed, _name(group, run))
        planted = plant(shares, is_first, group, base.activity.resolution_us, draws)
        return _name(group, run), int(found_members(base, task.kind, planted).sum())

    with (
        task.log.open("a", encoding="utf-8") as stream,
        ThreadPoolExecutor(context.threads) as pool,
    ):
        for name, found in _in_turn(pool, one, task.todo, context.threads):
            stream.write(json.dumps([name, found]) + "\n")
            stream.flush()
            context.progress.advance(1)


def _tell_cost(base: Baseline, kind: str, grid: PowerGrid, context: DetectorContext) -> None:
    """Plant the largest group twice, the second time by the clock, and say what all will take."""
    largest = max(grid.groups(), key=lambda group: group.size * group.objects)
    took_s = 0.0
    for turn in range(2):
        began_s = time.perf_counter()
        draws = Draws(grid.seed, f"cost {turn}")
        shares, is_first = base.shares[kind], base.is_first[kind]
        planted = plant(shares, is_first, largest, base.activity.resolution_us, draws)
        found_members(base, kind, planted)
        took_s = time.perf_counter() - began_s
    plantings = len(grid.groups()) * grid.runs
    context.progress.note(
        f"{plantings:,} plantings among {len(base.shares[kind]):,} shares of the kind {kind}; "
        f"at most about {max(1, round(plantings * took_s / context.threads)):,} s"
    )


def _in_turn(
    pool: ThreadPoolExecutor,
    work: Callable[[tuple[Group, int]], tuple[str, int]],
    todo: Sequence[tuple[Group, int]],
    ahead: int,
) -> Iterator[tuple[str, int]]:
    """Results in order, with only a few tasks ahead, so that Ctrl-C waits for few."""
    waiting = [pool.submit(work, task) for task in todo[: 2 * ahead]]
    for number in range(len(todo)):
        result = waiting.pop(0).result()
        if number + 2 * ahead < len(todo):
            waiting.append(pool.submit(work, todo[number + 2 * ahead]))
        yield result


def _name(group: Group, run: int) -> str:
    return f"{group.size} accounts, {group.objects} objects, {group.jitter_s:g} s, run {run}"


def _key(base: Baseline, kind: str, grid: PowerGrid) -> str:
    """Names the log of plantings: used again only for the same kind, seed and known share.

    The rest that decides a planting is in its name, or in the name of the work folder.
    """
    told = [asdict(base.parameters), kind, grid.seed, grid.known]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _finished(log: Path) -> dict[str, int]:
    """Finished plantings by name; a line cut off by a kill is not one."""
    if not log.exists():
        return {}
    found = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            name, count = json.loads(line)
        except ValueError:
            # The line that a kill cut off: its planting is made again.
            continue
        found[name] = count
    return found


def _row(group: Group, found: Sequence[int]) -> dict[str, object]:
    # Members of one group are mostly found together or not at all, so that a planting, not an
    # account, is one draw: intervals over accounts would be far too narrow.
    low, high = wilson(sum(found) / group.size, len(found))
    return {
        "size": group.size,
        "objects": group.objects,
        "jitter_s": group.jitter_s,
        "runs": len(found),
        "planted_accounts": group.size * len(found),
        "found_accounts": sum(found),
        "found_share": sum(found) / (group.size * len(found)),
        "low": low,
        "high": high,
        "groups_seen": sum(count >= 2 for count in found),
    }
