"""Letters: what waits, what was given up and why, and sending it again."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.web.pages import page, see
from assay.web.posted import PostedDep
from assay.web.visitors import Handler, HouseDep

ROUTER = APIRouter(prefix="/letters", include_in_schema=False)
STATES = {"failed": "Given up", "waiting": "Waiting", "sent": "Sent"}
_MOST = 200


@ROUTER.get("")
def letters(request: Request, house: HouseDep, account: Handler, state: str = "failed") -> Response:
    """Letters in one state, the newest first, and whether they are being sent at all."""
    state = state if state in STATES else "failed"
    worker = request.app.state.worker
    # The host alone: the rest of a webhook's address can be what lets somebody in there.
    return page(
        request,
        "letters",
        state=state,
        states=STATES,
        counts={one: house.outbox.count(account.actor, one) for one in STATES},
        rows=house.outbox.listed(account.actor, state, _MOST),
        programs={hook.id: urlsplit(hook.address).netloc for hook in house.webhooks.all()},
        most=_MOST,
        trouble=None if worker is None else worker.trouble,
        post=house.post.told(),
        done=request.query_params.get("done", ""),
    )


@ROUTER.post("/{letter}/again")
def again(house: HouseDep, account: Handler, letter: str, form: PostedDep) -> Response:
    """Send one letter again, at once."""
    if not house.outbox.again(letter, account.actor, house.now()):
        raise HTTPException(404)
    return see("/letters?state=waiting&done=again")
