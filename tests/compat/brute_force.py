"""The peers' rules said as plainly as they can be, quadratic, sharing no code with Assay."""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from fractions import Fraction
from typing import Any

Row = dict[str, Any]


def coortweet_pairs(rows: list[Row], window_s: float, min_participation: int) -> list[Row]:
    """CooRTweet's share pairs: rules 1 to 4 of docs/reference/compat.md."""
    of_account: dict[str, list[Row]] = {}
    for row in rows:
        of_account.setdefault(row["account_id"], []).append(row)
    ordered = [row for own in of_account.values() if len(own) >= min_participation for row in own]
    pairs = []
    for x, y in itertools.combinations(ordered, 2):
        object_id = x["object_id"]
        delta = x["timestamp_share"] - y["timestamp_share"]
        if object_id is None or object_id != y["object_id"] or abs(delta) > window_s:
            continue
        if x["account_id"] == y["account_id"] or x["content_id"] == y["content_id"]:
            continue
        if object_id in (x["content_id"], y["content_id"]):
            continue
        older, newer = (y, x) if delta > 0 else (x, y)
        pairs.append({"object": object_id, "older": older, "newer": newer, "gap": abs(delta)})
    contents = {pair[side]["content_id"] for pair in pairs for side in ("older", "newer")}
    live = set()
    for own in of_account.values():
        counted = [row["content_id"] for row in own if row["content_id"] in contents]
        if len(own) >= min_participation and len(counted) >= min_participation:
            live.update(counted)
    return [
        pair
        for pair in pairs
        if pair["older"]["content_id"] in live or pair["newer"]["content_id"] in live
    ]


def coortweet_edges(
    rows: list[Row], window_s: float, min_participation: int, edge_weight: float | None = None
) -> dict[tuple[str, str], Row]:
    """CooRTweet's edges: rules 5 and 6."""
    of_edge: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for pair in coortweet_pairs(rows, window_s, min_participation):
        accounts = sorted((pair["older"]["account_id"], pair["newer"]["account_id"]))
        of_edge[accounts[0], accounts[1]].append(pair)
    edges = {}
    for accounts, pairs in of_edge.items():
        n_older = len({pair["older"]["content_id"] for pair in pairs})
        n_newer = len({pair["newer"]["content_id"] for pair in pairs})
        edges[accounts] = {
            "weight": len(pairs),
            "avg_time_delta": math.fsum(pair["gap"] for pair in pairs) / len(pairs),
            "n_content_id": n_older,
            "n_content_id_y": n_newer,
            "edge_symmetry_score": min(n_older, n_newer) / max(n_older, n_newer),
            "object_ids": {pair["object"] for pair in pairs},
        }
    if edge_weight is None or not edges:
        return edges
    threshold = exact_quantile([edge["weight"] for edge in edges.values()], edge_weight)
    return {pair: edge for pair, edge in edges.items() if edge["weight"] > threshold}


def exact_quantile(values: list[int], probability: float) -> Fraction:
    """The type-7 quantile in exact arithmetic, for probabilities that binary numbers hold."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * Fraction(probability)
    low = ordered[math.floor(place)]
    return low + (place - math.floor(place)) * (ordered[math.ceil(place)] - low)


def cnt_edges(
    posts: list[Row], network: str, window_s: float, min_edge_weight: int
) -> dict[tuple[str, str], int]:
    """CNT's edges from posts as CNT reads them (its CSV columns, every cell a text)."""
    acts = _link_acts(posts) if network == "co_link" else _message_acts(posts, network)
    matched: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, user_1, message, time_1 in acts:
        for other_key, user_2, _, time_2 in acts:
            if key == other_key and time_1 - window_s <= time_2 <= time_1 + window_s:
                matched[user_1, user_2].add(message)
    return {
        pair: len(messages)
        for pair, messages in matched.items()
        if len(messages) >= min_edge_weight
    }


def _link_acts(posts: list[Row]) -> list[tuple[str, str, str, float]]:
    acts: dict[tuple[str, str], tuple[str, str, str, float]] = {}
    for post in posts:
        if post["repost_id"]:
            continue
        for link in post["urls"].split(" "):
            act = (link, post["user_id"], post["message_id"], float(post["timestamp"]))
            acts.setdefault((post["message_id"], link), act)
    return list(acts.values())


def _message_acts(posts: list[Row], network: str) -> list[tuple[str, str, str, float]]:
    first: dict[str, Row] = {}
    for post in posts:
        first.setdefault(post["message_id"], post)
    acts = []
    for post in first.values():
        repost = bool(post["repost_id"])
        if network == "co_retweet":
            key = post["repost_id"] or None
        elif network == "co_post":
            key = "any"
        elif network == "co_reply":
            key = None if repost else post["reply_id"] or None
        else:
            words = re.sub(r"@\S*", "", post["message"].lower()).split()
            key = None if repost else " ".join(words)
        if key is not None:
            acts.append((key, post["user_id"], post["message_id"], float(post["timestamp"])))
    return acts
