"""Moments: what one account did at one time, over all kinds; what a null moves as a whole.

Three hashtags and a link of one post are one act. Whoever moves them apart breaks up posts, and
finds in the unbroken ones a closeness that is none (docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.spread import Uint64s, mixed_all
from assay.engine.compiled import njit


@dataclass(frozen=True)
class Moments:
    """The moments of a data set.

    Attributes:
        kinds: Its kinds, in the order in which their rows follow each other.
        of_row: Moment of each share; the kinds' rows one after the other.
        accounts: Account number of each moment.
        times_us: Time of each moment.
        first_rows: Its first share: the one whose object comes first by kind and number.
        keys: A number for each moment that its account's key and its own time decide.
        account_keys: A number for each account that the times of its moments decide, and its
            number only between accounts that acted at exactly the same times: random draws that
            hang on these keys stay the same when every account is renamed.
    """

    kinds: tuple[str, ...]
    of_row: Int64s
    accounts: Int32s
    times_us: Int64s
    first_rows: Int64s
    keys: Uint64s
    account_keys: Uint64s

    def __len__(self) -> int:
        """How many moments there are."""
        return len(self.accounts)


def find_moments(kinds: Mapping[str, ShareArrays]) -> Moments:
    """Group the shares of all kinds by account and time.

    Args:
        kinds: Shares of each kind, with one numbering of accounts.
    """
    accounts = np.concatenate([shares.accounts for shares in kinds.values()])
    times_us = np.concatenate([shares.times_us for shares in kinds.values()])
    order = np.lexsort((times_us, accounts))
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (accounts[order[1:]] != accounts[order[:-1]]) | (
        times_us[order[1:]] != times_us[order[:-1]]
    )
    of_row = np.empty(len(order), np.int64)
    of_row[order] = np.cumsum(begins) - 1
    # A stable sort leaves rows of one moment in their order: the first one is the least.
    first_rows = order[begins]
    own_accounts, own_times_us = accounts[first_rows], times_us[first_rows]
    count = max((shares.account_count for shares in kinds.values()), default=0)
    own = mixed_all(own_times_us.view(np.uint64))
    account_keys = keys_of_accounts(own_accounts, own, count)
    return Moments(
        tuple(kinds),
        of_row,
        own_accounts,
        own_times_us,
        first_rows,
        mixed_all(own + account_keys[own_accounts]),
        account_keys,
    )


def keys_of_accounts(accounts: Int32s, acts: Uint64s, count: int) -> Uint64s:
    """A key for each account from the mixed bits of its acts, whatever its number.

    Args:
        accounts: Whose act.
        acts: Mixed bits of each act.
        count: Number of accounts.
    """
    colour = _summed(accounts, acts, count)
    rank = np.empty(count, np.uint64)
    rank[np.lexsort((np.arange(count), colour))] = np.arange(count, dtype=np.uint64)
    return mixed_all(rank)


@njit
def _summed(accounts: Int32s, acts: Uint64s, count: int) -> Uint64s:
    sums = np.zeros(count, np.uint64)
    for row in range(len(accounts)):
        sums[accounts[row]] += acts[row]
    return sums


def stream_of(seed: int, replicate: int) -> np.uint64:
    """The 64 bits from which all draws of one replicate start."""
    both = mixed_all(np.array([seed, replicate], np.uint64))
    return np.uint64(mixed_all(np.array([both[0] ^ mixed_all(both[1:])[0]], np.uint64))[0])
