"""Notices that came as letters: somebody of the team takes the e-mail file in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.errors import InputError
from assay.model.case import NOTICE_KINDS
from assay.web.incoming import take_letter
from assay.web.letter_in import read_letter
from assay.web.pages import page, see
from assay.web.posted import UploadedDep
from assay.web.visitors import Handler, HouseDep

ROUTER = APIRouter(prefix="/intake", include_in_schema=False)


@ROUTER.get("")
def ask(request: Request, account: Handler) -> Response:
    """The form."""
    return page(request, "intake", values={}, faults={})


@ROUTER.post("")
def take_in(request: Request, house: HouseDep, account: Handler, form: UploadedDep) -> Response:
    """Take a letter in; what it lacks is told to its sender."""
    faults = {}
    if form.text("kind") not in NOTICE_KINDS:
        faults["kind"] = "Say which kind of notice it is."
    if not form.content:
        faults["file"] = "Choose an e-mail file that is not empty."
    if not faults:
        try:
            letter = read_letter(form.content, form.file_name)
        except InputError as error:
            faults["file"] = f"{error.message}. {error.fix or ''}"
    if faults:
        return page(request, "intake", 422, values=form.values, faults=faults)
    taken = take_letter(house, form.text("kind"), letter, account.actor)
    return see(f"/records/{taken.id}?done=draft")
