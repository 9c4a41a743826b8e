"""What a run left on disk, read into arrays that the page is made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from assay.engine.read_back import json_back, table_back
from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.report.resembling import Resembling, is_resembling, read_resembling

_JOINING = (
    "\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"  # Arabic to Mongolian
    "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"  # emoji
)
_HIDING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    f"|(?<![{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}])"
)
"""Control characters, invisible ones, and those that reverse the direction of writing.

What joins or parts letters stays between two letters of scripts that need it (Persian, Hindi) and
between emoji; anywhere else it hides."""
NO_TIME = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Accounts:
    """The accounts of the network, by community, then by falling strength.

    Attributes:
        ids: Account ids with their platform.
        handles: How the account calls itself; the id where it has no handle.
        names: Display names, possibly empty.
        community: Community of each account.
        figures: ``degree``, ``strength``, ``shares``, ``coordinated_shares``, ``p_value``,
            ``q_value`` by account; floats are nan where not tested.
    """

    ids: list[str]
    handles: list[str]
    names: list[str]
    community: np.ndarray
    figures: dict[str, np.ndarray]

    def __len__(self) -> int:
        """How many accounts there are."""
        return len(self.ids)


@dataclass(frozen=True)
class Edges:
    """The kept pairs, heaviest first. ``a`` and ``b`` are positions in :class:`Accounts`."""

    a: np.ndarray
    b: np.ndarray
    weight: np.ndarray
    q_value: np.ndarray
    first_us: np.ndarray
    last_us: np.ndarray
    kinds: list[list[str]]
    windows_s: list[list[float]]

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.a)

    def find(self, accounts: Accounts, a: pa.ChunkedArray, b: pa.ChunkedArray) -> np.ndarray:
        """The position of each pair of account ids, in either order; -1 where it is no edge."""
        ids = pa.array(accounts.ids, pa.string())
        left = pc.index_in(a, ids).fill_null(-1).to_numpy().astype(np.int64)
        right = pc.index_in(b, ids).fill_null(-1).to_numpy().astype(np.int64)
        key = np.minimum(left, right) * len(ids) + np.maximum(left, right)
        own = np.minimum(self.a, self.b) * len(ids) + np.maximum(self.a, self.b)
        if not len(own):
            return np.full(len(key), -1, dtype=np.int64)
        order = np.argsort(own, kind="stable")
        place = np.minimum(np.searchsorted(own, key, sorter=order), len(own) - 1)
        found = order[place]
        return np.where((left >= 0) & (right >= 0) & (own[found] == key), found, -1)


@dataclass(frozen=True)
class Gathered:
    """Everything that the page shows, apart from the evidence rows.

    Attributes:
        folder: The run.
        run: ``run.json``.
        manifest: The dataset's manifest; empty if the run has none.
        accounts: The network's accounts.
        edges: The network's pairs.
        edge_rows: Kept rows of ``edges.parquet`` with their ``edge`` (position in ``edges``).
        test_rows: The rows of ``edge_tests.parquet`` for the kept pairs, with ``edge``.
        candidates: Pairs of accounts in ``edges.parquet``, whatever kind and window; None if the
            run has no such table.
        tested: Counts and smallest q by kind, window and Δ, over all candidates.
        communities: Rows of ``communities.parquet``.
        findings: The findings.
        undecided: Findings that count nowhere: co-timing whose cause timing cannot tell.
        resembling: Findings about names, with their comparisons.
        rejects: Source, reason and count.
    """

    folder: RunFolder
    run: dict[str, Any]
    manifest: dict[str, Any]
    accounts: Accounts
    edges: Edges
    edge_rows: pa.Table | None
    test_rows: pa.Table | None
    candidates: int | None
    tested: list[dict[str, Any]]
    communities: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    undecided: list[dict[str, Any]]
    resembling: list[Resembling]
    rejects: list[dict[str, Any]]

    def part(self, name: str) -> dict[str, Any]:
        """A named object of ``run.json``; empty if it is missing."""
        value = self.run.get(name)
        return value if isinstance(value, dict) else {}

    @property
    def fdr(self) -> float:
        """The threshold on q."""
        return float(self.part("parameters").get("fdr", 0.05))

    @property
    def min_shared(self) -> int:
        """Distinct co-timed objects that a kept pair needs."""
        return int(self.part("parameters").get("min_shared", 2))

    @property
    def kinds(self) -> list[str]:
        """The kinds of object that were looked at and that the data hold."""
        present = self.part("data").get("shares_by_kind")
        wanted = self.part("parameters").get("kinds") or list(present or [])
        return sorted(str(name) for name in wanted if present is None or name in present)

    @property
    def windows_s(self) -> list[float]:
        """The windows used, narrowest first."""
        used = [row["window_s"] for row in self.tested] or [
            member["window_s"] for member in self.part("family").get("members") or []
        ]
        told = used or self.part("parameters").get("windows_s") or []
        return sorted({float(value) for value in told})

    @property
    def deltas_s(self) -> list[float]:
        """Every Δ of the tests, narrowest first."""
        members = self.part("family").get("members") or []
        told = [value for member in members for value in member.get("deltas_s") or []]
        return sorted({float(value) for value in [row["delta_s"] for row in self.tested] or told})

    @property
    def version(self) -> str:
        """The version of Assay that made the run."""
        return str(self.run.get("version") or "unknown")

    @property
    def caps(self) -> list[str]:
        """What the user chose to leave out, in sentences."""
        return [str(cap) for cap in self.run.get("caps") or []]

    @property
    def resolution_s(self) -> float:
        """How fine the data's times are."""
        return float(self.part("data").get("time_resolution_s") or 1.0)


