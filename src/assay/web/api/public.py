"""What everyone may read: the register, the proof of each entry, the signed log."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query

from assay.cases.awaited import day_of
from assay.cases.opinion import Opinion as Assessed
from assay.cases.store.case_store import EmptyLog
from assay.cases.store.public_register import PAGE, Order, end_of
from assay.errors import UsageError
from assay.model.case import Event
from assay.web.api.cursors import from_cursor, to_cursor
from assay.web.api.problems import documented
from assay.web.api.reading import Cursor, Identity
from assay.web.api.shapes import (
    Appeal,
    Consistency,
    LedgerTold,
    Listed,
    Opinion,
    Proof,
    PublicEvent,
    Published,
    Register,
    Requested,
    Rerun,
    Signed,
)
from assay.web.proofs import proof_json
from assay.web.routes.feeds import entry_row
from assay.web.routes.ledger import ledger_told
from assay.web.visitors import HouseDep

ROUTER = APIRouter()
_FIELDS = (
    "title",
    "summary",
    "sender_public",
    "legal_basis",
    "order_reference",
    "urls",
    "assessor_public",
    "opinion",
)
_Size = Annotated[int, Query(ge=1, lt=10**15, description="How many entries a log had.")]


@ROUTER.get("/register", responses=documented())
def register(
    house: HouseDep,
    outcome: Literal["restriction", "no_action", "not_enough_evidence"] | None = None,
    text: Annotated[str | None, Query(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")] = None,
    order: Annotated[
        Order,
        Query(description="The last changed first; or as entered, for those who read all pages."),
    ] = "changed",
    cursor: Cursor = None,
) -> Register:
    """Published entries, page by page."""
    after = from_cursor(cursor)
    rows = house.register.listed(outcome=outcome, text=text, after=after, order=order)
    following = None
    if len(rows) == PAGE:
        following = to_cursor(end_of(rows, order))
    return Register(entries=[Listed(**entry_row(house, row)) for row in rows], next=following)


@ROUTER.get("/register/{identity}", responses=documented(404))
def entry(house: HouseDep, identity: Identity) -> Published:
    """One entry with all that became of it."""
    found = house.register.entry(identity)
    appeals = [
        Appeal(
            state=one.state,
            outcome=one.outcome,
            lodged_at=one.lodged_at,
            changed_at=one.changed_at,
            judged=list(one.judged),
            restores=one.restores,
            nothing_told=one.nothing_told,
            asked=one.asked(day_of(house.now())),
        )
        for one in found.appeals
    ]
    return Published(
        id=found.record.id,
        state=found.record.state,
        version=found.record.version,
        text=_public(found.text),
        subject=dict(found.subject),
        history=_history(found.history),
        appeals=appeals,
        opinions=[_opinion(one) for one in found.opinions],
    )


@ROUTER.get("/ledger", responses=documented())
def ledger(house: HouseDep) -> LedgerTold:
    """Every published complaint: to whom it went, and whether it was answered."""
    return ledger_told(house)


@ROUTER.get("/register/{identity}/proof/{index}", responses=documented(404))
def proof(
    house: HouseDep, identity: Identity, index: Annotated[int, Path(ge=0, lt=10**15)]
) -> Proof:
    """Everything that is needed to check one event with a program of one's own."""
    found = house.register.proof(identity, index)
    return Proof(**proof_json(found, house.store.keys.public_key()))


@ROUTER.get("/log/checkpoint", responses=documented(404))
def checkpoint(house: HouseDep) -> Signed:
    """The newest signed checkpoint; 404 while nothing was written."""
    size, note = _newest(house)
    return Signed(size=size, checkpoint=note, public_key=house.store.keys.public_key().text)


@ROUTER.get("/log/consistency", responses=documented(404))
def consistency(house: HouseDep, first: _Size, second: _Size | None = None) -> Consistency:
    """Proof that the log of ``second`` entries (the newest if not given) begins with ``first``."""
    size, _ = _newest(house)
    second = size if second is None else second
    if not first <= second <= size:
        raise UsageError(f"the log has {size} entries", fix="give sizes in order, none above that")
    hashes = house.store.consistency_proof(first, second)
    told = [base64.b64encode(one).decode("ascii") for one in hashes]
    return Consistency(first=first, second=second, hashes=told)


def _newest(house: HouseDep) -> tuple[int, str]:
    try:
        newest, note = house.store.checkpoint()
    except EmptyLog as error:
        raise HTTPException(404) from error
    return newest.size, note


def _history(history: Iterable[tuple[int, Event]]) -> list[PublicEvent]:
    return [
        PublicEvent(
            entry=place, act=event.name, at=event.at, why=event.why, text=_public(event.fields)
        )
        for place, event in history
    ]


def _opinion(found: Assessed) -> Opinion:
    requests = [
        Requested(
            wanted=one.fields.get("evidence_wanted", ""),
            since=one.since,
            until=one.until,
            outcome=one.outcome,
            ended=one.ended,
            supplied=str(one.answer.get("supplied", "")),
            refusal=str(one.answer.get("refusal", "")),
        )
        for one in found.requests
    ]
    return Opinion(
        state=found.state,
        conclusion=found.conclusion,
        text=None if found.text is None else dict(found.text),
        reruns=[Rerun(on=on, outcome=outcome, told=told) for on, outcome, told in found.reruns],
        requests=requests,
        history=_history(found.history),
    )


def _public(fields: Mapping[str, str] | None) -> dict[str, str] | None:
    """What the register's pages show of an event's texts."""
    if fields is None:
        return None
    return {name: fields[name] for name in _FIELDS if name in fields}
