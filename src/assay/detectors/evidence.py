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

from assay.detectors.coincidences import Coincidences, find_common
from assay.detectors.evidence_posts import write_posts
from assay.detectors.kept_edges import codes_of
from assay.detectors.network_result import NetworkResult
from assay.engine.parquet_rows import BATCH_ROWS, TableStream, collect, take_rows
from assay.engine.write import file_sha256
from assay.model.dataset import Dataset, RunFolder
from assay.model.finding import EvidenceReference, Finding
from assay.model.tables import PAIR_EVIDENCE, SHARES

GROUP_SHARES = 500_000
"""Shares of the accounts whose findings are frozen in one go; a larger finding goes alone."""

HOLDS = {
    "pairs.parquet": "for each pair of accounts, every object that both shared, with the closest "
    "pair of shares; co_timed is false where these lie further apart than the window",
    "posts.parquet": "the posts that the pairs point at, as imported",
    "shares.parquet": "the shares that the pairs point at, where the data hold no post",
}


@dataclass(frozen=True)
class _Member:
    """A finding, the rows of the pair table inside it, and its accounts' shares at most."""

    finding: Finding
    pair_rows: np.ndarray
    shares: int


@dataclass(frozen=True)
class _Sources:
    """Where rows come from, and the numbers that lead to them."""

    dataset: Dataset
    network: NetworkResult
    kinds: pa.Array

    def common(self, member: _Member) -> Coincidences:
        """The common objects of a finding's pairs; ``pair`` numbers all pair rows."""
        pairs, rows = self.network.pairs, member.pair_rows
        found = find_common(
            self.network.shares.rows,
            type(pairs)(*(column[rows] for column in pairs)),
            self.network.common[rows],
            co_timed_only=False,
        )
        return found._replace(pair=rows[found.pair])


@dataclass(frozen=True)
class _GroupShares:
    """The shares behind a group of findings.

    Attributes:
        table: The rows, schema SHARES, in the order of the table of shares.
        slot: For each position in the network's account rows, its row in ``table``.
    """

    table: pa.Table
    slot: np.ndarray


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
        dataclasses.replace(finding, evidence=seal(unfinished / finding.id, finding.id))
        for finding in findings
    )
    shutil.rmtree(run.evidence, ignore_errors=True)
    unfinished.replace(run.evidence)
    return frozen


def _members(findings: Sequence[Finding], network: NetworkResult) -> list[_Member]:
    owner = np.full(len(network.edges.accounts), -1)
    for number, finding in enumerate(findings):
        owner[codes_of(pa.array(finding.subjects, pa.string()), network.edges.accounts)] = number
    own = np.flatnonzero(owner >= 0)
    own_shares = np.diff(network.shares.rows.start)[own]
    shares = np.bincount(owner[own], weights=own_shares, minlength=len(findings))
    of_a, of_b = owner[network.pairs.account_a], owner[network.pairs.account_b]
    inside = np.flatnonzero((of_a == of_b) & (of_a >= 0))
    inside = inside[np.argsort(of_a[inside], kind="stable")]
    cuts = np.searchsorted(of_a[inside], np.arange(1, len(findings)))
    rows = np.split(inside, cuts) if findings else []
    return [
        _Member(finding, pair_rows, int(count))
        for finding, pair_rows, count in zip(findings, rows, shares, strict=True)
    ]


def _groups(members: Iterable[_Member]) -> Iterator[list[_Member]]:
    """Findings in their order, cut where a group would grow beyond :data:`GROUP_SHARES`."""
    group: list[_Member] = []
    size = 0
    for member in members:
        if group and size + member.shares > GROUP_SHARES:
            yield group
            group, size = [], 0
        group.append(member)
        size += member.shares
    if group:
        yield group


def _freeze_group(folder: Path, group: list[_Member], sources: _Sources) -> None:
    shares = _group_shares(group, sources)
    own_shares = []
    for member in group:
        found = sources.common(member)
        _write_pairs(folder / member.finding.id / "pairs.parquet", found, shares, sources)
        places = np.concatenate([found.place_a, found.place_b])
        own_shares.append(np.unique(shares.slot[places]))
    write_posts(
        sources.dataset.posts,
        shares.table,
        [(folder / m.finding.id, own) for m, own in zip(group, own_shares, strict=True)],
    )


def _group_shares(group: list[_Member], sources: _Sources) -> _GroupShares:
    """Read the shares behind a group of findings, each once, in one pass over the file."""
    rows = sources.network.shares.rows.row
    used = np.zeros(len(rows), dtype=bool)
    for member in group:
        found = sources.common(member)
        used[found.place_a] = True
        used[found.place_b] = True
    places = np.flatnonzero(used)
    places = places[np.argsort(rows[places])]
    slot = np.full(len(rows), -1, np.int32)
    slot[places] = np.arange(len(places))
    taken = take_rows(sources.dataset.shares, rows[places], SHARES.names)
    return _GroupShares(collect(taken, SHARES), slot)


def _write_pairs(path: Path, found: Coincidences, shares: _GroupShares, sources: _Sources) -> None:
    """Write the pairs of one finding in slices, in the order of accounts, kind and object."""
    window_us = sources.network.pairs.window_us
    with TableStream(path, PAIR_EVIDENCE) as stream:
        for low in range(0, len(found.pair), BATCH_ROWS):
            part = Coincidences(*(column[low : low + BATCH_ROWS] for column in found))
            a = shares.table.take(pa.array(shares.slot[part.place_a]))
            b = shares.table.take(pa.array(shares.slot[part.place_b]))
            columns = {
                "kind": sources.kinds.take(pa.array(part.pair)),
                "object_id": a["object_id"],
                "account_a": a["account_id"],
                "account_b": b["account_id"],
                "post_a": a["post_id"],
                "post_b": b["post_id"],
                "shared_at_a": a["shared_at"],
                "shared_at_b": b["shared_at"],
                "gap_s": part.gap_us / 1e6,
                "co_timed": part.gap_us <= window_us[part.pair],
            }
            stream.write(pa.table(columns))


def seal(folder: Path, finding_id: str) -> tuple[EvidenceReference, ...]:
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