def gather(folder: RunFolder) -> Gathered:
    """Read a finished run.

    Raises:
        InputError: The folder holds no run, or one of its files cannot be read.
    """
    run = _read_json(folder.run)
    if run is None:
        raise InputError(
            "this folder holds no finished run",
            fix="give the folder that `assay scan … -o OUT` wrote",
            file=folder.run,
        )
    accounts = _read_accounts(folder)
    edges = _read_edges(folder, accounts)
    candidates = _read_table(folder.edges)
    tests = _read_table(folder.edge_tests)
    found = _read_json(folder.findings) or {}
    communities = _read_table(folder.communities)
    kept = None if candidates is None else candidates.filter(candidates["kept"])
    parameters = run.get("parameters", {})
    limits = (float(parameters.get("fdr", 0.05)), int(parameters.get("min_shared", 2)))
    listed = list(found.get("findings", []))
    return Gathered(
        folder=folder,
        run=run,
        manifest=_read_json(folder.dataset.manifest) or {},
        accounts=accounts,
        edges=edges,
        edge_rows=_with_edge(kept, accounts, edges),
        test_rows=_with_edge(tests, accounts, edges),
        candidates=None if candidates is None else _pairs(candidates),
        tested=_tested(candidates, tests, *limits),
        communities=[] if communities is None else plain_rows(communities),
        findings=[finding for finding in listed if not is_resembling(finding)],
        undecided=list(found.get("undecided", [])),
        resembling=read_resembling(folder, listed),
        rejects=_read_rejects(folder.dataset.rejects),
    )


def shown(name: str | None) -> str:
    """A name as it may be shown: what would turn or hide the text around it becomes visible."""
    return _HIDING.sub("\ufffd", name or "").strip()


def plain_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as dictionaries, with times as microseconds."""
    columns = {
        name: (
            table[name].cast(pa.int64()) if pa.types.is_timestamp(table[name].type) else table[name]
        )
        for name in table.column_names
    }
    rows: list[dict[str, Any]] = pa.table(columns).to_pylist()
    return rows


def micros(column: pa.ChunkedArray) -> np.ndarray:
    """A time column as microseconds since 1970; nulls become :data:`NO_TIME`."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz))
    values = column.cast(pa.int64()).fill_null(NO_TIME)
    return np.asarray(values.to_numpy(), dtype=np.int64)


def _read_json(path: Path) -> dict[str, Any] | None:
    return json_back(path) if path.exists() else None


def _read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table | None:
    return table_back(path, columns) if path.exists() else None


def _floats(table: pa.Table, name: str) -> np.ndarray:
    return np.asarray(table[name].cast(pa.float64()).fill_null(np.nan).to_numpy())


