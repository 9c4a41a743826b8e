"""Misuse of notices: opening a file about who sent one (DSA, article 23)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from assay.cases.store.one_at_a_time import AlreadyOpen
from assay.web.misuse_letters import opens_file
from assay.web.pages import see
from assay.web.posted import PostedDep
from assay.web.visitors import AnyAccount, HouseDep

ROUTER = APIRouter(prefix="/records", include_in_schema=False)


@ROUTER.post("/{identity}/misuse")
def examine(house: HouseDep, account: AnyAccount, identity: str, form: PostedDep) -> Response:
    """Open a file, or go to the one that is open about the same notice."""
    by = account.actor
    record, _ = house.store.record(identity, by)
    try:
        file = house.store.open_record("misuse", opens_file(record), by=by, at=house.now()).id
    except AlreadyOpen as open_one:
        file = open_one.identity
    return see(f"/records/{file}")
