"""A case that almost nobody may know of, and everybody who asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount
from tests.cases.made import act
from tests.web.served import NOTICE, Visitor, new_house, opened, with_team

from assay.cases.evidence import NewFile, attach
from assay.cases.letters import Letter, WithIt, new_link
from assay.cases.store.accounts import NewAccount
from assay.model.case import Actor
from assay.web.house import House

WHO = ("nobody", "admin", "anna", "carl", "dora", "paul", "olga")
"""Ben is a member of the hidden case and not among them; Carl is a reviewer as he is."""
UNKNOWN = "0" * 16
FILE_ENTRY = 8
"""Where in the log the hidden case's file was added."""
SECRET = "imitator of a hidden matter"


@dataclass(frozen=True)
class Hidden:
    """A restricted notice with an appeal, a draft entry and a letter: none of it is there."""

    house: House
    somebody: Callable[[], Visitor]
    notice: str
    ids: tuple[str, ...]


@pytest.fixture(scope="session")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hidden]:
    house = with_team(new_house(tmp_path_factory.mktemp("hidden")))
    kept = house.accounts.by_email("ben@house.example")
    assert kept is not None
    assert kept.password is not None
    house.accounts.set_password(house.accounts.get(_carl(house)), kept.password)
    ids = _hide(house, kept.actor)
    with opened(house) as somebody:
        yield Hidden(house, somebody, ids[0], ids)


def _carl(house: House) -> str:
    new = NewAccount("carl@house.example", "Carl", "reviewer")
    return house.accounts.invite(new, "carl", Letter("x", new.email, "x", "x"), house.now()).id


def _hide(house: House, ben: Actor) -> tuple[str, ...]:
    """A notice decided, appealed against, assessed and prepared for the register; a complaint."""
    store, at, guest = house.store, house.now(), new_link("sender")
    sender = Actor(guest.holder, "public")
    fields = {**NOTICE, "title": SECRET, "explanation": SECRET}
    draft = act("draft", notice_kind="impersonation", fields=fields)
    with_it = WithIt(links=(guest,), then=(act("submit"),))
    notice = store.open_record("notice", draft, by=sender, at=at, with_it=with_it)
    for name, facts in (
        ("acknowledge", {}),
        ("triage", {"priority": "high"}),
        ("conclude", {"outcome": "no_action"}),
        ("notify", {}),
    ):
        notice = store.act(notice.id, notice.version, act(name, **facts), by=ben, at=at)
    lodge = act("lodge", about=notice.id, fields={"title": SECRET})
    appeal = store.open_record("appeal", lodge, by=sender, at=at)
    enter = act("enter", about=notice.id, fields={"title": SECRET})
    entry = store.open_record("register", enter, by=ben, at=at)
    file = NewFile(SECRET.encode(), "file", "x")
    with_it = WithIt(files=(file,))
    added = attach(file, "x")
    notice = store.act(notice.id, notice.version, added, by=ben, at=at, with_it=with_it)
    assert store.checkpoint()[0].size == FILE_ENTRY + 1
    store.act(notice.id, notice.version, act("restrict"), by=ben, at=at)
    invite = act("invite", about=notice.id, assessor="quentin", fields={"title": SECRET})
    assessment = store.open_record("assessment", invite, by=ben, at=at)
    wanted = act("draft", complainant_kind="person", may_be_public=True, fields={"title": SECRET})
    complaint = store.open_record("complaint", wanted, by=ben, at=at)
    store.act(complaint.id, complaint.version, act("restrict"), by=ben, at=at)
    return notice.id, appeal.id, entry.id, assessment.id, complaint.id


def routes_of(routes: Sequence[BaseRoute], base: str = "") -> Iterator[tuple[str, str]]:
    """Every route by method and path; beside them there is only the static folder."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield from ((method, base + route.path) for method in route.methods or ())
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes, base)
        elif isinstance(route, Mount) and route.path == "/api/v1":
            yield from routes_of(route.routes, route.path)
        else:
            assert isinstance(route, Mount)
            assert route.path == "/static"
