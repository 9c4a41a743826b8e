"""Addresses that the house, or a program of its own, speaks to: nobody on the way reads along."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from assay.errors import UsageError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_FIX = "write https://HOST/PATH"


def check_address(address: str, what: str) -> SplitResult:
    """The parts of an ``https`` address, or of an ``http`` one on this machine.

    Args:
        address: As somebody, or another service, wrote it.
        what: What it is for, such as ``a webhook``.

    Raises:
        UsageError: It is no such address, or has a name, a password or a fragment in it.
    """
    parts = read_address(address, what)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not local:
        raise UsageError(f"{what} needs an https address", fix=_FIX)
    return parts


def read_address(address: str, what: str) -> SplitResult:
    """The parts of an ``https`` or ``http`` address, of the latter on any machine.

    Raises:
        UsageError: It is no such address, or has a name, a password or a fragment in it.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{what} needs a web address", fix=_FIX) from error
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"{what} needs an https address", fix=_FIX)
    wrong = not parts.hostname or parts.username or parts.password or parts.fragment or port == 0
    if wrong or not address.isascii() or not address.isprintable() or " " in address:
        raise UsageError(f"this is no address for {what}", fix=_FIX)
    return parts
