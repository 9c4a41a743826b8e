"""Webhooks: which programs elsewhere are told of events; for administrators."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.errors import UsageError
from assay.web.addresses import check_address
from assay.web.house import House
from assay.web.pages import page, see
from assay.web.posted import PostedDep
from assay.web.visitors import Administrator, HouseDep
from assay.web.webhooks import webhook_secret

ROUTER = APIRouter(prefix="/webhooks", include_in_schema=False)


@ROUTER.get("")
def webhooks(request: Request, house: HouseDep, account: Administrator) -> Response:
    """Those that there are, and a form for another one."""
    return _page(request, house, {}, {})


@ROUTER.post("")
def make(request: Request, house: HouseDep, account: Administrator, form: PostedDep) -> Response:
    """Tell an address from now on, and show the secret that it checks with."""
    address = form.text("address")
    try:
        check_address(address, "a webhook")
        identity = house.webhooks.make(address, house.now())
    except UsageError as error:
        faults = {"address": f"{error.message}; {error.fix}".capitalize()}
        return _page(request, house, {"address": address}, faults, 422)
    secret = webhook_secret(house.secret, identity)
    return page(request, "webhook_made", address=address, secret=secret)


@ROUTER.post("/{hook}/remove")
def remove(house: HouseDep, account: Administrator, hook: str, form: PostedDep) -> Response:
    """Tell an address nothing more."""
    if not house.webhooks.remove(hook):
        raise HTTPException(404)
    return see("/webhooks?done=removed")


def _page(
    request: Request,
    house: House,
    values: dict[str, str],
    faults: dict[str, str],
    status: int = 200,
) -> Response:
    return page(
        request,
        "webhooks",
        status,
        hooks=house.webhooks.all(),
        values=values,
        faults=faults,
        done=request.query_params.get("done", ""),
    )
