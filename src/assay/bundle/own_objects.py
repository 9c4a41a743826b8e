"""What one account shared together with its finding, object by object, and who else did."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from assay.errors import InputError
from assay.model.dataset import RunFolder


@dataclass(frozen=True)
class Meeting:
    """The closest pair of shares of an object by the account and another one of its finding.

    Attributes:
        account: The other account.
        own_post: The account's post.
        own_at: When the account shared it.
        other_post: The other's post.
        other_at: When the other shared it.
        gap_s: Seconds between them.
        co_timed: Whether that is within the window.
    """

    account: str
    own_post: str
    own_at: datetime
    other_post: str
    other_at: datetime
    gap_s: float
    co_timed: bool


@dataclass(frozen=True)
class OwnObject:
    """An object that the account and at least one other of its finding shared.

    Attributes:
        kind: Of the object.
        id: Of the object.
        meetings: With each other account, closest first.
        text: Of the account's first post of it, where the bundle has it.
        sharers: Accounts in the whole data that shared it.
        place: The account's place among them by first share, from 1.
        outside_at_moment: Accounts outside the finding that shared it within the window of the
            account's first co-timed share (of its first share where none is co-timed).
    """

    kind: str
    id: str
    meetings: tuple[Meeting, ...]
    text: str | None
    sharers: int
    place: int
    outside_at_moment: int

    @property
    def co_timed_with(self) -> tuple[str, ...]:
        """The accounts with which it was co-timed."""
        return tuple(one.account for one in self.meetings if one.co_timed)

    @property
    def posts(self) -> tuple[str, ...]:
        """The account's posts in co-timed meetings, each once."""
        return tuple(dict.fromkeys(one.own_post for one in self.meetings if one.co_timed))


def own_objects(
    run: RunFolder, finding: str, subjects: tuple[str, ...], account: str
) -> tuple[OwnObject, ...]:
    """Every object behind a finding that the account has to do with, by time.

    Raises:
        InputError: The finding's evidence is missing or damaged.
    """
    path = run.evidence / finding / "pairs.parquet"
    try:
        own = (ds.field("account_a") == account) | (ds.field("account_b") == account)
        rows = ds.dataset(path).to_table(filter=own).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            "the evidence of the finding cannot be read",
            fix="get the bundle again from who made it",
            file=f"evidence/{finding}/pairs.parquet",
        ) from error
    met: dict[tuple[str, str], list[Meeting]] = defaultdict(list)
    for row in rows:
        met[row["kind"], row["object_id"]].append(_meeting(row, account))
    texts = _texts(run.evidence / finding / "posts.parquet", account)
    window_s = _windows(run, subjects)
    shares = _shares(run, list(met))
    found = []
    for (kind, name), meetings in met.items():
        meetings.sort(key=lambda one: (one.gap_s, one.account))
        first = next((one for one in meetings if one.co_timed), meetings[0])
        at = first.own_at
        near = {
            who
            for who, when in shares[kind, name]
            if who not in subjects and abs((when - at).total_seconds()) <= window_s.get(kind, 0)
        }
        order = list(dict.fromkeys(who for who, _ in shares[kind, name]))
        found.append(
            OwnObject(
                kind=kind,
                id=name,
                meetings=tuple(meetings),
                text=texts.get(first.own_post),
                sharers=len(order),
                place=order.index(account) + 1 if account in order else 0,
                outside_at_moment=len(near),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.meetings[0].own_at, one.kind, one.id)))


def _meeting(row: dict[str, Any], account: str) -> Meeting:
    own, other = ("a", "b") if row["account_a"] == account else ("b", "a")
    return Meeting(
        account=row[f"account_{other}"],
        own_post=row[f"post_{own}"],
        own_at=row[f"shared_at_{own}"],
        other_post=row[f"post_{other}"],
        other_at=row[f"shared_at_{other}"],
        gap_s=row["gap_s"],
        co_timed=row["co_timed"],
    )


def _texts(path: Path, account: str) -> dict[str, str | None]:
    if not path.is_file():
        return {}
    rows = ds.dataset(path).to_table(
        columns=["post_id", "text"], filter=ds.field("account_id") == account
    )
    return dict(zip(rows["post_id"].to_pylist(), rows["text"].to_pylist(), strict=True))


def _windows(run: RunFolder, subjects: tuple[str, ...]) -> dict[str, float]:
    """The largest kept window of each kind inside the finding."""
    members = pa.array(subjects, pa.string())
    rows = ds.dataset(run.edges).to_table(
        columns=["kind", "window_s"],
        filter=ds.field("kept")
        & ds.field("account_a").isin(members)
        & ds.field("account_b").isin(members),
    )
    grouped = rows.group_by("kind").aggregate([("window_s", "max")]).to_pylist()
    return {row["kind"]: row["window_s_max"] for row in grouped}


def _shares(
    run: RunFolder, objects: list[tuple[str, str]]
) -> dict[tuple[str, str], list[tuple[str, datetime]]]:
    """Who shared each object when, by time, in one pass over the shares."""
    ids = pa.array(sorted({name for _, name in objects}), pa.string())
    wanted = set(objects)
    found: dict[tuple[str, str], list[tuple[str, datetime]]] = defaultdict(list)
    columns = ["kind", "object_id", "account_id", "shared_at"]
    with pq.ParquetFile(run.dataset.shares) as file:
        for batch in file.iter_batches(1 << 17, columns=columns):
            for row in batch.filter(pc.is_in(batch["object_id"], ids)).to_pylist():
                key = (row["kind"], row["object_id"])
                if key in wanted:
                    found[key].append((row["account_id"], row["shared_at"]))
    return found
