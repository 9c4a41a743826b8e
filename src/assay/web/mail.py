"""How letters leave: by SMTP, or as files that somebody sends by hand."""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from assay.cases.letters import Letter
from assay.errors import AssayError, UsageError

_TIMEOUT_S = 30
_CHECK_TIMEOUT_S = 5
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"\w(?:[\w-]*\w)?"
EMAIL = re.compile(
    # Encoded words ("=?utf-8?…") are left out: a mail program reads another address in them.
    rf"(?!.*=\?)(?=.{{3,254}}$)(?=[^@]{{1,64}}@){_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})+"
)
"""One address and nothing else: no list, no display name, no quotes (RFC 5322's dot-atom)."""


class NotSent(AssayError):
    """A letter could not be handed over; it stays in the outbox."""


class InTheClear(NotSent):
    """Letters hold secret links: no network carries them as plain text."""

    def __init__(self) -> None:
        super().__init__(
            "the mail server offers no TLS, so that others could read passwords and secret links",
            fix="name one with TLS (smtps://…), or a relay on this machine without a password",
        )


class Post(Protocol):
    """Hands letters over."""

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        """Hand one letter over.

        Args:
            identity: Of the letter in the outbox; the same in every attempt.
            letter: What to send.
            at: When, in UTC.

        Raises:
            NotSent: It could not be handed over.
        """

    def told(self) -> str:
        """Where letters go, in words for the team."""


def message(identity: str, letter: Letter, sender: str, at: datetime) -> EmailMessage:
    """The letter as an e-mail; the same identity makes the same Message-ID.

    Raises:
        NotSent: It is addressed to something else than one address.
    """
    if not EMAIL.fullmatch(letter.recipient):
        raise NotSent("the recipient is no e-mail address")
    # An address beyond ASCII stands as it is (RFC 6532); encoded words would make another of it.
    mail = EmailMessage(policy.default.clone(utf8=not letter.recipient.isascii()))
    mail["From"] = sender
    mail["To"] = letter.recipient
    # What a house is called may have been typed in two lines, which no head has.
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{identity}@{sender.rpartition('@')[2].rstrip('>') or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    return mail


@dataclass(frozen=True)
class FilePost:
    """Writes each letter as an EML file into a folder of its owner's alone."""

    folder: Path
    sender: str

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        """Write one file, whole or not at all."""
        name = f"{at:%Y%m%dT%H%M%S}-{letter.purpose}-{identity}.eml"
        made = self.folder / f".{name}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(bytes(message(identity, letter, self.sender, at)))
            made.replace(self.folder / name)
        except OSError as error:
            raise NotSent(f"the letter cannot be written: {error.strerror}") from error

    def told(self) -> str:
        """Where the files are."""
        return f"No mail server is configured: letters are written to {self.folder} as files."


@dataclass(frozen=True)
class SmtpPost:
    """Hands each letter to a mail server.

    Attributes:
        host: The server.
        port: Its port.
        implicit_tls: Whether TLS begins with the connection; else by STARTTLS. Without either,
            nothing is handed over but to a relay on this machine that asks for no password.
        user: Who to log in as; None does not log in.
        password: For it.
        sender: The address that letters come from.
    """

    host: str
    port: int
    implicit_tls: bool
    user: str | None
    password: str | None = field(repr=False)
    sender: str

    @classmethod
    def at(cls, address: str, password: str | None, sender: str) -> SmtpPost:
        """The server at ``smtp://USER@HOST:PORT`` or ``smtps://…``.

        Raises:
            UsageError: It is no such address.
        """
        parts = urlsplit(address)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.password:
            raise UsageError(
                "this is no mail server",
                fix="write smtp://USER@HOST:PORT, and the password in ASSAY_SMTP_PASSWORD",
            )
        tls = parts.scheme == "smtps"
        user = unquote(parts.username) if parts.username else None
        port = parts.port or (465 if tls else 587)
        return cls(parts.hostname, port, tls, user, password, sender)

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        """Hand one letter to the server."""
        mail = message(identity, letter, self.sender, at)
        try:
            with self._connected(_TIMEOUT_S) as server:
                if self.user:
                    server.login(self.user, self.password or "")
                server.send_message(mail)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            # ValueError: a user name, password or address that this server's commands cannot carry.
            raise NotSent(f"the mail server says: {type(error).__name__}: {error}") from error

    def check(self) -> None:
        """Reach the server, and hand nothing over.

        Raises:
            InTheClear: It offers no TLS, and is on another machine or asks for a password.
            NotSent: It cannot be reached now.
        """
        try:
            with self._connected(_CHECK_TIMEOUT_S):
                pass
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"the mail server says: {type(error).__name__}: {error}") from error

    def told(self) -> str:
        """Which server."""
        return f"Letters are handed to {self.host}."

    @contextmanager
    def _connected(self, timeout_s: float) -> Iterator[smtplib.SMTP]:
        """A connection that nobody else reads."""
        if self.implicit_tls:
            context = ssl.create_default_context()
            with smtplib.SMTP_SSL(
                self.host, self.port, timeout=timeout_s, context=context
            ) as server:
                yield server
            return
        with smtplib.SMTP(self.host, self.port, timeout=timeout_s) as server:
            server.ehlo()
            if self.user or not _on_this_machine(server.sock):
                # A relay here has no certificate that names this machine, and no line to listen in.
                if not server.has_extn("starttls"):
                    raise InTheClear
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            yield server


def _on_this_machine(connection: socket.socket | None) -> bool:
    """Whether the other end is on this machine, by the number that was connected to."""
    return connection is not None and ip_address(connection.getpeername()[0]).is_loopback
