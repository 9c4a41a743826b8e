"""Tokens that tie a form to the visitor who was shown it."""

from __future__ import annotations

import hashlib
import hmac


def form_token(secret: bytes, cookie: str) -> str:
    """The token for the holder of a cookie; nobody else can work it out."""
    return hmac.new(secret, b"form\n" + cookie.encode(), hashlib.sha256).hexdigest()


def token_holds(secret: bytes, cookie: str | None, token: str) -> bool:
    """Whether a form was shown to the holder of this cookie."""
    return cookie is not None and hmac.compare_digest(
        form_token(secret, cookie).encode(), token.encode()
    )
