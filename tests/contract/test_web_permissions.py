"""Every route, every role, a case that is not theirs: nothing is told, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
from tests.contract.hidden_case import FILE_ENTRY, SECRET, UNKNOWN, WHO, Hidden, routes_of
from tests.web.served import Visitor, forms_in

from assay.cases.store.listing import reference
from assay.web.api.problems import BASE
from assay.web.app import make_app

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
    ("POST", "/follow/{token}/confirm"): LINK,
    ("GET", "/confirm/{token}"): LINK,
    ("POST", "/confirm/{token}"): LINK,
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
    ("GET", "/cases/new"): HANDLER,
    ("POST", "/cases/new"): HANDLER,
    ("GET", "/notices/finding"): HANDLER,
    ("POST", "/notices/finding"): HANDLER,
    ("POST", "/records/{identity}/evidence"): SIGNED_IN,
    ("GET", "/records/{identity}/evidence/{entry}"): SIGNED_IN,
    ("GET", "/records/{identity}/evidence/{entry}/shown"): SIGNED_IN,
    ("POST", "/follow/{token}/evidence"): LINK,
    ("GET", "/follow/{token}/evidence/{entry}"): LINK,
    ("GET", "/follow/{token}/evidence/{entry}/shown"): LINK,
}
"""Who each route is for; a route that does not stand here fails the test."""
MAY = {
    ADMINISTRATOR: ("admin",),
    HANDLER: ("admin", "anna", "carl"),
    READER: ("admin", "anna", "carl", "dora", "olga"),
    KEEPER: ("admin", "anna"),
}


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


def test_every_route_stands_in_the_table(hidden: Hidden) -> None:
    app = make_app(hidden.house, sends=False)
    pages = {key for key in routes_of(app.routes) if not key[1].startswith(BASE)}
    assert pages == {*ROUTES}


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
