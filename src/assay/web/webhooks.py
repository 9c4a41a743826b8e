"""Programs elsewhere are told of events: signed, to checked addresses, without a redirect.

The form is that of Standard Webhooks 1.0: ``webhook-id`` is the same in every attempt,
``webhook-timestamp`` is that of the attempt, ``webhook-signature`` is HMAC-SHA256 over both and the
body.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult

import httpx

from assay.cases.letters import WEBHOOK, Letter
from assay.cases.store.webhooks import Webhooks
from assay.errors import UsageError
from assay.web.addresses import check_address
from assay.web.mail import NotSent, Post

_LATE_S = 300
_PREFIX = "whsec_"
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""Of IPv4, where only IPv6 is spoken (NAT64, RFC 6052)."""


class NotOurs(UsageError):
    """What came is not signed by the house, or is not of now."""


def webhook_secret(house: bytes, identity: str) -> str:
    """What a webhook is signed with: worked out of the house's own secret, and kept nowhere."""
    made = hmac.new(house, b"webhook\n" + identity.encode(), hashlib.sha256).digest()
    return _PREFIX + base64.b64encode(made).decode()


def signature(secret: str, identity: str, stamp: str, body: str) -> str:
    """The signature of one attempt."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    made = hmac.new(key, f"{identity}.{stamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def check_webhook(secret: str, headers: Mapping[str, str], body: str, now: datetime) -> str:
    """Check what came; returns its id, which a receiver that acts once keeps for a day.

    Args:
        secret: As the page *Webhooks* shows it.
        headers: Of the request, names in lower case.
        body: As it came.
        now: The present; what is older or newer by five minutes is refused.

    Raises:
        NotOurs: It is not signed with this secret, or not of now.
    """
    identity, stamp = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp"))
    expected = signature(secret, identity, stamp, body).encode()
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(expected, one.encode()) for one in given):
        raise NotOurs("this is not signed with the webhook's secret", fix="do not act on it")
    if not stamp.isdecimal() or abs(now.timestamp() - int(stamp)) > _LATE_S:
        raise NotOurs("this was signed at another time", fix="do not act on it; check the clock")
    return identity


@dataclass(frozen=True)
class WebhookPost:
    """Hands what was written to the address that an administrator named.

    Attributes:
        hooks: Where each leads.
        secret: The house's.
        private: Whether addresses of private networks, and of this machine, may be told.
        within_s: How long a receiver may take in all, from looking its name up to its answer's
            head.
    """

    hooks: Webhooks
    secret: bytes = field(repr=False)
    private: bool = False
    within_s: float = 10

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        """Hand one over; any answer but 2xx is a failure, a redirect too."""
        address = self.hooks.address(letter.recipient)
        if address is None:
            raise NotSent("the webhook was removed")
        stamp = str(int(at.timestamp()))
        secret = webhook_secret(self.secret, letter.recipient)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Assay",
            "webhook-id": identity,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(secret, identity, stamp, letter.text),
        }
        parts = check_address(address, "a webhook")
        until = time.monotonic() + self.within_s
        try:
            number = self._checked(parts)
            status = asyncio.run(self._posted(parts, number, letter.text, headers, until))
        except TimeoutError as error:
            raise NotSent(f"the address took longer than {self.within_s:g} seconds") from error
        except (OSError, httpx.HTTPError) as error:
            why = type(_first_cause(error)).__name__
            raise NotSent(f"the address does not answer: {why}") from error
        if not 200 <= status < 300:
            raise NotSent(f"the address answers {status}")

    async def _posted(
        self, parts: SplitResult, number: str, body: str, headers: Mapping[str, str], until: float
    ) -> int:
        """The status that a host answers with until then, connected to by its number.

        Its certificate must bear its name. Nothing of the answer but its head is read, and no
        proxy of this machine's settings stands in between.
        """
        shown = f"[{number}]" if ":" in number else number
        place = f"{shown}:{parts.port}" if parts.port else shown
        where = parts._replace(netloc=place).geturl()
        named = {**headers, "Host": parts.netloc}
        checked = ssl.create_default_context()
        async with (
            asyncio.timeout(until - time.monotonic()),
            httpx.AsyncClient(verify=checked, trust_env=False, timeout=None) as client,
            client.stream(
                "POST",
                where,
                content=body.encode(),
                headers=named,
                extensions={"sni_hostname": parts.hostname},
            ) as answer,
        ):
            return answer.status_code

    def told(self) -> str:
        """What happens with them."""
        return "Programs are told by webhooks."

    def _checked(self, parts: SplitResult) -> str:
        """The number that is connected to; looked up once, so that it cannot change in between.

        Raises:
            NotSent: There is no such host, or it is not told.
            TimeoutError: Its name could not be looked up in time.
        """
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            numbers = _looked_up(str(parts.hostname), port, self.within_s)
        except TimeoutError:
            raise
        except (OSError, UnicodeError) as error:
            # UnicodeError: a label that is empty or longer than the DNS knows.
            raise NotSent("there is no such host") from error
        if not self.private and not all(_is_public(number) for number in numbers):
            raise NotSent("the address is of a private network, which is not told")
        return numbers[0]


@dataclass(frozen=True)
class Dispatch:
    """Letters go by post, what programs are told by webhook."""

    letters: Post
    hooks: WebhookPost

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        """Hand one over, whichever it is."""
        post = self.hooks if letter.purpose == WEBHOOK else self.letters
        post.send(identity, letter, at)

    def told(self) -> str:
        """Where letters go."""
        return self.letters.told()


def _looked_up(host: str, port: int, within_s: float) -> list[str]:
    """The numbers of a host.

    The system's look-up knows no limit of time and cannot be broken off: it has a thread of its
    own, which nobody waits for any longer than that.

    Raises:
        TimeoutError: They were not found in time.
        OSError: There is no such host.
    """
    answer: Future[list[str]] = Future()

    def look() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)
        else:
            answer.set_result([str(one[4][0]).partition("%")[0] for one in found])

    threading.Thread(target=look, name="look-up", daemon=True).start()
    return answer.result(within_s)


def _is_public(number: str) -> bool:
    """Whether an address is of the public internet, and so is the one of IPv4 that it stands for.

    Site-local addresses (RFC 3879) and groups count as global to the standard library.
    """
    found = ipaddress.ip_address(number)
    if isinstance(found, ipaddress.IPv6Address):
        within = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            within = ipaddress.IPv4Address(found.packed[-4:])
        if within is not None:
            return _is_public(str(within))
        if found.is_site_local or found.is_reserved:
            return False
    return found.is_global and not found.is_multicast


def _first_cause(error: BaseException) -> BaseException:
    """What an error began with, below the libraries' own words for it."""
    while (behind := error.__cause__ or error.__context__) is not None:
        error = behind
    return error
