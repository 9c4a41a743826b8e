"""The log for everyone: its key, its newest checkpoint, and checks of proofs and checkpoints."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response

from assay.cases import merkle
from assay.cases.merkle import EMPTY_ROOT
from assay.cases.signed_note import Checkpoint, open_checkpoint
from assay.cases.store.case_store import EmptyLog
from assay.errors import AssayError, CheckFailed, InputError
from assay.text.sentence import Sentence
from assay.web.house import House
from assay.web.limits import FOLLOW
from assay.web.pages import page
from assay.web.posted import PostedDep
from assay.web.proofs import Step, check_proof
from assay.web.visitors import HouseDep, VisitorDep, limited

_SIGNED = Sentence("Your checkpoint is signed by this log's key")
ROUTER = APIRouter(prefix="/log", include_in_schema=False)


@ROUTER.get("")
def log(request: Request, house: HouseDep, visitor: VisitorDep) -> Response:
    """What the log is now, and forms to check with."""
    return _page(request, house, {}, None)


@ROUTER.get("/checkpoint")
def checkpoint(house: HouseDep) -> Response:
    """The newest signed checkpoint; keep it."""
    return PlainTextResponse(_newest(house))


@ROUTER.get("/public.key")
def key(house: HouseDep) -> Response:
    """The key that checks signatures."""
    return PlainTextResponse(house.store.keys.public_key().text + "\n")


@ROUTER.post("/proof", dependencies=[Depends(limited(FOLLOW))])
def check_inclusion(
    request: Request, house: HouseDep, visitor: VisitorDep, form: PostedDep
) -> Response:
    """Check a proof that somebody kept."""
    text, public = form.values.get("proof", ""), house.store.keys.public_key()
    try:
        steps = check_proof(text, public)
    except InputError as error:
        steps = [Step(Sentence("It can be read"), False, error.message)]
    return _page(request, house, {"proof": text}, steps)


@ROUTER.post("/consistency", dependencies=[Depends(limited(FOLLOW))])
def check_consistency(
    request: Request, house: HouseDep, visitor: VisitorDep, form: PostedDep
) -> Response:
    """Whether the log still begins as a checkpoint that somebody kept says."""
    text = form.values.get("checkpoint", "")
    return _page(request, house, {"checkpoint": text}, _consistency(house, text))


def _consistency(house: House, text: str) -> list[Step]:
    public = house.store.keys.public_key()
    try:
        kept = open_checkpoint(text.strip("\n") + "\n", public)
    except AssayError as error:
        return [Step(_SIGNED, False, error.message)]
    steps = [Step(_SIGNED, True)]
    try:
        newest, _ = house.store.checkpoint()
    except EmptyLog:
        newest = Checkpoint(public.name, 0, EMPTY_ROOT)
    if kept.size > newest.size:
        told = Sentence(
            "yours has %(kept)s entries, the log %(newest)s",
            kept=str(kept.size),
            newest=str(newest.size),
        )
        grown = Sentence("The log is at least as long as it was then")
        return [*steps, Step(grown, False, told)]
    try:
        hashes = house.store.consistency_proof(kept.size, newest.size)
    except CheckFailed as error:
        return [*steps, Step(Sentence("The log's tree is whole"), False, error.message)]
    sizes, roots = (kept.size, newest.size), (kept.root, newest.root)
    holds = merkle.consistency_holds(sizes, roots, hashes)
    told = Sentence(
        "The first %(kept)s of %(newest)s entries are the ones that were signed then",
        kept=str(kept.size),
        newest=str(newest.size),
    )
    return [*steps, Step(told, holds)]


def _newest(house: House) -> str:
    try:
        return house.store.checkpoint()[1]
    except EmptyLog:
        return ""


def _page(
    request: Request, house: House, values: dict[str, str], steps: list[Step] | None
) -> Response:
    return page(
        request,
        "log",
        public_key=house.store.keys.public_key().text,
        newest=_newest(house),
        values=values,
        steps=steps,
    )
