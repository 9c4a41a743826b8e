"""Shares of a community over time, those at the same moment set apart, as a drawing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from assay.report.chart import RUST, Chart
from assay.report.evidence import Evidence
from assay.report.gather import Gathered, micros
from assay.report.markup import Markup, el
from assay.report.words import counted, day, moment, span

BINS = 96
WIDTH, HEIGHT = 720, 156
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 8, 32
_STEPS_S = (1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000)


@dataclass(frozen=True)
class Timeline:
    """Shares per bin of one community.

    Attributes:
        community: Its number.
        begin_us: Where the first bin begins.
        bin_s: Width of a bin.
        shares: Shares in each bin.
        co_timed: Those of them that belong to a co-timed pair.
    """

    community: int
    begin_us: int
    bin_s: float
    shares: np.ndarray
    co_timed: np.ndarray


def make_timelines(gathered: Gathered, evidence: Evidence) -> dict[int, Timeline]:
    """One timeline for each community that shared anything."""
    accounts = gathered.accounts
    account, at_us = _all_shares(gathered, evidence)
    near_account, near_us = _co_timed_shares(evidence)
    community = accounts.community[account] if len(account) else account
    near_community = accounts.community[near_account] if len(near_account) else near_account
    order = np.argsort(community, kind="stable")
    near_order = np.argsort(near_community, kind="stable")
    found = {}
    for number in sorted(set(accounts.community.tolist())):
        times = at_us[order[_range(community[order], number)]]
        near = near_us[near_order[_range(near_community[near_order], number)]]
        if len(times) or len(near):
            found[int(number)] = _binned(int(number), times, near)
    return found


def _range(ordered: np.ndarray, number: int) -> slice:
    return slice(int(np.searchsorted(ordered, number)), int(np.searchsorted(ordered, number + 1)))


def _all_shares(gathered: Gathered, evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Account (position) and time of every share that the network's accounts made."""
    ids = pa.array(gathered.accounts.ids, pa.string())
    path = gathered.folder.dataset.shares
    if path.exists() and len(ids):
        wanted = ds.field("account_id").isin(ids)
        if gathered.kinds:
            wanted = wanted & ds.field("kind").isin(gathered.kinds)
        table = ds.dataset(path).to_table(columns=["account_id", "shared_at"], filter=wanted)
        times = micros(table["shared_at"])
    else:
        table = evidence.shares.filter(pc.is_in(evidence.shares["account_id"], ids))
        times = table["at_us"].to_numpy()
    return pc.index_in(table["account_id"], ids).to_numpy().astype(np.int64), times


def _co_timed_shares(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Account and time of every share in a co-timed pair, each share once."""
    pairs = evidence.pairs
    near = pairs.co_timed
    sides = zip(pairs.accounts, (pairs.at_a_us, pairs.at_b_us), strict=True)
    parts = [
        pa.table({"account": side[near], "object": pairs.objects[near], "at_us": at_us[near]})
        for side, at_us in sides
    ]
    rows = pa.concat_tables(parts).group_by(["account", "object", "at_us"]).aggregate([])
    rows = rows.filter(pc.greater_equal(rows["account"], 0))
    return rows["account"].to_numpy(), rows["at_us"].to_numpy()


def _binned(number: int, times_us: np.ndarray, near_us: np.ndarray) -> Timeline:
    both = np.concatenate([times_us, near_us])
    first, last = int(both.min()), int(both.max())
    bin_s = next((s for s in _STEPS_S if (last - first) / 1e6 / s <= BINS), None)
    width_us = round((bin_s or (last - first) / 1e6 / BINS + 1) * 1e6)
    begin_us = first // width_us * width_us
    bins = (last - begin_us) // width_us + 1
    shares, near = (
        np.bincount((values - begin_us) // width_us, minlength=bins)
        for values in (times_us, near_us)
    )
    # Evidence may hold shares of kinds that the count leaves out; the bar is never the shorter.
    return Timeline(number, begin_us, width_us / 1e6, np.maximum(shares, near), near)


def draw_timeline(timeline: Timeline, *, standalone: bool = False) -> Markup:
    """The drawing as SVG: grey bars for all shares, coloured for those at the same moment.

    Args:
        timeline: What to draw.
        standalone: Write it as a file of its own, with colours inside; otherwise the page's
            style sheet colours it.
    """
    chart = Chart(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM, 11, standalone)
    top = _nice_top(int(timeline.shares.max()))
    step = (chart.right - LEFT) / len(timeline.shares)
    wide = max(step - 0.8, 0.6)

    def bars(values: np.ndarray) -> str:
        parts = []
        for k in np.nonzero(values)[0].tolist():
            height = (chart.ground - TOP) * float(values[k]) / top
            x, y = LEFT + k * step, chart.ground - height
            parts.append(f"M{x:.1f} {y:.1f}h{wide:.2f}v{height:.1f}h-{wide:.2f}z")
        return "".join(parts)

    last_us = timeline.begin_us + round(len(timeline.shares) * timeline.bin_s * 1e6)
    return chart.picture(
        describe_timeline(timeline),
        "timeline",
        chart.axes(f"M{LEFT - 4} {TOP}H{LEFT}"),
        el("path", d=bars(timeline.shares), class_="all", fill=chart.own("#b9c2cc")),
        el("path", d=bars(timeline.co_timed), class_="near", fill=chart.own(RUST)),
        chart.words(f"{top:,}", LEFT - 7, TOP + 9, "end"),
        chart.words("0", LEFT - 7, chart.ground, "end"),
        chart.words(moment(timeline.begin_us)[:16], LEFT, HEIGHT - 8, "start"),
        chart.words(moment(last_us)[:16] + " UTC", chart.right, HEIGHT - 8, "end"),
    )


def describe_timeline(timeline: Timeline) -> str:
    """What the drawing shows, in one sentence."""
    total, near = int(timeline.shares.sum()), int(timeline.co_timed.sum())
    peak = timeline.begin_us + round(int(timeline.shares.argmax()) * timeline.bin_s * 1e6)
    return (
        f"Group {timeline.community}: {counted(total, 'share')} from {day(timeline.begin_us)}, "
        f"{near:,} of them at the same moment as another account of the network; most in the "
        f"{span(timeline.bin_s)} from {moment(peak)[:16]} UTC."
    )


def _nice_top(highest: int) -> int:
    size = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= factor * size:
                return factor * size
        size *= 10
