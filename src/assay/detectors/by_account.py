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


def shares_by_account(shares: ShareArrays, is_first: Bools, wanted: Bools) -> AccountShares:
    """Group the shares of the wanted accounts.

    Args:
        shares: All shares of the kind.
        is_first: For each share, whether it is its account's first of that object.
        wanted: A flag for each account number.
    """
    grouped = _grouped(shares.objects, shares.accounts, shares.times_us, is_first, wanted)
    starts, objects, firsts, first_us, run_starts, times_us = grouped
    alone = _alone(starts, first_us)
    return AccountShares(starts, objects, firsts, first_us, alone, run_starts, times_us)


@njit
def _grouped(
    objects: Int32s, accounts: Int32s, times_us: Int64s, is_first: Bools, wanted: Bools
) -> tuple[Int64s, Int32s, Int32s, Int64s, Int64s, Int64s]:
    """:class:`AccountShares` without ``alone``; what lies far apart is read in order and once."""
    starts = np.zeros(len(wanted) + 1, np.int64)
    entry_starts = np.zeros(len(wanted) + 1, np.int64)
    for row in range(len(accounts)):
        if wanted[accounts[row]]:
            starts[accounts[row] + 1] += is_first[row]
            entry_starts[accounts[row] + 1] += 1
    for account in range(len(wanted)):
        starts[account + 1] += starts[account]
        entry_starts[account + 1] += entry_starts[account]
    runs, entries = starts[len(wanted)], entry_starts[len(wanted)]
    run_objects = np.empty(runs, np.int32)
    firsts = np.empty(runs, np.int32)
    first_us = np.empty(runs, np.int64)
    run_starts = np.empty(runs + 1, np.int64)
    run_starts[runs] = entries
    entry_us = np.empty(entries, np.int64)
    next_run, next_entry = starts[:-1].copy(), entry_starts[:-1].copy()
    first = -1
    for row in range(len(accounts)):
        first += is_first[row]
        account = accounts[row]
        if not wanted[account]:
            continue
        entry = next_entry[account]
        entry_us[entry] = times_us[row]
        next_entry[account] += 1
        if is_first[row]:
            run = next_run[account]
            run_objects[run] = objects[row]
            firsts[run] = first
            first_us[run] = times_us[row]
            run_starts[run] = entry
            next_run[account] += 1
    return starts, run_objects, firsts, first_us, run_starts, entry_us


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
