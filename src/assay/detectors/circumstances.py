"""What else was there when a community acted together: what speaks for an honest explanation.

Beside the crowd (:mod:`assay.detectors.crowd`): a declared publisher that shared the same thing
just before, one application behind the posts, the round minute of a scheduler, the objects and
hours that the accounts have in common anyway.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from assay.detectors.coincidences import Coincidences
from assay.detectors.crowd import ObjectShares
from assay.detectors.kept_edges import codes_of
from assay.detectors.network_result import NetworkResult
from assay.engine.parquet_rows import take_rows
from assay.model.dataset import Dataset

MINUTE_US = 60_000_000
SECOND_US = 1_000_000
HOUR_US = 3_600_000_000


@dataclass(frozen=True)
class Circumstances:
    """Figures of each community, in the order of their numbers.

    Attributes:
        co_timed_shares: Distinct shares in its coincidences.
        on_the_minute: Of these, in the first second of a minute; None where the data's times are
            coarser than a second.
        with_client: Of these, posts whose application the data name.
        same_client: Of these, by the commonest application.
        objects_after_publisher: Co-timed objects that the same declared publisher outside the
            community had shared within Δ before the community's first co-timed share: of the
            publisher for which these are most.
        median_overlap: Over its kept pairs and kinds, the common objects as a share of the objects
            of the account that has fewer; the median.
        median_hours: Over its kept pairs, how far the two accounts' hours of the day (UTC) cover
            each other, 0 to 1; the median.
    """

    co_timed_shares: list[int]
    on_the_minute: list[int | None]
    with_client: list[int]
    same_client: list[int]
    objects_after_publisher: list[int]
    median_overlap: list[float]
    median_hours: list[float]


@dataclass(frozen=True)
class Together:
    """What the communities did together.

    Attributes:
        co_timed: Co-timed coincidences inside communities.
        community: The community of each.
        shares: All shares of the objects in them.
        reach_us: Δ of the gate in µs.
    """

    co_timed: Coincidences
    community: np.ndarray
    shares: ObjectShares
    reach_us: int


def circumstances(
    network: NetworkResult, dataset: Dataset, together: Together, resolution_us: int | None
) -> Circumstances:
    """Work out the figures.

    Args:
        network: The network.
        dataset: Where posts and declarations are.
        together: What the communities did together.
        resolution_us: The data's time resolution in µs; None if it is not known.
    """
    count, found = network.communities, together.co_timed
    places = np.concatenate([found.place_a, found.place_b])
    community = np.concatenate([together.community, together.community])
    places, first = np.unique(places, return_index=True)
    # An account lies in one community, so each share does.
    community = community[first]
    shares = np.bincount(community, minlength=count)
    times = network.shares.rows.time_us[places]
    minute = np.bincount(community[times % MINUTE_US < SECOND_US], minlength=count)
    known = resolution_us is not None and resolution_us <= SECOND_US
    with_client, same_client = _clients(network, dataset, places, community)
    return Circumstances(
        co_timed_shares=shares.tolist(),
        on_the_minute=minute.tolist() if known else [None] * count,
        with_client=with_client,
        same_client=same_client,
        objects_after_publisher=_after_publisher(network, dataset, together),
        median_overlap=_median_overlap(network),
        median_hours=_median_hours(network),
    )


def _clients(
    network: NetworkResult, dataset: Dataset, places: np.ndarray, community: np.ndarray
) -> tuple[list[int], list[int]]:
    """Co-timed shares whose application is named, and those by the commonest one."""
    count = network.communities
    named = np.zeros(count, np.int64)
    most = np.zeros(count, np.int64)
    if not len(places) or not _any_client(dataset):
        return named.tolist(), most.tolist()
    rows = network.shares.rows.row[places]
    order = np.argsort(rows)
    batches = [batch.column(0) for _, batch in take_rows(dataset.shares, rows[order], ["post_id"])]
    posts = pa.chunked_array(batches, pa.string())
    table = ds.dataset(dataset.posts).to_table(
        columns=["post_id", "client"],
        filter=ds.field("client").is_valid() & ds.field("post_id").isin(posts.combine_chunks()),
    )
    row = codes_of(posts, table["post_id"].combine_chunks())
    there = row >= 0
    clients = table["client"].combine_chunks().dictionary_encode()
    client = clients.indices.to_numpy()[row[there]] if len(table) else np.empty(0, np.int64)
    group = community[order][there]
    pairs, counts = np.unique(np.column_stack([group, client]), axis=0, return_counts=True)
    np.add.at(named, pairs[:, 0], counts)
    np.maximum.at(most, pairs[:, 0], counts)
    return named.tolist(), most.tolist()


def _any_client(dataset: Dataset) -> bool:
    """Whether any post names its application, by the file's statistics."""
    if not dataset.posts.exists():
        return False
    metadata = pq.read_metadata(dataset.posts)
    column = metadata.schema.names.index("client")
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        statistics = group.column(column).statistics
        if statistics is None or statistics.null_count != group.num_rows:
            return True
    return False


