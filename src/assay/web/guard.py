"""What every answer carries and every request must keep to: headers, sizes, a bound per address."""

from __future__ import annotations

import logging
import re
from math import ceil
from urllib.parse import unquote_to_bytes

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.cases.evidence import MOST_FILE_BYTES
from assay.cases.store.connect import StoreAway
from assay.text.sentence import Sentence
from assay.web.api.problems import BASE, problem
from assay.web.house import House
from assay.web.languages import language_of
from assay.web.limits import ANY_PAGE

_LOG = logging.getLogger("assay.web")
MOST_BYTES = 1024 * 1024
"""Of one request's body."""
MOST_UPLOAD_BYTES = MOST_FILE_BYTES + MOST_BYTES
"""Of a request that brings a file."""
_UPLOADS = re.compile(
    rf"({BASE})?/records/[0-9a-z-]{{1,40}}/evidence|/follow/[\w-]{{1,80}}/evidence"
    r"|/intake|/notices/finding|/bodies/register"
    rf"|{BASE}/notices/eml|{BASE}/bodies"
)
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "frame-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Secret links stand in addresses: no other site is told where a visitor comes from.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TLS = "max-age=31536000"
_NO_TEXT = Sentence("The address holds a character that no text holds.")
_TOO_MANY = Sentence("Too many requests; please wait a little.")


class Guard:
    """Wraps the application.

    Args:
        app: What answers.
        house: Whose limits and address count.
    """

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app, self._house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    # Pages made from evidence say themselves what little they may do.
                    headers.setdefault(name, value)
                if self._house.secure:
                    headers["Strict-Transport-Security"] = _TLS
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = await self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send_guarded)
            return
        if scope["method"] == "HEAD":
            # Answered as GET is (RFC 9110, 9.3.2); the server itself leaves the content out.
            scope = {**scope, "method": "GET"}
        await self._app(scope, _Bounded(receive, _most_bytes(scope)), send_guarded)

    async def _refusal(self, scope: Scope) -> Response | None:
        if "\0" in scope["path"] or b"\0" in unquote_to_bytes(scope["query_string"]):
            # No text holds it, and PostgreSQL takes none that does.
            return _refused(scope, 400, _NO_TEXT)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        most = _most_bytes(scope)
        if not length.isdigit() or int(length) > most:
            told = Sentence(
                "This is more than one request may bring here (%(most)s MB).", most=str(most >> 20)
            )
            return _refused(scope, 413, told)
        client = scope.get("client")
        wait_s = await self._wait_s(client[0] if client else "unknown")
        if wait_s:
            refusal = _refused(scope, 429, _TOO_MANY)
            refusal.headers["Retry-After"] = str(ceil(wait_s))
            return refusal
        return None

    async def _wait_s(self, address: str) -> float:
        """Count a request; how long its address has to wait."""
        limits = self._house.limits
        if not limits.asks(ANY_PAGE, address):
            return limits.wait_s(ANY_PAGE, address)
        try:
            # Others are answered meanwhile.
            return await run_in_threadpool(limits.wait_s, ANY_PAGE, address)
        except StoreAway as error:
            # Pages tell it themselves, and what needs no database is there all the same.
            _LOG.warning("requests are not counted: %s", error.message)
            return 0


def _most_bytes(scope: Scope) -> int:
    return MOST_UPLOAD_BYTES if _UPLOADS.fullmatch(scope["path"]) else MOST_BYTES


def _refused(scope: Scope, status: int, told: Sentence) -> Response:
    """A refusal in the words of whoever asks: a sentence for people, a problem for programs."""
    if scope["path"].startswith(f"{BASE}/"):
        return problem(status, told)
    return PlainTextResponse(language_of(Request(scope)).say(told), status)


class _Bounded:
    """Receives a body of bounded size, whatever its head said."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self._receive, self._left = receive, most_bytes

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                return {"type": "http.disconnect"}
        return message
