"""The register of protected bodies by program: read, kept as a whole, earlier versions erased."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from assay.cases.protected_versions import ToErase
from assay.cases.refused import Refused, refuse_missing
from assay.cases.store.answers import AlreadyDone
from assay.cases.store.protected_registers import VERSIONS_PAGE, RegisterChanged
from assay.errors import InputError, UsageError
from assay.identities.register import Body, read_bodies
from assay.identities.register_text import told_body
from assay.web.api.asking import Program, Reader, Worker
from assay.web.api.bodies_shapes import (
    BodyAsked,
    ErasureAsked,
    ProtectedBody,
    ProtectedRegister,
    ProtectedVersion,
    ProtectedVersions,
    RegisterAsked,
    RegisterKept,
    VersionsErased,
)
from assay.web.api.cursors import from_cursor, to_cursor
from assay.web.api.doing import Version, seen_version
from assay.web.api.problems import documented
from assay.web.api.reading import Cursor, etag
from assay.web.api.writing import WritingDep
from assay.web.posted import clean
from assay.web.protected_bodies import (
    KEEPERS,
    READERS,
    erase_versions,
    new_version,
    present_register,
    register_of,
)
from assay.web.visitors import HouseDep

ROUTER = APIRouter(prefix="/bodies")


def _of_readers(asking: Reader) -> Program:
    if asking.account.role not in READERS:
        raise HTTPException(403)
    return asking


def _of_keepers(asking: Worker) -> Program:
    if asking.account.role not in KEEPERS:
        raise HTTPException(403)
    return asking


def _of_administrators(asking: Worker) -> Program:
    if asking.account.role != "administrator":
        raise HTTPException(403)
    return asking


ReaderOfBodies = Annotated[Program, Depends(_of_readers)]
KeeperOfBodies = Annotated[Program, Depends(_of_keepers)]
Administrator = Annotated[Program, Depends(_of_administrators)]


@ROUTER.get("", responses=documented(401, 403, 404))
def bodies(
    house: HouseDep,
    asking: ReaderOfBodies,
    answer: Response,
    version: Annotated[
        int | None, Query(ge=1, lt=10**9, description="The one that counts if not given.")
    ] = None,
) -> ProtectedRegister:
    """The register of protected bodies; 404 for a version that is not there, or was erased."""
    found = register_of(house, version)
    if found is None:
        raise HTTPException(404)
    answer.headers["ETag"] = etag(found.version)
    told = [ProtectedBody(**told_body(body)) for body in found.bodies.values()]
    return ProtectedRegister(version=found.version, bodies=told)


@ROUTER.get("/versions", responses=documented(401, 403))
def versions(house: HouseDep, asking: ReaderOfBodies, cursor: Cursor = None) -> ProtectedVersions:
    """Who changed the register, when, what and why, page by page."""
    rows = house.bodies.versions(before=_before(cursor))
    last = rows[-1] if len(rows) == VERSIONS_PAGE else None
    return ProtectedVersions(
        versions=[ProtectedVersion(**asdict(row)) for row in rows],
        next=to_cursor((last.made_at.isoformat(), str(last.version))) if last else None,
    )


async def _sent(request: Request, asking: KeeperOfBodies) -> RegisterAsked:
    """The register that was sent: as it is large, nothing is read of it for anybody else.

    Raises:
        HTTPException: It is longer than a request may be.
        RequestValidationError: It is none.
    """
    try:
        content = await request.body()
        return await run_in_threadpool(RegisterAsked.model_validate_json, content)
    except ClientDisconnect as error:
        # The guard stops listening to a body that is too long; whoever went away reads nothing.
        raise HTTPException(413) from error
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        told = [{**fault, "loc": ("body", *fault["loc"])} for fault in faults]
        raise RequestValidationError(told) from error


_SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RegisterAsked"}}},
    }
}


@ROUTER.put("", responses=documented(401, 403, 412, 428), openapi_extra=_SENT)
def keep(
    writing: WritingDep,
    asking: KeeperOfBodies,
    said: Annotated[RegisterAsked, Depends(_sent)],
    version: Version = None,
) -> RegisterKept:
    """Keep a whole register in the place of the one that you saw; 412 if that was changed since."""
    house, seen = writing.house, seen_version(version)
    why = clean(said.why).strip()
    refuse_missing("the register", {} if why else {"why": "say why in a sentence"})
    wanted = {body.id: body for body in _read(said.bodies)}
    once = writing.once(asking, f"bodies/{version}", said)
    try:
        house.store.check_once(once)
        present = present_register(house)
        if present.version != seen:
            raise RegisterChanged(present.version)
        new = new_version(present, wanted, asking.account, why)
        kept = seen if new is None else house.bodies.keep(seen, new, house.now(), once)
        told = RegisterKept(version=kept)
    except AlreadyDone as error:
        told = RegisterKept(**error.answer, repeated=True)
    writing.head.headers["ETag"] = etag(told.version)
    return told


@ROUTER.post("/versions/erase", responses=documented(401, 403))
def erase(writing: WritingDep, asking: Administrator, said: ErasureAsked) -> VersionsErased:
    """Erase what earlier versions hold, or what any tells of its change, where somebody asks for it
    whom they name.
    """
    once = writing.once(asking, "bodies/erase", said)
    why, by = clean(said.why).strip(), asking.account.actor
    try:
        asked = ToErase(said.first, said.last, by, why, said.words_only)
        gone = erase_versions(writing.house, asked, once)
    except AlreadyDone as error:
        return VersionsErased(**error.answer, repeated=True)
    return VersionsErased(erased=gone)


def _read(asked: list[BodyAsked]) -> tuple[Body, ...]:
    """The bodies that were sent.

    Raises:
        Refused: One is none; the fault names its place, counted from 0, and its field.
    """
    try:
        return read_bodies([body.model_dump() for body in asked])
    except InputError as error:
        row = () if error.row is None else (str(error.row - 1),)
        place = ".".join(("bodies", *row, *filter(None, (error.column,))))
        told = {place: f"{error.message}; {error.fix}"}
        raise Refused("this is no register", fix="see faults", lacking=told) from error


def _before(cursor: str | None) -> int | None:
    """The version that the page before ended with.

    Raises:
        UsageError: The cursor is another list's, or none.
    """
    place = from_cursor(cursor)
    if place is None:
        return None
    if not (place[1].isdecimal() and len(place[1]) < 10):
        raise UsageError("this is no cursor of versions", fix="give what `next` said")
    return int(place[1])
