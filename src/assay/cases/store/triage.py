"""What stands beside a notice while somebody looks at it first: likely duplicates, its sender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from assay.cases.misuse import Tally
from assay.cases.store.connect import reading
from assay.cases.store.likely import Likely, likely, with_likely
from assay.cases.store.misuse import of_sender, sender_marks, tally
from assay.cases.store.one_at_a_time import standing_sample
from assay.model.case import Actor, Record


class Triage:
    """Looks around a notice, as far as a viewer may know of what is there."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def likely(self, identity: str, viewer: Actor) -> list[Likely]:
        """Earlier notices that are likely the same."""
        with reading(self.engine) as connection:
            return likely(connection, viewer, identity)

    def with_likely(self, rows: Sequence[Mapping[str, Any]], viewer: Actor) -> frozenset[str]:
        """Ids of those rows of a list that are likely the same as an earlier notice."""
        with reading(self.engine) as connection:
            return with_likely(connection, viewer, rows)

    def sample(self, viewer: Actor) -> str | None:
        """Id of the sample that was not withdrawn, if there is one."""
        with reading(self.engine) as connection:
            return standing_sample(connection, viewer)

    def tally(self, record: Record, viewer: Actor, at: datetime) -> Tally:
        """What counts against the sender of a notice, or whom a file is about."""
        with reading(self.engine) as connection:
            return tally(connection, viewer, sender_marks(record), at)

    def files(self, record: Record, viewer: Actor) -> Sequence[Mapping[str, Any]]:
        """Files about a notice's sender that are not closed."""
        with reading(self.engine) as connection:
            return of_sender(connection, viewer, record, "misuse")

    def parked(self, record: Record, viewer: Actor) -> Sequence[Mapping[str, Any]]:
        """Notices of a sender that are parked."""
        with reading(self.engine) as connection:
            return of_sender(connection, viewer, record, "notice")
