"""Files of a record: adding one, looking at it, taking it away as a file."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.cases.evidence import FOR_CONCERNED, Attached, NewFile, attach
from assay.cases.given import files_given
from assay.cases.letters import WithIt
from assay.cases.refused import Refused
from assay.cases.store.case_store import EditConflict
from assay.web.evidence_views import handed_out, shown_file
from assay.web.house import House
from assay.web.languages import LanguageDep
from assay.web.limits import FOLLOW
from assay.web.own_accounts import addresses_of_concerned
from assay.web.packed_findings import accepted
from assay.web.pages import see
from assay.web.posted import Uploaded, UploadedDep
from assay.web.routes.follow import holder_of
from assay.web.routes.records import Attempt, record_page
from assay.web.visitors import AnyAccount, HouseDep, limited

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.post("/records/{identity}/evidence")
def add(
    request: Request, house: HouseDep, account: AnyAccount, identity: str, form: UploadedDep
) -> Response:
    """Add a file; what was typed stays when something is missing, the file must be chosen again."""
    record, _ = house.store.record(identity, account.actor)
    faults = _faults(form)
    if not faults:
        try:
            file = accepted(_new_file(form))
            house.store.act(
                identity,
                form.number("version"),
                attach(file, form.text("why")),
                by=account.actor,
                at=house.now(),
                with_it=WithIt(files=(file,)),
            )
            return see(f"/records/{identity}?done=attach#evidence")
        except EditConflict as error:
            attempt = Attempt.of_conflict("attach", form.values, error)
            return record_page(request, house, account, record.id, attempt)
        except Refused as error:
            faults[""] = f"{error.message}. {error.fix or ''}"
    attempt = Attempt("attach", form.values, faults)
    return record_page(request, house, account, record.id, attempt)


@ROUTER.get("/records/{identity}/evidence/{entry}")
def download(house: HouseDep, account: AnyAccount, identity: str, entry: str) -> Response:
    """A file as it was added."""
    return handed_out(*house.store.file(identity, _number(entry), account.actor))


@ROUTER.get("/records/{identity}/evidence/{entry}/shown")
def show(house: HouseDep, account: AnyAccount, identity: str, entry: str) -> Response:
    """A page of it, if there is one."""
    return shown_file(*house.store.file(identity, _number(entry), account.actor))


@ROUTER.get("/follow/{token}/evidence/{entry}", dependencies=[Depends(limited(FOLLOW))])
def download_own(house: HouseDep, token: str, entry: str) -> Response:
    """A file that the person concerned may read whole."""
    file, content, _ = _for_concerned(house, token, entry)
    if file.finding is not None or file.for_concerned != "whole":
        raise HTTPException(404)
    return handed_out(file, content)


@ROUTER.get("/follow/{token}/evidence/{entry}/shown", dependencies=[Depends(limited(FOLLOW))])
def show_own(house: HouseDep, language: LanguageDep, token: str, entry: str) -> Response:
    """A finding without other people's data, or a page that the person concerned may read whole."""
    file, content, addresses = _for_concerned(house, token, entry)
    if file.finding is None and file.for_concerned != "whole":
        raise HTTPException(404)
    return shown_file(file, content, addresses, language)


def _for_concerned(house: House, token: str, entry: str) -> tuple[Attached, bytes, list[str]]:
    """A file for the person concerned, and the addresses that are theirs."""
    holder, number = holder_of(house, token, "concerned"), _number(entry)
    record, history = house.store.record(holder.record, holder.actor)
    if number not in {file.entry for file in files_given(record, history, holder.actor)}:
        raise HTTPException(404)
    file, content = house.store.file(record.id, number, holder.actor)
    return file, content, addresses_of_concerned(record)


def _new_file(form: Uploaded) -> NewFile:
    return NewFile(
        form.content,
        form.file_name,
        form.text("source"),
        form.text("shows"),
        form.text("for_concerned"),
        form.text("finding") or None,
    )


def _faults(form: Uploaded) -> dict[str, str]:
    faults = {}
    if not form.content:
        faults["file"] = "Choose a file that is not empty."
    if not form.text("source"):
        faults["source"] = "Say where it comes from."
    if not form.text("shows"):
        faults["shows"] = "Say what it shows; the person concerned reads it."
    if form.text("for_concerned") not in FOR_CONCERNED:
        faults["for_concerned"] = "Say how far the person concerned sees it."
    if not form.text("why"):
        faults["why"] = "Please give the reason in a sentence."
    return faults


def _number(entry: str) -> int:
    if not (entry.isascii() and entry.isdecimal() and len(entry) < 16):
        raise HTTPException(404)
    return int(entry)
