"""The public register: decisions that everyone can read, and the proof of each entry."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from assay.cases.awaited import day_of
from assay.cases.store.listing import identity_of
from assay.cases.store.public_register import PAGE, end_of
from assay.model.case import OUTCOMES
from assay.web.pages import page
from assay.web.proofs import check_proof, proof_json
from assay.web.visitors import HouseDep, VisitorDep

ROUTER = APIRouter(prefix="/register", include_in_schema=False)


@ROUTER.get("")
def listed(
    request: Request,
    house: HouseDep,
    visitor: VisitorDep,
    outcome: str = "",
    text: str = "",
    after: str = "",
) -> Response:
    """A page of the register, the last changed first."""
    outcome = outcome if outcome in OUTCOMES else ""
    at, _, identity = after.partition("~")
    rows = house.register.listed(
        outcome=outcome or None,
        text=text.strip() or None,
        after=(at, identity) if identity else None,
    )
    following = None
    if len(rows) == PAGE:
        end = "~".join(end_of(rows))
        following = urlencode({"outcome": outcome, "text": text, "after": end})
    return page(
        request,
        "register",
        rows=rows,
        outcome=outcome,
        text=text,
        following=following,
        began=not after,
    )


@ROUTER.get("/{identity}")
def entry(request: Request, house: HouseDep, visitor: VisitorDep, identity: str) -> Response:
    """One entry with all that became of it."""
    found = house.register.entry(identity_of(identity))
    complained = house.ledger.complaint(found.record.id, house.now())
    day = day_of(house.now())
    return page(request, "register_entry", entry=found, complained=complained, day=day)


@ROUTER.get("/{identity}/proof/{index}")
def proof(
    request: Request, house: HouseDep, visitor: VisitorDep, identity: str, index: int
) -> Response:
    """The proof of one event, checked step by step."""
    found = house.register.proof(identity_of(identity), index)
    key = house.store.keys.public_key()
    told = proof_json(found, key)
    text = JSONResponse(told).body
    steps = check_proof(bytes(text).decode(), key)
    return page(request, "register_proof", identity=identity, index=index, proof=told, steps=steps)


@ROUTER.get("/{identity}/proof/{index}/proof.json")
def proof_file(house: HouseDep, identity: str, index: int) -> Response:
    """The same for a program."""
    found = house.register.proof(identity_of(identity), index)
    return JSONResponse(
        proof_json(found, house.store.keys.public_key()),
        headers={"Content-Disposition": 'attachment; filename="proof.json"'},
    )
