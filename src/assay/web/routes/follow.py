"""What the holder of a secret link sees and does: follow, complete, withdraw, answer, appeal."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.cases.awaited import day_of
from assay.cases.concerned import is_anothers, seen_by
from assay.cases.evidence import Attached, NewFile, attach, attached
from assay.cases.fold import fold_all
from assay.cases.given import TOLD_STEPS, files_given
from assay.cases.letters import NOTHING_ELSE, Party, WithIt
from assay.cases.refused import Refused
from assay.cases.store.case_store import EditConflict
from assay.cases.store.connect import StoreAway
from assay.cases.store.listing import Wanted
from assay.cases.store.outbox import Holder, LinkEnded
from assay.cases.workflow import has_appealed, known_to_parties, possible_acts
from assay.errors import CheckFailed, InputError
from assay.model.case import Act, Event, Record
from assay.text.sentence import Sentence
from assay.web.consequences import appeal_receipt, reading_as
from assay.web.house import House
from assay.web.incoming import FIELDS, faults_of_notice
from assay.web.languages import LanguageDep
from assay.web.limits import FOLLOW, REPORT
from assay.web.own_accounts import addresses_of_concerned
from assay.web.packed_findings import is_about
from assay.web.pages import page, see
from assay.web.posted import Posted, PostedDep, UploadedDep
from assay.web.sender_address import UNCONFIRMED, ask_again, asking, is_unconfirmed, was_asked
from assay.web.visitors import HouseDep, VisitorDep, limited

_LOG = logging.getLogger("assay.web")
ROUTER = APIRouter(prefix="/follow", include_in_schema=False)
TOLD = TOLD_STEPS["notice"]
_MOST_FILES = 20
"""That one of the people concerned may add."""


@ROUTER.get("/{token}", dependencies=[Depends(limited(FOLLOW))])
def follow(request: Request, house: HouseDep, visitor: VisitorDep, token: str) -> Response:
    """How things stand."""
    return _page(request, house, token, {}, {})


@ROUTER.post("/{token}/complete", dependencies=[Depends(limited(REPORT))])
def complete(
    request: Request, house: HouseDep, language: LanguageDep, token: str, form: PostedDep
) -> Response:
    """The sender completes a notice that was sent back."""
    holder = holder_of(house, token, "sender")
    record, _ = house.store.record(holder.record, holder.actor)
    faults = faults_of_notice(str(record.facts["notice_kind"]), form)
    if faults:
        return _page(request, house, token, form.values, faults, 422)
    fields = {name: form.text(name) for name in FIELDS if form.text(name)}
    fields["sender_language"] = language.code
    facts, with_it = {}, NOTHING_ELSE
    if fields["sender_email"] != record.fields.get("sender_email"):
        facts = {"sender_address": UNCONFIRMED}
        with_it = asking(house, record.id, fields, holder.actor.id)
    act = Act("submit", "Completed by the sender.", facts, fields)
    return _done(request, house, token, act, form, with_it)


@ROUTER.post("/{token}/confirm", dependencies=[Depends(limited(REPORT))])
def ask_for_letter(
    request: Request, house: HouseDep, visitor: VisitorDep, token: str, form: PostedDep
) -> Response:
    """The sender wants the letter that asks whose the address is once more."""
    holder = holder_of(house, token, "sender")
    record, _ = house.store.record(holder.record, holder.actor)
    if is_unconfirmed(record) and not ask_again(house, record, holder.actor.id):
        told = Sentence("Enough letters went to this address today; ask again tomorrow.")
        return _page(request, house, token, form.values, {"address": told}, 429)
    return see(f"/follow/{token}?done=asked")


@ROUTER.post("/{token}/withdraw", dependencies=[Depends(limited(REPORT))])
def withdraw(
    request: Request, house: HouseDep, visitor: VisitorDep, token: str, form: PostedDep
) -> Response:
    """The sender takes the notice back, or asks to, once it is being decided."""
    holder = holder_of(house, token, "sender")
    record, _ = house.store.record(holder.record, holder.actor)
    possible = possible_acts(record, holder.actor)
    name = "ask_to_withdraw" if "ask_to_withdraw" in possible else "withdraw"
    act = Act(name, form.text("why") or "Withdrawn by the sender.")
    return _done(request, house, token, act, form)


@ROUTER.post("/{token}/answer", dependencies=[Depends(limited(REPORT))])
def answer(
    request: Request, house: HouseDep, language: LanguageDep, token: str, form: PostedDep
) -> Response:
    """The person concerned answers."""
    holder_of(house, token, "concerned")
    text = form.text("answer")
    if not text:
        faults = {"answer": Sentence("Please write your answer.")}
        return _page(request, house, token, form.values, faults, 422)
    fields = {"answer": text, "concerned_language": language.code}
    act = Act("answer", "Answer of the person concerned.", {}, fields)
    return _done(request, house, token, act, form)


@ROUTER.post("/{token}/evidence", dependencies=[Depends(limited(REPORT))])
def hand_in_file(
    request: Request, house: HouseDep, visitor: VisitorDep, token: str, form: UploadedDep
) -> Response:
    """The person concerned adds a file; of the people concerned they alone can read it."""
    holder = holder_of(house, token, "concerned")
    _, history = house.store.record(holder.record, holder.actor)
    faults = {}
    if not form.content:
        faults["file"] = Sentence("Please choose a file that is not empty.")
    if not form.text("shows"):
        faults["shows"] = Sentence("Please say what it shows.")
    if sum(one.by.id == holder.actor.id for one in attached(history)) >= _MOST_FILES:
        faults["file"] = Sentence("These are enough files; please say the rest in words.")
    if faults:
        return _page(request, house, token, form.values, faults, 422)
    name, shows = form.file_name, form.text("shows")
    file = NewFile(form.content, name, "The person concerned", shows, "whole")
    act = attach(file, "Handed in by the person concerned.")
    return _done(request, house, token, act, form, WithIt(files=(file,)))


@ROUTER.post("/{token}/appeal", dependencies=[Depends(limited(REPORT))])
def appeal(
    request: Request, house: HouseDep, language: LanguageDep, token: str, form: PostedDep
) -> Response:
    """Either side appeals; somebody without a part in the decision will look at it."""
    holder = holder_of(house, token)
    grounds = form.text("grounds")
    if not grounds:
        faults = {"grounds": Sentence("Please say why the decision should be another one.")}
        return _page(request, house, token, form.values, faults, 422)
    record, _ = house.store.record(holder.record, holder.actor)
    fields = {
        "grounds": grounds,
        f"{holder.party}_language": language.code,
        "title": f"Appeal: {record.fields.get('title', '')}".removesuffix(": "),
    }
    lodge = Act("lodge", "Lodged by secret link.", {"about": record.id}, fields)
    with_it = appeal_receipt(house, reading_as(record, fields), holder.party, holder.actor.id)
    try:
        house.store.open_record("appeal", lodge, by=holder.actor, at=house.now(), with_it=with_it)
    except Refused as error:
        return _page(request, house, token, form.values, {"grounds": error.message}, 422)
    return see(f"/follow/{token}?done=appeal")


def _done(
    request: Request,
    house: House,
    token: str,
    act: Act,
    form: Posted,
    with_it: WithIt = NOTHING_ELSE,
) -> Response:
    """Do one act as the holder; if things changed meanwhile, show how, and keep what was typed."""
    holder, version = holder_of(house, token), form.number("version")
    try:
        house.store.act(
            holder.record, version, act, by=holder.actor, at=house.now(), with_it=with_it
        )
    except EditConflict:
        faults = {
            "changed": Sentence("Something happened meanwhile; please read it, then send again.")
        }
        return _page(request, house, token, form.values, faults, 409)
    except Refused:
        # The workflow speaks to the team; how things stand is on the page itself.
        faults = {"changed": Sentence("This is not possible as things stand now.")}
        return _page(request, house, token, form.values, faults, 422)
    return see(f"/follow/{token}?done={act.name}")


def holder_of(house: House, token: str, party: Party | None = None) -> Holder:
    """Whose link it is; 404 where it is none, or not this party's, and 410 where it has ended."""
    try:
        holder = house.outbox.holder(token, house.now())
    except LinkEnded as error:
        raise HTTPException(410) from error
    if holder is None or party not in (None, holder.party):
        raise HTTPException(404)
    return holder


