"""A finding without each of its accounts: the other pairs' p, with the densities counted anew.

An account's shares are part of the density that every other pair on the same objects is held
against. So each object is copied once for each account to be left out, without its shares, and the
gate is asked about the copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assay.detectors.arrays import Int64s, ShareArrays
from assay.detectors.leave_one_out import KeptRows, LeftOut, left_without
from assay.detectors.network_result import NetworkResult
from assay.detectors.pair_records import PairRecords
from assay.detectors.record_tests import Floats, GateSettings, ask, p_of_rows

CHUNK_ROWS = 2_000_000
"""Rows of copied shares and records in memory at a time."""


@dataclass(frozen=True)
class _Copies:
    """Objects to be copied: each without one sharer, with the records that then remain.

    Attributes:
        left_out: The sharer that each copy is without.
        place: The object of each copy, by its number in the records' shares.
        group: Where the records of the object and the account's community stand.
        record_order: Records sorted by community and object.
        record_starts: First of each group in it; one more entry than groups.
    """

    left_out: Int64s
    place: Int64s
    group: Int64s
    record_order: Int64s
    record_starts: Int64s

    def rows(self, records: PairRecords) -> Int64s:
        """Shares and records that each copy takes."""
        shares = np.diff(records.shares.starts)[self.place]
        return np.asarray(shares + np.diff(self.record_starts)[self.group], np.int64)


def copied_rows(network: NetworkResult, records: Sequence[PairRecords]) -> Int64s:
    """For each account, the rows that leaving it out takes; 0 outside the records."""
    rows = np.zeros(len(network.edges.accounts), np.int64)
    every = np.ones(len(rows), np.bool_)
    for kind in records:
        copies = _copies(network, kind, every)
        np.add.at(rows, kind.sharer_account[copies.left_out], copies.rows(kind))
    return rows


def without_each_account(
    network: NetworkResult,
    records: Sequence[PairRecords],
    rows: KeptRows,
    settings: GateSettings,
    tried: np.ndarray,
) -> LeftOut:
    """Every community of the records without each of its accounts.

    Args:
        network: The network.
        records: Records of every kind.
        rows: The kept rows.
        settings: How the run was made.
        tried: A flag for each account: whether it is to be left out.
    """
    decisive = replace(settings, deltas=settings.deltas[:1])
    parts = [
        part for kind in records for part in _changed_rows(network, kind, rows, decisive, tried)
    ]
    account, pair_row, p_value = (
        (np.concatenate(column) for column in zip(*parts, strict=True))
        if parts
        else (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    )
    account, pair, p_value = _by_pair(network, rows, account, pair_row, p_value)
    # An account whose objects nobody else's pair stands on changes nothing, but is left out too.
    lone = np.setdiff1d(np.flatnonzero(tried), account)
    found = left_without(
        network, rows, (network.community[account], account, pair, p_value), accounts=True
    )
    untouched = left_without(
        network,
        rows,
        (network.community[lone], lone, np.full(len(lone), -1), np.zeros(len(lone))),
        accounts=True,
    )
    return LeftOut(
        *(
            np.concatenate([getattr(found, name), getattr(untouched, name)])
            for name in LeftOut.__dataclass_fields__
        )
    )


def _copies(network: NetworkResult, records: PairRecords, tried: np.ndarray) -> _Copies:
    width = len(records.sharer_starts)
    key = records.community[records.row_of] * width + records.places
    order = np.argsort(key, kind="stable")
    groups, begins = np.unique(key[order], return_index=True)
    sharers = np.flatnonzero(records.sharer_account >= 0)
    account = records.sharer_account[sharers]
    sharers, account = sharers[tried[account]], account[tried[account]]
    place = np.searchsorted(records.sharer_starts, sharers, side="right") - 1
    wanted = network.community[account] * width + place
    group = np.searchsorted(groups, wanted)
    there = np.zeros(len(group), np.bool_)
    inside = group < len(groups)
    there[inside] = groups[group[inside]] == wanted[inside]
    # In the order of accounts, so that an account's copies lie in one piece.
    sharers, place, group, account = (c[there] for c in (sharers, place, group, account))
    by_account = np.argsort(account, kind="stable")
    return _Copies(
        sharers[by_account],
        place[by_account],
        group[by_account],
        order,
        np.append(begins, len(order)).astype(np.int64),
    )


def _changed_rows(
    network: NetworkResult,
    records: PairRecords,
    rows: KeptRows,
    settings: GateSettings,
    tried: np.ndarray,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each account left out and row that it touches: the row's smallest p that still passes."""
    copies = _copies(network, records, tried)
    base = {
        window_s: ask(records.kind, records.shares, records.sharers, window_s, settings)
        for place, window_s in enumerate(rows.windows_s)
        if rows.kept[place, records.rows].any()
    }
    for begin, end in _chunks(copies, records):
        shares, sharers, record, account = _copied(copies, records, begin, end)
        if not len(record):
            continue
        spans = _row_spans(records, account, record)
        best = np.full(len(spans.row), np.inf)
        for window_s, tests in base.items():
            place = rows.windows_s.index(window_s)
            asked = ask(records.kind, shares, sharers, window_s, settings)
            chance, near = tests.chance[0][spans.record], tests.near[0][spans.record]
            chance[spans.changed], near[spans.changed] = asked.chance[0], asked.near[0]
            moments = (records.moments[0][spans.record], records.moments[1][spans.record])
            p_values = p_of_rows(spans.starts, chance, near, moments, settings)
            passes = rows.kept[place, records.rows[spans.row]] & (p_values <= rows.limit)
            best = np.where(passes, np.minimum(best, p_values), best)
        yield spans.account, records.rows[spans.row], best


