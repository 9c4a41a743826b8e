"""Shares grouped by account: what each account shared, in order, close together in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Bools, Int32s, Int64s, ShareArrays
from assay.engine.compiled import njit


@dataclass(frozen=True)
class AccountShares:
    """The shares of the wanted accounts as *runs*: one account's shares of one object.

    Attributes:
        starts: First run of each account, by account number; other accounts take no room.
        objects: Object of each run, ascending inside an account.
        firsts: Number of the run's first share among the kind's first shares.
        first_us: Time of each run's first share.
        alone: Whether no other run of the account begins at the same moment.
        run_starts: First entry of each run in ``times_us``, and the length at the end.
        times_us: Times of all shares, ascending inside a run.
    """

    starts: Int64s
    objects: Int32s
    firsts: Int32s
    first_us: Int64s
    alone: Bools
    run_starts: Int64s
    times_us: Int64s

    @property
    def most_objects(self) -> int:
        """The largest number of objects of one account."""
        return int(np.diff(self.starts).max(initial=0))


def shares_by_account(shares: ShareArrays, is_first: Bools, wanted: Bools) -> AccountShares:
    """Group the shares of the wanted accounts.

    Args:
        shares: All shares of the kind.
        is_first: For each share, whether it is its account's first of that object.
        wanted: A flag for each account number.
    """
    starts, rows = _rows_by_account(shares.accounts, wanted)
    begins_run = is_first[rows]
    times_us = shares.times_us[rows]
    run_of_entry = np.flatnonzero(begins_run)
    run_rows = rows[run_of_entry]
    del rows
    firsts = np.cumsum(is_first, dtype=np.int32)[run_rows] - 1
    run_starts = np.append(run_of_entry, len(times_us)).astype(np.int64, copy=False)
    # Entries are counted before an account's first one; runs, by how many begin before it.
    runs_before = np.concatenate(([0], np.cumsum(begins_run)))
    first_us = shares.times_us[run_rows]
    account_starts = runs_before[starts].astype(np.int64)
    return AccountShares(
        account_starts,
        shares.objects[run_rows],
        firsts.astype(np.int32, copy=False),
        first_us,
        _alone(account_starts, first_us),
        run_starts,
        times_us,
    )


@njit
def _rows_by_account(accounts: Int32s, wanted: Bools) -> tuple[Int64s, Int64s]:
    starts = np.zeros(len(wanted) + 1, np.int64)
    for row in range(len(accounts)):
        if wanted[accounts[row]]:
            starts[accounts[row] + 1] += 1
    for account in range(len(wanted)):
        starts[account + 1] += starts[account]
    rows = np.empty(starts[len(wanted)], np.int64)
    filled = starts[:-1].copy()
    for row in range(len(accounts)):
        if wanted[accounts[row]]:
            rows[filled[accounts[row]]] = row
            filled[accounts[row]] += 1
    return starts, rows


@njit
def _alone(starts: Int64s, first_us: Int64s) -> Bools:
    """For each run, whether its account has no other that begins at the same moment."""
    alone = np.ones(len(first_us), np.bool_)
    most = 1
    for account in range(len(starts) - 1):
        most = max(most, starts[account + 1] - starts[account])
    slots = 16
    while slots < 2 * most:
        slots *= 2
    # An open-addressed table of run numbers, one account after the other.
    owner = np.full(slots, -1, np.int64)
    for account in range(len(starts) - 1):
        begin = starts[account]
        end = starts[account + 1]
        if end - begin < 2:
            continue
        mask = 16
        while mask < 2 * (end - begin):
            mask *= 2
        mask -= 1
        for run in range(begin, end):
            slot = ((first_us[run] * 0x9E3779B97F4A7C1) >> 20) & mask
            # A run number below this account's first one is a leftover of an earlier account.
            while owner[slot] >= begin and first_us[owner[slot]] != first_us[run]:
                slot = (slot + 1) & mask
            if owner[slot] >= begin:
                alone[owner[slot]] = False
                alone[run] = False
            else:
                owner[slot] = run
    return alone