def _page(
    request: Request,
    house: House,
    token: str,
    values: Any,
    faults: Mapping[str, str],
    status: int = 200,
) -> Response:
    holder = holder_of(house, token)
    record, history = house.store.record(holder.record, holder.actor)
    events = known_to_parties([event for _, event in history])
    whole = fold_all([event for _, event in history], house.store.clocks)
    told = seen_by(fold_all(events, house.store.clocks), holder.actor.id)
    theirs, every = (one.fields.get("urls", "").split() for one in (told, whole))
    mine_since = [event for _, event in history[len(events) :] if event.by == holder.actor]
    shown = [
        event
        for event in (*events, *mine_since)
        if event.name in TOLD and not is_anothers(whole, event, holder.actor.id)
    ]
    mine = house.store.records(holder.actor, Wanted(kind="appeal", about=record.id))
    lodged_at = [datetime.fromisoformat(row["opened_at"]) for row in mine]
    return page(
        request,
        "follow_misuse" if record.kind == "misuse" else "follow",
        status,
        token=token,
        link=f"{house.url}/follow/{token}",
        party=holder.party,
        until=holder.until,
        unconfirmed=holder.party == "sender" and is_unconfirmed(record),
        asked=is_unconfirmed(record) and was_asked(house, record),
        record=told,
        version=record.version,
        events=shown,
        answered=any(event.name == "answer" for event in shown),
        can=_can(told, holder, appealed=has_appealed(events, lodged_at)),
        appeals=[(row, _told_of(house, holder, row)) for row in mine],
        undone=house.register.undone(record.id),
        day=day_of(house.now()),
        values=values,
        faults=faults,
        of_others=theirs != every,
        evidence=_evidence(house, record, history, holder),
        holder=holder.actor.id,
        query=request.query_params,
    )


