"""Freezes the rows behind each finding: pairs of shares, and the posts themselves.

For every kept pair of accounts inside a finding, each object that both shared is one row, with
the closest pair of shares; ``co_timed`` tells the objects that were shared within the window from
the common objects that were not. Beside it stand the posts of these rows, as they were imported.
Posts are other people's text: they are copied, never interpreted.

Findings are worked through in groups of bounded size, so that memory depends on the largest
finding and not on the data.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.detectors.coincidences import Coincidences, find_common
from assay.detectors.kept_edges import codes_of
from assay.detectors.network_result import NetworkResult
from assay.engine.parquet_rows import BATCH_ROWS, TableStream, row_batches, take_rows
from assay.engine.write import file_sha256
from assay.model.dataset import Dataset, RunFolder
from assay.model.finding import EvidenceReference, Finding
from assay.model.tables import PAIR_EVIDENCE, POSTS, SHARES, UTC_US

GROUP_ROWS = 400_000
"""Evidence rows of the findings that are frozen in one go; a larger finding goes alone."""

HOLDS = {
    "pairs.parquet": "for each pair of accounts, every object that both shared, with the closest "
    "pair of shares; co_timed is false where these lie further apart than the window",
    "posts.parquet": "the posts that the pairs point at, as imported",
    "shares.parquet": "the shares that the pairs point at, where the data hold no post",
}


@dataclass(frozen=True)
class _Member:
    """A finding, and the rows of the pair table that lie inside it."""

    finding: Finding
    pair_rows: np.ndarray
    evidence_rows: int


@dataclass(frozen=True)
class _Sources:
    """Where rows come from, and the numbers that lead to them."""

    dataset: Dataset
    network: NetworkResult
    kinds: pa.Array


def freeze(
    run: RunFolder, dataset: Dataset, findings: Sequence[Finding], network: NetworkResult
) -> tuple[Finding, ...]:
    """Write ``evidence/<finding id>/`` for each finding and refer to it from the finding.

    Evidence of an earlier run in the same folder is replaced as a whole at the end.

    Args:
        run: Where to.
        dataset: Posts and shares.
        findings: No account may be the subject of two.
        network: What :func:`assay.detectors.network.build_network` returned.

    Returns:
        The findings with their evidence references, in the same order.
    """
    unfinished = run.evidence.with_name(run.evidence.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    kinds = network.edges.table["kind"].combine_chunks().take(pa.array(network.edges.last_row))
    sources = _Sources(dataset, network, kinds)
    for group in _groups(_members(findings, network)):
        _freeze_group(unfinished, group, sources)
    frozen = tuple(
        dataclasses.replace(finding, evidence=_seal(unfinished / finding.id, finding.id))
        for finding in findings
    )
    shutil.rmtree(run.evidence, ignore_errors=True)
    unfinished.replace(run.evidence)
    return frozen


def _members(findings: Sequence[Finding], network: NetworkResult) -> list[_Member]:
    owner = np.full(len(network.edges.accounts), -1)
    for number, finding in enumerate(findings):
        owner[codes_of(pa.array(finding.subjects, pa.string()), network.edges.accounts)] = number
    of_a, of_b = owner[network.pairs.account_a], owner[network.pairs.account_b]
    inside = np.flatnonzero((of_a == of_b) & (of_a >= 0))
    inside = inside[np.argsort(of_a[inside], kind="stable")]
    cuts = np.searchsorted(of_a[inside], np.arange(len(findings) + 1))
    rows = np.split(inside, cuts[1:-1]) if findings else []
    return [
        _Member(finding, own, int(network.common[own].sum()))
        for finding, own in zip(findings, rows, strict=True)
    ]


def _groups(members: Iterable[_Member]) -> Iterator[list[_Member]]:
    """Findings in their order, cut where a group would grow beyond :data:`GROUP_ROWS`."""
    group: list[_Member] = []
    size = 0
    for member in members:
        if group and size + member.evidence_rows > GROUP_ROWS:
            yield group
            group, size = [], 0
        group.append(member)
        size += member.evidence_rows
    if group:
        yield group


def _freeze_group(folder: Path, group: list[_Member], sources: _Sources) -> None:
    network = sources.network
    pair_rows = np.concatenate([member.pair_rows for member in group])
    found = find_common(
        network.shares.rows,
        type(network.pairs)(*(column[pair_rows] for column in network.pairs)),
        network.common[pair_rows],
        co_timed_only=False,
    )
    share_a, share_b = (network.shares.rows.row[p] for p in (found.place_a, found.place_b))
    share_rows = np.unique(np.concatenate([share_a, share_b]))
    shares = _collect(take_rows(sources.dataset.shares, share_rows, SHARES.names), SHARES)
    posts = _PostRows(sources.dataset.posts, shares["post_id"].combine_chunks())
    kept_posts = posts.table() if len(group) > 1 else None
    ends = np.cumsum([member.evidence_rows for member in group])
    for member, end in zip(group, ends.tolist(), strict=True):
        own = slice(end - member.evidence_rows, end)
        target = folder / member.finding.id
        places = (
            np.searchsorted(share_rows, share_a[own]),
            np.searchsorted(share_rows, share_b[own]),
        )
        piece = Coincidences(*(column[own] for column in found))
        _write_pairs(
            target / "pairs.parquet", (piece, pair_rows[piece.pair]), (shares, places), sources
        )
        own_shares = np.unique(np.concatenate(places))
        _write_posts(target, own_shares, shares, posts, kept_posts)


def _collect(pieces: Iterable[tuple[np.ndarray, pa.RecordBatch]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_batches([batch.cast(schema) for _, batch in pieces], schema)


def _write_pairs(
    path: Path,
    found: tuple[Coincidences, np.ndarray],
    shares: tuple[pa.Table, tuple[np.ndarray, np.ndarray]],
    sources: _Sources,
) -> None:
    """Write the pairs of one finding in slices, in the order of accounts, kind and object."""
    coincidences, pair_rows = found
    table, (place_a, place_b) = shares
    pairs = sources.network.pairs
    with TableStream(path, PAIR_EVIDENCE) as stream:
        for low in range(0, len(pair_rows), BATCH_ROWS):
            part = slice(low, low + BATCH_ROWS)
            rows = pair_rows[part]
            a = table.take(pa.array(place_a[part]))
            b = table.take(pa.array(place_b[part]))
            columns = {
                "kind": sources.kinds.take(pa.array(rows)),
                "object_id": a["object_id"],
                "account_a": a["account_id"],
                "account_b": b["account_id"],
                "post_a": a["post_id"],
                "post_b": b["post_id"],
                "shared_at_a": a["shared_at"].cast(UTC_US),
                "shared_at_b": b["shared_at"].cast(UTC_US),
                "gap_s": coincidences.gap_us[part] / 1e6,
                "co_timed": coincidences.gap_us[part] <= pairs.window_us[rows],
            }
            stream.write(pa.table(columns))


class _PostRows:
    """Where the posts of some shares stand in the table of posts.

    Attributes:
        path: The table of posts.
        rows: Row numbers of the posts found, ascending.
    """

    def __init__(self, path: Path, wanted: pa.Array) -> None:
        self.path = path
        ids = pc.unique(wanted)
        self._code_of_share = codes_of(wanted, ids)
        codes, rows = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for first_row, batch in row_batches(path, ["post_id"], 1 << 20):
            found = codes_of(batch["post_id"], ids)
            hits = np.flatnonzero(found >= 0)
            codes.append(found[hits])
            rows.append(first_row + hits)
        self.rows = np.concatenate(rows)
        code = np.concatenate(codes)
        self._order = np.argsort(code, kind="stable")
        self._sorted_code = code[self._order]

    def of_shares(self, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions in ``rows`` of the posts of some shares, and which shares have no post."""
        codes = self._code_of_share[shares]
        low = np.searchsorted(self._sorted_code, codes, "left")
        count = np.searchsorted(self._sorted_code, codes, "right") - low
        steps = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.unique(self._order[np.repeat(low, count) + steps]), shares[count == 0]

    def table(self) -> pa.Table:
        """All posts found."""
        return _collect(take_rows(self.path, self.rows, POSTS.names), POSTS)


