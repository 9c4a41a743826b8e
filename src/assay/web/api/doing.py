"""What a program does: hand in a notice, act on a record, prepare a register entry."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Path, Request, Response

from assay.cases.acts import HANDLERS, SENDERS
from assay.cases.letters import NOTHING_ELSE, Once, WithIt
from assay.cases.refused import Refused
from assay.cases.store.accounts import Account
from assay.cases.store.answers import AlreadyDone, answer_of
from assay.model.case import NOTICE_KINDS, Act, Record
from assay.web.act_forms import form_of
from assay.web.acting import about_of, act_of, entry_of, faults_of_act
from assay.web.api.asking import Reporter, Worker
from assay.web.api.problems import BASE, documented
from assay.web.api.reading import Identity, etag
from assay.web.api.shapes import ActAsked, Asked, Done, NoticeAsked
from assay.web.choosing import check_assessor
from assay.web.consequences import consequence, invitation, link_address
from assay.web.forms.assessment import INVITE_FORM
from assay.web.forms.complaint import DRAFT_FORM
from assay.web.incoming import FIELDS, Incoming, faults_of_notice, take_notice
from assay.web.posted import Posted, clean
from assay.web.questions import ActForm
from assay.web.visitors import HouseDep

ROUTER = APIRouter()
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,100}$",
        description="Names the request; the same one under the same key is done once in a week.",
    ),
]
Version = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^"[0-9]{1,9}"$',
        description="The ETag of the record as you saw it; without it the answer is 428.",
    ),
]
Name = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", description="Of the act.")]


@ROUTER.post("/notices", status_code=201, responses=documented(401, 403))
def hand_in(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Reporter,
    notice: NoticeAsked,
    key: Key = None,
) -> Done:
    """Hand in a notice; the rules and the receipt are those of the public form."""
    account = asking.account
    if account.role not in SENDERS:
        raise HTTPException(403)
    if notice.kind not in NOTICE_KINDS:
        known = ", ".join(NOTICE_KINDS)
        raise Refused("there is no such kind", fix="see faults", lacking={"kind": known})
    said = {name: _text(getattr(notice, name)) for name in FIELDS}
    form = Posted(said | {"good_faith": "yes" if notice.good_faith else ""})
    faults = faults_of_notice(notice.kind, form)
    if faults:
        raise Refused("the notice is not complete", fix="see faults", lacking=faults)
    partner = account.role == "partner"
    why = f": {_text(notice.why)}" if notice.why.strip() else "."
    incoming = Incoming(
        notice.kind,
        {name: form.text(name) for name in FIELDS if form.text(name)},
        f"Handed in by a program of {account.id}{why}",
        once_of(account, key, "notices", notice),
        account.actor if partner else None,
    )
    try:
        record, link = take_notice(house, incoming)
    except AlreadyDone as error:
        return repeated(answer, error)
    return answered(request, answer, record, link_address(house, link))


@ROUTER.post("/records/{identity}/acts/{name}", responses=documented(401, 403, 404, 412, 428))
def act(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Worker,
    identity: Identity,
    name: Name,
    said: ActAsked,
    version: Version = None,
    key: Key = None,
) -> Done:
    """Do something to a record as you saw it; 412 if it was changed meanwhile."""
    account = asking.account
    record, _ = house.store.record(identity, account.actor)
    asked = form_of(record.kind, name)
    if asked is None:
        raise HTTPException(404)
    if version is None:
        raise HTTPException(428)
    wanted = wanted_act(asked, said)
    once = once_of(account, key, f"{identity}/{name}/{version}", said)
    try:
        house.store.check_once(once)
        done = consequence(house, record, wanted, about_of(house, account, record))
        with_it = WithIt(done.with_it.letters, done.with_it.links, once=once)
        record = house.store.act(
            identity,
            int(version.strip('"')),
            done.act,
            by=account.actor,
            at=house.now(),
            with_it=with_it,
        )
    except AlreadyDone as error:
        return repeated(answer, error)
    return answered(request, answer, record, done.hand_over)


@ROUTER.post("/complaints", status_code=201, responses=documented(401, 403))
def draft_complaint(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Worker,
    said: ActAsked,
    key: Key = None,
) -> Done:
    """Draft a complaint; the answers are those of the page's form, and nothing is sent yet."""
    account = asking.account
    if account.role not in HANDLERS:
        raise HTTPException(403)
    wanted = wanted_act(DRAFT_FORM, said)
    with_it = WithIt(once=once_of(account, key, "complaints", said))
    try:
        record = house.store.open_record(
            "complaint", wanted, by=account.actor, at=house.now(), with_it=with_it
        )
    except AlreadyDone as error:
        return repeated(answer, error)
    return answered(request, answer, record)


