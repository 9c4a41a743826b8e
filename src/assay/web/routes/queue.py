"""The queue: what waits, who works on it, what is due; and everything else by filters."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.cases.acts import HANDLERS
from assay.cases.store.accounts import Account
from assay.cases.store.listing import PAGE, Wanted, end_of
from assay.model.case import NOTICE_KINDS, PRIORITIES, STATES, RecordKind
from assay.web.pages import page
from assay.web.visitors import AnyAccount, HouseDep

ROUTER = APIRouter(prefix="/queue", include_in_schema=False)
VIEWS = {
    "waiting": "Waiting",
    "mine": "Mine",
    "unclaimed": "Nobody's",
    "late": "Late",
    "all": "Everything",
}
_KINDS: tuple[RecordKind, ...] = (
    "notice",
    "appeal",
    "complaint",
    "assessment",
    "misuse",
    "disclosure",
    "register",
)


@ROUTER.get("")
def queue(
    request: Request,
    house: HouseDep,
    account: AnyAccount,
    view: str = "waiting",
    after: str = "",
) -> Response:
    """One page of the list."""
    view = view if view in VIEWS else "waiting"
    asked = {
        name: request.query_params.get(name, "")
        for name in ("kind", "state", "notice_kind", "priority", "text")
    }
    wanted = _wanted(view, asked, account)
    if view == "late":
        wanted = replace(wanted, due_before=house.now())
    total = house.store.count(account.actor, wanted)
    at, _, identity = after.partition("~")
    rows = house.store.records(
        account.actor, replace(wanted, after=(at, identity) if identity else None)
    )
    following = None
    if len(rows) == PAGE:
        end = "~".join(end_of(rows[-1], wanted))
        following = urlencode({"view": view, **_given(asked), "after": end})
    return page(
        request,
        "queue",
        view=view,
        views=VIEWS,
        links={name: urlencode({"view": name, **_given(asked)}) for name in VIEWS},
        asked=asked,
        rows=rows,
        total=total,
        following=following,
        began=not after,
        can_work=account.role in HANDLERS,
        names=house.accounts.names(row["claimed_by"] for row in rows if row["claimed_by"]),
        kinds=_KINDS,
        states=sorted({state for kind in _KINDS for state in STATES[kind]}),
        notice_kinds=NOTICE_KINDS,
        priorities=PRIORITIES,
        now_text=house.now().isoformat(),
    )


def _given(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}


def _wanted(view: str, asked: dict[str, str], account: Account) -> Wanted:
    """What a view and its filters ask of the store; unknown words ask for nothing."""
    kind = next((kind for kind in _KINDS if kind == asked["kind"]), None)
    state = asked["state"] if any(asked["state"] in STATES[kind] for kind in _KINDS) else None
    claimed = {"mine": account.id, "unclaimed": ""}.get(view)
    return Wanted(
        kind=kind,
        state=state,
        waiting=view in ("waiting", "unclaimed", "late"),
        notice_kind=asked["notice_kind"] if asked["notice_kind"] in NOTICE_KINDS else None,
        priority=asked["priority"] if asked["priority"] in PRIORITIES else None,
        claimed_by=claimed,
        text=asked["text"].strip() or None,
    )
