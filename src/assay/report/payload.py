"""What the page's script reads: the network, its figures, and as much evidence as fits.

Everything is columnar JSON, so that it is small, and plain, so that anyone can read it in the
page's source. Evidence is taken in turns, first three co-timed objects of every pair and then the
rest, heaviest pairs first, until the page's size is reached.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.report import html_page
from assay.report.evidence import Evidence, object_rows
from assay.report.findings import affiliated_communities
from assay.report.gather import Gathered

LARGEST_PAGE_BYTES = html_page.LARGEST_PAGE_BYTES
MOST_ACCOUNTS = 20_000
MOST_EDGES = 100_000
MOST_OBJECTS = 5_000
FIRST_TURN = 3


@dataclass(frozen=True)
class Payload:
    """JSON texts by the id of their script element, and what had to stay outside.

    Attributes:
        scripts: ``network``, ``figures`` and ``evidence``; safe inside a script element.
        left_out: Counts by what they count, of rows that are in the run's files only.
        shown_pairs: Pairs of shares that the page holds.
        all_pairs: Pairs of shares in the evidence.
    """

    scripts: dict[str, str]
    left_out: dict[str, int]
    shown_pairs: int
    all_pairs: int

    @property
    def bytes(self) -> int:
        """Size of all texts in UTF-8."""
        return sum(len(text.encode()) for text in self.scripts.values())


def script_json(value: Any) -> str:
    """Compact JSON that cannot end its script element or open a comment in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def make_payload(
    gathered: Gathered, evidence: Evidence, positions: np.ndarray, room_bytes: int
) -> Payload:
    """Put together what the script needs, in at most ``room_bytes``."""
    shown_edges = _drawn_edges(gathered)
    scripts = {"network": script_json(_network(gathered, evidence, positions, shown_edges))}
    left_out = {
        "accounts": max(0, len(gathered.accounts) - MOST_ACCOUNTS),
        "edges": len(gathered.edges) - len(shown_edges),
    }
    room = room_bytes - len(scripts["network"].encode())
    figures, figure_edges = _fitting_figures(gathered, len(shown_edges), room * 0.45)
    scripts["figures"] = figures
    left_out["figures"] = len(shown_edges) - figure_edges
    room -= len(figures.encode())
    text, shown = _fitting_evidence(gathered, evidence, len(shown_edges), room)
    scripts["evidence"] = text
    left_out["pairs"] = len(evidence.pairs) - shown
    return Payload(scripts, left_out, shown, len(evidence.pairs))


def _drawn_edges(gathered: Gathered) -> np.ndarray:
    """The heaviest edges between the accounts that the page holds; they come heaviest first."""
    edges = gathered.edges
    inside = (edges.a < MOST_ACCOUNTS) & (edges.b < MOST_ACCOUNTS)
    if inside.all():
        return np.arange(min(len(edges), MOST_EDGES))
    # A prefix, so that an edge keeps its number everywhere.
    stop = int(np.argmin(inside))
    return np.arange(min(stop, MOST_EDGES))


