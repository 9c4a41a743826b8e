"""Every route, every role, a case that is not theirs: nothing is told, nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount
from tests.cases.made import act
from tests.web.served import NOTICE, Visitor, forms_in, new_house, opened, with_team

from assay.cases.evidence import NewFile, attach
from assay.cases.letters import Letter, WithIt, new_link
from assay.cases.store.accounts import NewAccount
from assay.cases.store.listing import reference
from assay.model.case import Actor
from assay.web.app import make_app
from assay.web.house import House

EVERYONE, SIGNED_IN, READER, KEEPER, HANDLER, ADMINISTRATOR, LINK, SETUP = (
    "everyone",
    "signed in",
    "whoever reads the protected bodies",
    "whoever keeps the protected bodies",
    "whoever works on notices",
    "administrator",
    "whoever has the link",
    "whoever has the token, once",
)
ROUTES = {
    ("GET", "/"): EVERYONE,
    ("GET", "/report"): EVERYONE,
    ("GET", "/report/{kind}"): EVERYONE,
    ("POST", "/report/{kind}"): EVERYONE,
    ("GET", "/transparency"): EVERYONE,
    ("GET", "/transparency/{year}.csv"): EVERYONE,
    ("GET", "/register"): EVERYONE,
    ("GET", "/register/feed.atom"): EVERYONE,
    ("GET", "/register/register.csv"): EVERYONE,
    ("GET", "/register/register.json"): EVERYONE,
    ("GET", "/register/{identity}"): EVERYONE,
    ("GET", "/register/{identity}/proof/{index}"): EVERYONE,
    ("GET", "/register/{identity}/proof/{index}/proof.json"): EVERYONE,
    ("GET", "/ledger"): EVERYONE,
    ("GET", "/ledger/ledger.csv"): EVERYONE,
    ("GET", "/ledger/ledger.json"): EVERYONE,
    ("GET", "/log"): EVERYONE,
    ("GET", "/log/checkpoint"): EVERYONE,
    ("GET", "/log/public.key"): EVERYONE,
    ("POST", "/log/proof"): EVERYONE,
    ("POST", "/log/consistency"): EVERYONE,
    ("GET", "/sign-in"): EVERYONE,
    ("POST", "/sign-in"): EVERYONE,
    ("GET", "/sign-in/code"): EVERYONE,
    ("POST", "/sign-in/code"): EVERYONE,
    ("GET", "/sign-in/outside"): EVERYONE,
    ("GET", "/sign-in/outside/back"): EVERYONE,
    ("POST", "/people/outside/{identity}"): ADMINISTRATOR,
    ("GET", "/webhooks"): ADMINISTRATOR,
    ("POST", "/webhooks"): ADMINISTRATOR,
    ("POST", "/webhooks/{hook}/remove"): ADMINISTRATOR,
    ("POST", "/sign-out"): EVERYONE,
    ("GET", "/invitation/{token}"): LINK,
    ("POST", "/invitation/{token}"): LINK,
    ("GET", "/follow/{token}"): LINK,
    ("POST", "/follow/{token}/complete"): LINK,
    ("POST", "/follow/{token}/withdraw"): LINK,
    ("POST", "/follow/{token}/answer"): LINK,
    ("POST", "/follow/{token}/appeal"): LINK,
    ("GET", "/setup"): SETUP,
    ("POST", "/setup"): SETUP,
    ("GET", "/setup/key"): ADMINISTRATOR,
    ("GET", "/setup/sample"): ADMINISTRATOR,
    ("POST", "/setup/sample"): ADMINISTRATOR,
    ("GET", "/people"): ADMINISTRATOR,
    ("POST", "/people"): ADMINISTRATOR,
    ("POST", "/people/{identity}"): ADMINISTRATOR,
    ("POST", "/people/{identity}/invitation"): ADMINISTRATOR,
    ("GET", "/account"): SIGNED_IN,
    ("POST", "/account/password"): SIGNED_IN,
    ("POST", "/account/second-factor"): SIGNED_IN,
    ("POST", "/account/second-factor/off"): SIGNED_IN,
    ("POST", "/account/sessions/end"): SIGNED_IN,
    ("POST", "/account/tokens"): SIGNED_IN,
    ("POST", "/account/tokens/{token}/revoke"): SIGNED_IN,
    ("GET", "/queue"): SIGNED_IN,
    ("POST", "/queue/acts"): SIGNED_IN,
    ("POST", "/queue/views"): SIGNED_IN,
    ("POST", "/queue/views/{view}/remove"): SIGNED_IN,
    ("GET", "/disclosures"): SIGNED_IN,
    ("GET", "/disclosures/disclosures.csv"): SIGNED_IN,
    ("GET", "/disclosures/new"): HANDLER,
    ("POST", "/disclosures/new"): HANDLER,
    ("POST", "/records/{identity}/misuse"): SIGNED_IN,
    ("GET", "/bodies"): READER,
    ("GET", "/bodies/new"): KEEPER,
    ("POST", "/bodies/new"): KEEPER,
    ("GET", "/bodies/body"): READER,
    ("POST", "/bodies/body"): KEEPER,
    ("POST", "/bodies/remove"): KEEPER,
    ("POST", "/bodies/register"): KEEPER,
    ("GET", "/bodies/history"): READER,
    ("GET", "/bodies/register.{ending}"): READER,
    ("POST", "/bodies/erase"): ADMINISTRATOR,
    ("GET", "/intake"): HANDLER,
    ("POST", "/intake"): HANDLER,
    ("GET", "/letters"): HANDLER,
    ("POST", "/letters/{letter}/again"): HANDLER,
    ("GET", "/records/{identity}"): SIGNED_IN,
    ("GET", "/records/{identity}/statement.json"): SIGNED_IN,
    ("POST", "/records/{identity}/acts/{name}"): SIGNED_IN,
    ("POST", "/records/{identity}/register"): SIGNED_IN,
    ("POST", "/records/{identity}/assessments"): SIGNED_IN,
    ("GET", "/complaints/new"): HANDLER,
    ("POST", "/complaints/new"): HANDLER,
    ("POST", "/complaints/file"): HANDLER,
    ("POST", "/records/{identity}/evidence"): SIGNED_IN,
    ("GET", "/records/{identity}/evidence/{entry}"): SIGNED_IN,
    ("GET", "/records/{identity}/evidence/{entry}/shown"): SIGNED_IN,
    ("GET", "/follow/{token}/evidence/{entry}"): LINK,
    ("GET", "/follow/{token}/evidence/{entry}/shown"): LINK,
}
"""Who each route is for; a route that does not stand here fails the test."""
READ, REPORT, WORK = {"read", "work"}, {"report", "work"}, {"work"}
API_ROUTES: dict[tuple[str, str], set[str]] = {
    ("GET", "/api/v1/openapi.json"): set(),
    ("GET", "/api/v1/me"): {"read", "report", "work"},
    ("GET", "/api/v1/records"): READ,
    ("GET", "/api/v1/records/{identity}"): READ,
    ("POST", "/api/v1/records/{identity}/acts/{name}"): WORK,
    ("POST", "/api/v1/records/{identity}/register"): WORK,
    ("POST", "/api/v1/records/{identity}/assessments"): WORK,
    ("POST", "/api/v1/notices"): REPORT,
    ("POST", "/api/v1/complaints"): WORK,
    ("POST", "/api/v1/notices/eml"): WORK,
    ("POST", "/api/v1/disclosures"): WORK,
    ("GET", "/api/v1/disclosures"): READ,
    ("POST", "/api/v1/records/{identity}/misuse"): WORK,
    ("POST", "/api/v1/records/{identity}/evidence"): WORK,
    ("GET", "/api/v1/records/{identity}/evidence/{entry}"): READ,
    ("GET", "/api/v1/bodies"): READ,
    ("PUT", "/api/v1/bodies"): WORK,
    ("GET", "/api/v1/bodies/versions"): READ,
    ("POST", "/api/v1/bodies/versions/erase"): WORK,
    ("GET", "/api/v1/ledger"): set(),
    ("GET", "/api/v1/register"): set(),
    ("GET", "/api/v1/register/{identity}"): set(),
    ("GET", "/api/v1/register/{identity}/proof/{index}"): set(),
    ("GET", "/api/v1/log/checkpoint"): set(),
    ("GET", "/api/v1/log/consistency"): set(),
}
"""The purposes that a token needs for each route of the API; those with none are for everyone."""
NOT_THEIRS = {
    ("POST", "/api/v1/notices"): ("olga", "dora"),
    ("POST", "/api/v1/complaints"): ("olga", "dora", "paul"),
    ("POST", "/api/v1/notices/eml"): ("olga", "dora", "paul"),
    ("POST", "/api/v1/disclosures"): ("olga", "dora", "paul"),
    ("GET", "/api/v1/bodies"): ("paul",),
    ("GET", "/api/v1/bodies/versions"): ("paul",),
    ("PUT", "/api/v1/bodies"): ("carl", "olga", "dora", "paul"),
    ("POST", "/api/v1/bodies/versions/erase"): ("anna", "carl", "olga", "dora", "paul"),
}
"""Who may not do it, whatever their token is for."""
WHO = ("nobody", "admin", "anna", "carl", "dora", "paul", "olga")
"""Ben is a member of the hidden case and not among them; Carl is a reviewer as he is."""
MAY = {
    ADMINISTRATOR: ("admin",),
    HANDLER: ("admin", "anna", "carl"),
    READER: ("admin", "anna", "carl", "dora", "olga"),
    KEEPER: ("admin", "anna"),
}
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


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hidden]:
    house = with_team(new_house(tmp_path_factory.mktemp("hidden")))
    kept = house.accounts.by_email("ben@house.example")
    assert kept is not None
    assert kept.password is not None
    house.accounts.set_password(_carl(house), kept.password)
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


@dataclass(frozen=True)
class Somebody:
    """One of those who ask; ``mark`` is what their forms carry."""

    name: str
    visitor: Visitor
    mark: str


@pytest.fixture(scope="module", params=WHO)
def who(request: pytest.FixtureRequest, hidden: Hidden) -> Somebody:
    visitor = hidden.somebody()
    if request.param != "nobody":
        visitor.sign_in(request.param)
    visitor.client.follow_redirects = False
    mark = next(iter(forms_in(visitor.get("/log")).values()))["csrf"]
    return Somebody(request.param, visitor, mark)


def ask(who: Somebody, method: str, path: str, identity: str) -> httpx.Response:
    """A request to a route about a record, with a form token where it takes a form."""
    for name, value in (
        ("identity", identity),
        ("letter", identity),
        ("hook", identity),
        ("view", identity),
        ("token", identity),
        ("kind", "impersonation"),
        ("index", "0"),
        ("entry", str(FILE_ENTRY)),
        ("name", "note"),
    ):
        path = path.replace(f"{{{name}}}", value)
    if method == "GET":
        return who.visitor.client.get(path)
    form = {"csrf": who.mark, "version": "1", "why": "because", "token": identity}
    return who.visitor.client.post(path, data=form)


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


def test_every_route_stands_in_the_table(hidden: Hidden) -> None:
    app = make_app(hidden.house, sends=False)
    assert set(routes_of(app.routes)) == {*ROUTES, *API_ROUTES}


ENDS_SESSION = ("/sign-out", "/account/sessions/end")


@pytest.mark.parametrize(("method", "path"), [key for key in ROUTES if key[1] not in ENDS_SESSION])
def test_a_hidden_case_is_as_if_it_did_not_exist(
    hidden: Hidden, who: Somebody, method: str, path: str
) -> None:
    before = hidden.house.store.checkpoint()[0].size
    names_a_record = "{identity}" in path
    unknown = ask(who, method, path, UNKNOWN)
    for identity in hidden.ids if names_a_record else (hidden.notice,):
        told = ask(who, method, path, identity) if names_a_record else unknown
        assert told.status_code == unknown.status_code < 500
        assert SECRET not in told.text
        assert reference(identity) not in told.text
        if told.status_code != 303:
            assert told.text.replace(identity, UNKNOWN) == unknown.text
        _check_who(ROUTES[method, path], who.name, told)
    assert hidden.house.store.checkpoint()[0].size == before


def _check_who(whom: str, name: str, told: httpx.Response) -> None:
    sign_in_asked = told.status_code == 303 and told.headers["location"].startswith("/sign-in?")
    if whom in (LINK, SETUP):
        assert told.status_code == 404
    elif whom == EVERYONE:
        assert not sign_in_asked
        assert told.status_code != 403
    elif name == "nobody":
        assert sign_in_asked
    else:
        assert not sign_in_asked
        assert (told.status_code == 403) == (name not in MAY.get(whom, WHO))


@dataclass(frozen=True)
class Program:
    """Somebody's tokens, one for each purpose; the empty purpose goes without."""

    name: str
    client: httpx.Client
    tokens: dict[str, str]

    def ask(self, purpose: str, method: str, path: str, identity: str) -> httpx.Response:
        for name, value in (
            ("identity", identity),
            ("index", "0"),
            ("name", "note"),
            ("entry", str(FILE_ENTRY)),
        ):
            path = path.replace(f"{{{name}}}", value)
        headers = {"If-Match": '"1"', "Authorization": f"Bearer {self.tokens[purpose]}"}
        acts = path.endswith(("/acts/note", "/assessments", "/complaints", "/disclosures"))
        body = {"why": "because"} if acts else {"kind": "?", "title": "x"}
        asked = "?first=1" if path.endswith("/consistency") else ""
        if path.endswith(("/evidence", "/eml")):
            asked = "?name=x&source=x&shows=x&why=x&kind=impersonation"
            told = {"Content-Type": "application/octet-stream", **headers}
            return self.client.post(path + asked, headers=told, content=b"no letter")
        sent = None if method == "GET" else body
        return self.client.request(method, path + asked, headers=headers, json=sent)


