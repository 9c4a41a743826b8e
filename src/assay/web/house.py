"""The house: everything that a request needs, opened once and passed on."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher

from assay.cases.store.accounts import Accounts
from assay.cases.store.case_store import CaseStore, open_store
from assay.cases.store.counts import Counts
from assay.cases.store.ledger import Ledger
from assay.cases.store.outbox import Outbox
from assay.cases.store.outside_identities import OutsideIdentities
from assay.cases.store.protected_registers import ProtectedRegisters
from assay.cases.store.public_register import PublicRegister
from assay.cases.store.saved_views import SavedViews
from assay.cases.store.sessions import Sessions
from assay.cases.store.tokens import Tokens
from assay.cases.store.triage import Triage
from assay.cases.store.webhooks import Webhooks
from assay.errors import InputError
from assay.web.hasher import FewAtOnce
from assay.web.limits import Everywhere, Limits
from assay.web.mail import FilePost, InTheClear, NotSent, Post, SmtpPost
from assay.web.openid import OpenIdOptions, OpenIdProvider
from assay.web.webhooks import Dispatch, WebhookPost

DATABASE = "cases.db"
_KEY = "web_key"
"""What a hash of the house's secret stands under in its database."""
_LOG = logging.getLogger("assay.web")


@dataclass(frozen=True)
class ServeOptions:
    """How to serve.

    Attributes:
        data: Folder of what belongs to this house: SQLite's file, the keys, letters as files.
        database: ``postgresql://…``, or another SQLite file; None means one in ``data``.
        url: The address that people reach it under; links in letters begin with it.
        smtp: ``smtp://USER@HOST:PORT`` or ``smtps://…``; None writes letters to files.
        smtp_password: The password for it.
        sender: The address that letters come from.
        log_name: What a new log is called.
        private_webhooks: Whether webhooks may lead into private networks.
        openid: A service that says who somebody is, beside the house's own passwords.
    """

    data: Path
    database: str | None = None
    url: str = "http://127.0.0.1:8000"
    smtp: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    sender: str = "cases@localhost"
    log_name: str | None = None
    openid: OpenIdOptions | None = None
    private_webhooks: bool = False


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class House:
    """What the pages work with.

    Attributes:
        store: The records and their log.
        accounts: Who works here, and what the house is called.
        sessions: Who is signed in.
        tokens: Of programs.
        webhooks: Programs elsewhere that are told of events.
        outside: Identities at the outside service, and whose account each opens.
        outbox: Letters and secret links.
        triage: What stands beside a notice.
        views: Views of the queue that people keep.
        bodies: The register of protected bodies, by versions.
        register: What everyone may see.
        ledger: Complaints that everyone may see.
        post: How letters leave.
        secret: Key of the form tokens; 32 bytes.
        url: The address that people reach it under, without a slash at the end.
        setup_token: What the first visitor must have; None once the house is set up.
        openid: The outside service; None where people sign in here alone.
        hasher: Of passwords (argon2id).
        limits: How often one address may do what.
        now: The clock.
    """

    store: CaseStore
    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    outside: OutsideIdentities
    webhooks: Webhooks
    outbox: Outbox
    triage: Triage
    views: SavedViews
    bodies: ProtectedRegisters
    register: PublicRegister
    ledger: Ledger
    post: Post
    secret: bytes = field(repr=False)
    url: str
    setup_token: str | None = field(default=None, repr=False)
    openid: OpenIdProvider | None = None
    hasher: PasswordHasher = field(default_factory=FewAtOnce)
    limits: Limits = field(default_factory=Limits)
    now: Callable[[], datetime] = _utc_now

    def is_set_up(self) -> bool:
        """Whether somebody set the house up, at this server or at another one on its database."""
        if self.setup_token is not None and self.accounts.any():
            self.setup_token = None
        return self.setup_token is None

    @property
    def outside_service(self) -> str | None:
        """What the outside service is called; None where people sign in here alone."""
        return None if self.openid is None else self.openid.name

    @property
    def secure(self) -> bool:
        """Whether people reach it over TLS, so that cookies can be held to it."""
        return self.url.startswith("https://")


def open_house(options: ServeOptions) -> House:
    """Open a house, and make its folder, database and keys at the first start.

    Raises:
        InputError: The folder cannot be written, or the database or its keys cannot be used.
        InTheClear: Others could read the letters that are handed to the mail server.
    """
    post = _post(options)
    try:
        options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        secret = _secret(options.data / "web.key")
    except OSError as error:
        raise InputError(
            f"the folder cannot be used: {error.strerror}", fix="name another", file=options.data
        ) from error
    database = options.database or str(options.data / DATABASE)
    store = open_store(database, options.data / "keys", make=True, name=options.log_name)
    accounts, url = Accounts(store.engine), options.url.rstrip("/")
    _tell_other_key(accounts, secret)
    webhooks = Webhooks(store.engine)
    everywhere = Everywhere(Counts(store.engine), secret, _utc_now)
    return House(
        store=store,
        accounts=accounts,
        sessions=Sessions(store.engine),
        tokens=Tokens(store.engine),
        outside=OutsideIdentities(store.engine),
        webhooks=webhooks,
        outbox=Outbox(store.engine),
        triage=Triage(store.engine),
        views=SavedViews(store.engine),
        bodies=ProtectedRegisters(store),
        register=PublicRegister(store.engine),
        ledger=Ledger(store.engine),
        post=Dispatch(post, WebhookPost(webhooks, secret, options.private_webhooks)),
        secret=secret,
        url=url,
        limits=Limits(everywhere=everywhere),
        openid=None
        if options.openid is None
        else OpenIdProvider(options.openid, f"{url}/sign-in/outside/back"),
        setup_token=None if accounts.any() else secrets.token_urlsafe(32),
    )


def _post(options: ServeOptions) -> Post:
    """How letters leave.

    Raises:
        UsageError: The mail server's address is none.
        InTheClear: Others could read what is handed to it.
    """
    if options.smtp is None:
        return FilePost(options.data / "outbox", options.sender)
    post = SmtpPost.at(options.smtp, options.smtp_password, options.sender)
    try:
        post.check()
    except InTheClear:
        raise
    except NotSent as error:
        # It may come back; until then letters wait, and their page says why.
        _LOG.warning("letters wait: %s", error.message)
    return post


def _tell_other_key(accounts: Accounts, secret: bytes) -> None:
    """Say it where a server on this database, this one perhaps, had another ``web.key`` before."""
    mine = hashlib.sha256(b"web.key\n" + secret).hexdigest()
    known = accounts.house().get(_KEY)
    if known != mine:
        accounts.set_house({_KEY: mine})
    if known not in (None, mine):
        _LOG.warning(
            "web.key is another one than at the last start: servers on one database need the same, "
            "or forms of one are refused by the other and webhooks are signed otherwise"
        )


def _secret(path: Path) -> bytes:
    """The key of the form tokens; made once, its owner's alone."""
    with (path.parent / ".lock").open("w") as lock:
        # Of two servers that begin at once, one makes the key and the other takes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
        found = path.read_bytes()
    if len(found) != 32:
        fix = "remove it; it is made anew: open forms are lost, webhooks get other secrets"
        raise InputError("this key is damaged", fix=fix, file=path)
    return found
