"""Requests that a program may repeat: done once, and answered alike each time.

The answer stands in the transaction of what it answers. It says which version of which record came
of it, and holds nothing that somebody could ask to have erased.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from assay.cases.letters import Once
from assay.cases.refused import Refused
from assay.cases.store.entries import moment
from assay.cases.store.tables import API_ANSWERS
from assay.errors import UsageError
from assay.model.case import Record

KEPT = timedelta(days=7)


class AlreadyDone(UsageError):
    """The same request was done before; ``answer`` is what it was answered."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__("this was done already", fix="nothing is to be done")
        self.answer = answer


def check_once(connection: Connection, once: Once | None) -> None:
    """Look whether a request was done before.

    Raises:
        AlreadyDone: It was.
        Refused: Its key stands for another request.
    """
    if once is None:
        return
    mine = (API_ANSWERS.c.account == once.account, API_ANSWERS.c.key == once.key)
    row = connection.execute(select(API_ANSWERS).where(*mine)).first()
    if row is None:
        return
    if row.request != once.request:
        raise Refused("this key was used for another request", fix="take a new one for each")
    raise AlreadyDone(json.loads(row.answer))


def keep_answer(
    connection: Connection, once: Once | None, told: Mapping[str, Any], at: datetime
) -> None:
    """Keep what a request was answered, and forget what is older than a week."""
    if once is None:
        return
    connection.execute(delete(API_ANSWERS).where(API_ANSWERS.c.made_at < moment(at - KEPT)))
    row = {"account": once.account, "key": once.key, "request": once.request}
    answer = json.dumps(told)
    connection.execute(insert(API_ANSWERS).values(answer=answer, made_at=moment(at), **row))


def answer_of(record: Record) -> dict[str, Any]:
    """What a program is told of an act that was done."""
    return {
        "id": record.id,
        "kind": record.kind,
        "state": record.state,
        "version": record.version,
        "changed_at": record.changed_at.isoformat(),
    }
