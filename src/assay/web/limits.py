"""How often one address may do something: a count for each window of time.

It is counted in the house's database, for every server on it. What comes often is counted in each
server's memory first, and in the database so and so many at once: that waits for the only writer
and for the disk. Of an IPv6 address the first 64 bits count: whoever has one of a network's
addresses has them all.
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
from typing import NamedTuple

from assay.cases.store.counts import Counts, Window
from assay.text.sentence import Sentence

_MOST_KEPT = 50_000


@dataclass(frozen=True)
class Limit:
    """At most so many times in so many seconds, at all servers together.

    Attributes:
        name: What is limited.
        times: How often.
        window_s: In how many seconds.
        at_once: So many are counted in a server's memory before they are counted for all; by fewer
            than that a server lets pass too many.
    """

    name: str
    times: int
    window_s: float
    at_once: int = 1


ANY_PAGE = Limit(Sentence("pages"), 6000, 60, at_once=200)
SIGN_IN = Limit(Sentence("attempts to sign in"), 30, 300)
REPORT = Limit(Sentence("notices"), 20, 3600)
LETTERS = Limit("letters to one address", 3, 86400)
FOLLOW = Limit(Sentence("requests for secret links"), 300, 300, at_once=10)


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
        """Count as many as are counted at once; returns how long to wait."""
        who = hmac.new(self.secret, b"counted\n" + address.encode(), hashlib.sha256).hexdigest()
        window = Window(limit.times * scale, limit.window_s)
        return self.counts.wait_s(limit.name, who, window, self.now(), limit.at_once)


class _Here(NamedTuple):
    """What one server counted of an address: since when, how often, and until when it waits."""

    began: float
    times: int
    until: float = 0


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
        self._counts: dict[tuple[str, str], _Here] = {}
        self._lock = threading.Lock()

    def asks(self, limit: Limit, address: str) -> bool:
        """Whether the next time is counted in the database, which may take a while."""
        if self._everywhere is None:
            return False
        here = self._counts.get((limit.name, _network(address)))
        return (0 if here is None else here.times) + 1 >= limit.at_once

    def wait_s(self, limit: Limit, address: str) -> float:
        """Count one time; returns how long to wait, 0 if it is within the limit."""
        now, key = self._clock(), (limit.name, _network(address))
        if self._everywhere is not None and limit.at_once == 1:
            return self._everywhere.wait_s(limit, key[1], self._scale)
        most = limit.times * self._scale if self._everywhere is None else limit.at_once - 1
        with self._lock:
            here = self._counts.get(key, _Here(now, 0))
            if here.until > now:
                return here.until - now
            if now - here.began >= limit.window_s:
                here = _Here(now, 0)
            within = here.times < most
            anew = not within and self._everywhere is not None
            self._counts[key] = _Here(now, 0) if anew else here._replace(times=here.times + 1)
            if len(self._counts) > _MOST_KEPT:
                self._forget()
        if within:
            return 0
        if self._everywhere is None:
            return max(here.began + limit.window_s - now, 1)
        wait_s = self._everywhere.wait_s(limit, key[1], self._scale)
        if wait_s:
            # Else what came while the database was asked counts on.
            with self._lock:
                self._counts[key] = _Here(now, 0, now + wait_s)
        return wait_s

    def _forget(self) -> None:
        """Keep the newer half: whoever has many networks fills no memory, and is seldom waited for
        while it is sorted.
        """
        by_age = sorted(self._counts.items(), key=lambda one: one[1].began)
        self._counts = dict(by_age[len(by_age) // 2 :])


def _network(address: str) -> str:
    """What one visitor can change nothing about."""
    try:
        whole = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(whole.ipv4_mapped or IPv6Address(int(whole) >> 64 << 64))
