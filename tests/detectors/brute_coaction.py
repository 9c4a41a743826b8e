"""A small world of shares, and kept edges counted the slow and obvious way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa

from assay.engine.write import write_json, write_table
from assay.model.dataset import Dataset, RunFolder
from assay.model.tables import ACCOUNTS, EDGE_TESTS, EDGES, POSTS, REJECTS, SHARES

BEGIN_US = 1_700_000_000_000_000


@dataclass(frozen=True)
class Share:
    """One act: account, kind, object, seconds after the beginning."""

    account: str
    kind: str
    object: str
    at_s: float

    @property
    def time_us(self) -> int:
        return BEGIN_US + round(self.at_s * 1e6)

    @property
    def post(self) -> str:
        return f"p:{self.account}:{self.time_us}"


def write_dataset(folder: Path, shares: Iterable[Share], *, posts: bool = True) -> Dataset:
    """Write the tables that an importer would."""
    dataset = Dataset(folder)
    rows = sorted(
        {
            (s.kind, s.object, s.time_us, s.account, s.post)
            for s in shares
        }
    )  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * 5
    table = pa.table(
        {
            "account_id": pa.array(columns[3], pa.string()),
            "kind": pa.array(columns[0], pa.string()),
            "object_id": pa.array(columns[1], pa.string()),
            "post_id": pa.array(columns[4], pa.string()),
            "shared_at": pa.array(columns[2], pa.int64()).cast(SHARES.field("shared_at").type),
        }
    )
    write_table(dataset.shares, table, SHARES)
    by_post = {post: (account, at) for _, _, at, account, post in rows} if posts else {}
    write_table(
        dataset.posts,
        pa.Table.from_pylist(
            [
                {
                    "post_id": post,
                    "account_id": account,
                    "platform": "example",
                    "created_at": at,
                    "time_resolution_s": 0.001,
                    "kind": "post",
                    "text": f"=HYPERLINK(1) <script>{number}</script> \u202e {account}",
                    "source": "posts.csv",
                    "row": number,
                }
                for number, (post, (account, at)) in enumerate(sorted(by_post.items()), 1)
            ],
            schema=POSTS,
        ),
        POSTS,
    )
    write_accounts(dataset, {account: {} for _, _, _, account, _ in rows})
    write_table(dataset.rejects, REJECTS.empty_table(), REJECTS)
    write_json(dataset.manifest, {})
    return dataset


def write_accounts(dataset: Dataset, accounts: Mapping[str, Mapping[str, str]]) -> None:
    """Write the accounts with what they declare."""
    rows = [
        {"account_id": name, "platform": "example", "status": "active", **declared}
        for name, declared in sorted(accounts.items())
    ]
    write_table(dataset.accounts, pa.Table.from_pylist(rows, schema=ACCOUNTS), ACCOUNTS)


def brute_edges(
    shares: Iterable[Share], windows_s: Sequence[float], min_shared: int = 2
) -> list[dict[str, object]]:
    """Every pair, kind and window with at least ``min_shared`` co-timed objects."""
    times: dict[tuple[str, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for share in shares:
        times[share.kind, share.object][share.account].add(share.time_us)
    found: dict[tuple[str, float, str, str], list[list[tuple[int, int]]]] = defaultdict(list)
    common: dict[tuple[str, str, str], int] = defaultdict(int)
    for (kind, _), accounts in times.items():
        for a, b in combinations(sorted(accounts), 2):
            common[kind, a, b] += 1
            for window_s in windows_s:
                near = [
                    (x, y)
                    for x in accounts[a]
                    for y in accounts[b]
                    if abs(x - y) <= round(window_s * 1e6)
                ]
                if near:
                    found[kind, window_s, a, b].append(near)
    return [
        _edge(key, objects, common[key[0], key[2], key[3]])
        for key, objects in sorted(found.items())
        if len(objects) >= min_shared
    ]


def _edge(
    key: tuple[str, float, str, str], objects: list[list[tuple[int, int]]], common: int
) -> dict[str, object]:
    kind, window_s, a, b = key
    near = [pair for pairs in objects for pair in pairs]
    p_value = 10.0 ** -min(len(objects), 200)
    return {
        "kind": kind,
        "window_s": window_s,
        "account_a": a,
        "account_b": b,
        "shared_objects": len(objects),
        "co_shares": len(near),
        "common_objects": common,
        "first_at": min(min(pair) for pair in near),
        "last_at": max(max(pair) for pair in near),
        "median_gap_s": float(np.median([abs(x - y) / 1e6 for x, y in near])),
        "delta_s": 10 * window_s,
        "expected": 0.19 * common,
        "p_value": p_value,
        "q_value": min(1.0, 2 * p_value),
        "kept": True,
    }


def write_edges(run: RunFolder, edges: Iterable[Mapping[str, object]]) -> None:
    """Write edges and, for each, its test at two widths of the block."""
    rows = list(edges)
    order = ("kind", "window_s", "account_a", "account_b")
    write_table(run.edges, pa.Table.from_pylist(rows, schema=EDGES), EDGES, order)
    tests = [
        row
        | {
            "delta_s": row["window_s"] * width,
            "tested_objects": row["common_objects"],
            "co_timed_objects": row["shared_objects"],
            "q_value": min(1.0, row["q_value"] * width / 10),
        }
        for row in rows
        for width in (10, 30)
    ]
    write_table(
        run.edge_tests,
        pa.Table.from_pylist(tests, schema=EDGE_TESTS),
        EDGE_TESTS,
        (*order, "delta_s"),
    )


def planted(
    groups: Sequence[int], seed: int = 5, objects: int = 12, kinds: Sequence[str] = ("link",)
) -> list[Share]:
    """Groups that share their own objects within seconds, among cover of their own pace."""
    rng = np.random.default_rng(seed)
    shares = []
    for group, size in enumerate(groups):
        for number in range(objects):
            at = rng.uniform(0, 30 * 86_400)
            kind = kinds[number % len(kinds)]
            for member in range(size):
                if rng.random() < 0.85:
                    late = rng.random() < 0.15
                    delay = rng.uniform(3_600, 90_000) if late else rng.uniform(0, 50)
                    shares.append(
                        Share(f"x:g{group}m{member}", kind, f"{kind}/{group}/{number}", at + delay)
                    )
    shares += [
        Share(
            f"x:cover{rng.integers(40)}",
            "link",
            f"link/{rng.integers(len(groups))}/{rng.integers(objects)}",
            rng.uniform(0, 30 * 86_400),
        )
        for _ in range(400)
    ]
    return shares
