"""The public statement of a decision, for whoever sends it to the Transparency Database."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from assay.cases.statement import statement_of
from assay.web.visitors import AnyAccount, HouseDep

ROUTER = APIRouter(prefix="/records", include_in_schema=False)


@ROUTER.get("/{identity}/statement.json")
def statement_file(house: HouseDep, account: AnyAccount, identity: str) -> Response:
    """The statement of a restriction, as the database takes it."""
    record, _ = house.store.record(identity, account.actor)
    name = f"statement-{record.id}.json"
    return JSONResponse(
        statement_of(record),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
