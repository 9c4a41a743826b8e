"""What goes with an act, in the same transaction or not at all: letters, secret links, more acts.

A secret link is how somebody without an account sees the one record that concerns them. Its token
is known to its holder alone; the database keeps a hash.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from assay.cases.evidence import NewFile
from assay.model.case import Act, Actor, Record

Party = Literal["sender", "concerned"]
"""Whose a secret link is: who sent the notice (or lodged the appeal), or whom it is about."""
PARTIES: tuple[Party, ...] = get_args(Party)
Opens = Party | Literal["address"]
"""What a secret link opens: one side's view of a record, or the question whose an address is."""
WEBHOOK = "webhook"
"""Purpose of what is told to a program elsewhere; it waits where letters do."""


@dataclass(frozen=True)
class Letter:
    """A message that must not be lost.

    Attributes:
        purpose: What it is for, such as ``receipt`` or ``decision``.
        recipient: An e-mail address; of what a program is told, the webhook's id.
        subject: One line, without personal data.
        text: Plain text.
    """

    purpose: str
    recipient: str
    subject: str
    text: str


def letter_sha256(letter: Letter) -> str:
    """What is kept of a letter for good: SHA-256 of recipient, subject and text."""
    told = f"{letter.recipient}\n{letter.subject}\n\n{letter.text}"
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Link:
    """A secret link to a record.

    Attributes:
        token: What its holder has; 32 random bytes in base64.
        holder: Id that the holder acts under; random, no account.
        opens: One side's view, or the question whose their address is.
        record: The record that it is about; None means the one that it is written with.
        replaces: Whether its holder's earlier links of this sort to the record end with it.
    """

    token: str
    holder: str
    opens: Opens
    record: str | None = None
    replaces: bool = False


@dataclass(frozen=True)
class Once:
    """A request that a program may repeat, and that is done once.

    Attributes:
        account: Whose program it is.
        key: What the program calls the request.
        request: SHA-256 of all that it asks, in hexadecimal.
    """

    account: str
    key: str
    request: str


@dataclass(frozen=True)
class WithIt:
    """What is to be written together with an act.

    Attributes:
        letters: To be sent.
        links: To be made to the record.
        then: Acts by the same person straight after the one that opens a record.
        identity: The id of the record that is opened, where letters already name it.
        once: The request that asks for the act, where it may come again.
        files: To be kept; acts that add them are among those that are written.
        taken_in: Acts by whoever takes in what somebody else sent, after all others.
        taken_in_by: Who that is.
        telling: Each writes a letter that tells how the record stands once all acts are done.
    """

    letters: tuple[Letter, ...] = ()
    links: tuple[Link, ...] = ()
    then: tuple[Act, ...] = ()
    identity: str | None = None
    once: Once | None = None
    files: tuple[NewFile, ...] = ()
    taken_in: tuple[Act, ...] = ()
    taken_in_by: Actor | None = None
    telling: tuple[Callable[[Record], Letter], ...] = ()


NOTHING_ELSE = WithIt()


def new_identity() -> str:
    """An id for a record: random, says nothing."""
    return secrets.token_hex(8)


def new_link(opens: Opens, holder: str | None = None) -> Link:
    """A link for somebody new, or another one for a known holder."""
    return Link(secrets.token_urlsafe(32), holder or f"guest-{secrets.token_hex(8)}", opens)


def token_hash(token: str) -> str:
    """What the database keeps of a token; 32 random bytes need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
