"""What a program does: hand in a notice, act on a record, prepare a register entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Path

from assay.cases.acts import HANDLERS, SENDERS
from assay.cases.letters import WithIt
from assay.cases.refused import Refused
from assay.model.case import NOTICE_KINDS, Act, Record, RecordKind
from assay.web.act_forms import form_of
from assay.web.acting import about_of, act_of, entry_of, faults_of_act
from assay.web.api.asking import Program, Reporter, Worker
from assay.web.api.problems import documented
from assay.web.api.reading import Identity
from assay.web.api.shapes import ActAsked, Done, NoticeAsked
from assay.web.api.writing import Writing, WritingDep
from assay.web.choosing import check_assessor
from assay.web.consequences import consequence, invitation, link_address
from assay.web.forms.assessment import INVITE_FORM
from assay.web.forms.case import CASE_FORM
from assay.web.forms.complaint import DRAFT_FORM
from assay.web.incoming import FIELDS, Incoming, faults_of_notice, take_notice
from assay.web.languages import LANGUAGE_NAMES
from assay.web.posted import Posted, clean
from assay.web.questions import ActForm

ROUTER = APIRouter()
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
def hand_in(writing: WritingDep, asking: Reporter, notice: NoticeAsked) -> Done:
    """Hand in a notice; the rules are those of the public form.

    The receipt goes to `sender_email` at once if it is the account's own address. Any other is
    asked first, by one letter with nothing of the notice in it, whether it is the sender's.
    """
    account = asking.account
    if account.role not in SENDERS:
        raise HTTPException(403)
    if notice.kind not in NOTICE_KINDS:
        known = ", ".join(NOTICE_KINDS)
        raise Refused("there is no such kind", fix="see faults", lacking={"kind": known})
    said = {name: _text(getattr(notice, name)) for name in FIELDS}
    form = Posted(said | {"good_faith": "yes" if notice.good_faith else ""})
    faults = faults_of_notice(notice.kind, form)
    if notice.sender_language not in (None, *LANGUAGE_NAMES):
        faults["sender_language"] = f"one of: {', '.join(LANGUAGE_NAMES)}"
    if faults:
        raise Refused("the notice is not complete", fix="see faults", lacking=faults)
    partner = account.role == "partner"
    why = f": {_text(notice.why)}" if notice.why.strip() else "."
    fields = {name: form.text(name) for name in FIELDS if form.text(name)}
    if notice.sender_language is not None:
        fields["sender_language"] = notice.sender_language
    incoming = Incoming(
        notice.kind,
        fields,
        f"Handed in by a program of {account.id}{why}",
        writing.once(asking, "notices", notice),
        account.email.casefold() == fields["sender_email"].casefold(),
        account.actor if partner else None,
    )

    def take() -> tuple[Record, Mapping[str, str]]:
        record, link = take_notice(writing.house, incoming)
        return record, {"the sender": link_address(writing.house, link)}

    return writing.done(take)


@ROUTER.post("/records/{identity}/acts/{name}", responses=documented(401, 403, 404, 412, 428))
def act(
    writing: WritingDep,
    asking: Worker,
    identity: Identity,
    name: Name,
    said: ActAsked,
    version: Version = None,
) -> Done:
    """Do something to a record as you saw it; 412 if it was changed meanwhile."""
    house, account = writing.house, asking.account
    record, _ = house.store.record(identity, account.actor)
    asked = form_of(record.kind, name)
    if asked is None:
        raise HTTPException(404)
    seen = seen_version(version)
    wanted = wanted_act(asked, said)
    once = writing.once(asking, f"{identity}/{name}/{version}", said)

    def do() -> tuple[Record, Mapping[str, str]]:
        house.store.check_once(once)
        done = consequence(house, record, wanted, about_of(house, account, record))
        with_it = replace(done.with_it, once=once)
        changed = house.store.act(
            identity, seen, done.act, by=account.actor, at=house.now(), with_it=with_it
        )
        return changed, done.hand_over

    return writing.done(do)


@ROUTER.post("/complaints", status_code=201, responses=documented(401, 403))
def draft_complaint(writing: WritingDep, asking: Worker, said: ActAsked) -> Done:
    """Draft a complaint; the answers are those of the page's form, and nothing is sent yet."""
    return open_by_form(writing, asking, "complaint", DRAFT_FORM, said)


@ROUTER.post("/cases", status_code=201, responses=documented(401, 403))
def open_case(writing: WritingDep, asking: Worker, said: ActAsked) -> Done:
    """Open a case of the team's own; the answers are those of the page's form."""
    return open_by_form(writing, asking, "case", CASE_FORM, said)


@ROUTER.post(
    "/records/{identity}/assessments", status_code=201, responses=documented(401, 403, 404)
)
def invite(writing: WritingDep, asking: Worker, identity: Identity, said: ActAsked) -> Done:
    """Ask a partner for an independent assessment; they are written to."""
    house = writing.house
    record, _ = house.store.record(identity, asking.account.actor)
    wanted = wanted_act(INVITE_FORM, said)
    check_assessor(record, wanted, house.accounts.all())
    act, with_it = invitation(house, record, wanted)
    once = writing.once(asking, f"{identity}/assessments", said)
    return writing.opened(asking, "assessment", act, replace(with_it, once=once))


@ROUTER.post("/records/{identity}/register", status_code=201, responses=documented(401, 403, 404))
def prepare_entry(writing: WritingDep, asking: Worker, identity: Identity) -> Done:
    """Prepare the register entry of a decision; somebody reads it before it is published."""
    house = writing.house
    record, _ = house.store.record(identity, asking.account.actor)
    once = writing.once(asking, f"{identity}/register")
    enter = entry_of(record, house.accounts.name())
    return writing.opened(asking, "register", enter, WithIt(once=once))


def open_by_form(
    writing: Writing, asking: Program, kind: RecordKind, form: ActForm, said: ActAsked
) -> Done:
    """Open a record by the answers to the form of its first act, as whoever handles notices.

    Raises:
        HTTPException: They do not.
        Refused: Something is missing, wrong, or not asked for.
    """
    check_handler(asking)
    once = writing.once(asking, f"{kind}s", said)
    return writing.opened(asking, kind, wanted_act(form, said), WithIt(once=once))


def check_handler(asking: Program) -> None:
    """Refuse whoever does not handle notices.

    Raises:
        HTTPException: They do not.
    """
    if asking.account.role not in HANDLERS:
        raise HTTPException(403)


def seen_version(version: str | None) -> int:
    """The version that an ETag names.

    Raises:
        HTTPException: None was sent.
    """
    if version is None:
        raise HTTPException(428)
    return int(version.strip('"'))


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