def _chunks(copies: _Copies, records: PairRecords) -> Iterator[tuple[int, int]]:
    """Ranges of copies of bounded size that hold whole accounts."""
    account = records.sharer_account[copies.left_out]
    running = np.cumsum(copies.rows(records))
    begin = 0
    while begin < len(account):
        before = running[begin - 1] if begin else 0
        end = max(int(np.searchsorted(running, before + CHUNK_ROWS)), begin + 1)
        if end < len(account):
            # Back to where an account begins, or on to the end of the only one.
            first = int(np.searchsorted(account, account[end]))
            end = first if first > begin else int(np.searchsorted(account, account[begin], "right"))
        yield begin, end
        begin = end


def _copied(
    copies: _Copies, records: PairRecords, begin: int, end: int
) -> tuple[ShareArrays, tuple[Int64s, Int64s], Int64s, Int64s]:
    """Shares and sharers of some copies, with the record and the account left out of each pair."""
    part = slice(begin, end)
    place, left_out = copies.place[part], copies.left_out[part]
    own = records.shares
    copy, row = _ranges(own.starts[place], own.starts[place + 1])
    stays = own.accounts[row] != left_out[copy]
    copy, row = copy[stays], row[stays]
    # Sharers keep their order inside an object, so shares stay in order.
    sizes = np.diff(records.sharer_starts)[place]
    shift = np.cumsum(sizes) - sizes - records.sharer_starts[place]
    objects = copy.astype(np.int32)
    starts = np.searchsorted(objects, np.arange(len(place) + 1)).astype(np.int64)
    shares = ShareArrays(
        objects,
        (own.accounts[row] + shift[copy]).astype(np.int32),
        own.times_us[row],
        starts,
        int(sizes.sum()),
    )
    group = copies.group[part]
    copy, at = _ranges(copies.record_starts[group], copies.record_starts[group + 1])
    record = copies.record_order[at]
    mine, yours = records.sharers[0][record], records.sharers[1][record]
    others = (mine != left_out[copy]) & (yours != left_out[copy])
    copy, record = copy[others], record[others]
    sharers = (mine[others] + shift[copy], yours[others] + shift[copy])
    return shares, sharers, record, records.sharer_account[left_out[copy]].astype(np.int64)


@dataclass(frozen=True)
class _Spans:
    """Whole rows of records for each account left out that touches them.

    Attributes:
        account: The account, for each span.
        row: The row, for each span.
        starts: First entry of each span; one more than spans.
        record: The record of each entry.
        changed: For each record handed over, its entry.
    """

    account: Int64s
    row: Int64s
    starts: Int64s
    record: Int64s
    changed: Int64s


def _row_spans(records: PairRecords, account: Int64s, record: Int64s) -> _Spans:
    """Lay out all records of every row that has a changed one, account by account."""
    row = records.row_of[record]
    key = account * len(records.rows) + row
    keys, span = np.unique(key, return_inverse=True)
    span_account, span_row = np.divmod(keys, len(records.rows))
    span_of, entries = _ranges(records.starts[span_row], records.starts[span_row + 1])
    starts = np.searchsorted(span_of, np.arange(len(keys) + 1)).astype(np.int64)
    changed = starts[span] + record - records.starts[row]
    return _Spans(span_account, span_row, starts, entries, changed)


def _ranges(begins: Int64s, ends: Int64s) -> tuple[Int64s, Int64s]:
    """All numbers of several ranges one after the other, and which range each belongs to."""
    sizes = ends - begins
    which = np.repeat(np.arange(len(begins)), sizes)
    inside = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return which, begins[which] + inside


def _by_pair(
    network: NetworkResult,
    rows: KeptRows,
    account: np.ndarray,
    pair_row: np.ndarray,
    p_value: Floats,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From new p of pair rows to new p of pairs: the smallest over the pair's kinds."""
    pair_of = network.edges.pair_of
    width = len(pair_of) + 1
    key = account * width + pair_of[pair_row]
    keys = np.unique(key)
    accounts, pairs = np.divmod(keys, width)
    first = np.searchsorted(pair_of, np.arange(len(network.edges.pair_a) + 1))
    which, every_row = _ranges(first[pairs], first[pairs + 1])
    # Kinds that the account does not touch keep the p of the run.
    p_values = rows.p_value.min(axis=0)[every_row]
    own_key = accounts[which] * width + every_row
    changed = np.searchsorted(own_key, account * width + pair_row)
    p_values[changed] = p_value
    best = np.full(len(keys), np.inf)
    np.minimum.at(best, which, p_values)
    return accounts, pairs, best
