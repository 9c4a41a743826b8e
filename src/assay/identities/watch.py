"""What changed since an earlier run: new, renamed or gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.engine.read_back import json_back, table_back
from assay.errors import InputError
from assay.identities.histories import SeenName, day_of, in_order
from assay.model.dataset import RunFolder

WATCHED = frozenset({"poses_as", "resembles"})
"""Verdicts that are watched; sisters and official accounts come and go unheard."""


@dataclass(frozen=True)
class Earlier:
    """What an earlier run said.

    Attributes:
        accounts: Rows of its ``impersonation.parquet`` by account and identity.
        domains: Rows of its ``domains.parquet`` by domain and identity.
        names: Names under which it saw its accounts, by account id.
    """

    accounts: Mapping[tuple[str, str], Mapping[str, Any]]
    domains: Mapping[tuple[str, str], Mapping[str, Any]]
    names: Mapping[str, Sequence[SeenName]] = field(default_factory=dict)


def read_earlier(folder: Path) -> Earlier:
    """Read an earlier run of this detector.

    Raises:
        InputError: The folder holds none, or it cannot be read.
    """
    run = RunFolder(folder)
    if not run.impersonation.is_file() and not run.domains.is_file():
        raise InputError(
            "the folder holds no earlier run of this detector",
            fix="name the OUT of an earlier `assay detect impersonation` or `assay scan "
            "--identities`",
            file=folder,
        )
    day = None
    if run.identities.is_file():
        day = day_of(str(json_back(run.identities).get("today", "")))
    accounts, domains = _rows(run.impersonation), _rows(run.domains)
    names: dict[str, set[SeenName]] = defaultdict(set)
    if day is not None:
        for row in accounts:
            seen = SeenName(day, row["handle"] or "", row["display_name"] or "")
            names[row["account_id"]].add(seen)
    return Earlier(
        best_rows(accounts, "account_id"),
        best_rows(domains, "domain"),
        {account: in_order(seen) for account, seen in names.items()},
    )


def _rows(path: Path) -> list[Mapping[str, Any]]:
    """What is watched of a table; nothing where the table is not there."""
    if not path.is_file():
        return []
    rows: list[Mapping[str, Any]] = table_back(path).to_pylist()
    if rows and not {"verdict", "identity", "score"} <= set(rows[0]):
        raise InputError(
            f"{path.name} of the earlier run lacks its columns", fix="run it again", file=path
        )
    return [row for row in rows if row["verdict"] in WATCHED]


def best_rows(
    rows: Iterable[Mapping[str, Any]], subject: str
) -> dict[tuple[str, str], Mapping[str, Any]]:
    """What is watched, by subject and identity; of a subject given twice the row that weighs most.

    Args:
        rows: Of ``impersonation.parquet`` or ``domains.parquet``.
        subject: ``account_id`` or ``domain``.
    """
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in sorted((one for one in rows if one["verdict"] in WATCHED), key=_weight):
        found.setdefault((row[subject], row["identity"]), row)
    return found


def _weight(row: Mapping[str, Any]) -> tuple[bool, float, str, str]:
    names = row.get("handle") or "", row.get("display_name") or ""
    return (row["verdict"] != "poses_as", -row["score"], *names)


def changes(
    rows: Sequence[Mapping[str, Any]],
    earlier: Mapping[tuple[str, str], Mapping[str, Any]],
    subject: str,
) -> list[dict[str, Any]]:
    """Rows of ``changes.parquet``: new ones, those renamed, and those that are gone.

    New is also what only resembled a body and now poses as it.

    Args:
        rows: Of this run's table.
        earlier: Of the earlier run's.
        subject: ``account_id`` or ``domain``.
    """
    now = best_rows(rows, subject)
    found = []
    for key, row in now.items():
        before = earlier.get(key)
        change = _change(row, before)
        if change:
            found.append(_told(change, key, row, before))
    found += [_told("gone", key, None, row) for key, row in earlier.items() if key not in now]
    return found


def _change(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> str | None:
    if before is None or (row["verdict"], before["verdict"]) == ("poses_as", "resembles"):
        return "new"
    same = all(row.get(name) == before.get(name) for name in ("handle", "display_name"))
    return None if same else "renamed"


def _told(
    change: str,
    key: tuple[str, str],
    row: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
) -> dict[str, Any]:
    now, then = row or {}, before or {}
    return {
        "change": change,
        "subject": key[0],
        "identity": key[1],
        "verdict": now.get("verdict"),
        "verdict_before": then.get("verdict"),
        "handle": now.get("handle"),
        "handle_before": then.get("handle"),
        "display_name": now.get("display_name"),
        "display_name_before": then.get("display_name"),
    }
