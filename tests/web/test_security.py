"""Headers, markup, form tokens, cookies, sizes, secret links: each with what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from assay.web.app import make_app
from assay.web.guard import HEADERS, MOST_BYTES
from assay.web.house import House
from assay.web.pages import TEMPLATES
from assay.web.posted import MOST_CHARACTERS
from tests.contract.test_web_permissions import ROUTES
from tests.web.in_process import InProcess
from tests.web.served import (
    NOTICE,
    PASSWORD,
    Visitor,
    forms_in,
    letters_of,
    report,
)

Somebody = Callable[[], Visitor]


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/static/style.css", "/log/checkpoint", "/queue"]
)
def test_every_answer_carries_the_headers(somebody: Somebody, path: str) -> None:
    answer = somebody().get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store" or path.startswith("/static")
    assert "server" not in answer.headers


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert "|safe" not in text


def test_what_somebody_writes_is_never_markup(
    somebody: Somebody, member: Callable[[str], Visitor]
) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    link, notice = report(somebody(), title=bad, explanation=bad)
    anna = member("anna")
    for page in (somebody().get(link), anna.get("/queue"), anna.get(f"/records/{notice}")):
        assert "&lt;script&gt;" in page.text
        assert "<script>" not in page.text
        assert "<img" not in page.text


@pytest.fixture(scope="module")
def reported(somebody: Somebody) -> tuple[str, str]:
    """The secret link and the id of a notice."""
    return report(somebody())


@pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "POST"])
def test_no_form_is_taken_without_its_token(
    house: House,
    member: Callable[[str], Visitor],
    somebody: Somebody,
    reported: tuple[str, str],
    path: str,
) -> None:
    link, notice = reported
    values = {"identity": notice, "name": "note", "token": link.rpartition("/")[2]}
    values |= {"hook": "0" * 16, "letter": "0" * 16, "view": "0" * 16, "kind": "impersonation"}
    before = house.store.checkpoint()[0].size
    theirs = forms_in(somebody().get("/log"))["/log/proof"]["csrf"]
    for token in ({}, {"csrf": ""}, {"csrf": theirs}):
        form = {**NOTICE, "version": "2", "why": "x", "answer": "x", "grounds": "x", **token}
        admin = member("admin")
        assert admin.client.post(path.format(**values), data=form).status_code == 403
    assert house.store.checkpoint()[0].size == before


def test_a_form_sent_from_another_site_is_refused(somebody: Somebody) -> None:
    visitor = somebody()
    form = forms_in(visitor.get("/log"))["/log/proof"]
    foreign = {"sec-fetch-site": "cross-site"}
    assert visitor.client.post("/log/proof", data=form, headers=foreign).status_code == 403
    assert visitor.client.post("/log/proof", data=form).status_code == 200


@pytest.mark.parametrize(
    ("url", "secure"), [("http://h.example", False), ("https://h.example", True)]
)
def test_cookies_are_for_the_server_alone(house: House, url: str, secure: bool) -> None:
    transport = InProcess(make_app(replace(house, url=url), sends=False))
    visitor = Visitor(url, transport)
    page = visitor.get("/sign-in")
    cookies = [page.headers["set-cookie"]]
    visitor.client.follow_redirects = False
    form = {"email": "olga@house.example", "password": PASSWORD}
    cookies.append(visitor.fill(page, "/sign-in", **form).headers["set-cookie"])
    assert all("HttpOnly" in one and "SameSite=lax" in one for one in cookies)
    assert all(("Secure" in one) == secure for one in cookies)
    assert ("strict-transport-security" in page.headers) == secure
    transport.close()


def test_sizes_are_bounded(somebody: Somebody) -> None:
    visitor = somebody()
    form = forms_in(visitor.get("/log"))["/log/proof"]
    long = {**form, "proof": "x" * (MOST_CHARACTERS + 1)}
    assert visitor.client.post("/log/proof", data=long).status_code == 413
    huge = b"proof=" + b"x" * MOST_BYTES
    assert visitor.client.post("/log/proof", content=huge).status_code == 413
    in_pieces = iter((b"proof=", b"x" * MOST_BYTES))  # no head tells how long it will be
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert visitor.client.post("/log/proof", content=in_pieces, headers=kind).status_code == 413
    file = {"proof": ("x.json", b"{}", "application/json")}
    assert visitor.client.post("/log/proof", data=form, files=file).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/queue?text=a%00b", "/register?text=%00", "/records/%00", "/follow/a%00", "/register/%00"],
)
def test_an_address_with_a_character_that_no_text_holds(somebody: Somebody, path: str) -> None:
    for base in ("", "/api/v1"):
        assert somebody().get(base + path).status_code == 400


def test_a_secret_link_is_nowhere_in_the_database(house: House, somebody: Somebody) -> None:
    link, _ = report(somebody())
    letters_of(house)
    house.store.engine.dispose()  # SQLite's log of changes goes into the file
    secret = link.rpartition("/")[2].encode()
    files = house.store.keys.path.parent.glob("cases.db*")
    assert not any(secret in path.read_bytes() for path in files)


@pytest.mark.parametrize("path", ["/queue/", "/register/", "/api/v1", "//elsewhere.example/x"])
def test_nothing_leads_to_another_host(somebody: Somebody, path: str) -> None:
    """Neither by what a request calls this one, nor by a path that reads as another's address."""
    visitor = somebody()
    visitor.client.follow_redirects = False
    where = httpx.URL("http://house.example").copy_with(raw_path=path.encode())
    answer = visitor.client.get(where, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert not re.search(r'(href|action|src)="(https?:)?//', answer.text)
    assert 'href="?lang=de"' in answer.text


def test_a_refused_method_is_answered_with_those_that_are_there(somebody: Somebody) -> None:
    client = somebody().client
    for path, allowed in (
        ("/register", "GET, HEAD"),
        ("/report/impersonation", "GET, POST, HEAD"),
        ("/log/proof", "POST"),
        ("/static/style.css", "GET, HEAD"),
        ("/api/v1/bodies", "GET, PUT, HEAD"),
    ):
        answer = client.request("DELETE", path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_whoever_asks_for_the_head_alone_gets_that_of_the_page(somebody: Somebody) -> None:
    client = somebody().client
    for path in ("/", "/register/feed.atom", "/api/v1/register", "/static/style.css"):
        head, whole = client.head(path), client.get(path)
        assert (head.status_code, head.headers["content-type"]) == (
            200,
            whole.headers["content-type"],
        )