@pytest.fixture(scope="module", params=WHO)
def program(request: pytest.FixtureRequest, hidden: Hidden) -> Program:
    house, client = hidden.house, hidden.somebody().client
    account = house.accounts.by_email(f"{request.param}@house.example")
    purposes = ("read", "report", "work")
    tokens = {"": "", **dict.fromkeys(purposes, "assay_of-nobody")}
    if account is not None:
        tokens |= {one: house.tokens.make(account, one, one, house.now()) for one in purposes}
    return Program(request.param, client, tokens)


@pytest.mark.parametrize(("method", "path"), list(API_ROUTES))
def test_a_hidden_case_is_not_there_for_programs(
    hidden: Hidden, program: Program, method: str, path: str
) -> None:
    before = hidden.house.store.checkpoint()[0].size
    needed = API_ROUTES[method, path]
    # What a token is for counts the same for everybody: each purpose is tried by two of them.
    each = needed and program.name in ("nobody", "anna")
    for purpose in program.tokens if each else ("work",):
        unknown = program.ask(purpose, method, path, UNKNOWN)
        known = program.name != "nobody" and purpose != ""
        assert (unknown.status_code == 401) == (bool(needed) and not known)
        sends = program.name not in NOT_THEIRS.get((method, path), ())
        allowed = not needed or (purpose in needed and sends)
        assert (unknown.status_code == 403) == (known and not allowed)
    for identity in hidden.ids if "{identity}" in path else ():
        told = program.ask("work", method, path, identity)
        assert told.status_code == unknown.status_code < 500
        assert SECRET not in told.text
        assert reference(identity) not in told.text
        assert told.text.replace(identity, UNKNOWN) == unknown.text
    assert hidden.house.store.checkpoint()[0].size == before


