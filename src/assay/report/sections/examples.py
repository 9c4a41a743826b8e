"""The heaviest pairs of a group, their posts side by side, for readers without a script."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.report.context import Context
from assay.report.markup import Markup, bdi, el
from assay.report.words import counted, figure, moment

EXAMPLES = 4
"""Pairs of accounts that a card shows."""


def example_pairs(context: Context, community: int | None) -> Markup | None:
    """The heaviest pairs of the group, each with its first co-timed posts side by side."""
    if community is None:
        return None
    accounts, edges, pairs = (
        context.gathered.accounts,
        context.gathered.edges,
        context.evidence.pairs,
    )
    inner = (accounts.community[edges.a] == community) & (accounts.community[edges.b] == community)
    blocks = []
    for edge in np.nonzero(inner)[0][:EXAMPLES].tolist():
        rows = context.evidence.rows_of(edge)
        near = rows[pairs.co_timed[rows]]
        if len(near):
            blocks.append(_pair_rows(context, edge, near[:2]))
    if not blocks:
        return None
    return el(
        "details",
        el("summary", "Example pairs of posts"),
        el(
            "p",
            "From the pairs with the most objects in common. Every other pair opens from the "
            "network or the table of pairs, and lies in the evidence files.",
        ),
        blocks,
        class_="fold",
    )


def _pair_rows(context: Context, edge: int, rows: np.ndarray) -> Markup:
    accounts, edges = context.gathered.accounts, context.gathered.edges
    a, b = (accounts.handles[int(side[edge])] for side in (edges.a, edges.b))
    return el(
        "div",
        el("h4", bdi(a), " and ", bdi(b), f": {counted(int(edges.weight[edge]), 'object')}"),
        [_one_pair(context, (a, b), row) for row in rows.tolist()],
        class_="pair",
    )


def _one_pair(context: Context, names: tuple[str, str], row: int) -> Markup:
    pairs = context.evidence.pairs
    gap_s = abs(int(pairs.at_b_us[row]) - int(pairs.at_a_us[row])) / 1e6
    shared = pairs.object_table.slice(int(pairs.objects[row]), 1).to_pylist()[0]
    sides = []
    for name, post, at_us in (
        (names[0], pairs.post_a[row].as_py(), pairs.at_a_us[row]),
        (names[1], pairs.post_b[row].as_py(), pairs.at_b_us[row]),
    ):
        text, url = post_of(context, post)
        when = moment(int(at_us), resolution_s=context.gathered.resolution_s)
        sides.append(
            el(
                "article",
                el(
                    "header", el("strong", bdi(name)), " ", el("span", f"{when} UTC", class_="time")
                ),
                el("p", text, dir="auto", class_="post") if text else None,
                el("p", f"{url or post}", class_="address"),
            )
        )
    return el(
        "div",
        el("p", f"{shared['kind']}: ", bdi(shared["object_id"]), f" · {figure(gap_s)} s apart",
           class_="shared"),
        el("div", sides, class_="sides"),
    )  # fmt: skip


def post_of(context: Context, post_id: str) -> tuple[str | None, str | None]:
    """Text and address of a post, where the evidence has them."""
    posts = context.evidence.posts
    place = pc.index(posts["post_id"], pa.scalar(post_id)).as_py()
    if place < 0:
        return None, None
    return posts["text"][place].as_py(), posts["url"][place].as_py()
