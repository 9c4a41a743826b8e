"""How much was read, whoever wrote it down: the run, or the dataset that it read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.report.gather import Gathered
from assay.report.words import parse_moment_us


@dataclass(frozen=True)
class Totals:
    """Sizes of the input; None where nobody wrote them down.

    Attributes:
        shares: Shares of the kinds looked at, or of all kinds.
        accounts: Accounts in the data.
        objects: Different objects.
        posts: Posts.
        read: Rows in the input files.
        kept: Rows in the dataset.
        rejected: Rows that could not be used.
        first_us: The first share.
        last_us: The last share.
    """

    shares: int | None
    accounts: int | None
    objects: int | None
    posts: int | None
    read: int | None
    kept: int | None
    rejected: int | None
    first_us: int | None
    last_us: int | None


def totals(gathered: Gathered) -> Totals:
    """Collect the sizes from ``run.json`` and the dataset's manifest."""
    data, manifest = gathered.part("data"), gathered.manifest
    rows = manifest.get("rows")
    rows = rows if isinstance(rows, dict) else {}
    return Totals(
        shares=_number(data.get("shares"), data.get("shares_by_kind"), manifest.get("shares")),
        accounts=_number(data.get("accounts"), manifest.get("accounts")),
        objects=_number(data.get("objects"), data.get("objects_by_kind")),
        posts=_number(data.get("posts"), manifest.get("posts")),
        read=_number(data.get("read"), rows.get("read")),
        kept=_number(data.get("kept"), rows.get("kept")),
        rejected=_number(data.get("rejected"), rows.get("rejected")),
        first_us=parse_moment_us(data.get("first_at") or manifest.get("first_at")),
        last_us=parse_moment_us(data.get("last_at") or manifest.get("last_at")),
    )


def _number(*values: Any) -> int | None:
    """The first that is a number, or the sum of the first that is a table of numbers."""
    for value in values:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return int(value)
        if isinstance(value, dict) and value:
            return sum(int(part) for part in value.values() if isinstance(part, int | float))
    return None
