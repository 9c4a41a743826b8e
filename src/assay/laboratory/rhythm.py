"""When a data set is active, and how one share of an object follows another.

Long waits are measured in *operational* time, which runs fast while everybody is awake and hardly
moves at night: a wait of a night and one of a lunch hour are then alike, and a simulated object
that waits as long again sleeps when its audience sleeps. Short waits are left in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import ShareArrays
from assay.laboratory.draws import Draws

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
LEAST_ACTIVITY = 1e-3
"""No hour is quieter than this share of the mean, so that operational time never stands still."""

SHORT_S = 3600.0
"""Gaps below are kept in seconds, longer ones in operational time."""

SHORT_BINS, LONG_BINS = 13, 32
STATES = SHORT_BINS + LONG_BINS
BEGIN = STATES
"""The state before an object's first gap."""

PHASES = (0.5, 0.9)
"""An object's early, later and last sharers follow each other differently: stragglers come last."""

OWN_WEIGHT = 0.5
"""Of the class's overall gaps beside those that followed the same state."""


@dataclass(frozen=True)
class Rhythm:
    """Activity of the whole data set by day and by hour of the day (UTC).

    Attributes:
        begins_in_week_s: Seconds from a Monday's midnight to the data's first hour.
        days: Activity of each day from the first one on.
        hours: Activity of each hour of the day, 24 entries.
        span_s: From the first to the last moment, in seconds.
        first_us: The first hour of the data; kept only to read the data, never written.
    """

    begins_in_week_s: int
    days: Floats
    hours: Floats
    span_s: float
    first_us: int

    def operational(self, times_us: Int64s) -> Floats:
        """Moments of the data as operational time, from 0 to 1."""
        return self.elapsed((times_us - self.first_us) / 1e6)

    def elapsed(self, at_s: Floats) -> Floats:
        """Seconds from the beginning as operational time, from 0 to 1."""
        edges_s, running = self._scale()
        elapsed: Floats = np.interp(at_s, edges_s, running)
        return elapsed

    def seconds(self, elapsed: Floats) -> Floats:
        """Operational time as seconds from the beginning."""
        edges_s, running = self._scale()
        seconds: Floats = np.interp(elapsed, running, edges_s)
        return seconds

    def _scale(self) -> tuple[Floats, Floats]:
        """The edges of the hours in seconds, and operational time at each."""
        hours = np.arange(int(np.ceil(self.span_s / 3600)) + 1)
        begin = self.begins_in_week_s // 3600 % 24
        active = self.days[np.minimum((hours + begin) // 24, len(self.days) - 1)]
        active = active * self.hours[(hours + begin) % 24]
        active = np.maximum(active, LEAST_ACTIVITY * active.mean())
        running: Floats = np.concatenate([[0.0], np.cumsum(active)])
        running /= running[-1]
        edges_s: Floats = np.arange(len(running), dtype=np.float64)
        edges_s *= 3600.0
        return edges_s, running


@dataclass(frozen=True)
class GapChain:
    """Gaps between successive sharers: a Markov chain over powers of two.

    Attributes:
        counts: (class of object and phase, state before, state): how often one gap followed
            another.
    """

    counts: Floats

    def table(self) -> Floats:
        """Running probabilities, every row ending at 1."""
        overall = self.counts.sum(axis=1, keepdims=True)
        whole = overall.sum(axis=2, keepdims=True)
        everywhere = self.counts.sum(axis=(0, 1))
        fallback = everywhere if everywhere.sum() else np.ones(STATES)
        overall = np.where(whole > 0, overall / np.maximum(whole, 1), fallback / fallback.sum())
        running = np.cumsum(self.counts + OWN_WEIGHT * overall, axis=2)
        table: Floats = running / running[:, :, -1:]
        return table


def find_rhythm(times_us: Int64s) -> Rhythm:
    """Measure the rhythm of all shares."""
    first_us = int(times_us.min()) // HOUR_US * HOUR_US
    span_s = (int(times_us.max()) - first_us) / 1e6 + 1.0
    # 1970 began on a Thursday.
    begins_in_week_s = (first_us // 1_000_000 + 3 * 86400) % (7 * 86400)
    midnight_us = first_us // DAY_US * DAY_US
    return Rhythm(
        begins_in_week_s=int(begins_in_week_s),
        days=np.bincount((times_us - midnight_us) // DAY_US).astype(np.float64),
        hours=np.bincount(times_us // HOUR_US % 24, minlength=24).astype(np.float64),
        span_s=max(span_s, 2 * 3600.0),
        first_us=first_us,
    )


def find_gaps(first: ShareArrays, of_class: Int64s, classes: int, rhythm: Rhythm) -> GapChain:
    """Count how gaps follow each other.

    Args:
        first: First shares only.
        of_class: Class of each object.
        classes: Number of classes.
        rhythm: Of the whole data.
    """
    elapsed = rhythm.operational(first.times_us)
    same = np.diff(first.objects) == 0
    states = gap_states(np.diff(first.times_us)[same] / 1e6, np.diff(elapsed)[same] * rhythm.span_s)
    objects = first.objects[1:][same]
    before = np.full(len(states), BEGIN)
    follows = np.diff(objects) == 0
    before[1:][follows] = states[:-1][follows]
    counts = np.zeros((classes * (len(PHASES) + 1), STATES + 1, STATES))
    place = np.arange(len(first)) - first.starts[first.objects]
    sizes = np.diff(first.starts)
    row = _row(of_class[objects], place[1:][same], sizes[objects])
    np.add.at(counts, (row, before, states), 1.0)
    return GapChain(counts)


def _row(of_class: Int64s, place: Int64s, sizes: Int64s) -> Int64s:
    """Row of the chain for the sharer at this place of an object."""
    phase = np.searchsorted(PHASES, place / sizes, side="right")
    rows: Int64s = of_class * (len(PHASES) + 1) + phase
    return rows


def gap_states(gaps_s: Floats, operational_s: Floats) -> Int64s:
    """State of each gap: 0 below a second, then powers of two; long ones in operational time."""
    short = np.minimum(np.floor(np.log2(np.maximum(gaps_s, 0.5))) + 1, SHORT_BINS - 1)
    long = np.clip(np.floor(np.log2(np.maximum(operational_s, 1.0))), 0, LONG_BINS - 1)
    states: Int64s = np.where(gaps_s < SHORT_S, short, SHORT_BINS + long).astype(np.int64)
    return states


def draw_times_s(
    chain: GapChain, born: Floats, sizes: Int64s, of_class: Int64s, tools: tuple[Rhythm, Draws]
) -> tuple[Int64s, Floats]:
    """Let objects spread.

    Args:
        chain: How gaps follow each other.
        born: Operational time of each object's first share.
        sizes: Sharers of each object.
        of_class: Class of each object.
        tools: The rhythm, and a stream.

    Returns:
        Object and seconds from the beginning of every share, by object, then by time.
    """
    rhythm, draws = tools
    order = np.argsort(-sizes, kind="stable")
    table = chain.table()
    born_s = rhythm.seconds(born[order])
    at_s, state = born_s.copy(), np.full(len(order), BEGIN)
    objects, times_s = [order], [born_s.copy()]
    falling = sizes[order]
    for step in range(1, int(falling[0]) if len(falling) else 0):
        count = int(np.searchsorted(-falling, -step, side="left"))
        row = _row(of_class[order[:count]], np.full(count, step), falling[:count])
        rows = table[row, state[:count]]
        state[:count] = (draws.random(count)[:, None] >= rows).sum(axis=1)
        at_s[:count] = _after(at_s[:count], state[:count], rhythm, draws)
        # Past the end an object begins a second strand at its birth.
        late = at_s[:count] > rhythm.span_s
        at_s[:count][late] = born_s[:count][late]
        state[:count][late] = BEGIN
        objects.append(order[:count])
        times_s.append(at_s[:count].copy())
    all_objects, all_times_s = np.concatenate(objects), np.concatenate(times_s)
    by_object = np.lexsort((all_times_s, all_objects))
    return all_objects[by_object], all_times_s[by_object]


def _after(at_s: Floats, state: Int64s, rhythm: Rhythm, draws: Draws) -> Floats:
    """The moment one gap later, the gap drawn evenly on a logarithmic scale inside its state."""
    uniform = draws.random(len(state))
    is_short = state < SHORT_BINS
    power = np.where(is_short, state - 1, state - SHORT_BINS)
    size_s = np.exp2(power + uniform)
    short_s = np.where(state == 0, uniform, np.minimum(size_s, SHORT_S))
    later: Floats = at_s + short_s
    long = ~is_short
    if long.any():
        elapsed = rhythm.elapsed(at_s[long]) + size_s[long] / rhythm.span_s
        later[long] = np.where(elapsed < 1.0, rhythm.seconds(elapsed), rhythm.span_s + 1.0)
    return later
