"""What every route that writes shares: done once under its key, and answered alike each time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Response

from assay.cases.letters import Once, WithIt
from assay.cases.store.answers import AlreadyDone, answer_of
from assay.model.case import Act, Record, RecordKind
from assay.web.api.asking import Program
from assay.web.api.problems import BASE
from assay.web.api.reading import etag
from assay.web.api.shapes import Asked, Done
from assay.web.house import House
from assay.web.visitors import HouseDep

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,100}$",
        description="Names the request; the same one under the same key is done once in a week.",
    ),
]


@dataclass(frozen=True)
class Writing:
    """A request that writes.

    Attributes:
        head: Of its answer.
        house: Where it writes.
        key: What its sender calls it, if they may repeat it.
    """

    head: Response
    house: House
    key: str | None

    def once(
        self, asking: Program, what: str, body: Asked | list[str | None] | None = None
    ) -> Once | None:
        """The request by its key, with the hash of all that it asks."""
        if self.key is None:
            return None
        told = json.dumps(
            [what, body.model_dump() if isinstance(body, Asked) else body], sort_keys=True
        )
        digest = hashlib.sha256(told.encode()).hexdigest()
        return Once(asking.account.id, self.key, digest)

    def opened(self, asking: Program, kind: RecordKind, act: Act, with_it: WithIt) -> Done:
        """Open a record, with what is written together with it."""
        by, at = asking.account.actor, self.house.now()
        return self.done(
            lambda: (self.house.store.open_record(kind, act, by=by, at=at, with_it=with_it), {})
        )

    def done(self, do: Callable[[], tuple[Record, Mapping[str, str]]]) -> Done:
        """Do it, or tell what came of it before.

        Args:
            do: Gives the record, and the addresses of links that somebody is to hand over, by whose
                they are.
        """
        try:
            record, links = do()
        except AlreadyDone as error:
            return self._told(Done(**error.answer, repeated=True))
        only = next(iter(links.values())) if len(links) == 1 else None
        return self._told(Done(**answer_of(record), link=only, links=dict(links)))

    def _told(self, done: Done) -> Done:
        self.head.headers["ETag"] = etag(done.version)
        self.head.headers["Location"] = f"{BASE}/records/{done.id}"
        return done


def _writing(head: Response, house: HouseDep, key: Key = None) -> Writing:
    return Writing(head, house, key)


WritingDep = Annotated[Writing, Depends(_writing)]
