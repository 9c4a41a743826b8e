"""How often one address may do something: a count for each window of time.

What keeps one process from too much work is counted in its memory; what keeps the house from being
guessed at or flooded is counted in its database, for every server on it. Of an IPv6
address the first 64 bits count: whoever has one of a network's addresses has them all.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv6Address

from assay.cases.store.counts import Counts
from assay.text.sentence import Sentence

_MOST_KEPT = 50_000


@dataclass(frozen=True)
class Limit:
    """At most so many times in so many seconds; ``everywhere`` counts all servers together."""

    name: str
    times: int
    window_s: float
    everywhere: bool = False


ANY_PAGE = Limit(Sentence("pages"), 6000, 60)
SIGN_IN = Limit(Sentence("attempts to sign in"), 30, 300, everywhere=True)
REPORT = Limit(Sentence("notices"), 20, 3600, everywhere=True)
LETTERS = Limit("letters to one address", 3, 86400, everywhere=True)
FOLLOW = Limit(Sentence("requests for secret links"), 300, 300)


@dataclass(frozen=True)
class Everywhere:
    """What counts for every server of a house.

    Attributes:
        counts: In its database.
        secret: The house's; addresses stand in the database as hashes with it.
        now: The house's clock.
    """

    counts: Counts
    secret: bytes = field(repr=False)
    now: Callable[[], datetime]

    def wait_s(self, limit: Limit, address: str, scale: float) -> float:
        """Count one time; returns how long to wait, 0 if it is within the limit."""
        who = hmac.new(self.secret, b"counted\n" + address.encode(), hashlib.sha256).hexdigest()
        most = limit.times * scale
        return self.counts.wait_s(limit.name, who, most, limit.window_s, self.now())


class Limits:
    """Counts of what each address did.

    Args:
        clock: Seconds that only grow.
        scale: Multiplies every limit, for houses that share one address.
        everywhere: What counts for every server; without it all is counted here.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        scale: float = 1,
        everywhere: Everywhere | None = None,
    ) -> None:
        self._clock, self._scale, self._everywhere = clock, scale, everywhere
        self._counts: dict[tuple[str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def wait_s(self, limit: Limit, address: str) -> float:
        """Count one time; returns how long to wait, 0 if it is within the limit."""
        now, address = self._clock(), _network(address)
        if limit.everywhere and self._everywhere is not None:
            return self._everywhere.wait_s(limit, address, self._scale)
        with self._lock:
            began, count = self._counts.get((limit.name, address), (now, 0))
            if now - began >= limit.window_s:
                began, count = now, 0
            self._counts[limit.name, address] = began, count + 1
            if len(self._counts) > _MOST_KEPT:
                self._forget(now)
        if count < limit.times * self._scale:
            return 0
        return max(began + limit.window_s - now, 1)

    def _forget(self, now: float) -> None:
        """Drop what is older than the longest window."""
        longest = max(one.window_s for one in (ANY_PAGE, SIGN_IN, REPORT, FOLLOW))
        self._counts = {
            key: value for key, value in self._counts.items() if now - value[0] < longest
        }


def _network(address: str) -> str:
    """What one visitor can change nothing about."""
    try:
        whole = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(whole.ipv4_mapped or IPv6Address(int(whole) >> 64 << 64))
