"""Passwords, guesses, sessions and the second factor: who comes in, and who is out again."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError, Lock
from time import sleep
from typing import Any, Literal

import pyotp
import pytest
from argon2 import PasswordHasher
from fastapi.responses import Response
from sqlalchemy import event

from assay.cases.store.accounts import MOST_FAILURES
from assay.web.hasher import FewAtOnce
from assay.web.house import House
from assay.web.known_browsers import APART, counts_apart, remember_browser
from assay.web.limits import Limits
from assay.web.signing_in import check_code, check_password, faults_of_password
from assay.web.visitors import SESSION, VISIT
from tests.web.served import (
    PASSWORD,
    Visitor,
    clock_of,
    forms_in,
    said,
)

Somebody = Callable[[], Visitor]


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


def test_what_strangers_guess_locks_nobody_out_of_a_browser_that_is_known(
    house: House, somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "limits", Limits())
    mine, stranger = somebody().sign_in("paul"), somebody()
    mine.fill("/account", "/sign-out")
    for _ in range(MOST_FAILURES):
        told = wrong(stranger, "paul@house.example")
    assert wrong(somebody(), "paul@house.example", PASSWORD) == told, "it rests"
    mine.sign_in("paul").fill("/account", "/sign-out")
    assert wrong(stranger, "paul@house.example", PASSWORD) == told, "it still does for strangers"
    monkeypatch.setattr(house, "limits", Limits())
    for _ in range(APART.times):
        wrong(mine, "paul@house.example")
    assert wrong(mine, "paul@house.example", PASSWORD) == told, "its guesses are not without end"
    clock_of(house).go_on(minutes=16)


def test_a_browser_is_known_to_one_account_until_its_password_changes(house: House) -> None:
    paul, olga = (house.accounts.by_email(f"{one}@house.example") for one in ("paul", "olga"))
    assert paul is not None
    assert olga is not None
    answer = Response()
    remember_browser(answer, house, paul)
    cookie = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert counts_apart(house, paul, cookie)
    for account, shown in (
        (olga, cookie),
        (replace(paul, password="another"), cookie),
        (paul, ""),
        (paul, "."),
        (paul, f"x{cookie}"),
        (paul, "ü.ü"),
    ):
        assert not counts_apart(house, account, shown)


def test_a_known_browser_gives_its_code_while_the_account_rests(house: House) -> None:
    olga, now, secret = house.accounts.by_email("olga@house.example"), house.now(), "ABCD2345" * 4
    assert olga is not None
    house.accounts.set_totp(olga.id, secret, ())
    for _ in range(MOST_FAILURES):
        house.accounts.attempt(olga.id, now)
    code, answer = pyotp.TOTP(secret).at(now), Response()
    remember_browser(answer, house, olga)
    cookie = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert not check_code(house, olga, code)
    assert check_code(house, olga, code, cookie)
    assert not check_code(house, olga, code, cookie), "each works once"
    house.accounts.set_totp(olga.id, None, ())
    house.accounts.succeeded(olga.id)


def test_passwords_are_hashed_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 64 MiB: forty attempts at once would take more memory than the machine has."""
    now, most, lock = 0, 0, Lock()

    def hashed(*_: object, **__: object) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        sleep(0.01)
        with lock:
            now -= 1
        return "hash"

    monkeypatch.setattr(PasswordHasher, "hash", hashed)
    monkeypatch.setattr(PasswordHasher, "verify", hashed)
    assert House.__dataclass_fields__["hasher"].default_factory is FewAtOnce
    hasher = FewAtOnce()
    with ThreadPoolExecutor(12) as threads:
        for _ in range(6):
            threads.submit(hasher.hash, "x")
            threads.submit(hasher.verify, "x", "x")
    assert most == 2


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
