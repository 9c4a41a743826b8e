"""Misuse of notices: opening a file about who sent one (DSA, article 23)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from assay.cases.store.listing import Wanted
from assay.web.misuse_letters import opens_file
from assay.web.pages import see
from assay.web.posted import PostedDep
from assay.web.visitors import AnyAccount, HouseDep

ROUTER = APIRouter(prefix="/records", include_in_schema=False)


@ROUTER.post("/{identity}/misuse")
def examine(house: HouseDep, account: AnyAccount, identity: str, form: PostedDep) -> Response:
    """Open a file, or go to the one that is open about the same notice."""
    record, _ = house.store.record(identity, account.actor)
    known = house.store.records(account.actor, Wanted(kind="misuse", about=record.id))
    file = next((str(row["id"]) for row in known if row["state"] != "closed"), None)
    if file is None:
        opened = house.store.open_record(
            "misuse", opens_file(record), by=account.actor, at=house.now()
        )
        file = opened.id
    return see(f"/records/{file}")
