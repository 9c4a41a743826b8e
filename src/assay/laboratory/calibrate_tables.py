"""From runs to the tables of a calibration: false discoveries, power, observed p-values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from assay.laboratory.calibrate_run import ALPHAS, Outcome
from assay.laboratory.intervals import clopper_pearson, mean_interval

_NAME = [
    pa.field("world", pa.string(), nullable=False),
    pa.field("jitter_s", pa.float64()),
    pa.field("shrinkage", pa.float64()),
    pa.field("window_s", pa.float64(), nullable=False),
]

RATES = pa.schema(
    [
        *_NAME,
        pa.field("rule", pa.string(), nullable=False),
        pa.field("runs", pa.int64(), nullable=False),
        pa.field("runs_with_false", pa.int64(), nullable=False),
        pa.field("runs_with_false_low", pa.float64(), nullable=False),
        pa.field("runs_with_false_high", pa.float64(), nullable=False),
        pa.field("kept", pa.float64(), nullable=False),
        pa.field("false", pa.float64(), nullable=False),
        pa.field("fdr", pa.float64(), nullable=False),
        pa.field("fdr_low", pa.float64(), nullable=False),
        pa.field("fdr_high", pa.float64(), nullable=False),
        pa.field("account_fdr", pa.float64(), nullable=False),
        pa.field("account_fdr_low", pa.float64(), nullable=False),
        pa.field("account_fdr_high", pa.float64(), nullable=False),
    ]
)
"""One row per world, planted jitter (null: nothing planted), κ, window and rule. ``kept`` and
``false`` are means over runs; ``fdr`` is the mean of false / kept, 0 where nothing is kept;
``runs_with_false`` has Clopper-Pearson's interval as shares. For the rules that keep accounts or
groups instead of edges, ``kept`` and ``false`` count these."""

POWER = pa.schema(
    [
        *_NAME,
        pa.field("rule", pa.string(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("runs", pa.int64(), nullable=False),
        pa.field("accounts", pa.float64(), nullable=False),
        pa.field("accounts_low", pa.float64(), nullable=False),
        pa.field("accounts_high", pa.float64(), nullable=False),
        pa.field("whole_groups", pa.int64(), nullable=False),
        pa.field("whole_groups_low", pa.float64(), nullable=False),
        pa.field("whole_groups_high", pa.float64(), nullable=False),
        pa.field("edges", pa.float64()),
    ]
)
"""One row per world, jitter, κ, window, rule and size of the planted group. ``accounts`` is the
mean share of the group's accounts that are tied to another member, ``edges`` that of its edges;
``whole_groups`` counts the runs in which no account was missed."""

P_VALUES = pa.schema(
    [
        *_NAME,
        pa.field("null", pa.string(), nullable=False),
        pa.field("nominal", pa.float64(), nullable=False),
        pa.field("tests", pa.int64(), nullable=False),
        pa.field("below", pa.int64(), nullable=False),
        pa.field("observed", pa.float64(), nullable=False),
    ]
)
"""How many of the honest pairs tested have p ≤ ``nominal``, over all runs together."""

Key = tuple[str, float | None, float, float]


def rates_table(outcomes: Sequence[Outcome]) -> pa.Table:
    """False discoveries of every rule."""
    rows: list[tuple[Any, ...]] = []
    for key, own in _grouped(outcomes).items():
        for rule in own[0]["rules"]:
            judged = [outcome["rules"][rule] for outcome in own]
            hit = sum(one["false"] > 0 for one in judged)
            low, high = clopper_pearson(hit, len(judged))
            edges = mean_interval([_ratio(one["false"], one["kept"]) for one in judged])
            accounts = mean_interval(
                [_ratio(one["false_accounts"], one["accounts"]) for one in judged]
            )
            kept = _mean(one["kept"] for one in judged)
            false = _mean(one["false"] for one in judged)
            rows.append((*key, rule, len(judged), hit, low, high, kept, false, *edges, *accounts))
    return _table(rows, RATES)


def power_table(outcomes: Sequence[Outcome]) -> pa.Table:
    """What every rule finds of the planted groups."""
    rows: list[tuple[Any, ...]] = []
    for key, own in _grouped(outcomes).items():
        for rule, judged in own[0]["rules"].items():
            for name in judged["found"]:
                size = int(name)
                found = [outcome["rules"][rule]["found"][name] for outcome in own]
                whole = sum(one["accounts"] == size for one in found)
                low, high = clopper_pearson(whole, len(found))
                pairs = size * (size - 1) // 2
                share = mean_interval([one["accounts"] / size for one in found])
                edges = None
                if found[0]["edges"] is not None:
                    edges = _mean(one["edges"] / pairs for one in found)
                rows.append((*key, rule, size, len(found), *share, whole, low, high, edges))
    return _table(rows, POWER)


def p_value_table(outcomes: Sequence[Outcome]) -> pa.Table:
    """Observed against nominal p-values of every null."""
    rows: list[tuple[Any, ...]] = []
    for key, own in _grouped(outcomes).items():
        for null in own[0]["nulls"]:
            levels = [outcome["nulls"][null] for outcome in own]
            tests = sum(one["tests"] for one in levels)
            for place, nominal in enumerate(ALPHAS):
                below = sum(one["below"][place] for one in levels)
                rows.append((*key, null, nominal, tests, below, _ratio(below, tests)))
    return _table(rows, P_VALUES)


def _grouped(outcomes: Iterable[Outcome]) -> dict[Key, list[Outcome]]:
    groups: dict[Key, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[one["world"], one["jitter_s"], one["shrinkage"], one["window_s"]].append(one)
    return groups


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
