"""The detection made again without one object, one post or one account, exactly.

Nothing is approximated: the shares are filtered and the whole detector runs on what is left, so
that densities, the tested family and q over all tests are those of the smaller data.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from assay.detectors.interval import chosen_half
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Progress
from assay.model.tables import SHARES

Detect = Callable[[Dataset, RunFolder, Mapping[str, Any]], None]
"""Runs the detector alone with the parameters of a ``run.json`` and leaves its edges."""

What = Literal["object", "post", "account"]
_BATCH_ROWS = 1 << 17


@dataclass(frozen=True)
class LeftOutThing:
    """What is left out: an object (with its kind) or everyone, a post, or an account.

    Attributes:
        what: Which of the three.
        kind: Of the object; empty for posts and accounts.
        id: Its id.
    """

    what: What
    kind: str
    id: str


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


def standing(edges: Path, subjects: Iterable[str], account: str) -> Standing:
    """Read an account's standing from a table of edges.

    Args:
        edges: ``edges.parquet`` of a detection.
        subjects: The accounts of the finding.
        account: The account.
    """
    members = pa.array(sorted(subjects), pa.string())
    inside = (
        ds.field("kept") & ds.field("account_a").isin(members) & ds.field("account_b").isin(members)
    )
    table = ds.dataset(edges).to_table(filter=inside)
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
    dataset: Dataset,
    record: Mapping[str, Any],
    subject: tuple[tuple[str, ...], str],
    things: Iterable[LeftOutThing],
    detect: tuple[Detect, Progress],
) -> Iterator[Without]:
    """Make the detection again without each thing, one after the other.

    Args:
        dataset: The data.
        record: ``run.json``.
        subject: The accounts of the finding, and the account concerned.
        things: What to leave out, one at a time.
        detect: Runs the detector; told how far it is.
    """
    subjects, account = subject
    run_detector, progress = detect
    with tempfile.TemporaryDirectory(prefix="assay-without-") as scratch:
        base = Dataset(Path(scratch) / "base")
        settled = settle(dataset, record, base)
        for number, thing in enumerate(things):
            folder = Path(scratch) / f"{number:05}"
            smaller = Dataset(folder / "dataset")
            link_others(base, smaller)
            _write_without(base.shares, smaller.shares, thing)
            again = RunFolder(folder / "run")
            run_detector(smaller, again, settled)
            progress.advance(1)
            yield Without(thing, standing(again.edges, subjects, account))
            smaller.shares.unlink()
            again.edge_tests.unlink()


def settle(dataset: Dataset, record: Mapping[str, Any], target: Dataset) -> dict[str, Any]:
    """The data and parameters on which leaving something out changes nothing else.

    A window that was estimated on half of the objects is fixed, and only the other half is kept:
    otherwise each object left out would deal the halves anew.

    Returns:
        A record with the parameters to use on ``target``.
    """
    link_others(dataset, target)
    parameters = dict(record["parameters"])
    if not parameters.get("auto_window"):
        target.shares.symlink_to(dataset.shares.absolute())
        return {**record, "parameters": parameters}
    _write_filtered(dataset.shares, target.shares, _tested_half(dataset.shares))
    return {**record, "parameters": parameters | {"auto_window": False}}


def link_others(dataset: Dataset, target: Dataset) -> None:
    """Everything of a dataset but its shares under another folder."""
    target.folder.mkdir(parents=True)
    for name in ("posts", "accounts", "rejects", "manifest"):
        source = getattr(dataset, name)
        if source.exists():
            getattr(target, name).symlink_to(source.absolute())


def _tested_half(shares: Path) -> Callable[[pa.RecordBatch], pa.Array]:
    """Marks the rows of the objects on which the window was not chosen."""
    counts: dict[str, int] = {}
    objects = ds.dataset(shares).to_table(columns=["kind", "object_id"]).group_by(
        ["kind", "object_id"], use_threads=False
    ).aggregate([])  # fmt: skip
    kept: dict[str, pa.Array] = {}
    for kind in pc.unique(objects["kind"]).to_pylist():
        ids = objects.filter(pc.equal(objects["kind"], kind))["object_id"]
        ids = ids.take(pc.sort_indices(ids)).combine_chunks()
        counts[kind] = len(ids)
        kept[kind] = ids.filter(pa.array(~chosen_half(len(ids))))

    def keep(batch: pa.RecordBatch) -> pa.Array:
        mask = np.zeros(batch.num_rows, np.bool_)
        for kind, ids in kept.items():
            of_kind = pc.equal(batch["kind"], kind)
            mask |= pc.and_(of_kind, pc.is_in(batch["object_id"], ids)).to_numpy(
                zero_copy_only=False
            )
        return pa.array(mask)

    return keep


def _write_without(source: Path, target: Path, thing: LeftOutThing) -> None:
    def keep(batch: pa.RecordBatch) -> pa.Array:
        if thing.what == "account":
            return pc.not_equal(batch["account_id"], thing.id)
        if thing.what == "post":
            return pc.not_equal(batch["post_id"], thing.id)
        same = pc.and_(pc.equal(batch["kind"], thing.kind), pc.equal(batch["object_id"], thing.id))
        return pc.invert(same)

    _write_filtered(source, target, keep)


def _write_filtered(source: Path, target: Path, keep: Callable[[pa.RecordBatch], pa.Array]) -> None:
    with pq.ParquetFile(source) as file, pq.ParquetWriter(target, SHARES) as writer:
        for batch in file.iter_batches(_BATCH_ROWS):
            writer.write_batch(batch.filter(keep(batch)).cast(SHARES))
