"""How an account and its finding stand without one object, one post or one account, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from assay.detectors.left_out import KEPT, LeftOutRuns, LeftOutThing
from assay.model.progress import Progress


@dataclass(frozen=True)
class Standing:
    """How an account and its finding stand in one detection.

    Attributes:
        partners: Accounts of the finding with which it has a kept pair.
        objects: Its co-timed objects in kept pairs with them, at most, over kinds and windows.
        finding_pairs: Kept pairs of accounts inside the finding.
        finding_accounts: Accounts of the finding in such a pair.
        largest_q: Over its kept rows; None where it has none.
        largest_p: Likewise.
    """

    partners: int
    objects: int
    finding_pairs: int
    finding_accounts: int
    largest_q: float | None
    largest_p: float | None


@dataclass(frozen=True)
class Without:
    """The standing without one thing."""

    thing: LeftOutThing
    standing: Standing


def standing(kept: pa.Table, subjects: Iterable[str], account: str) -> Standing:
    """An account's standing among the kept rows of a detection.

    Args:
        kept: As :meth:`assay.detectors.left_out.LeftOutRuns.kept_without` gives them.
        subjects: The accounts of the finding.
        account: The account.
    """
    members = pa.array(sorted(subjects), pa.string())
    inside = pc.and_(pc.is_in(kept["account_a"], members), pc.is_in(kept["account_b"], members))
    table = kept.filter(inside)
    pairs = set(zip(table["account_a"].to_pylist(), table["account_b"].to_pylist(), strict=True))
    own = table.filter(
        pc.or_(pc.equal(table["account_a"], account), pc.equal(table["account_b"], account))
    )
    partners = {a if b == account else b for a, b in pairs if account in (a, b)}
    return Standing(
        partners=len(partners),
        objects=int(pc.max(own["shared_objects"]).as_py() or 0),
        finding_pairs=len(pairs),
        finding_accounts=len({one for pair in pairs for one in pair}),
        largest_q=pc.max(own["q_value"]).as_py(),
        largest_p=pc.max(own["p_value"]).as_py(),
    )


def without_each(
    runs: LeftOutRuns,
    subject: tuple[tuple[str, ...], str],
    things: Sequence[LeftOutThing],
    progress: Progress,
) -> Iterator[Without]:
    """The standing without each thing, one after the other.

    Args:
        runs: Makes the detection again.
        subject: The accounts of the finding, and the account concerned.
        things: What to leave out, one at a time.
        progress: Told how far it is.
    """
    for thing, rows in zip(things, runs.rows_of(things), strict=True):
        yield Without(thing, standing(runs.kept_without(rows), *subject))
        progress.advance(1)


def kept_in(edges: Path) -> pa.Table:
    """The kept rows of ``edges.parquet``."""
    return ds.dataset(edges).to_table(columns=KEPT.names, filter=ds.field("kept"))
