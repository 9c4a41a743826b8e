"""Inviting somebody to assess a record independently."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.cases.refused import NoSuchRecord, Refused
from assay.web.acting import act_of, faults_of_act
from assay.web.choosing import check_assessor
from assay.web.consequences import invitation
from assay.web.forms.assessment import INVITE_FORM
from assay.web.pages import see
from assay.web.posted import PostedDep
from assay.web.routes.records import Attempt, record_page
from assay.web.visitors import AnyAccount, HouseDep

ROUTER = APIRouter(prefix="/records", include_in_schema=False)


@ROUTER.post("/{identity}/assessments")
def invite(
    request: Request, house: HouseDep, account: AnyAccount, identity: str, form: PostedDep
) -> Response:
    """Invite an assessor, who is written to."""
    record, _ = house.store.record(identity, account.actor)
    faults = faults_of_act(INVITE_FORM, form)
    if not faults:
        wanted = act_of(INVITE_FORM, form)
        try:
            check_assessor(record, wanted, house.accounts.all())
            act, with_it = invitation(house, record, wanted)
            opened = house.store.open_record(
                "assessment", act, by=account.actor, at=house.now(), with_it=with_it
            )
        except NoSuchRecord:
            raise
        except Refused as error:
            faults = error.faults
        else:
            return see(f"/records/{opened.id}")
    return record_page(request, house, account, identity, Attempt("invite", form.values, faults))
