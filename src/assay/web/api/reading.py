"""What a program reads: whose token it has, lists of records, one record with its history."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from assay.cases.evidence import Attached, attached
from assay.cases.store.listing import PAGE, Wanted, end_of, reference
from assay.model.case import RecordKind
from assay.web.act_forms import forms_for
from assay.web.acting import ids_in, offered_acts
from assay.web.api.asking import AnyProgram, Program, Reader
from assay.web.api.cursors import from_cursor, to_cursor
from assay.web.api.problems import documented, happened
from assay.web.api.shapes import Disclosures, File, Me, Page, PossibleAct, Question, Row, Whole
from assay.web.house import House
from assay.web.questions import ActForm
from assay.web.routes.disclosures import lines_of
from assay.web.visitors import HouseDep

ROUTER = APIRouter()
MOST_ROWS = 200
Identity = Annotated[str, Path(pattern=r"^[0-9a-z-]{1,40}$", description="Of the record.")]
Cursor = Annotated[str | None, Query(max_length=200, description="What `next` said.")]
_Word = Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$")]
_Account = Annotated[str | None, Query(pattern=r"^[0-9A-Za-z._:@-]{0,100}$")]
_Text = Annotated[str | None, Query(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]


@ROUTER.get("/me", responses=documented(401, 403))
def me(asking: AnyProgram) -> Me:
    """Whose token it is, and what it is good for."""
    account = asking.account
    return Me(id=account.id, role=account.role, purpose=asking.purpose)


@ROUTER.get("/records", responses=documented(401, 403))
def records(
    house: HouseDep,
    asking: Reader,
    order: Annotated[
        Literal["changed", "due"],
        Query(description="The last changed first, or what has a due date, the earliest first."),
    ] = "changed",
    kind: RecordKind | None = None,
    state: _Word = None,
    notice_kind: _Word = None,
    priority: _Word = None,
    outcome: _Word = None,
    claimed_by: Annotated[_Account, Query(description="An account's id; empty: nobody.")] = None,
    about: Annotated[str | None, Query(pattern=r"^[0-9a-z-]{1,40}$")] = None,
    text: Annotated[_Text, Query(description="In the title, or how the id begins.")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = PAGE,
) -> Page:
    """Records that the token's owner may know of, page by page."""
    wanted = Wanted(
        kind=kind,
        state=state,
        waiting=order == "due",
        notice_kind=notice_kind,
        priority=priority,
        outcome=outcome,
        claimed_by=claimed_by,
        about=about,
        text=text,
        after=from_cursor(cursor),
        limit=limit,
    )
    viewer = asking.account.actor
    rows, total = house.store.page(viewer, wanted)
    return Page(
        records=[Row(reference=reference(row["id"]), **row) for row in rows],
        total=total,
        next=to_cursor(end_of(rows[-1], wanted)) if len(rows) == limit else None,
    )


@ROUTER.get("/records/{identity}", responses=documented(401, 403, 404))
def record(house: HouseDep, asking: Reader, identity: Identity, answer: Response) -> Whole:
    """One record, what happened, and what can be done; the ETag is its version."""
    told = whole(house, asking, identity)
    answer.headers["ETag"] = etag(told.version)
    return told


@ROUTER.get("/disclosures", responses=documented(401, 403))
def disclosures(house: HouseDep, asking: Reader, cursor: Cursor = None) -> Disclosures:
    """What authorities asked to be told about persons, the last changed first."""
    wanted = Wanted(kind="disclosure", after=from_cursor(cursor))
    lines, following = lines_of(house, asking.account, wanted)
    return Disclosures(
        requests=lines,
        total=house.store.count(asking.account.actor, wanted),
        next=to_cursor(following) if following else None,
    )


def etag(version: int) -> str:
    """A version as HTTP writes it."""
    return f'"{version}"'


def whole(house: House, asking: Program, identity: str) -> Whole:
    """A record as the token's owner sees it.

    Raises:
        NoSuchRecord: There is none for them.
    """
    account = asking.account
    found, history = house.store.record(identity, account.actor)
    offered = offered_acts(found, account) if asking.purpose == "work" else []
    acts = [form for forms in forms_for(found, offered, asking.account.actor) for form in forms]
    handles = found.kind == "notice" and account.role != "partner"
    return Whole(
        id=found.id,
        reference=reference(found.id),
        kind=found.kind,
        state=found.state,
        version=found.version,
        restricted=found.restricted,
        opened_at=found.opened_at,
        changed_at=found.changed_at,
        due_at=found.due_at,
        appeal_until=found.appeal_until,
        claimed_by=found.claimed_by,
        heard=found.heard,
        rights_reviewed=found.rights_reviewed,
        proposed_by=found.proposed_by,
        members=sorted(found.members),
        facts=dict(found.facts),
        fields=dict(found.fields),
        awaited=list(found.awaited.values()),
        tasks=list(found.tasks.values()),
        concerned=dict(found.concerned),
        history=[happened(event, entry) for entry, event in history],
        files=[_file(one) for one in attached(history)],
        likely=[
            str(one.row["id"])
            for one in (house.triage.likely(identity, account.actor) if handles else ())
        ],
        acts=[_possible(form) for form in acts],
        names=house.accounts.names(ids_in(found, history)),
    )


def _file(one: Attached) -> File:
    return File(
        **{name: getattr(one, name) for name in File.model_fields if name != "by"}, by=one.by.id
    )


def _possible(form: ActForm) -> PossibleAct:
    questions = [
        Question(
            name=one.name,
            label=one.label,
            kind=one.kind,
            choices=None if one.choices is None else dict(one.choices),
            help=one.help,
            required=one.required,
        )
        for one in form.questions
    ]
    return PossibleAct(name=form.act, title=form.title, explain=form.explain, questions=questions)
