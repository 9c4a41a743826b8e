"""One record: what it says, what happened, what can be done; and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.cases.awaited import day_of
from assay.cases.concerned import unasked
from assay.cases.evidence import attached
from assay.cases.given import HOUSE
from assay.cases.ledger import Sent, sent_of
from assay.cases.reasons import REASONS
from assay.cases.refused import NoSuchRecord, Refused
from assay.cases.store.accounts import Account
from assay.cases.store.case_store import EditConflict
from assay.cases.store.likely import Likely
from assay.cases.store.listing import Wanted
from assay.cases.workflow import needs_two
from assay.model.case import Event, Record
from assay.web.act_forms import form_of, forms_for, in_words
from assay.web.acting import (
    about_of,
    act_of,
    carry_out,
    entry_of,
    faults_of_act,
    ids_in,
    offered_acts,
)
from assay.web.choosing import can_invite, choices_of
from assay.web.forms.assessment import INVITE_FORM
from assay.web.house import House
from assay.web.misuse_letters import misuse_context
from assay.web.pages import NEWER, page, see
from assay.web.posted import PostedDep
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
        status: Of the answer that shows it.
    """

    act: str
    values: Mapping[str, str]
    faults: Mapping[str, str]
    since: tuple[Event, ...] = ()
    status: int = 422

    @classmethod
    def of_conflict(cls, act: str, values: Mapping[str, str], error: EditConflict) -> Attempt:
        """An act on a record that is not as it was seen."""
        faults = {} if error.since else {"": NEWER}
        return cls(act, values, faults, tuple(error.since), 409)


@ROUTER.get("/{identity}")
def show(request: Request, house: HouseDep, account: AnyAccount, identity: str) -> Response:
    """One record."""
    return record_page(request, house, account, identity)


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
    faults = faults_of_act(asked, form)
    if faults:
        return record_page(request, house, account, identity, Attempt(name, form.values, faults))
    try:
        done = carry_out(house, account, record, form.number("version"), act_of(asked, form))
    except EditConflict as error:
        attempt = Attempt.of_conflict(name, form.values, error)
        return record_page(request, house, account, identity, attempt)
    except NoSuchRecord:
        raise
    except Refused as error:
        faults = {at: in_words(record.kind, told) for at, told in error.faults.items()}
        attempt = Attempt(name, form.values, faults)
        return record_page(request, house, account, identity, attempt)
    if done.hand_over:
        return page(request, "hand_over", record=record, links=done.hand_over)
    return see(f"/records/{record.id}?done={name}")


@ROUTER.post("/{identity}/register")
def prepare_entry(house: HouseDep, account: AnyAccount, identity: str, form: PostedDep) -> Response:
    """Prepare the register entry of a decision; somebody reads it before it is published."""
    record, _ = house.store.record(identity, account.actor)
    enter = entry_of(record, house.accounts.name())
    entry = house.store.open_record("register", enter, by=account.actor, at=house.now())
    return see(f"/records/{entry.id}")


def record_page(
    request: Request,
    house: House,
    account: Account,
    identity: str,
    attempt: Attempt | None = None,
) -> Response:
    """The page of a record, with an act that was not done if there is one."""
    record, history = house.store.record(identity, account.actor)
    about = about_of(house, account, record)
    people = house.accounts.all()
    choices = choices_of(record, about, people, day_of(house.now()))
    # An act without anybody or anything to choose makes no sense now.
    offered = [act for act in offered_acts(record, account) if choices.get(act) != {}]
    onward, others = forms_for(record, offered, account.actor)
    related = house.store.records(account.actor, Wanted(about=record.id))
    return page(
        request,
        "record",
        200 if attempt is None else attempt.status,
        record=record,
        about=about,
        history=list(reversed(history)),
        evidence=attached(history),
        likely=_likely(house, account, record, offered),
        can_attach="attach" in offered,
        can_check="check_file" in offered,
        **misuse_context(house, account, record),
        onward=onward,
        others=others,
        attempt=attempt,
        choices=choices,
        unasked=[] if record.hearing_recorded or record.urgent else unasked(record),
        names={HOUSE: house.accounts.name(), **house.accounts.names(ids_in(record, history))},
        letters=house.outbox.of_record(record.id) if account.role != "partner" else [],
        appeals=[row for row in related if row["kind"] == "appeal"],
        register_entries=[row for row in related if row["kind"] == "register"],
        assessments=[row for row in related if row["kind"] == "assessment"],
        invite_form=INVITE_FORM if can_invite(record, account) and choices["assessor"] else None,
        sent=_sent(record, day_of(house.now())),
        day=day_of(house.now()),
        can_enter=_can_enter(record, account),
        two=needs_two(record, str(record.facts.get("outcome"))),
        reasons=REASONS,
        done=request.query_params.get("done", ""),
    )


def _sent(record: Record, day: str) -> list[Sent]:
    """To whom a complaint went, or who was asked to restore something after an appeal."""
    return sent_of(record.awaited.values(), day) if record.kind in ("complaint", "appeal") else []


def _likely(house: House, account: Account, record: Record, offered: list[str]) -> list[Likely]:
    """Earlier notices that this one may repeat, while that can still be said."""
    if "mark_duplicate" not in offered:
        return []
    return house.triage.likely(record.id, account.actor)


def _can_enter(record: Record, account: Account) -> bool:
    told = record.kind == "notice" and record.state in ("notified", "closed")
    sent = record.kind == "complaint" and record.facts.get("may_be_public") and record.awaited
    return bool(told or sent) and account.role in ("administrator", "investigator", "reviewer")
