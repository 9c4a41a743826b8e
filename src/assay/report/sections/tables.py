"""Accounts, pairs and objects as tables: the first rows as text, all of them with the script."""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.report.context import Context
from assay.report.evidence import object_rows
from assay.report.findings import affiliated_communities
from assay.report.markup import Markup, bdi, el
from assay.report.payload import MOST_ACCOUNTS, MOST_OBJECTS
from assay.report.words import chance, count, moment

FIRST_ROWS = 100
Column = tuple[str, str, bool]
"""Key in the script's data, heading, whether it holds numbers."""

ACCOUNT_COLUMNS: tuple[Column, ...] = (
    ("label", "Account", False),
    ("community", "Group", False),
    ("degree", "Partners", True),
    ("strength", "Objects at the same moment, over all partners", True),
    ("shares", "Shares", True),
    ("coordinated_shares", "of them at the same moment", True),
    ("p_value", "p", True),
    ("q_value", "q", True),
)
EDGE_COLUMNS: tuple[Column, ...] = (
    ("label_a", "Account", False),
    ("label_b", "Other account", False),
    ("weight", "Objects at the same moment", True),
    ("kinds", "Kinds", False),
    ("q", "q", True),
    ("first_s", "First", False),
    ("last_s", "Last", False),
)
OBJECT_COLUMNS: tuple[Column, ...] = (
    ("object_id", "Object", False),
    ("kind", "Kind", False),
    ("accounts", "Accounts at the same moment", True),
    ("co_timed", "Pairs at the same moment", True),
    ("apart", "Pairs not at the same moment", True),
    ("first_s", "First share", False),
)


def tables_section(context: Context) -> Markup | None:
    """The three tables; left out when no pair passed."""
    if not context.found:
        return None
    accounts, edges = len(context.gathered.accounts), len(context.gathered.edges)
    objects = len(context.evidence.pairs.object_table)
    return el(
        "section",
        el("h2", "Tables"),
        el(
            "p", "Times are in UTC. Columns sort by a press on their heading.", class_="script-only"
        ),
        _block(
            "accounts",
            "Accounts in the network",
            _account_columns(context),
            _account_rows(context),
            _part_listed(
                MOST_ACCOUNTS, accounts, "of the first groups", "network_accounts.parquet"
            ),
        ),
        _block(
            "edges",
            "Pairs that passed",
            EDGE_COLUMNS,
            _edge_rows(context),
            _part_listed(
                edges - context.payload.left_out.get("edges", 0),
                edges,
                "with the most objects",
                "network.parquet",
            ),
        ),
        _block(
            "objects",
            "Objects they shared",
            OBJECT_COLUMNS,
            _object_rows(context),
            _part_listed(
                MOST_OBJECTS, objects, "with the most pairs at the same moment", "evidence/"
            ),
        ),
        id="tables",
    )


def _part_listed(listed: int, total: int, which: str, file: str) -> str:
    """Says that a table on this page is a part, and where the whole is; nothing if it is whole."""
    if total <= listed:
        return ""
    return f"This page lists {count(listed)} of {count(total)}, those {which}; all are in {file}. "


def _block(
    name: str,
    title: str,
    columns: tuple[Column, ...],
    found: tuple[list[list[Any]], int],
    part_listed: str,
) -> Markup:
    rows, total = found
    heads = [
        el("th", heading, scope="col", data_key=key, class_="number" if number else None)
        for key, heading, number in columns
    ]
    body = [
        el(
            "tr",
            [
                el(
                    "th" if place == 0 else "td",
                    cell,
                    scope="row" if place == 0 else None,
                    class_="number" if number else "when" if key.endswith("_s") else None,
                )
                for place, (cell, (key, _, number)) in enumerate(zip(row, columns, strict=True))
            ],
        )
        for row in rows
    ]
    shown = f"Here the first {count(len(rows))}." if total > len(rows) else ""
    return el(
        "div",
        el("h3", title, id=f"{name}-title"),
        el("div", class_="table-tools script-only", data_tools=name),
        el(
            "div",
            el(
                "table",
                el(
                    "caption",
                    f"{title} ({count(total)}). {part_listed}",
                    el("span", shown, class_="first-rows"),
                ),
                el("thead", el("tr", heads)),
                el("tbody", body),
                data_table=name,
            ),
            class_="scroll",
            tabindex="0",
            role="region",
            aria_labelledby=f"{name}-title",
        ),
        el("div", class_="pager script-only", data_pager=name),
        class_="table-block",
    )


def _account_columns(context: Context) -> tuple[Column, ...]:
    """The columns of accounts, without p and q where accounts were not tested by themselves."""
    figures = context.gathered.accounts.figures
    tested = np.isfinite(figures["p_value"]).any()
    return tuple(c for c in ACCOUNT_COLUMNS if tested or not c[0].endswith("_value"))


def _account_rows(context: Context) -> tuple[list[list[Any]], int]:
    accounts = context.gathered.accounts
    figures = accounts.figures
    declared = affiliated_communities(context.gathered.findings)
    columns = [key for key, _, _ in _account_columns(context)]
    order = np.argsort(-figures["strength"], kind="stable")[:FIRST_ROWS]
    rows: list[list[Any]] = [
        [
            bdi(accounts.handles[k]),
            f"{accounts.community[k]}"
            + (" (openly affiliated)" if accounts.community[k] in declared else ""),
            *(
                chance(float(figures[name][k]))
                if name.endswith("_value")
                else count(figures[name][k])
                for name in columns[2:]
            ),
        ]
        for k in order.tolist()
    ]
    return rows, len(accounts)


def _edge_rows(context: Context) -> tuple[list[list[Any]], int]:
    accounts, edges = context.gathered.accounts, context.gathered.edges
    rows: list[list[Any]] = [
        [
            bdi(accounts.handles[int(edges.a[k])]),
            bdi(accounts.handles[int(edges.b[k])]),
            count(edges.weight[k]),
            ", ".join(edges.kinds[k]),
            chance(float(edges.q_value[k])),
            moment(int(edges.first_us[k])),
            moment(int(edges.last_us[k])),
        ]
        for k in range(min(FIRST_ROWS, len(edges)))
    ]
    return rows, len(edges)


def _object_rows(context: Context) -> tuple[list[list[Any]], int]:
    found, total = object_rows(context.evidence, MOST_OBJECTS)
    rows: list[list[Any]] = [
        [
            bdi(row["object_id"]),
            row["kind"],
            count(row["accounts"]),
            count(row["co_timed"]),
            count(row["apart"]),
            moment(row["first_us"]),
        ]
        for row in found[:FIRST_ROWS]
    ]
    return rows, total