def test_no_list_of_a_program_tells_of_it(hidden: Hidden, program: Program) -> None:
    for asked in ("", "?order=due", f"?text={hidden.notice[:6]}", "?text=imitator", "?kind=appeal"):
        told = program.ask("read", "GET", "/api/v1/records" + asked, UNKNOWN)
        if program.name == "nobody":
            assert told.status_code == 401
        else:
            assert told.json() == {"records": [], "total": 0, "next": None}


@pytest.mark.parametrize("view", ["waiting", "mine", "unclaimed", "late", "all"])
def test_no_list_or_count_tells_of_it(hidden: Hidden, who: Somebody, view: str) -> None:
    if who.name == "nobody":
        assert who.visitor.get(f"/queue?view={view}").status_code == 303
        return
    for asked in ("", f"&text={hidden.notice[:6]}", "&text=imitator", "&kind=appeal"):
        page = who.visitor.get(f"/queue?view={view}{asked}")
        assert "0 matters" in page.text
        assert SECRET not in page.text


def test_its_member_sees_it_and_what_is_about_it(hidden: Hidden) -> None:
    ben = hidden.somebody().sign_in("ben")
    assert f"{len(hidden.ids)} matters" in ben.get("/queue?view=all").text
    for identity in hidden.ids:
        assert SECRET in ben.get(f"/records/{identity}").text
