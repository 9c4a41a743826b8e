"""How often somebody did what is limited, for all servers on one database and over their restarts.

Who it was stands there as a keyed hash, and no longer than its window of time lasts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import COUNTS


class Counts:
    """Counts of one house, each for a window of time that begins with the first."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def wait_s(self, what: str, who: str, most: float, window_s: float, at: datetime) -> float:
        """Count one time; returns how long to wait, 0 if it is within the limit.

        Args:
            what: The limit's name.
            who: Whom it counts for; a hash.
            most: So many times are within the limit.
            window_s: After so many seconds it is counted anew.
            at: The present.
        """
        mine = (COUNTS.c.what == what, COUNTS.c.who == who, COUNTS.c.until > moment(at))
        with reading(self.engine) as connection:
            known = connection.execute(select(COUNTS).where(*mine)).first()
        if known is not None and known.times >= most:
            # Whoever goes on trying makes nobody write.
            return (datetime.fromisoformat(known.until) - at).total_seconds()
        until = moment(at + timedelta(seconds=window_s))
        more = update(COUNTS).where(*mine).values(times=COUNTS.c.times + 1)
        with writing(self.engine) as connection:
            connection.execute(delete(COUNTS).where(COUNTS.c.until <= moment(at)))
            counted = connection.execute(more.returning(COUNTS.c.times, COUNTS.c.until)).first()
            if counted is None:
                first = {"what": what, "who": who, "times": 1, "until": until}
                connection.execute(insert(COUNTS).values(**first))
        times, ends = (1, until) if counted is None else (counted.times, counted.until)
        return 0 if times <= most else (datetime.fromisoformat(ends) - at).total_seconds()
