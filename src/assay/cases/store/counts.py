"""How often somebody did what is limited, for all servers on one database and over their restarts.

Who it was stands there as a keyed hash, and no longer than its window of time lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import COUNTS


@dataclass(frozen=True)
class Window:
    """At most so many times in so many seconds, from the first on; then it is counted anew."""

    most: float
    seconds: float


class Counts:
    """Counts of one house, each for a window of time that begins with the first."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def wait_s(self, what: str, who: str, window: Window, at: datetime, times: int = 1) -> float:
        """Count; returns how long to wait, 0 if it is within the limit.

        Args:
            what: The limit's name.
            who: Whom it counts for; a hash.
            window: What is within the limit.
            at: The present.
            times: How often it was done since it was counted last.
        """
        mine = (COUNTS.c.what == what, COUNTS.c.who == who, COUNTS.c.until > moment(at))
        with reading(self.engine) as connection:
            known = connection.execute(select(COUNTS).where(*mine)).first()
        if known is not None and known.times >= window.most:
            # Whoever goes on trying makes nobody write.
            return (datetime.fromisoformat(known.until) - at).total_seconds()
        until = moment(at + timedelta(seconds=window.seconds))
        more = update(COUNTS).where(*mine).values(times=COUNTS.c.times + times)
        with writing(self.engine) as connection:
            connection.execute(delete(COUNTS).where(COUNTS.c.until <= moment(at)))
            counted = connection.execute(more.returning(COUNTS.c.times, COUNTS.c.until)).first()
            if counted is None:
                first = {"what": what, "who": who, "times": times, "until": until}
                connection.execute(insert(COUNTS).values(**first))
        so_far, ends = (times, until) if counted is None else (counted.times, counted.until)
        return 0 if so_far <= window.most else (datetime.fromisoformat(ends) - at).total_seconds()
