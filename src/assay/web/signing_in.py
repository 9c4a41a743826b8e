"""Passwords, second factors, and what a wrong one leads to."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assay.cases.store.accounts import Account
from assay.text.sentence import Sentence
from assay.web.house import House
from assay.web.known_browsers import counts_apart
from assay.web.posted import Posted

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 200
_STEP_S = 30
_WINDOW = 1
"""Codes of the step before and after count too: clocks differ a little."""


def faults_of_password(password: str, *, about: tuple[str, ...]) -> str | None:
    """What is wrong with a new password, or None.

    Args:
        password: As typed.
        about: Words that it must not be made of: the address, the name, the house.
    """
    if len(password) < LEAST_CHARACTERS:
        return Sentence(
            "Take at least %(least)s characters; a few words in a row are fine.",
            least=str(LEAST_CHARACTERS),
        )
    if len(password) > MOST_CHARACTERS:
        return Sentence("Take at most %(most)s characters.", most=str(MOST_CHARACTERS))
    if len(set(password.lower())) < 5:
        return Sentence("The same few characters over and over are guessed at once.")
    plain = password.lower()
    words = (word for text in about for word in text.lower().replace("@", " ").split())
    left = plain
    for word in words:
        if len(word) > 3:
            left = left.replace(word, "")
    if len(left) < LEAST_CHARACTERS // 2:
        return Sentence("It is made of your name, address or house; take something else.")
    digits = "".join(one for one in plain if one.isdigit())
    if digits == plain and (plain in "01234567890123456789" or plain in "98765432109876543210"):
        return Sentence("A row of digits is guessed at once.")
    return None


def faults_of_new_password(form: Posted, *, about: tuple[str, ...]) -> dict[str, str]:
    """What is wrong with a new password and its repetition in a form, by field."""
    new = form.values.get("password", "")
    fault = faults_of_password(new, about=about)
    if fault is not None:
        return {"password": fault}
    if new != form.values.get("again"):
        return {"again": Sentence("The two are not the same.")}
    return {}


def check_password(house: House, email: str, password: str, browser: str = "") -> Account | None:
    """The account that a password opens, or None; wrong ones are counted, those of a known browser
    apart: ``browser`` is its cookie.

    The same is read, written, worked out and said whether or not there is such an account.
    """
    account = house.accounts.by_email(email)
    kept = None if account is None or account.disabled else account.password
    apart = account is not None and kept is not None and counts_apart(house, account, browser)
    whose = account.id if account and kept else None
    tried = apart or house.accounts.attempt(whose, house.now())
    right = _verify(
        house.hasher, kept if kept and tried else _hash_of_nobody(house.hasher), password
    )
    if account is None or kept is None or not (tried and right):
        return None
    if house.hasher.check_needs_rehash(kept):
        account = house.accounts.rehash(account, house.hasher.hash(password))
    if apart:
        return account
    if account.totp is None:
        house.accounts.succeeded(account.id)
    else:
        house.accounts.take_back(account.id)
    return account


def check_code(house: House, account: Account, code: str, browser: str = "") -> bool:
    """Whether a code of the second factor, or a recovery code, is right; each works once."""
    now = house.now()
    account = house.accounts.get(account.id)
    if account.totp is None:
        return False
    apart = counts_apart(house, account, browser)
    if not apart and not house.accounts.attempt(account.id, now):
        return False
    code = code.replace(" ", "").replace("-", "").lower()
    step = step_of(account.totp, code, now)
    right = step is not None and house.accounts.use_step(account.id, step)
    right = right or house.accounts.use_recovery_code(account.id, code)
    if right and not apart:
        house.accounts.succeeded(account.id)
    return right


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to, if it is right about now."""
    if not (len(code) == 6 and code.isascii() and code.isdecimal()):
        return None
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // _STEP_S
    for step in range(present - _WINDOW, present + _WINDOW + 1):
        if secrets.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes for the day when the phone is gone; each works once."""
    return [secrets.token_hex(8) for _ in range(10)]


@lru_cache(maxsize=1)
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """A hash that no password fits; worked out once, since twice the time would tell as well."""
    return hasher.hash(secrets.token_urlsafe(32))


def _verify(hasher: PasswordHasher, kept: str, password: str) -> bool:
    try:
        return hasher.verify(kept, password[: MOST_CHARACTERS + 1])
    except (VerificationError, InvalidHashError):
        return False
