"""Sessions, second factor, lock-out, form tokens, headers, limits: each with what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any, Literal

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import event

from assay.cases.store.accounts import MOST_FAILURES
from assay.web.app import make_app
from assay.web.guard import HEADERS, MOST_BYTES
from assay.web.house import House
from assay.web.limits import ANY_PAGE, FOLLOW, REPORT, Limits
from assay.web.pages import TEMPLATES
from assay.web.posted import MOST_CHARACTERS
from assay.web.signing_in import check_password, faults_of_password
from assay.web.visitors import SESSION, VISIT
from tests.contract.test_web_permissions import ROUTES
from tests.web.in_process import InProcess
from tests.web.served import (
    NOTICE,
    PASSWORD,
    Visitor,
    clock_of,
    forms_in,
    letters_of,
    new_house,
    opened,
    report,
    said,
    with_team,
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


def wrong(visitor: Visitor, email: str, password: str = "not the right words") -> str:
    page = visitor.fill("/sign-in", "/sign-in", email=email, password=password)
    assert page.status_code == 422
    return said(page)


def test_after_five_wrong_passwords_an_account_rests(house: House, somebody: Somebody) -> None:
    visitor = somebody()
    told = [wrong(visitor, "paul@house.example") for _ in range(5)]
    assert wrong(visitor, "paul@house.example", PASSWORD) == told[0]
    nobody = wrong(visitor, "nobody@house.example")
    assert nobody.replace("nobody@", "paul@") == told[0]  # nobody learns who has an account
    clock_of(house).go_on(minutes=16)
    visitor.sign_in("paul")


class Counting(PasswordHasher):
    """Counts hashes, which are nearly all of the time that signing in takes."""

    done = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.done += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.done += 1
        return super().verify(hash, password)


def test_guesses_at_once_are_no_more_than_one_after_the_other(house: House) -> None:
    account = house.accounts.by_email("anna@house.example")
    assert account is not None
    at_once = Barrier(12)

    class Together(PasswordHasher):
        tried = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            if hash == account.password:
                self.tried += 1
            with suppress(BrokenBarrierError):
                at_once.wait(5)  # no guess ends before all were begun
            return super().verify(hash, password)

    hasher = Together(time_cost=1, memory_cost=8, parallelism=1)
    asked = replace(house, hasher=hasher)

    def guess(number: int) -> object:
        return check_password(asked, account.email, PASSWORD if number == 11 else f"wrong {number}")

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(guess, range(12)))
    assert hasher.tried <= MOST_FAILURES
    clock_of(house).go_on(minutes=16)
    house.accounts.succeeded(account.id)


def test_whether_there_is_an_account_takes_no_other_work(house: House) -> None:
    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    counted = replace(house, hasher=hasher)
    statements: list[tuple[str, int]] = []

    def done(_: object, cursor: Any, statement: str, *__: object) -> None:
        statements.append((statement.split(maxsplit=1)[0], cursor.rowcount))

    def guess(name: str) -> tuple[int, list[tuple[str, int]]]:
        hashes = hasher.done
        statements.clear()
        assert check_password(counted, f"{name}@house.example", "not the right words") is None
        return hasher.done - hashes, list(statements)

    guess("nobody")  # what is worked out once for all who follow
    event.listen(house.store.engine, "after_cursor_execute", done)
    wrong = guess("olga")
    assert wrong[0] == 1
    assert ("UPDATE", 1) in wrong[1]
    assert guess("nobody") == wrong
    assert [guess("olga") for _ in range(MOST_FAILURES)] == [wrong] * MOST_FAILURES, "it rests now"
    event.remove(house.store.engine, "after_cursor_execute", done)
    clock_of(house).go_on(minutes=16)


def test_a_session_has_a_new_token_and_ends_by_time(house: House, somebody: Somebody) -> None:
    visitor = somebody()
    visitor.get("/report/impersonation")
    assert VISIT in visitor.client.cookies
    visitor.sign_in("olga")
    first = visitor.client.cookies[SESSION]
    clock_of(house).go_on(minutes=90)
    assert visitor.get("/account").url.path == "/account"
    clock_of(house).go_on(minutes=90)
    assert visitor.get("/account").url.path == "/account"  # it was used meanwhile
    clock_of(house).go_on(minutes=121)
    assert visitor.get("/account").url.path == "/sign-in"
    visitor.sign_in("olga")
    assert visitor.client.cookies[SESSION] != first
    for _ in range(7):
        clock_of(house).go_on(minutes=110)
        visitor.get("/account")
    assert visitor.get("/account").url.path == "/sign-in"  # twelve hours are over


def test_signing_out_ends_the_session_itself(somebody: Somebody) -> None:
    visitor = somebody().sign_in("olga")
    stolen = visitor.client.cookies[SESSION]
    visitor.fill("/account", "/sign-out")
    visitor.client.cookies.set(SESSION, stolen)
    assert visitor.get("/account").url.path == "/sign-in"


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


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "x"])
def test_signing_in_leads_nowhere_else(somebody: Somebody, back: str) -> None:
    form = {"email": "olga@house.example", "password": PASSWORD, "back": back}
    assert somebody().fill("/sign-in", "/sign-in", **form).url.path == "/queue"


def test_signing_in_leads_back_with_all_that_was_asked(house: House, somebody: Somebody) -> None:
    wanted = "/queue?view=all&text=a%26b%3Dc"
    visitor = somebody()
    page = visitor.get(wanted)
    assert page.url.path == "/sign-in"
    form = {"email": "olga@house.example", "password": PASSWORD}
    back = visitor.fill(page, "/sign-in", **form)
    assert str(back.url) == f"{house.url}{wanted}"


def test_the_second_factor(house: House, somebody: Somebody) -> None:
    visitor = somebody().sign_in("dora")
    page = visitor.get("/account")
    secret = forms_in(page)["/account/second-factor"]["secret"]
    totp = pyotp.TOTP(secret)
    code = totp.at(house.now())
    action = "/account/second-factor"
    assert visitor.fill(page, action, code=code, present="wrong words here").status_code == 422
    assert visitor.fill(page, action, code="000000", present=PASSWORD).status_code == 422
    page = visitor.fill(page, action, code=code, present=PASSWORD)
    codes = re.findall(r"\b[0-9a-f]{16}\b", said(page))
    assert len(codes) == 10

    def sign_in(code: str) -> Visitor:
        again = somebody()
        email = {"email": "dora@house.example", "password": PASSWORD}
        page = again.fill("/sign-in?back=/queue%3Fview%3Dall%26x%3D1", "/sign-in", **email)
        assert page.url.path == "/sign-in/code"
        assert forms_in(page)["/sign-in/code"]["back"] == "/queue?view=all&x=1"
        assert again.get("/queue").url.path == "/sign-in"  # the password alone opens nothing
        again.fill(page, "/sign-in/code", code=code)
        return again

    assert sign_in(code).get("/queue").url.path == "/sign-in"  # it was used to turn it on
    clock_of(house).go_on(seconds=30)
    code = totp.at(house.now())
    assert sign_in(code).get("/queue").url.path == "/queue"
    assert sign_in(code).get("/queue").url.path == "/sign-in"  # no code works twice
    assert sign_in(codes[0]).get("/queue").url.path == "/queue"
    assert sign_in(codes[0]).get("/queue").url.path == "/sign-in"
    visitor.fill("/account", "/account/second-factor/off", present=PASSWORD)
    somebody().sign_in("dora")


def test_a_new_password_ends_other_sessions(somebody: Somebody) -> None:
    here, there = somebody().sign_in("ben"), somebody().sign_in("ben")
    new = "five other ordinary words now"
    form = {"present": PASSWORD, "password": new, "again": new}
    assert "password is changed" in said(here.fill("/account", "/account/password", **form))
    assert there.get("/account").url.path == "/sign-in"
    assert here.get("/account").url.path == "/account"
    form = {"present": new, "password": PASSWORD, "again": PASSWORD}
    here.fill("/account", "/account/password", **form)


def test_a_closed_account_is_out_at_once_and_the_last_administrator_stays(
    house: House, somebody: Somebody
) -> None:
    paul, admin = somebody().sign_in("paul"), somebody().sign_in("admin")
    ids = {person.email.partition("@")[0]: person.id for person in house.accounts.all()}
    role = {"role": "partner", "disabled": "yes"}
    admin.fill("/people", f"/people/{ids['paul']}", **role)
    assert paul.get("/account").url.path == "/sign-in"
    told = admin.fill("/people", f"/people/{ids['admin']}", role="auditor", disabled="no")
    assert "the last administrator stays" in said(told)
    admin.fill("/people", f"/people/{ids['paul']}", role="partner", disabled="no")


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", "at least 12"),
        ("x" * 201, "at most 200"),
        ("abababababab", "over and over"),
        ("anna.house.example", "your name, address or house"),
        ("123456789012", "row of digits"),
        ("four quite ordinary words", None),
    ],
)
def test_passwords(password: str, told: str | None) -> None:
    fault = faults_of_password(password, about=("anna@house.example", "Anna"))
    assert (told is None and fault is None) or (told is not None and told in str(fault))


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


def test_limits_count_by_address_and_window() -> None:
    at = [0.0]
    limits = Limits(clock=lambda: at[0])
    assert all(limits.wait_s(REPORT, "a") == 0 for _ in range(REPORT.times))
    assert limits.wait_s(REPORT, "a") == REPORT.window_s
    assert limits.wait_s(REPORT, "b") == 0
    at[0] = REPORT.window_s
    assert limits.wait_s(REPORT, "a") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("unknown", "192.0.2.1", False),
    ],
)
def test_a_network_of_ipv6_counts_as_one(one: str, other: str, same: bool) -> None:
    limits = Limits(clock=lambda: 0, scale=1 / REPORT.times)
    assert limits.wait_s(REPORT, one) == 0
    assert (limits.wait_s(REPORT, other) > 0) == same


def test_too_many_notices_from_one_address_have_to_wait(tmp_path: Path) -> None:
    house = with_team(new_house(tmp_path))
    house.limits = Limits(scale=0.1)
    with opened(house) as somebody:
        report(somebody())
        report(somebody())
        action = "/report/impersonation"
        page = somebody().fill(action, action, **NOTICE)
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) > 0


def test_whoever_waits_as_long_as_is_said_comes_in(
    house: House, somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limited in (FOLLOW, ANY_PAGE):
        for wait_s, told in ((0.2, "1"), (40.4, "41"), (60.0, "60")):
            waits = {limited: wait_s}
            monkeypatch.setattr(house.limits, "wait_s", lambda limit, _, of=waits: of.get(limit, 0))
            answer = somebody().get("/follow/none")
            assert answer.status_code == 429
            assert answer.headers["retry-after"] == told


def test_a_secret_link_is_nowhere_in_the_database(house: House, somebody: Somebody) -> None:
    link, _ = report(somebody())
    letters_of(house)
    house.store.engine.dispose()  # SQLite's log of changes goes into the file
    secret = link.rpartition("/")[2].encode()
    files = house.store.keys.path.parent.glob("cases.db*")
    assert not any(secret in path.read_bytes() for path in files)
