"""Notices by form: no account; a reference and a secret link to follow it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.model.case import NOTICE_KINDS, PUBLIC_BODY_KINDS
from assay.web.incoming import FIELDS, Incoming, faults_of_notice, take_notice
from assay.web.languages import LanguageDep
from assay.web.limits import REPORT
from assay.web.pages import page, see
from assay.web.posted import PostedDep
from assay.web.visitors import HouseDep, VisitorDep, limited

ROUTER = APIRouter(prefix="/report", include_in_schema=False)


@ROUTER.get("")
def kinds(request: Request, visitor: VisitorDep) -> Response:
    """Which kind of notice it is."""
    return page(request, "report_kinds", kinds=NOTICE_KINDS)


@ROUTER.get("/{kind}")
def ask(request: Request, visitor: VisitorDep, kind: str) -> Response:
    """The form of one kind."""
    return _form(request, kind, {}, {})


@ROUTER.post("/{kind}", dependencies=[Depends(limited(REPORT))])
def hand_in(
    request: Request,
    house: HouseDep,
    visitor: VisitorDep,
    kind: str,
    language: LanguageDep,
    form: PostedDep,
) -> Response:
    """Take a complete notice; say what an incomplete one lacks, and keep what was typed."""
    if kind not in NOTICE_KINDS:
        raise HTTPException(404)
    fields = {name: form.text(name) for name in FIELDS if form.text(name)}
    faults = faults_of_notice(kind, form)
    if faults:
        return _form(request, kind, form.values, faults, 422)
    fields["sender_language"] = language.code
    _, link = take_notice(house, Incoming(kind, fields, "Handed in by form."))
    return see(f"/follow/{link.token}?new=yes")


def _form(
    request: Request,
    kind: str,
    values: dict[str, str] | object,
    faults: dict[str, str],
    status: int = 200,
) -> Response:
    if kind not in NOTICE_KINDS:
        raise HTTPException(404)
    return page(
        request,
        "report",
        status,
        kind=kind,
        public_body=kind in PUBLIC_BODY_KINDS,
        about_oneself=kind == "data_subject_request",
        values=values,
        faults=faults,
    )
