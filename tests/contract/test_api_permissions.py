"""Every route of the API, every role and purpose, a case that is not theirs: nothing is told."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
from tests.contract.hidden_case import FILE_ENTRY, SECRET, UNKNOWN, WHO, Hidden, routes_of

from assay.cases.store.listing import reference
from assay.web.api.problems import BASE
from assay.web.app import make_app

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
    ("POST", "/api/v1/cases"): WORK,
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
    ("POST", "/api/v1/cases"): ("olga", "dora", "paul"),
    ("POST", "/api/v1/notices/eml"): ("olga", "dora", "paul"),
    ("POST", "/api/v1/disclosures"): ("olga", "dora", "paul"),
    ("GET", "/api/v1/bodies"): ("paul",),
    ("GET", "/api/v1/bodies/versions"): ("paul",),
    ("PUT", "/api/v1/bodies"): ("carl", "olga", "dora", "paul"),
    ("POST", "/api/v1/bodies/versions/erase"): ("anna", "carl", "olga", "dora", "paul"),
}
"""Who may not do it, whatever their token is for."""


def test_every_route_stands_in_the_table(hidden: Hidden) -> None:
    app = make_app(hidden.house, sends=False)
    of_api = {key for key in routes_of(app.routes) if key[1].startswith(BASE)}
    assert of_api == {*API_ROUTES}


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
        by_form = ("/acts/note", "/assessments", "/complaints", "/cases", "/disclosures")
        acts = path.endswith(by_form)
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
