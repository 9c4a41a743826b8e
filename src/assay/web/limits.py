"""How often one address may do something: a count for each window of time, in memory.

Of an IPv6 address the first 64 bits count: whoever has one of a network's addresses has them all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address

from assay.text.sentence import Sentence

_MOST_KEPT = 50_000


@dataclass(frozen=True)
class Limit:
    """At most so many times in so many seconds."""

    name: str
    times: int
    window_s: float


ANY_PAGE = Limit(Sentence("pages"), 6000, 60)
SIGN_IN = Limit(Sentence("attempts to sign in"), 30, 300)
REPORT = Limit(Sentence("notices"), 20, 3600)
FOLLOW = Limit(Sentence("requests for secret links"), 300, 300)


class Limits:
    """Counts of what each address did.

    Args:
        clock: Seconds that only grow.
        scale: Multiplies every limit, for houses that share one address.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, scale: float = 1) -> None:
        self._clock, self._scale = clock, scale
        self._counts: dict[tuple[str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def wait_s(self, limit: Limit, address: str) -> float:
        """Count one time; returns how long to wait, 0 if it is within the limit."""
        now, address = self._clock(), _network(address)
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
