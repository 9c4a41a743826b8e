"""What each finding hangs on, in figures; writes the tables that hold all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from assay.detectors.firmness import Firmness
from assay.detectors.leave_one_out import LeftOut
from assay.detectors.network_result import NetworkResult
from assay.engine.parquet_rows import take_rows
from assay.engine.write import write_table
from assay.model.dataset import RunFolder
from assay.model.tables import ACCOUNT_STABILITY, LEAVE_ONE_OUT

LISTED = 8
"""So many objects and accounts that most hangs on stand in the finding; the table has all."""


@dataclass(frozen=True)
class Hanging:
    """A finding without one thing at a time, objects or accounts.

    Attributes:
        tried: How many were left out, one by one.
        of: How many there are.
        dissolving: Without it, none of the (other) accounts is in a pair that passes.
        halving: Without it, fewer than half of them are; those that dissolve it among them.
        least_accounts_left: The fewest (other) accounts left without any one of them.
        least_pairs_left: The fewest pairs left, likewise; an account's own pairs aside.
        listed: Those that most hangs on: ``id``, ``kind`` (of an object), ``pairs``,
            ``pairs_left``, ``accounts``, ``accounts_left``, ``largest_p``.
    """

    tried: int
    of: int
    dissolving: int
    halving: int
    least_accounts_left: int | None
    least_pairs_left: int | None
    listed: tuple[dict[str, Any], ...]


def hanging(
    run: RunFolder, network: NetworkResult, firmness: Firmness, objects: np.ndarray
) -> list[tuple[Hanging, Hanging]]:
    """What each community hangs on: objects and accounts; writes ``leave_one_out.parquet``.

    Args:
        run: Where to.
        network: The network.
        firmness: What was worked out.
        objects: How many co-timed objects each community has.
    """
    tables = [
        ("object", firmness.objects, *_object_names(network, firmness.objects.thing)),
        ("account", firmness.accounts, *_account_names(network, firmness.accounts.thing)),
    ]
    sizes = np.bincount(network.community, minlength=network.communities)
    found: list[list[Hanging]] = [[] for _ in range(network.communities)]
    for (_, left, kinds, names), of in zip(tables, (objects, sizes), strict=True):
        order = _weightiest_first(left, names)
        bounds = np.searchsorted(left.community[order], np.arange(network.communities + 1))
        for number in range(network.communities):
            own = order[bounds[number] : bounds[number + 1]]
            found[number].append(_of_community(left, kinds, names, own, int(of[number])))
    _write(run, tables)
    return [(of_objects, of_accounts) for of_objects, of_accounts in found]


def write_account_stability(run: RunFolder, network: NetworkResult) -> None:
    """Write ``account_stability.parquet``; without replicates it has no rows."""
    again = network.found_again
    table = ACCOUNT_STABILITY.empty_table()
    if again is not None:
        table = pa.table(
            {
                "account_id": network.edges.accounts,
                "community": network.community,
                "stays_objects": again.account_objects,
                "stays_seeds": again.account_seeds,
            }
        )
    write_table(run.account_stability, table, ACCOUNT_STABILITY, ("community", "account_id"))


def _weightiest_first(left: LeftOut, names: list[str]) -> np.ndarray:
    """By community; in it those first without which least is left, and by name among equals."""
    by_name = np.argsort(np.argsort(np.array(names, dtype=object), kind="stable"))
    return np.lexsort(
        (by_name, -left.largest_p, left.pairs_left, left.accounts_left, left.community)
    )


def _of_community(
    left: LeftOut, kinds: list[str | None], names: list[str], own: np.ndarray, of: int
) -> Hanging:
    accounts, accounts_left = left.accounts[own], left.accounts_left[own]
    return Hanging(
        tried=len(own),
        of=of,
        dissolving=int((accounts_left == 0).sum()),
        halving=int((2 * accounts_left < accounts).sum()),
        least_accounts_left=int(accounts_left.min()) if len(own) else None,
        least_pairs_left=int(left.pairs_left[own].min()) if len(own) else None,
        listed=tuple(
            {
                "id": names[k],
                "kind": kinds[k],
                "pairs": int(left.pairs[k]),
                "pairs_left": int(left.pairs_left[k]),
                "accounts": int(left.accounts[k]),
                "accounts_left": int(left.accounts_left[k]),
                "largest_p": float(left.largest_p[k]) if left.pairs_left[k] else None,
            }
            for k in own[:LISTED].tolist()
        ),
    )


def _object_names(
    network: NetworkResult, objects: np.ndarray
) -> tuple[list[str | None], list[str]]:
    """Kind and id of each object, read from the table of shares."""
    distinct = np.unique(objects)
    rows = network.shares.object_start[distinct]
    kinds: list[str] = []
    names: list[str] = []
    for _, batch in take_rows(network.shares.path, rows, ["kind", "object_id"]):
        kinds += batch["kind"].to_pylist()
        names += batch["object_id"].to_pylist()
    place = np.searchsorted(distinct, objects).tolist()
    return [kinds[k] for k in place], [names[k] for k in place]


def _account_names(
    network: NetworkResult, accounts: np.ndarray
) -> tuple[list[str | None], list[str]]:
    names = network.edges.accounts.take(pa.array(accounts)).to_pylist()
    return [None] * len(names), names


def _write(run: RunFolder, tables: list[tuple[str, LeftOut, list[str | None], list[str]]]) -> None:
    parts = [
        pa.table(
            {
                "community": left.community,
                "left_out": pa.array([what] * len(names), pa.string()),
                "kind": pa.array(kinds, pa.string()),
                "id": pa.array(names, pa.string()),
                "pairs": left.pairs,
                "pairs_left": left.pairs_left,
                "accounts": left.accounts,
                "accounts_left": left.accounts_left,
                "largest_p": pa.array(left.largest_p, mask=left.pairs_left == 0),
            }
        )
        for what, left, kinds, names in tables
    ]
    write_table(
        run.leave_one_out,
        pa.concat_tables(parts),
        LEAVE_ONE_OUT,
        ("community", "left_out", "kind", "id"),
    )
