"""Coaction: which accounts share the same things at the same moments, and would chance do it?

The stages, for each kind of object and each window:

1. shares by number, in order (:mod:`coaction_steps`, :mod:`arrays`);
2. the number of share pairs and the tested family, counted before any pair is made
   (:mod:`arrays`, :mod:`family`);
3. the co-action network, on the engine (:mod:`coaction_steps`);
4. facts, gate and comparison nulls of every candidate pair (:mod:`pairs`, :mod:`jitter`,
   :mod:`nulls`);

then Benjamini-Hochberg over all kinds, windows and Δ at once; after it what pairs alone cannot
say: accounts and groups on held-out objects (:mod:`held_out`), and the whole data against
surrogates of itself (:mod:`whole_data`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assay.detectors.activity import activity_of
from assay.detectors.arrays import (
    ShareArrays,
    only_objects,
)
from assay.detectors.base import DetectorContext
from assay.detectors.coaction_data import (
    capped,
    coded_shares_of,
    declared_resolution_us,
    resolution_of,
    shares_by_kind,
)
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.coaction_record import SharesRead, record_of
from assay.detectors.coaction_tables import write_edges
from assay.detectors.held_out_run import TestedData, run_held_out
from assay.detectors.interval import CoordinationInterval, chosen_half, estimate_interval
from assay.detectors.share_reader import CodedShares
from assay.detectors.whole_data_run import run_whole_data
from assay.detectors.whole_data_words import threshold_sentences, whole_data_sentences
from assay.detectors.window_run import WindowRun, run_window
from assay.errors import InputError
from assay.model.units import format_duration

USUAL_WINDOW_S = 60.0


class CoactionDetector:
    """Pairs of accounts that share the same objects within a window; see the module."""

    name = "coaction"
    title = "Accounts that share the same things at the same moments"

    def run(self, parameters: Coaction, context: DetectorContext) -> dict[str, Any]:
        """Write ``edges.parquet`` and ``edge_tests.parquet``; return the run's record.

        Unless only edges are asked for, the tables of the held-out tests come with them.

        Raises:
            InputError: The dataset has no shares of the wanted kinds.
            UsageError: A window is below twice the data's time resolution.
        """
        context.progress.stage("Numbering accounts and objects")
        rows = shares_by_kind(context.dataset)
        kinds = tuple(kind for kind in parameters.kinds if rows.get(kind))
        if not kinds:
            there = ", ".join(f"{kind} ({count:,})" for kind, count in sorted(rows.items()))
            raise InputError(
                "the dataset has no shares of the kinds " + ", ".join(parameters.kinds),
                fix=f"it has {there or 'no shares at all'}; choose with --kinds",
                file=context.dataset.shares,
            )
        coded = coded_shares_of(kinds, context)
        resolution_us = resolution_of(coded.kinds, declared_resolution_us(context.dataset))
        windows_s, interval = _windows(parameters, coded, resolution_us, context)
        settled = replace(parameters, windows_s=windows_s, kinds=kinds)
        activity = activity_of(coded.kinds.values(), resolution_us)

        runs: list[WindowRun] = []
        caps: list[str] = []
        objects: dict[str, int] = {}
        tested: dict[str, ShareArrays] = {}
        for kind in kinds:
            shares = coded.kinds[kind]
            objects[kind] = shares.object_count
            if interval is not None:
                shares = only_objects(shares, ~chosen_half(shares.object_count))
            shares, cap = capped(kind, shares, parameters.max_sharers)
            caps += cap
            tested[kind] = shares
            for window_s in windows_s:
                runs.append(run_window(kind, window_s, shares, settled, activity, context))
        context.progress.stage("Weighing all tests together")
        written = write_edges(runs, coded.account_ids, settled, context)
        read = SharesRead(rows, objects, resolution_us, interval, caps)
        record = record_of(settled, runs, written, read)
        if context.edges_only:
            return record
        data = TestedData(tested, coded.account_ids, activity, runs)
        return _beyond_pairs(record, data, settled, context)


def _beyond_pairs(
    record: dict[str, Any], data: TestedData, settled: Coaction, context: DetectorContext
) -> dict[str, Any]:
    """The record with the tests of accounts, groups and the whole data, which pairs cannot say."""
    context.progress.stage("Testing accounts on objects held out")
    held_out = run_held_out(data, settled, context)
    if not held_out["done"]:
        record["notes"].append(f"No account was tested on held-out objects: {held_out['why']}.")
    surrogates = run_whole_data(data, settled, record["results"]["kept"], context)
    whole = record | {"held_out": held_out, "surrogates": surrogates}
    surrogates["says"] = {
        "whole": list(whole_data_sentences(whole)),
        "threshold": list(threshold_sentences(whole)),
    }
    return whole


def _windows(
    parameters: Coaction,
    coded: CodedShares,
    resolution_us: int,
    context: DetectorContext,
) -> tuple[tuple[float, ...], CoordinationInterval | None]:
    least_s = 2 * resolution_us / 1e6
    if parameters.auto_window:
        halves = [
            only_objects(shares, chosen_half(shares.object_count))
            for shares in coded.kinds.values()
        ]
        interval = estimate_interval(halves, resolution_us)
        context.progress.note(
            f"Window estimated on half of the objects: {format_duration(interval.window_s)} "
            f"({interval.objects:,} fast objects); tested on the other half."
        )
        return (interval.window_s,), interval
    if parameters.windows_s:
        return tuple(sorted(set(parameters.windows_s))), None
    window_s = max(USUAL_WINDOW_S, least_s)
    if window_s > USUAL_WINDOW_S:
        context.progress.note(
            f"Window {format_duration(window_s)}: twice the data's time resolution "
            f"of {format_duration(resolution_us / 1e6)}."
        )
    return (window_s,), None