@ROUTER.post(
    "/records/{identity}/assessments", status_code=201, responses=documented(401, 403, 404)
)
def invite(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Worker,
    identity: Identity,
    said: ActAsked,
    key: Key = None,
) -> Done:
    """Ask a partner for an independent assessment; they are written to."""
    account = asking.account
    record, _ = house.store.record(identity, account.actor)
    wanted = wanted_act(INVITE_FORM, said)
    check_assessor(record, wanted, house.accounts.all())
    act, with_it = invitation(house, record, wanted)
    with_it = replace(with_it, once=once_of(account, key, f"{identity}/assessments", said))
    try:
        opened = house.store.open_record(
            "assessment", act, by=account.actor, at=house.now(), with_it=with_it
        )
    except AlreadyDone as error:
        return repeated(answer, error)
    return answered(request, answer, opened)


@ROUTER.post("/records/{identity}/register", status_code=201, responses=documented(401, 403, 404))
def prepare_entry(
    request: Request,
    answer: Response,
    house: HouseDep,
    asking: Worker,
    identity: Identity,
    key: Key = None,
) -> Done:
    """Prepare the register entry of a decision; somebody reads it before it is published."""
    account = asking.account
    record, _ = house.store.record(identity, account.actor)
    with_it = NOTHING_ELSE
    if key is not None:
        with_it = WithIt(once=once_of(account, key, f"{identity}/register", None))
    try:
        entry = house.store.open_record(
            "register", entry_of(record), by=account.actor, at=house.now(), with_it=with_it
        )
    except AlreadyDone as error:
        return repeated(answer, error)
    return answered(request, answer, entry)


def wanted_act(asked: ActForm, said: ActAsked) -> Act:
    """The act that the answers to a form stand for.

    Raises:
        Refused: Something is missing, wrong, or not asked for.
    """
    form = Posted({"why": clean(said.why)} | {k: _text(v) for k, v in said.answers.items()})
    known = {question.name for question in asked.questions}
    faults = dict.fromkeys(set(said.answers) - known, "This act does not ask for it.")
    faults |= faults_of_act(asked, form)
    if faults:
        raise Refused("something is missing or wrong", fix="see faults", lacking=faults)
    return act_of(asked, form)


def _text(value: str | bool | int) -> str:
    """An answer as a form would bring it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean(str(value))


def once_of(account: Account, key: str | None, what: str, body: Asked | None) -> Once | None:
    """The request by its key, and the hash of all that it asks."""
    if key is None:
        return None
    told = json.dumps([what, None if body is None else body.model_dump()], sort_keys=True)
    return Once(account.id, key, hashlib.sha256(told.encode()).hexdigest())


def answered(request: Request, answer: Response, record: Record, link: str | None = None) -> Done:
    """Tell what came of it; letters that go with it are sent at once."""
    if request.app.state.worker is not None:
        request.app.state.worker.wake()
    _point(answer, record.id, record.version)
    return Done(**answer_of(record), link=link)


def repeated(answer: Response, error: AlreadyDone) -> Done:
    """Tell what came of the same request when it was done."""
    done = Done(**error.answer, repeated=True)
    _point(answer, done.id, done.version)
    return done


def _point(answer: Response, identity: str, version: int) -> None:
    answer.headers["ETag"] = etag(version)
    answer.headers["Location"] = f"{BASE}/records/{identity}"
