"""Notices by form: no account; a reference and a secret link to follow it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.cases.gate import missing_from_notice
from assay.cases.letters import WithIt, new_identity, new_link
from assay.model.case import NOTICE_KINDS, PUBLIC_BODY_KINDS, Act, Actor
from assay.web.consequences import receipt
from assay.web.limits import REPORT
from assay.web.pages import page, see
from assay.web.posted import Posted, PostedDep
from assay.web.routes.people import EMAIL
from assay.web.visitors import HouseDep, VisitorDep, limited

ROUTER = APIRouter(prefix="/report", include_in_schema=False)
FIELDS = (
    "title",
    "urls",
    "explanation",
    "legal_basis",
    "order_reference",
    "sender_name",
    "sender_email",
    "good_faith",
)


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
    request: Request, house: HouseDep, visitor: VisitorDep, kind: str, form: PostedDep
) -> Response:
    """Take a complete notice; say what an incomplete one lacks, and keep what was typed."""
    if kind not in NOTICE_KINDS:
        raise HTTPException(404)
    fields = {name: form.text(name) for name in FIELDS if form.text(name)}
    faults = faults_of_notice(kind, form)
    if faults:
        return _form(request, kind, form.values, faults, 422)
    link, identity = new_link("sender"), new_identity()
    draft = Act("draft", "Handed in by form.", {"notice_kind": kind}, fields)
    submit = Act("submit", "Handed in by form.")
    letter = receipt(house, identity, draft, link)
    with_it = WithIt((letter,), (link,), (submit,), identity)
    sender = Actor(link.holder, "public")
    house.store.open_record("notice", draft, by=sender, at=house.now(), with_it=with_it)
    if request.app.state.worker is not None:
        request.app.state.worker.wake()
    return see(f"/follow/{link.token}?new=yes")


def faults_of_notice(kind: str, form: Posted) -> dict[str, str]:
    """What the Manila gate, and an address that no letter reaches, say of a notice."""
    faults = missing_from_notice(kind, form.values)
    if not form.text("title"):
        faults["title"] = "say in a line what this is about"
    if "sender_email" not in faults and not EMAIL.fullmatch(form.text("sender_email")):
        faults["sender_email"] = "this is no e-mail address; the answer would not reach you"
    return faults


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
