"""What a transparency report counts, read from the log: nothing restricted, nobody's name."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from assay.cases.awaited import SENDING
from assay.cases.store.entries import moment
from assay.cases.store.tables import ENTRIES, RECORDS
from assay.cases.store.visible import no_sample, open_to_the_team
from assay.cases.transparency import STEPS, Contested, Noticed

_ACTS = (
    "submit",
    "submit_parked",
    "propose",
    "confirm",
    "conclude",
    "decide_anew",
    "prepare_statement",
    "uphold",
    "overturn",
    "modify",
    "refuse",
    "go_outside",
    "record_outside",
    "ask_restoration",
    "record_asking",
    "record_answer",
    "correct_sending",
)
_JUDGED = {"uphold": "upheld", "overturn": "overturned", "modify": "modified"}
_WITH_BODY = ("propose", "prepare_statement")


def counted(connection: Connection, year: int) -> tuple[list[Noticed], list[Contested]]:
    """Notices and appeals that were opened in a year (UTC) and that everyone inside may see.

    A draft that was never handed in is no notice. What is about a restricted record is left out
    with it; so is a sample with what is about it.
    """
    begin, end = (moment(datetime(one, 1, 1, tzinfo=UTC)) for one in (year, year + 1))
    wanted = (
        RECORDS.c.kind.in_(("notice", "appeal")),
        RECORDS.c.restricted.is_(False),
        open_to_the_team(),
        no_sample(),
        RECORDS.c.opened_at >= begin,
        RECORDS.c.opened_at < end,
    )
    # A frame is canonical JSON, so that its first key is the act.
    acts = or_(
        *(ENTRIES.c.frame.startswith(f'{{"act":"{name}"', autoescape=True) for name in _ACTS)
    )
    asked = (
        select(ENTRIES.c.record, ENTRIES.c.frame, ENTRIES.c.body)
        .join(RECORDS, RECORDS.c.id == ENTRIES.c.record)
        .where(*wanted, acts)
        .order_by(ENTRIES.c.log_index)
    )
    told: dict[str, dict[str, Any]] = defaultdict(dict)
    for identity, frame, body in connection.execute(asked):
        _add(told[identity], json.loads(frame), body)
    rows = connection.execute(select(RECORDS).where(*wanted)).mappings().all()
    notices = [
        _noticed(row, told[row["id"]])
        for row in rows
        if row["kind"] == "notice" and "submit" in told[row["id"]]
    ]
    return notices, [_contested(row, told[row["id"]]) for row in rows if row["kind"] == "appeal"]


def counted_steps(connection: Connection, year: int) -> Mapping[str, int]:
    """How often each act of ``STEPS`` happened in a year (UTC), restricted records left out."""
    acts = [act for _, _, act in STEPS]
    asked = (
        select(ENTRIES.c.frame)
        .join(RECORDS, RECORDS.c.id == ENTRIES.c.record)
        .where(
            RECORDS.c.kind.in_(("misuse", "disclosure")),
            RECORDS.c.restricted.is_(False),
            open_to_the_team(),
            no_sample(),
        )
    )
    frames = (json.loads(frame) for frame in connection.execute(asked).scalars())
    return Counter(
        frame["act"] for frame in frames if frame["act"] in acts and frame["at"][:4] == str(year)
    )


def years(connection: Connection) -> list[int]:
    """The years in which something was opened, from the first to the last."""
    asked = select(RECORDS.c.opened_at).where(
        RECORDS.c.kind.in_(("notice", "appeal", "misuse", "disclosure")),
        RECORDS.c.restricted.is_(False),
        no_sample(),
    )
    ends = [
        connection.execute(asked.order_by(order).limit(1)).scalar()
        for order in (RECORDS.c.opened_at.asc(), RECORDS.c.opened_at.desc())
    ]
    return list(range(int(ends[0][:4]), int(ends[1][:4]) + 1)) if ends[0] and ends[1] else []


def _add(told: dict[str, Any], frame: Mapping[str, Any], body: str | None) -> None:
    """One event more of a record; the latest proposal and statement count, the first hand-in."""
    name, at = frame["act"], datetime.fromisoformat(frame["at"])
    if name in ("submit", "submit_parked"):
        told.setdefault("submit", at)
    elif name in _WITH_BODY:
        told[name] = {} if body is None else json.loads(body).get("fields") or {}
    elif name == "go_outside":
        told["outside"] = frame["facts"]["appeal_body"]
    elif name == "record_outside":
        told["outside_outcome"] = frame["facts"]["outside_outcome"]
    elif name in (*SENDING, "record_answer", "correct_sending"):
        _asked_back(told, frame)
    elif name == "refuse":
        told["refused"] = True
    elif name == "decide_anew":
        told.pop("decided", None)
    else:
        if name in _JUDGED:
            told["outcome"] = _JUDGED[name]
        told["decided"] = at


def _asked_back(told: dict[str, Any], frame: Mapping[str, Any]) -> None:
    """Who was asked to restore, and what each answered last, or whoever was asked after them."""
    facts = frame["facts"]
    if frame["act"] in SENDING:
        asked = told.setdefault("asked", {})
        asked[frame["version"]] = asked.get(facts.get("escalates"), frame["version"])
    elif "answer_kind" in facts:
        told.setdefault("answers", {})[told["asked"][facts["regards"]]] = facts["answer_kind"]


def _noticed(row: Mapping[Any, Any], told: Mapping[str, Any]) -> Noticed:
    decided = told.get("decided")
    return Noticed(
        kind=row["notice_kind"],
        state=row["state"],
        received_at=told["submit"],
        decided_at=decided,
        outcome=row["outcome"] if decided else None,
        ground=told.get("propose", {}).get("ground"),
        automation=told.get("prepare_statement", {}).get("dsa_automated_decision"),
    )


def _contested(row: Mapping[Any, Any], told: Mapping[str, Any]) -> Contested:
    return Contested(
        lodged_at=datetime.fromisoformat(row["opened_at"]),
        answered_at=told.get("decided"),
        outcome=told.get("outcome"),
        outside=told.get("outside"),
        outside_outcome=told.get("outside_outcome"),
        refused=told.get("refused", False),
        asked_to_restore="asked" in told,
        restored=set(told.get("answers", {}).values()) == {"done"},
    )