def _read_accounts(folder: RunFolder) -> Accounts:
    table = _read_table(folder.network_accounts)
    if table is None:
        empty = np.zeros(0, dtype=np.int64)
        return Accounts([], [], [], empty, {})
    table = table.sort_by(
        [("community", "ascending"), ("strength", "descending"), ("account_id", "ascending")]
    )
    ids: list[str] = table["account_id"].to_pylist()
    handles, names = _names(folder.dataset.accounts, ids)
    return Accounts(
        ids=ids,
        handles=[handle or account for handle, account in zip(handles, ids, strict=True)],
        names=names,
        community=table["community"].to_numpy(),
        figures={
            name: table[name].to_numpy()
            for name in ("degree", "strength", "shares", "coordinated_shares")
        }
        | {name: _floats(table, name) for name in ("p_value", "q_value")},
    )


def _names(path: Path, ids: list[str]) -> tuple[list[str], list[str]]:
    """Handle and display name of each account, empty where unknown."""
    known: dict[str, tuple[str, str]] = {}
    if path.exists() and ids:
        wanted = ds.field("account_id").isin(pa.array(ids, pa.string()))
        columns = ["account_id", "handle", "display_name"]
        table = ds.dataset(path).to_table(columns=columns, filter=wanted)
        for row in table.to_pylist():
            known[row["account_id"]] = (shown(row["handle"]), shown(row["display_name"]))
    pairs = [known.get(account, ("", "")) for account in ids]
    return [handle for handle, _ in pairs], [name for _, name in pairs]


def _read_edges(folder: RunFolder, accounts: Accounts) -> Edges:
    table = _read_table(folder.network)
    empty = np.zeros(0, dtype=np.int64)
    if table is None or not len(table):
        return Edges(empty, empty, empty, empty.astype(float), empty, empty, [], [])
    table = table.sort_by(
        [
            ("weight", "descending"),
            ("q_value", "ascending"),
            ("account_a", "ascending"),
            ("account_b", "ascending"),
        ]
    )
    ids = pa.array(accounts.ids, pa.string())
    known = pc.and_(pc.is_in(table["account_a"], ids), pc.is_in(table["account_b"], ids))
    table = table.filter(known)
    return Edges(
        a=pc.index_in(table["account_a"], ids).to_numpy().astype(np.int64),
        b=pc.index_in(table["account_b"], ids).to_numpy().astype(np.int64),
        weight=table["weight"].to_numpy(),
        q_value=_floats(table, "q_value"),
        first_us=micros(table["first_at"]),
        last_us=micros(table["last_at"]),
        kinds=table["kinds"].to_pylist(),
        windows_s=table["windows_s"].to_pylist(),
    )


def _with_edge(table: pa.Table | None, accounts: Accounts, edges: Edges) -> pa.Table | None:
    if table is None:
        return None
    place = edges.find(accounts, table["account_a"], table["account_b"])
    table = table.append_column("edge", pa.array(place))
    return table.filter(pa.array(place >= 0))


def _pairs(candidates: pa.Table) -> int:
    """Pairs of accounts, each counted once."""
    return len(candidates.group_by(["account_a", "account_b"]).aggregate([]))


def _tested(
    candidates: pa.Table | None, tests: pa.Table | None, fdr: float, min_shared: int
) -> list[dict[str, Any]]:
    """Candidates and those that pass, by kind, window and Δ: where a finding disappears."""
    table, timed = tests, "co_timed_objects"
    if table is None or not len(table):
        table, timed = candidates, "shared_objects"
    if table is None or not len(table):
        return []
    passes = pc.and_(
        pc.less_equal(table["q_value"], fdr), pc.greater_equal(table[timed], min_shared)
    )
    table = table.append_column("passes", passes.cast(pa.int64()))
    keys = ["kind", "window_s", "delta_s"]
    grouped = table.group_by(keys).aggregate(
        [("passes", "count"), ("passes", "sum"), ("p_value", "min"), ("q_value", "min")]
    )
    rows: list[dict[str, Any]] = grouped.sort_by([(key, "ascending") for key in keys]).to_pylist()
    return rows


def _read_rejects(path: Path) -> list[dict[str, Any]]:
    table = _read_table(path, ["source", "reason"])
    if table is None or not len(table):
        return []
    grouped = table.group_by(["source", "reason"]).aggregate([("reason", "count")])
    order = [("reason_count", "descending"), ("source", "ascending"), ("reason", "ascending")]
    rows: list[dict[str, Any]] = grouped.sort_by(order).to_pylist()
    return rows
