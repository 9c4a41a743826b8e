"""The queue: what waits, who works on it, what is due; saved views; one act on several records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.cases.acts import HANDLERS, STAFF
from assay.cases.store.accounts import Account
from assay.cases.store.listing import PAGE, end_of
from assay.errors import UsageError
from assay.model.case import NOTICE_KINDS, PRIORITIES, STATES
from assay.web.acting import act_of, faults_of_act
from assay.web.bulk import BULK_ACTS, MOST_AT_ONCE, NotDone, bulk_forms, do_to_each, ticks_in
from assay.web.house import House
from assay.web.pages import page, see
from assay.web.posted import Posted, PostedDep
from assay.web.queue_asked import (
    BY_DUE_DATE,
    LISTED,
    VIEWS,
    Asked,
    asked_of,
    first_view,
    read_asked,
)
from assay.web.visitors import AnyAccount, HouseDep

ROUTER = APIRouter(prefix="/queue", include_in_schema=False)
_LONGEST_NAME = 40
_LONGEST_QUERY = 1000


@dataclass(frozen=True)
class Attempt:
    """What was not done, or not wholly: shown again with all that was typed.

    Attributes:
        what: ``view`` or ``acts``.
        values: What was typed.
        faults: What is missing or wrong, by field.
        ticked: How many records were ticked.
        not_done: Those on which the act was not done.
    """

    what: str
    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    ticked: int = 0
    not_done: tuple[NotDone, ...] = ()


@ROUTER.get("")
def queue(request: Request, house: HouseDep, account: AnyAccount) -> Response:
    """One page of the list."""
    return _page(request, house, account, asked_of(request.query_params, first_view(account)))


@ROUTER.post("/acts")
def act(request: Request, house: HouseDep, account: AnyAccount, form: PostedDep) -> Response:
    """One act on every ticked record; what was not done is told record by record."""
    asked, ticks = read_asked(form.text("query")), ticks_in(form.text("tick"))
    wanted = bulk_forms(account.role).get(form.text("act"))
    faults = {}
    if not ticks:
        faults[""] = f"Tick the records that you mean, {MOST_AT_ONCE} at most."
    if wanted is None:
        faults["act"] = "Choose what is to be done."
    elif not form.text("why"):
        form = Posted({**form.values, "why": wanted.usual})
    faults |= faults_of_act(wanted, form) if wanted else {}
    if faults or not ticks or wanted is None:
        return _page(request, house, account, asked, Attempt("acts", form.values, faults))
    not_done = do_to_each(house, account, ticks, act_of(wanted, form))
    if not_done:
        attempt = Attempt("acts", form.values, {}, len(ticks), tuple(not_done))
        return _page(request, house, account, asked, attempt)
    return see(f"/queue?{asked.place}&done={wanted.act}&records={len(ticks)}")


@ROUTER.post("/views")
def keep_view(request: Request, house: HouseDep, account: AnyAccount, form: PostedDep) -> Response:
    """Keep what the queue is asked for as a view with a name."""
    asked, name = read_asked(form.text("query")), form.text("name")
    told = ""
    if not name or len(name) > _LONGEST_NAME:
        told = f"Give it a name of {_LONGEST_NAME} characters at most."
    elif len(asked.query) > _LONGEST_QUERY:
        told = "This asks for too much; shorten what is searched for."
    else:
        try:
            shared = form.text("shared") == "yes"
            house.views.keep(account.actor, name, asked.query, shared=shared, at=house.now())
        except UsageError as error:
            told = f"{error.message}; {error.fix}.".capitalize()
    if told:
        attempt = Attempt("view", form.values, {"name": told})
        return _page(request, house, account, asked, attempt)
    return see(f"/queue?{asked.query}")


@ROUTER.post("/views/{view}/remove")
def remove_view(house: HouseDep, account: AnyAccount, view: str, form: PostedDep) -> Response:
    """Remove a view of one's own, or as administrator a shared one."""
    if not house.views.remove(view, account.actor):
        raise HTTPException(404)
    return see("/queue")


def _page(
    request: Request, house: House, account: Account, asked: Asked, attempt: Attempt | None = None
) -> Response:
    """The list, with what was not done if there is something."""
    wanted = asked.wanted(account, house.now())
    rows, total = house.store.page(account.actor, wanted)
    views = house.views.seen_by(account.actor)
    told = request.query_params
    people = {row["claimed_by"] for row in rows if row["claimed_by"]} | _people(attempt)
    return page(
        request,
        "queue",
        422 if attempt else 200,
        asked=asked,
        views=VIEWS,
        saved=views,
        at_saved=next((one.id for one in views if one.query == asked.query), None),
        rows=rows,
        total=total,
        likely=house.triage.with_likely(rows, account.actor) if account.role in HANDLERS else (),
        following="~".join(end_of(rows[-1], wanted)) if len(rows) == PAGE else None,
        by_due_date=asked.view in BY_DUE_DATE,
        can_work=account.role in HANDLERS,
        can_share=account.role in STAFF,
        bulk=bulk_forms(account.role),
        attempt=attempt,
        ticked=_ticked(attempt),
        done=told.get("done") if told.get("done") in BULK_ACTS else None,
        done_records=told.get("records", "") if told.get("records", "").isdecimal() else "",
        names=house.accounts.names(people | {one.account for one in views}),
        kinds=LISTED,
        states=sorted({state for kind in LISTED for state in STATES[kind]}),
        notice_kinds=NOTICE_KINDS,
        priorities=PRIORITIES,
        now_text=house.now().isoformat(),
    )


def _people(attempt: Attempt | None) -> set[str]:
    """Who did something meanwhile."""
    return {event.by.id for one in (attempt.not_done if attempt else ()) for event in one.since}


def _ticked(attempt: Attempt | None) -> frozenset[str]:
    """Ids of what stays ticked: where nothing was done, or where it still is to be done."""
    if attempt is None or attempt.what != "acts":
        return frozenset()
    if attempt.not_done:
        return frozenset(one.id for one in attempt.not_done)
    return frozenset(tick.id for tick in ticks_in(attempt.values.get("tick", "")) or ())
