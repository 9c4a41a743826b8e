"""Which pairs each rule keeps: the gate at each Δ, the comparison nulls, the peers' rules.

All of them see the same shares at the same window. The nulls are corrected by Benjamini-Hochberg
over the pairs that each one tests; the peers' rules are computed by :mod:`assay.compat`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.compat.cnt import CntRules, cnt_network
from assay.compat.coortweet import CooRTweetRules, coortweet_network, quantile_type_7
from assay.compat.tables import PeerTable
from assay.detectors.arrays import ShareArrays
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.in_memory import TestedPairs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GATE = "gate"
"""The rule that Assay reports by: the gate at the narrowest Δ."""

COORTWEET_QUANTILES = (0.5, 0.95)
CNT_LEAST = 2
COMPARISON = ("shuffle", "rate", "hypergeometric")


@dataclass(frozen=True)
class KeptPairs:
    """What one rule keeps.

    Attributes:
        rule: Its name.
        account_i: Account number of each kept pair's first account.
        account_j: Of its second.
    """

    rule: str
    account_i: Ints
    account_j: Ints


def gate_name(place: int, delta_s: float, window_s: float) -> str:
    """``gate`` for the narrowest Δ, which decides; ``gate 30w`` for another."""
    return GATE if place == 0 else f"gate {delta_s / window_s:g}w"


def p_values_of(tested: TestedPairs, window_s: float) -> dict[str, tuple[Floats, int]]:
    """Each null's p-values, and how many pairs it tests."""
    found = {
        gate_name(place, delta_s, window_s): (tested.p_values[place], tested.family)
        for place, delta_s in enumerate(tested.deltas_s)
    }
    for name in COMPARISON:
        found[name] = (getattr(tested, f"p_{name}"), tested.common_family)
    return found


def kept_by_nulls(
    tested: TestedPairs, window_s: float, min_shared: int, fdr: float
) -> list[KeptPairs]:
    """What the gate keeps at each Δ, as ``assay detect`` does, and what the other nulls would."""
    enough = tested.shared_objects >= min_shared
    kept = []
    for place, delta_s in enumerate(tested.deltas_s):
        passing = enough & (tested.q_values[place] <= fdr)
        kept.append(_kept(gate_name(place, delta_s, window_s), tested, passing))
    for name in COMPARISON:
        q_values = benjamini_hochberg(getattr(tested, f"p_{name}"), tested.common_family)
        kept.append(_kept(name, tested, enough & (q_values <= fdr)))
    return kept


def kept_by_peers(shares: ShareArrays, window_s: float) -> list[KeptPairs]:
    """What CooRTweet keeps at two quantiles, and CNT from a minimum weight on."""
    table = PeerTable(
        path=Path("shares in memory"),
        columns={
            "object_id": pa.chunked_array([pa.array(shares.objects.astype(np.int64))]),
            "account_id": pa.chunked_array([pa.array(shares.accounts.astype(np.int64))]),
            "content_id": pa.chunked_array([pa.array(np.arange(len(shares)) + 2**40)]),
            "timestamp_share": pa.chunked_array([pa.array(shares.times_us / 1e6)]),
        },
        source={},
    )
    edges = coortweet_network(table, CooRTweetRules(window_s=window_s)).edges
    weight = edges["weight"].to_numpy()
    kept = []
    for quantile in COORTWEET_QUANTILES:
        above = weight > quantile_type_7(weight, quantile) if len(weight) else weight > 0
        kept.append(_named(f"CooRTweet {quantile:g}", edges.filter(pa.array(above)), "from", "to"))
    rules = CntRules("co_link", window_s=window_s, min_edge_weight=CNT_LEAST)
    kept.append(_named(f"CNT {CNT_LEAST}", cnt_network(table, rules).edges, "user_1", "user_2"))
    return kept


def _kept(rule: str, tested: TestedPairs, passing: npt.NDArray[np.bool_]) -> KeptPairs:
    return KeptPairs(rule, tested.account_i[passing], tested.account_j[passing])


def _named(rule: str, edges: pa.Table, first: str, second: str) -> KeptPairs:
    """A peer's edges by account number, each pair once and no loops."""
    one = edges[first].cast(pa.int64()).to_numpy()
    other = edges[second].cast(pa.int64()).to_numpy()
    low, high = np.minimum(one, other), np.maximum(one, other)
    keys = np.unique((low << 32 | high)[low != high])
    return KeptPairs(rule, keys >> 32, keys & (2**32 - 1))