def _after_publisher(network: NetworkResult, dataset: Dataset, together: Together) -> list[int]:
    """Objects that one declared publisher outside had shared just before, at most."""
    found = np.zeros(network.communities, np.int64)
    shares, co_timed = together.shares, together.co_timed
    publisher = _publishers(dataset, shares.accounts)[shares.account]
    row = np.flatnonzero(publisher >= 0)
    if not len(row):
        return found.tolist()
    times = network.shares.rows.time_us
    first_us = np.minimum(times[co_timed.place_a], times[co_timed.place_b])
    order = np.lexsort((first_us, together.community, co_timed.object))
    object_of, group = co_timed.object[order], together.community[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (object_of[1:] != object_of[:-1]) | (group[1:] != group[:-1])
    object_of, group, begin_us = object_of[new], group[new], first_us[order][new]
    own = shares.object[np.searchsorted(shares.start, row, side="right") - 1]
    low, high = np.searchsorted(object_of, own), np.searchsorted(object_of, own, side="right")
    which = np.repeat(np.arange(len(row)), high - low)
    at = np.arange(len(which)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    at += low[which]
    before_us = begin_us[at] - shares.time_us[row[which]]
    counts = (before_us >= 0) & (before_us <= together.reach_us)
    counts &= shares.community[row[which]] != group[at]
    said = np.column_stack([group[at], publisher[row[which]], object_of[at]])[counts]
    said = np.unique(said, axis=0)
    each, objects = np.unique(said[:, :2], axis=0, return_counts=True)
    np.maximum.at(found, each[:, 0], objects)
    return found.tolist()


def _publishers(dataset: Dataset, accounts: pa.Array) -> np.ndarray:
    """A number for the publisher that each account declares; -1 where it declares none."""
    table = ds.dataset(dataset.accounts).to_table(
        columns=["account_id", "publisher"],
        filter=ds.field("publisher").is_valid() & ds.field("account_id").isin(accounts),
    )
    numbers: dict[str, int] = {}
    result = np.full(len(accounts), -1, np.int64)
    place = codes_of(table["account_id"], accounts)
    for position, name in zip(place.tolist(), table["publisher"].to_pylist(), strict=True):
        key = " ".join(name.casefold().split())
        if key:
            result[position] = numbers.setdefault(key, len(numbers))
    return result


def _median_overlap(network: NetworkResult) -> list[float]:
    pairs, rows = network.pairs, network.shares.rows
    group = network.community[pairs.account_a]
    inside = np.flatnonzero(group == network.community[pairs.account_b])
    owner = np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start))
    first = np.ones(len(owner), np.bool_)
    first[1:] = (owner[1:] != owner[:-1]) | (rows.object[1:] != rows.object[:-1])
    kinds = sorted(set(zip(pairs.object_low.tolist(), pairs.object_high.tolist(), strict=True)))
    overlap = np.zeros(len(group))
    for low, high in kinds:
        own = first & (rows.object >= low) & (rows.object < high)
        objects = np.bincount(owner[own], minlength=len(rows.start) - 1)
        mine = np.flatnonzero((pairs.object_low == low) & (pairs.object_high == high))
        fewer = np.minimum(objects[pairs.account_a[mine]], objects[pairs.account_b[mine]])
        overlap[mine] = network.common[mine] / np.maximum(fewer, 1)
    return group_medians(group[inside], overlap[inside], network.communities)


def _median_hours(network: NetworkResult) -> list[float]:
    edges, rows = network.edges, network.shares.rows
    owner = np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start))
    hour = rows.time_us // HOUR_US % 24
    accounts = len(rows.start) - 1
    profile = np.bincount(owner * 24 + hour, minlength=accounts * 24).reshape(accounts, 24)
    profile = profile / np.maximum(profile.sum(axis=1, keepdims=True), 1)
    group = network.community[edges.pair_a]
    inside = np.flatnonzero(group == network.community[edges.pair_b])
    covered = np.zeros(len(inside))
    for number in range(24):
        covered += np.minimum(
            profile[edges.pair_a[inside], number], profile[edges.pair_b[inside], number]
        )
    return group_medians(group[inside], covered, network.communities)


def group_medians(group: np.ndarray, values: np.ndarray, groups: int) -> list[float]:
    """The median of each group's values; every group has at least one."""
    ordered = values[np.lexsort((values, group))]
    sizes = np.bincount(group, minlength=groups)
    start = np.cumsum(sizes) - sizes
    middle = (ordered[start + (sizes - 1) // 2] + ordered[start + sizes // 2]) / 2
    return [float(value) for value in middle]