def _network(
    gathered: Gathered, evidence: Evidence, positions: np.ndarray, shown: np.ndarray
) -> dict[str, Any]:
    accounts, edges = gathered.accounts, gathered.edges
    top = min(len(accounts), MOST_ACCOUNTS)
    kinds = sorted({kind for names in edges.kinds for kind in names})
    objects, _ = object_rows(evidence, MOST_OBJECTS)
    return {
        "accounts": {
            "id": accounts.ids[:top],
            "handle": [
                "" if handle == own else handle
                for handle, own in zip(accounts.handles[:top], accounts.ids[:top], strict=True)
            ],
            "name": accounts.names[:top],
            "community": accounts.community[:top].tolist(),
            "x": positions[:top, 0].tolist(),
            "y": positions[:top, 1].tolist(),
            **{name: _numbers(values[:top]) for name, values in accounts.figures.items()},
        },
        "kinds": kinds,
        "edges": {
            "a": edges.a[shown].tolist(),
            "b": edges.b[shown].tolist(),
            "weight": edges.weight[shown].tolist(),
            "q": _numbers(edges.q_value[shown]),
            "kinds": [[kinds.index(name) for name in edges.kinds[k]] for k in shown.tolist()],
            "first_s": (edges.first_us[shown] // 1_000_000).tolist(),
            "last_s": (edges.last_us[shown] // 1_000_000).tolist(),
        },
        "objects": {
            name: [row[name] for row in objects]
            for name in ("kind", "object_id", "accounts", "co_timed", "apart")
        }
        | {"first_s": [row["first_us"] // 1_000_000 for row in objects]},
        "communities": [
            {"community": row["community"], "size": row["size"]} for row in gathered.communities
        ],
        "affiliated": sorted(affiliated_communities(gathered.findings)),
        "resolution_s": gathered.resolution_s,
    }


def _numbers(values: np.ndarray) -> list[float | int | None]:
    """Floats with three significant digits, as the page shows them; nan as null."""
    if values.dtype.kind in "iu":
        whole: list[float | int | None] = values.tolist()
        return whole
    return [None if not np.isfinite(v) else float(f"{v:.3g}") for v in values.tolist()]


EDGE_COLUMNS = (
    "shared_objects",
    "common_objects",
    "median_gap_s",
    "expected",
    "p_value",
    "q_value",
    "p_shuffle",
    "p_rate",
    "p_hypergeometric",
)
TEST_COLUMNS = ("delta_s", "tested_objects", "co_timed_objects", "expected", "p_value", "q_value")


def _fitting_figures(gathered: Gathered, edges: int, room: float) -> tuple[str, int]:
    """Figures of as many edges as fit, heaviest first, and how many those are."""
    while True:
        text = script_json(
            {
                "tests": _rows_by_edge(gathered.test_rows, TEST_COLUMNS, edges),
                "windows": _rows_by_edge(gathered.edge_rows, EDGE_COLUMNS, edges),
            }
        )
        size = len(text.encode())
        if size <= room or edges == 0:
            return text, edges
        edges = min(edges - 1, int(edges * room / size * 0.98))


def _rows_by_edge(table: pa.Table | None, columns: tuple[str, ...], edges: int) -> dict[str, Any]:
    """Rows sorted by edge: how many edges further each row is, what was tested, the figures."""
    if table is None:
        return {"step": [], "setting": [], "settings": []} | {name: [] for name in columns}
    table = table.filter(pc.less(table["edge"], edges))
    keys = ["kind", "window_s"] + (["delta_s"] if "delta_s" in columns else [])
    table = table.sort_by([(key, "ascending") for key in ("edge", *keys)])
    settings = table.select(keys).group_by(keys).aggregate([])
    settings = settings.sort_by([(key, "ascending") for key in keys])
    texts = [
        pc.binary_join_element_wise(*[some[key].cast(pa.string()) for key in keys], "\0")
        for some in (table, settings)
    ]
    values = {
        name: _numbers(
            np.asarray(table[name].cast(pa.float64()).fill_null(np.nan).to_numpy())
            if pa.types.is_floating(table[name].type)
            else table[name].to_numpy()
        )
        for name in columns
        if name != "delta_s"
    }
    return values | {
        "step": np.diff(table["edge"].to_numpy(), prepend=0).tolist(),
        "setting": pc.index_in(texts[0], texts[1].combine_chunks()).to_pylist(),
        "settings": settings.to_pylist(),
    }


def _fitting_evidence(
    gathered: Gathered, evidence: Evidence, edges: int, room: float
) -> tuple[str, int]:
    """As much evidence as fits, and how many pairs of shares that is."""
    order = _turns(evidence, edges)
    sums = np.cumsum(_costs(evidence, order))
    budget, best = room, ("", -1)
    for _ in range(6):
        stop = int(np.searchsorted(sums, budget, side="right"))
        text = script_json(_evidence_json(evidence, order[:stop]))
        size = len(text.encode())
        if size <= room and stop > best[1]:
            best = (text, stop)
        if size <= room and (stop == len(order) or size > 0.93 * room):
            break
        budget *= 0.97 * room / size
    if best[1] < 0:
        return script_json(_evidence_json(evidence, order[:0])), 0
    return best


def _turns(evidence: Evidence, edges: int) -> np.ndarray:
    """Rows in the order in which they are taken."""
    pairs = evidence.pairs
    rows = np.nonzero((pairs.edge >= 0) & (pairs.edge < edges))[0]
    order = rows[np.lexsort((rows, ~pairs.co_timed[rows], pairs.edge[rows]))]
    edge = pairs.edge[order]
    begins = np.searchsorted(edge, edge)
    later = np.arange(len(edge)) - begins >= FIRST_TURN
    result: np.ndarray = order[np.argsort(later, kind="stable")]
    return result


def _costs(evidence: Evidence, order: np.ndarray) -> np.ndarray:
    """Bytes that each row adds, its post texts and object counted where they come up first."""
    pairs = evidence.pairs
    cost = np.full(len(order), 22.0)
    names = pc.binary_length(pairs.object_table["object_id"]).to_numpy() + 8.0
    _, first = np.unique(pairs.objects[order], return_index=True)
    cost[first] += names[pairs.objects[order][first]]
    ids = evidence.posts["post_id"].combine_chunks()
    lengths = np.full(len(ids) + 1, 30.0)
    for name in ("post_id", "text", "url"):
        lengths[:-1] += pc.fill_null(pc.binary_length(evidence.posts[name]), 0).to_numpy()
    for side in (pairs.post_a, pairs.post_b):
        taken = side.take(pa.array(order))
        coded = pc.index_in(taken, ids).fill_null(-1).to_numpy()
        keys = taken.dictionary_encode().indices.to_numpy()
        _, first = np.unique(keys, return_index=True)
        # A post usually stands on both sides somewhere: half its size on each.
        cost[first] += lengths[coded[first]] / 2
    return cost


def _evidence_json(evidence: Evidence, rows: np.ndarray) -> dict[str, Any]:
    pairs = evidence.pairs
    rows = rows[np.lexsort((rows, pairs.edge[rows]))]
    used, objects = np.unique(pairs.objects[rows], return_inverse=True)
    picked = pa.array(rows)
    posts = pa.table(
        {
            "id": pa.chunked_array([pairs.post_a.take(picked), pairs.post_b.take(picked)]),
            "at_ms": np.concatenate([pairs.at_a_us[rows], pairs.at_b_us[rows]]) // 1000,
        }
    )
    # The same post id at two times stands for two shares.
    key = pc.binary_join_element_wise(posts["id"], posts["at_ms"].cast(pa.string()), "\0")
    codes = key.combine_chunks().dictionary_encode().indices.to_numpy()
    _, first = np.unique(codes, return_index=True)
    posts = posts.take(pa.array(first))
    found = pc.index_in(posts["id"], evidence.posts["post_id"].combine_chunks())
    texts = evidence.posts.take(found.combine_chunks())
    shown = pairs.object_table.take(pa.array(used))
    return {
        "step": np.diff(pairs.edge[rows], prepend=0).tolist(),
        "object": objects.tolist(),
        "post_a": codes[: len(rows)].tolist(),
        "post_b": codes[len(rows) :].tolist(),
        "near": pairs.co_timed[rows].astype(int).tolist(),
        "objects": {"kind": shown["kind"].to_pylist(), "id": shown["object_id"].to_pylist()},
        "posts": {
            "id": posts["id"].to_pylist(),
            "at_ms": posts["at_ms"].to_pylist(),
            "text": texts["text"].to_pylist(),
            "url": texts["url"].to_pylist(),
        },
    }
