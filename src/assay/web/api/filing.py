"""Files by program: evidence, letters, and the files that are opened about senders and requests."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter, Body, HTTPException, Path, Query, Request, Response

from assay.cases.acts import HANDLERS
from assay.cases.evidence import NewFile, attach
from assay.cases.letters import Once, WithIt
from assay.cases.refused import Refused
from assay.cases.store.answers import AlreadyDone
from assay.errors import InputError
from assay.web.api.asking import Program, Reader, Worker
from assay.web.api.doing import Key, Version, answered, once_of, repeated, wanted_act
from assay.web.api.problems import documented
from assay.web.api.reading import Identity
from assay.web.api.shapes import ActAsked, Done
from assay.web.evidence_views import handed_out
from assay.web.forms.disclosure import REQUEST_FORM
from assay.web.incoming import take_letter
from assay.web.misuse_letters import opens_file
from assay.web.packed_findings import accepted
from assay.web.posted import plain_name
from assay.web.visitors import HouseDep

ROUTER = APIRouter()
_BYTES = "application/octet-stream"
Content = Annotated[bytes, Body(media_type=_BYTES, description="The file as it is, 16 MB at most.")]
Text = Annotated[str, Query(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")]
Name = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Finding = Annotated[
    str | None,
    Query(pattern=r"^[0-9A-Za-z][0-9A-Za-z._:@-]{0,99}$", description="Where it holds several."),
]
Entry = Annotated[int, Path(ge=0, lt=10**15, description="That added the file.")]


@ROUTER.post("/records/{identity}/evidence", responses=documented(401, 403, 404, 412, 428))
def add_file(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Worker,
    identity: Identity,
    content: Content,
    name: Name,
    source: Text,
    shows: Text,
    why: Text,
    for_concerned: Literal["described", "whole"] = "described",
    finding: Finding = None,
    version: Version = None,
    key: Key = None,
) -> Done:
    """Add a file to a record as you saw it; a packed finding has its hashes checked."""
    account = asking.account
    house.store.record(identity, account.actor)
    if version is None:
        raise HTTPException(428)
    file = accepted(NewFile(content, plain_name(name), source, shows, for_concerned, finding))
    try:
        told = [identity, version, name, source, shows, why, for_concerned, file.sha256]
        record = house.store.act(
            identity,
            int(version.strip('"')),
            attach(file, why),
            by=account.actor,
            at=house.now(),
            with_it=WithIt(once=_once(asking, key, told), files=(file,)),
        )
    except AlreadyDone as error:
        return repeated(answer, error)
    return answered(request, answer, record)


@ROUTER.get(
    "/records/{identity}/evidence/{entry}",
    responses={
        **documented(401, 403, 404),
        200: {"description": "The file as it was added.", "content": {_BYTES: {}}},
    },
    response_class=Response,
)
def file_of(house: HouseDep, asking: Reader, identity: Identity, entry: Entry) -> Response:
    """A file as it was added, if it still has its hash."""
    return handed_out(*house.store.file(identity, entry, asking.account.actor))


@ROUTER.post("/notices/eml", status_code=201, responses=documented(401, 403))
def take_in(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Worker,
    content: Content,
    kind: Annotated[str, Query(pattern=r"^[a-z_]{1,40}$")],
    name: Name = "letter.eml",
    key: Key = None,
) -> Done:
    """Take in a notice that came as an e-mail file; what is missing is told to its sender."""
    _handler(asking)
    told = [kind, name, hashlib.sha256(content).hexdigest()]
    once = _once(asking, key, told)
    try:
        record = take_letter(house, kind, content, plain_name(name), asking.account.actor, once)
    except AlreadyDone as error:
        return repeated(answer, error)
    except InputError as error:
        raise Refused(error.message, fix=error.fix) from error
    return answered(request, answer, record)


@ROUTER.post("/records/{identity}/misuse", status_code=201, responses=documented(401, 403, 404))
def examine(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Worker,
    identity: Identity,
    key: Key = None,
) -> Done:
    """Open a file about who sent a notice that was manifestly unfounded."""
    account = asking.account
    notice, _ = house.store.record(identity, account.actor)
    with_it = WithIt(once=once_of(account, key, f"{identity}/misuse", None))
    try:
        file = house.store.open_record(
            "misuse", opens_file(notice), by=account.actor, at=house.now(), with_it=with_it
        )
    except AlreadyDone as error:
        return repeated(answer, error)
    return answered(request, answer, file)


@ROUTER.post("/disclosures", status_code=201, responses=documented(401, 403))
def request_data(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Worker,
    said: ActAsked,
    key: Key = None,
) -> Done:
    """Record an authority's request for data; the answers are those of the page's form."""
    account = asking.account
    _handler(asking)
    wanted = wanted_act(REQUEST_FORM, said)
    with_it = WithIt(once=once_of(account, key, "disclosures", said))
    try:
        record = house.store.open_record(
            "disclosure", wanted, by=account.actor, at=house.now(), with_it=with_it
        )
    except AlreadyDone as error:
        return repeated(answer, error)
    return answered(request, answer, record)


def _handler(asking: Program) -> None:
    if asking.account.role not in HANDLERS:
        raise HTTPException(403)


def _once(asking: Program, key: str | None, told: list[str]) -> Once | None:
    """A request that brings a file, by its key and the hash of all that it asks."""
    if key is None:
        return None
    digest = hashlib.sha256("\n".join(map(repr, told)).encode()).hexdigest()
    return Once(asking.account.id, key, digest)