def _told_of(house: House, holder: Holder, row: Mapping[str, Any]) -> list[str]:
    """Why an appeal of theirs came out as it did, here and before an outside body."""
    appeal, _ = house.store.record(row["id"], holder.actor)
    return [appeal.fields[name] for name in ("told", "outside_told") if name in appeal.fields]


def _evidence(
    house: House, record: Record, history: list[tuple[int, Event]], holder: Holder
) -> list[Attached]:
    """The files that the person concerned hears of: no finding that is about others alone."""
    if holder.party != "concerned":
        return []
    addresses = addresses_of_concerned(record)

    def theirs(file: Attached) -> bool:
        if file.finding is None:
            return True
        try:
            content = house.store.file(record.id, file.entry, holder.actor)[1]
            return is_about(content, file.finding, addresses)
        except StoreAway:
            raise
        except (CheckFailed, InputError) as error:
            # Whom it is about cannot be told; the page to answer and appeal on is theirs all the
            # same.
            _LOG.error("evidence %s of a record cannot be read: %s", file.entry, error.message)
            return False

    files = files_given(record, history, holder.actor)
    return [one for one in files if one.kept and theirs(one)]


def _can(record: Record, holder: Holder, *, appealed: bool) -> list[str]:
    """What this holder can do now."""
    possible = possible_acts(record, holder.actor)
    mine = {"sender": ("submit", "withdraw", "ask_to_withdraw"), "concerned": ("answer", "attach")}
    can = [name for name in mine[holder.party] if name in possible]
    if record.appeal_until is not None and record.state != "submitted" and not appealed:
        can.append("appeal")
    return can
