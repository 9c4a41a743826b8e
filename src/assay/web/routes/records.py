"""One record: what it says, what happened, what can be done; and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.cases.acts import APPEALS, FACT_VALUES
from assay.cases.reasons import REASONS
from assay.cases.store.accounts import Account
from assay.cases.store.case_store import EditConflict
from assay.cases.store.listing import Wanted
from assay.cases.workflow import NoSuchRecord, Refused, needs_two, possible_acts
from assay.model.case import PUBLIC_BODY_KINDS, Act, Event, Fact, Record
from assay.web.act_forms import form_of, forms_for
from assay.web.consequences import consequence
from assay.web.house import House
from assay.web.pages import page, see
from assay.web.posted import Posted, PostedDep
from assay.web.questions import ActForm
from assay.web.routes.people import EMAIL
from assay.web.visitors import AnyAccount, HouseDep

ROUTER = APIRouter(prefix="/records", include_in_schema=False)


@dataclass(frozen=True)
class Attempt:
    """An act that was not done: shown again with all that was typed.

    Attributes:
        act: Its name.
        values: What was typed.
        faults: What is missing or wrong, by field; under "" what concerns the whole.
        since: What others did meanwhile.
    """

    act: str
    values: Mapping[str, str]
    faults: Mapping[str, str]
    since: tuple[Event, ...] = ()


@ROUTER.get("/{identity}")
def show(request: Request, house: HouseDep, account: AnyAccount, identity: str) -> Response:
    """One record."""
    return _page(request, house, account, identity)


@ROUTER.post("/{identity}/acts/{name}")
def act(
    request: Request,
    house: HouseDep,
    account: AnyAccount,
    identity: str,
    name: str,
    form: PostedDep,
) -> Response:
    """Do something; what was typed is never lost."""
    record, _ = house.store.record(identity, account.actor)
    asked = form_of(record.kind, name)
    if asked is None:
        raise HTTPException(404)
    faults = _faults(asked, form)
    if faults:
        return _again(request, house, account, record, Attempt(name, form.values, faults))
    done = consequence(house, record, _act(asked, form), _about(house, account, record))
    try:
        house.store.act(
            identity,
            form.number("version"),
            done.act,
            by=account.actor,
            at=house.now(),
            with_it=done.with_it,
        )
    except EditConflict as error:
        attempt = Attempt(name, form.values, {}, tuple(error.since))
        return _again(request, house, account, record, attempt, 409)
    except NoSuchRecord:
        raise
    except Refused as error:
        told = {**error.lacking} or {"": f"{error.message}. {error.fix or ''}"}
        return _again(request, house, account, record, Attempt(name, form.values, told))
    if request.app.state.worker is not None:
        request.app.state.worker.wake()
    if done.hand_over is not None:
        return page(request, "hand_over", record=record, link=done.hand_over)
    return see(_after(record, name))


@ROUTER.post("/{identity}/register")
def prepare_entry(house: HouseDep, account: AnyAccount, identity: str, form: PostedDep) -> Response:
    """Prepare the register entry of a decision; somebody reads it before it is published."""
    record, _ = house.store.record(identity, account.actor)
    body = record.facts.get("notice_kind") in PUBLIC_BODY_KINDS
    fields = {"sender_public": record.fields.get("sender_name", "") if body else "a person"}
    if body:
        names = ("legal_basis", "order_reference")
        fields |= {name: record.fields[name] for name in names if name in record.fields}
    if record.fields.get("told"):
        fields["summary"] = record.fields["told"]
    enter = Act("enter", "Entry of a decision.", {"about": record.id}, fields)
    entry = house.store.open_record("register", enter, by=account.actor, at=house.now())
    return see(f"/records/{entry.id}")


def _after(record: Record, name: str) -> str:
    """The page after an act; who restricts or declares a conflict still may see it."""
    return f"/records/{record.id}?done={name}"


def _faults(asked: ActForm, form: Posted) -> dict[str, str]:
    faults = {
        question.name: "Please answer this."
        for question in asked.questions
        if question.required and not form.text(question.name)
    }
    for question in asked.questions:
        typed = form.text(question.name)
        if question.kind == "email" and typed and not EMAIL.fullmatch(typed):
            faults[question.name] = "This is no e-mail address."
    if not form.text("why"):
        faults["why"] = "Please give the reason in a sentence."
    return faults


def _act(asked: ActForm, form: Posted) -> Act:
    facts: dict[str, Fact] = {}
    fields: dict[str, str] = {}
    for question in asked.questions:
        text = form.text(question.name)
        if question.fact and text:
            facts[question.name] = _fact(question.name, text)
        elif text:
            fields[question.name] = text
    return Act(asked.act, form.text("why"), facts, fields)


def _fact(name: str, text: str) -> Fact:
    """A fact in its type; what does not fit is left as text, and the workflow says so."""
    kind = FACT_VALUES[name]
    if kind is bool and text in ("yes", "no"):
        return text == "yes"
    if kind is int and text.isascii() and text.isdecimal() and len(text) < 18:
        return int(text)
    return text


def _about(house: House, account: Account, record: Record) -> Record | None:
    """The record that an appeal or an entry is about, as far as this person may see it."""
    about = record.facts.get("about")
    if about is None:
        return None
    try:
        return house.store.record(str(about), account.actor)[0]
    except NoSuchRecord:
        return None


def _again(
    request: Request,
    house: House,
    account: Account,
    record: Record,
    attempt: Attempt,
    status: int = 422,
) -> Response:
    return _page(request, house, account, record.id, attempt, status)


def _page(
    request: Request,
    house: House,
    account: Account,
    identity: str,
    attempt: Attempt | None = None,
    status: int = 200,
) -> Response:
    record, history = house.store.record(identity, account.actor)
    about = _about(house, account, record)
    people = house.accounts.all()
    choices = _choices(record, about, people)
    nobody = {act for act in ("add_member", "remove_member") if not choices[act]}
    offered = [act for act in _offered(record, account) if act not in nobody]
    onward, others = forms_for(record, offered)
    related = house.store.records(account.actor, Wanted(about=record.id))
    ids = {event.by.id for _, event in history} | {str(f) for f in record.facts.values()}
    return page(
        request,
        "record",
        status,
        record=record,
        about=about,
        history=list(reversed(history)),
        onward=onward,
        others=others,
        attempt=attempt,
        choices=choices,
        names=house.accounts.names(ids | record.members | set(filter(None, [record.claimed_by]))),
        letters=house.outbox.of_record(record.id),
        appeals=[row for row in related if row["kind"] == "appeal"],
        register_entries=[row for row in related if row["kind"] == "register"],
        can_enter=_can_enter(record, account),
        two=needs_two(record, str(record.facts.get("outcome"))),
        reasons=REASONS,
        done=request.query_params.get("done", ""),
    )


def _can_enter(record: Record, account: Account) -> bool:
    told = record.kind == "notice" and record.state in ("notified", "closed")
    return told and account.role in ("administrator", "investigator", "reviewer")


def _offered(record: Record, account: Account) -> list[str]:
    """Acts that are possible and make sense now; the workflow refuses the rest anyway."""
    if account.id in record.conflicted:
        return ["release"] if record.claimed_by == account.id else []
    hidden = {"unrestrict"} if not record.restricted else {"restrict"}
    hidden.add("claim" if record.claimed_by is not None else "release")
    if record.claimed_by != account.id and account.role != "administrator":
        hidden.add("release")
    if record.kind == "notice":
        hidden |= _hidden_of_notice(record, account)
    if record.kind == "appeal" and record.facts.get("assignee") != account.id:
        hidden |= {"uphold", "overturn", "modify"}
    return [name for name in possible_acts(record, account.actor) if name not in hidden]


def _hidden_of_notice(record: Record, account: Account) -> set[str]:
    """What belongs to the sender, and what waits for a proposal or is settled by one."""
    hidden = {"amend", "submit"}
    if record.facts.get("notice_kind") in PUBLIC_BODY_KINDS:
        hidden.add("conclude")
    if record.proposed_by is None:
        return hidden | {"confirm", "send_back"}
    hidden |= {"propose", "conclude", "review_rights", "mark_duplicate"}
    return hidden | {"confirm"} if record.proposed_by == account.id else hidden


def _choices(record: Record, about: Record | None, people: list[Account]) -> dict[str, Any]:
    """People to choose from: for an appeal those without a part, for members those inside."""
    open_ones = [person for person in people if not person.disabled]
    free = {
        person.id: person.name
        for person in open_ones
        if person.role in APPEALS and (about is None or person.id not in about.took_part)
    }
    outside = {person.id: person.name for person in open_ones if person.id not in record.members}
    inside = {person.id: person.name for person in people if person.id in record.members}
    return {"assignee": free, "add_member": outside, "remove_member": inside}
