"""A run's network as a graph: its accounts with handles, its edges, in a form to be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.errors import CheckFailed, InputError
from assay.model.dataset import RunFolder

LIST_SEPARATOR = "|"
BATCH_ROWS = 20_000

NODE_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    ("handle", "string"),
    ("community", "long"),
    ("degree", "long"),
    ("strength", "long"),
    ("shares", "long"),
    ("coordinated_shares", "long"),
    ("p_value", "double"),
    ("q_value", "double"),
)
"""Name and type (as both GEXF and GraphML call it) of what is said of an account."""

EDGE_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    ("kinds", "string"),
    ("windows_s", "string"),
    ("q_value", "double"),
    ("first_at", "string"),
    ("last_at", "string"),
)
"""Name and type of what is said of an edge, its weight apart."""


@dataclass(frozen=True)
class NetworkGraph:
    """The network of a run.

    Attributes:
        accounts: ``NETWORK_ACCOUNTS`` with ``handle`` beside, by account id.
        edges: ``NETWORK``.
    """

    accounts: pa.Table
    edges: pa.Table

    def nodes(self) -> Iterator[Mapping[str, Any]]:
        """One mapping per account; values are None, str, int or float."""
        return plain_rows(self.accounts)

    def links(self) -> Iterator[Mapping[str, Any]]:
        """One mapping per edge; lists are joined by ``|``, times are ISO 8601 with Z."""
        return plain_rows(self.edges)


def read_network(run: RunFolder) -> NetworkGraph:
    """Read the network of a finished run.

    Raises:
        InputError: The run has no network.
        CheckFailed: An edge names an account that the network does not have.
    """
    edges = read_run_table(run.network)
    accounts = read_run_table(run.network_accounts)
    ends = pa.chunked_array([*edges["account_a"].chunks, *edges["account_b"].chunks], pa.string())
    unknown = pc.invert(pc.is_in(ends, value_set=accounts["account_id"].combine_chunks()))
    if pc.any(unknown).as_py():
        stranger = ends.filter(unknown)[0].as_py()
        raise CheckFailed(
            f"an edge names {stranger!r}, which is not among the network's accounts",
            fix="run the scan again; the run's tables do not belong together",
            file=run.network_accounts,
        )
    return NetworkGraph(accounts=_with_handles(accounts, run), edges=edges)


def read_run_table(path: Path) -> pa.Table:
    """Read one of a run's tables.

    Raises:
        InputError: It is not there, or is no Parquet.
    """
    try:
        return pq.read_table(path)
    except FileNotFoundError as error:
        raise InputError(
            f"the run has no {path.name}",
            fix="name the folder that `assay scan` or `assay detect` wrote",
            file=path,
        ) from error
    except pa.ArrowInvalid as error:
        raise InputError(
            "the file is no Parquet table", fix="run the scan again", file=path
        ) from error


def _with_handles(accounts: pa.Table, run: RunFolder) -> pa.Table:
    """The accounts by id, with the handle where the dataset knows one."""
    known = run.dataset.accounts
    if known.exists():
        handles = pq.read_table(known, columns=["account_id", "handle"])
        accounts = accounts.join(handles, "account_id", join_type="left outer")
    else:
        accounts = accounts.append_column("handle", pa.nulls(len(accounts), pa.string()))
    return accounts.sort_by("account_id")


def plain_rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    """The rows as mappings of plain values, in batches."""
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        for row in batch.to_pylist():
            yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return LIST_SEPARATOR.join(
            f"{part:g}" if isinstance(part, float) else part for part in value
        )
    if isinstance(value, str | int | float) or value is None:
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")
