"""Files by program: evidence, letters, and the files that are opened about senders and requests."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path, Query, Response

from assay.cases.evidence import NewFile, attach
from assay.cases.letters import WithIt
from assay.cases.refused import Refused
from assay.errors import InputError
from assay.web.api.asking import Reader, Worker
from assay.web.api.doing import Version, check_handler, open_by_form, seen_version
from assay.web.api.problems import documented
from assay.web.api.reading import Identity
from assay.web.api.shapes import ActAsked, Done
from assay.web.api.writing import WritingDep
from assay.web.evidence_views import handed_out
from assay.web.forms.disclosure import REQUEST_FORM
from assay.web.incoming import take_letter
from assay.web.letter_in import read_letter
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
    writing: WritingDep,
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
) -> Done:
    """Add a file to a record as you saw it; a packed finding has its hashes checked."""
    house, by = writing.house, asking.account.actor
    house.store.record(identity, by)
    seen = seen_version(version)
    file = accepted(NewFile(content, plain_name(name), source, shows, for_concerned, finding))
    told = [version, name, source, shows, why, for_concerned, finding, file.sha256]
    with_it = WithIt(once=writing.once(asking, f"{identity}/evidence", told), files=(file,))
    added, at = attach(file, why), house.now()
    return writing.done(
        lambda: (house.store.act(identity, seen, added, by=by, at=at, with_it=with_it), {})
    )


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
    writing: WritingDep,
    asking: Worker,
    content: Content,
    kind: Annotated[str, Query(pattern=r"^[a-z_]{1,40}$")],
    name: Name = "letter.eml",
) -> Done:
    """Take in a notice that came as an e-mail file; what is missing is told to its sender."""
    check_handler(asking)
    try:
        letter = read_letter(content, plain_name(name))
    except InputError as error:
        raise Refused(error.message, fix=error.fix) from error
    told: list[str | None] = [kind, name, hashlib.sha256(content).hexdigest()]
    once, by = writing.once(asking, "notices/eml", told), asking.account.actor
    return writing.done(lambda: (take_letter(writing.house, kind, letter, by, once), {}))


@ROUTER.post("/records/{identity}/misuse", status_code=201, responses=documented(401, 403, 404))
def examine(writing: WritingDep, asking: Worker, identity: Identity) -> Done:
    """Open a file about who sent a notice that was manifestly unfounded."""
    notice, _ = writing.house.store.record(identity, asking.account.actor)
    once = writing.once(asking, f"{identity}/misuse")
    return writing.opened(asking, "misuse", opens_file(notice), WithIt(once=once))


@ROUTER.post("/disclosures", status_code=201, responses=documented(401, 403))
def request_data(writing: WritingDep, asking: Worker, said: ActAsked) -> Done:
    """Record an authority's request for data; the answers are those of the page's form."""
    return open_by_form(writing, asking, "disclosure", REQUEST_FORM, said)
