"""How much was read, whoever wrote it down: the run, or the dataset that it read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

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
    first_us, last_us = _period(gathered)
    return Totals(
        shares=_number(_looked_at(gathered), data.get("shares"), manifest.get("shares")),
        accounts=_number(data.get("accounts"), manifest.get("accounts")),
        objects=_number(data.get("objects"), data.get("objects_by_kind")),
        posts=_number(data.get("posts"), manifest.get("posts")),
        read=_number(data.get("read"), rows.get("read")),
        kept=_number(data.get("kept"), rows.get("kept")),
        rejected=_number(data.get("rejected"), rows.get("rejected")),
        first_us=first_us,
        last_us=last_us,
    )


def _looked_at(gathered: Gathered) -> dict[str, Any]:
    """Shares of each kind that was looked at."""
    told = gathered.part("data").get("shares_by_kind")
    wanted = set(gathered.kinds)
    return {kind: n for kind, n in told.items() if kind in wanted} if told else {}


def _period(gathered: Gathered) -> tuple[int | None, int | None]:
    """First and last share, as written down or else from the statistics of the shares' file."""
    data, manifest = gathered.part("data"), gathered.manifest
    first_us = parse_moment_us(data.get("first_at") or manifest.get("first_at"))
    last_us = parse_moment_us(data.get("last_at") or manifest.get("last_at"))
    path = gathered.folder.dataset.shares
    if first_us is not None or last_us is not None or not path.exists():
        return first_us, last_us
    metadata = pq.read_metadata(path)
    place = metadata.schema.names.index("shared_at")
    groups = [
        metadata.row_group(k).column(place).statistics for k in range(metadata.num_row_groups)
    ]
    if not groups or not all(group is not None and group.has_min_max for group in groups):
        return None, None
    return (
        min(parse_moment_us(group.min.isoformat()) or 0 for group in groups),
        max(parse_moment_us(group.max.isoformat()) or 0 for group in groups),
    )


def _number(*values: Any) -> int | None:
    """The first that is a number, or the sum of the first that is a table of numbers."""
    for value in values:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return int(value)
        if isinstance(value, dict) and value:
            return sum(int(part) for part in value.values() if isinstance(part, int | float))
    return None
