"""Recurrent volleys: accounts that act together for sure, though timing cannot say why.

Twenty-five accounts in the same seconds explain themselves: each pair of them, with the other
twenty-three left in the density, is no more than part of a burst, so that none passes the gate.
Yet the same accounts, found on half of the objects, meet again on the other half more often than
anybody else's shares there make likely. That co-timing is real. Whether a common source faster
than Δ (a push message, a small feed, a scheduler) or an agreement made it, timing cannot tell.
Such groups are listed apart and never count as kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from assay.detectors.affiliations import Affiliation, read_affiliations
from assay.detectors.kept_edges import codes_of
from assay.model.dataset import Dataset, RunFolder
from assay.model.tables import SHARES


@dataclass(frozen=True)
class Volley:
    """One group of accounts that pass their own test while none of their pairs passes the gate.

    Attributes:
        accounts: Their ids, sorted.
        window_s: The longest window at which they were found.
        largest_p: Over their own tests, both halves together.
        largest_q: Likewise.
        median_p_partners_in: Median of their p with their partners left in the density.
        trials: Held-out shares in which they could have met a partner.
        met: In how many they did.
        objects: Objects that two of them or more shared within the window.
        others_at_moment: Shares of these objects by others within the window of theirs.
        others_elsewhen: Shares of these objects by others at other times.
        affiliation: The commonest open declaration among them.
        shares: Their own co-timed shares.
    """

    accounts: tuple[str, ...]
    window_s: float
    largest_p: float
    largest_q: float
    median_p_partners_in: float
    trials: int
    met: int
    objects: int
    others_at_moment: int
    others_elsewhen: int
    affiliation: Affiliation
    shares: pa.Table


def find_volleys(
    run: RunFolder, dataset: Dataset, named: pa.Array, kinds: tuple[str, ...], fdr: float
) -> list[Volley]:
    """Accounts that passed on held-out objects without a kept pair, joined by the halves' groups.

    Args:
        run: Whose held-out tests to read.
        dataset: Its shares and accounts.
        named: Accounts with a kept pair: they stand in findings of their own.
        kinds: Kinds that the run looked at.
        fdr: The run's threshold on q.

    Returns:
        Volleys of two accounts or more, the largest first, then by their first account.
    """
    if not run.held_out_accounts.exists():
        return []
    tests = pq.read_table(run.held_out_accounts)
    passed = pc.and_(
        pc.less_equal(tests["account_q_value"], fdr),
        pc.invert(pc.is_in(tests["account_id"], value_set=named)),
    )
    tests = tests.filter(passed)
    volleys = [
        _volley(tests.filter(pc.is_in(tests["account_id"], pa.array(names))), names, dataset, kinds)
        for names in _joined(tests)
        if len(names) > 1
    ]
    return sorted(volleys, key=lambda one: (-len(one.accounts), one.accounts))


def _joined(tests: pa.Table) -> list[list[str]]:
    """Accounts joined by being in one group of some half, each set sorted."""
    leader: dict[str, str] = {}

    def root(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    first: dict[tuple[float, int, int], str] = {}
    for row in tests.select(["window_s", "found_on", "group", "account_id"]).to_pylist():
        name = row.pop("account_id")
        met = first.setdefault(tuple(row.values()), name)
        leader[root(name)] = root(met)
    members: dict[str, list[str]] = {}
    for name in sorted(leader):
        members.setdefault(root(name), []).append(name)
    return list(members.values())


def _volley(tests: pa.Table, names: list[str], dataset: Dataset, kinds: tuple[str, ...]) -> Volley:
    accounts = pa.array(names, pa.string())
    window_s = max(tests["window_s"].to_pylist())
    shares, moments = _co_timed(dataset, accounts, kinds, round(window_s * 1e6))
    at_moment, elsewhen = _others(dataset, accounts, moments, round(window_s * 1e6))
    (affiliation,) = read_affiliations(dataset.accounts, accounts, np.zeros(len(names), np.int64))
    return Volley(
        accounts=tuple(names),
        window_s=window_s,
        largest_p=max(tests["account_p_value"].to_pylist()),
        largest_q=max(tests["account_q_value"].to_pylist()),
        median_p_partners_in=float(np.median(tests["p_partners_in"].to_numpy())),
        trials=int(pc.sum(tests["trials"]).as_py()),
        met=int(pc.sum(tests["met"]).as_py()),
        objects=len(moments),
        others_at_moment=at_moment,
        others_elsewhen=elsewhen,
        affiliation=affiliation,
        shares=shares,
    )


Moments = dict[tuple[str, str], np.ndarray]
"""For each (kind, object), the times of a volley's co-timed shares, ascending, in µs."""


def _co_timed(
    dataset: Dataset, accounts: pa.Array, kinds: tuple[str, ...], window_us: int
) -> tuple[pa.Table, Moments]:
    """The accounts' shares within the window of another of them on the same object."""
    own = ds.dataset(dataset.shares).to_table(
        columns=SHARES.names,
        filter=ds.field("account_id").isin(accounts) & ds.field("kind").isin(list(kinds)),
    )
    own = own.sort_by([(name, "ascending") for name in ("kind", "object_id", "shared_at")])
    who = codes_of(own["account_id"], accounts)
    at_us = own["shared_at"].cast(pa.int64()).to_numpy()
    objects = list(zip(own["kind"].to_pylist(), own["object_id"].to_pylist(), strict=True))
    near = np.zeros(len(own), np.bool_)
    for row in range(len(own)):
        before = row - 1
        while before >= 0 and objects[before] == objects[row]:
            if at_us[row] - at_us[before] > window_us:
                break
            if who[before] != who[row]:
                near[row] = near[before] = True
            before -= 1
    found: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(near).tolist():
        found.setdefault(objects[row], []).append(int(at_us[row]))
    moments = {name: np.array(times) for name, times in found.items()}
    return own.filter(pa.array(near)), moments


def _others(
    dataset: Dataset, accounts: pa.Array, moments: Moments, window_us: int
) -> tuple[int, int]:
    """Shares of the same objects by anybody else: at these moments, and at other times."""
    wanted = pa.array(sorted({name for _, name in moments}), pa.string())
    others = ds.dataset(dataset.shares).to_table(
        columns=["kind", "object_id", "shared_at"],
        filter=ds.field("object_id").isin(wanted) & ~ds.field("account_id").isin(accounts),
    )
    at_us = others["shared_at"].cast(pa.int64()).to_numpy()
    at_moment = elsewhen = 0
    for kind, name, at in zip(
        others["kind"].to_pylist(), others["object_id"].to_pylist(), at_us.tolist(), strict=True
    ):
        times = moments.get((kind, name))
        if times is None:
            continue
        place = int(np.searchsorted(times, at))
        gaps = np.abs(times[max(place - 1, 0) : place + 1] - at)
        if gaps.min(initial=window_us + 1) <= window_us:
            at_moment += 1
        else:
            elsewhen += 1
    return at_moment, elsewhen


def told_figures(volley: Volley) -> dict[str, Any]:
    """A volley's figures as they stand in a finding's statistic."""
    return {
        "accounts": len(volley.accounts),
        "window_s": volley.window_s,
        "largest_p": volley.largest_p,
        "largest_q": volley.largest_q,
        "median_p_partners_in": volley.median_p_partners_in,
        "held_out_trials": volley.trials,
        "held_out_met": volley.met,
        "objects": volley.objects,
        "others_at_moment": volley.others_at_moment,
        "others_elsewhen": volley.others_elsewhen,
        "declares": volley.affiliation.declares,
        "declaring_the_same": volley.affiliation.accounts,
    }