def _write_posts(
    folder: Path,
    own_shares: np.ndarray,
    shares: pa.Table,
    posts: _PostRows,
    kept_posts: pa.Table | None,
) -> None:
    """Write the posts of one finding, and the shares that have no post."""
    own_posts, without = posts.of_shares(own_shares)
    if len(own_posts):
        with TableStream(folder / "posts.parquet", POSTS) as stream:
            if kept_posts is not None:
                stream.write(kept_posts.take(pa.array(own_posts)))
            else:
                for _, batch in take_rows(posts.path, posts.rows[own_posts], POSTS.names):
                    stream.write(batch)
    if len(without):
        with TableStream(folder / "shares.parquet", SHARES) as stream:
            stream.write(shares.take(pa.array(without)))


def _seal(folder: Path, finding_id: str) -> tuple[EvidenceReference, ...]:
    """Write ``SHA256SUMS`` over a finding's files and make the references to them."""
    import pyarrow.parquet as pq

    references = tuple(
        EvidenceReference(
            path=f"evidence/{finding_id}/{name}",
            sha256=file_sha256(folder / name),
            rows=pq.read_metadata(folder / name).num_rows,
            holds=holds,
        )
        for name, holds in HOLDS.items()
        if (folder / name).exists()
    )
    lines = [f"{reference.sha256}  {Path(reference.path).name}\n" for reference in references]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="ascii")
    return references
