"""Signing in at an outside service: OpenID Connect, authorisation code with PKCE, state and nonce.

Follows OpenID Connect Core 1.0 and RFC 9700. The service's word counts for who somebody is there,
and for nothing else: roles and accounts stay the house's own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from assay.errors import AssayError, UsageError
from assay.web.addresses import check_address

_TIMEOUT_S = 10
_LEEWAY_S = 60
_LASTS = timedelta(minutes=10)
_SIGNED_BY = ("RS256", "PS256", "ES256", "ES384", "RS384", "RS512", "EdDSA")
"""Signatures with a public key; none that the client's own secret could make."""
_LONGEST = 255


class NotSignedIn(AssayError):
    """The outside service did not say who somebody is, or not so that it can be believed."""


@dataclass(frozen=True)
class OpenIdOptions:
    """A service that the house trusts to say who somebody is.

    Attributes:
        issuer: Its address, as it calls itself.
        client_id: What it calls this house.
        client_secret: What the house proves itself with; None for a public client.
    """

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Journey:
    """What the way there and back is held together by; the visitor's browser keeps it, signed."""

    state: str
    nonce: str
    verifier: str
    back: str
    until: str

    def sealed(self, secret: bytes) -> str:
        """As a cookie holds it."""
        text = base64.urlsafe_b64encode(json.dumps(vars(self)).encode()).decode()
        return f"{text}.{_mark(secret, text)}"

    @classmethod
    def opened(cls, cookie: str, secret: bytes, now: datetime) -> Journey:
        """The journey that a cookie holds.

        Raises:
            NotSignedIn: There is none, it is not ours, or it took too long.
        """
        text, _, mark = cookie.partition(".")
        if not hmac.compare_digest(_mark(secret, text).encode(), mark.encode()):
            raise NotSignedIn("this way in was not begun here", fix="begin again")
        journey = cls(**json.loads(base64.urlsafe_b64decode(text)))
        if datetime.fromisoformat(journey.until) < now:
            raise NotSignedIn("it took longer than ten minutes", fix="begin again")
        return journey


@dataclass(frozen=True)
class Known:
    """Who somebody is at the service, and a name or address for the eye."""

    subject: str
    told: str


class OpenIdProvider:
    """One outside service, found by its own description.

    Args:
        options: Which.
        returns_to: The address of this house that the service sends people back to.

    Raises:
        UsageError: The address is none that can be trusted.
    """

    def __init__(self, options: OpenIdOptions, returns_to: str) -> None:
        check_address(options.issuer, "the outside service")
        self.options = options
        self.name = urlsplit(options.issuer).netloc
        self._returns_to = returns_to
        self._described: dict[str, Any] | None = None

    def begin(self, back: str, now: datetime) -> tuple[str, Journey]:
        """Where to send somebody, and what must come back with them.

        Raises:
            NotSignedIn: The service cannot be reached, or does not describe itself.
        """
        journey = Journey(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(32),
            back=back,
            until=(now + _LASTS).isoformat(),
        )
        challenge = hashlib.sha256(journey.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.options.client_id,
            "redirect_uri": self._returns_to,
            "scope": "openid email profile",
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        # It may have parameters of its own, which stay (RFC 6749, 3.1).
        where = httpx.URL(self._endpoint("authorization_endpoint")).copy_merge_params(asked)
        return str(where), journey

    def finish(self, journey: Journey, returned: dict[str, str], now: datetime) -> Known:
        """Who came back.

        Args:
            journey: What they left with.
            returned: The parameters that the service sent them back with.
            now: The present.

        Raises:
            NotSignedIn: They were refused there, or what came back cannot be believed.
        """
        if not hmac.compare_digest(journey.state.encode(), returned.get("state", "").encode()):
            raise NotSignedIn("this is not the way in that was begun here", fix="begin again")
        names_itself = self._description().get("authorization_response_iss_parameter_supported")
        unnamed = None if names_itself is True else self.options.issuer
        if returned.get("iss", unnamed) != self.options.issuer:
            # Also one that says that it names itself, and did not (RFC 9207, 2.4).
            raise NotSignedIn("another service answered", fix="begin again")
        if "code" not in returned:
            raise NotSignedIn(f"{self.name} refused", fix="try again, or ask who runs it")
        return self._known(self._token(returned["code"], journey), journey, now)

    def _token(self, code: str, journey: Journey) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._returns_to,
            "client_id": self.options.client_id,
            "code_verifier": journey.verifier,
        }
        id_and_secret = None
        if self.options.client_secret is not None:
            ways = self._description().get("token_endpoint_auth_methods_supported", ())
            if "client_secret_post" in ways:
                form["client_secret"] = self.options.client_secret
            else:
                # What every service takes that does not say otherwise (Discovery 1.0, 3); both are
                # written as in a form (RFC 6749, 2.3.1).
                both = (self.options.client_id, self.options.client_secret)
                id_and_secret = httpx.BasicAuth(*map(quote_plus, both))
        answer = self._asked("POST", self._endpoint("token_endpoint"), form, id_and_secret)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotSignedIn(f"{self.name} did not say who you are", fix="tell an administrator")
        return token

    def _known(self, token: str, journey: Journey, now: datetime) -> Known:
        """What an ID token says, once its signature and every claim hold."""
        keys = self._asked("GET", self._endpoint("jwks_uri"))
        client = self.options.client_id
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self.options.issuer},
            aud={"essential": True, "value": client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": journey.nonce},
        )
        try:
            claims = jwt.decode(
                token, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=list(_SIGNED_BY)
            ).claims
            rules.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotSignedIn(
                f"what {self.name} says cannot be believed: {type(error).__name__}",
                fix="tell an administrator",
            ) from error
        # Of several audiences the token says which one asked for it (OpenID Connect Core, 3.1.3.7).
        asked_by = client if claims["aud"] in (client, [client]) else None
        if claims.get("azp", asked_by) != client:
            raise NotSignedIn(f"what {self.name} says is for another house", fix="begin again")
        subject: str = claims["sub"]
        if len(subject) > _LONGEST or not subject.isprintable():
            raise NotSignedIn(f"{self.name} gives no usable name", fix="tell an administrator")
        told = str(claims.get("email") or claims.get("name") or "")
        return Known(subject, "".join(one for one in told if one.isprintable())[:_LONGEST])

    def _endpoint(self, name: str) -> str:
        """An address from the service's description."""
        address = str(self._description().get(name, ""))
        try:
            check_address(address, "the outside service")
        except UsageError as error:
            raise NotSignedIn(f"{self.name} has no usable {name}", fix=error.fix) from error
        return address

    def _description(self) -> dict[str, Any]:
        """How the service describes itself; asked for once."""
        if self._described is None:
            where = self.options.issuer.rstrip("/") + "/.well-known/openid-configuration"
            described = self._asked("GET", where)
            if described.get("issuer") != self.options.issuer:
                raise NotSignedIn(
                    f"{self.name} calls itself otherwise", fix="write --oidc as it does"
                )
            self._described = described
        return self._described

    def _asked(
        self,
        method: str,
        where: str,
        form: dict[str, str] | None = None,
        auth: httpx.BasicAuth | None = None,
    ) -> dict[str, Any]:
        try:
            answer = httpx.request(method, where, data=form, auth=auth, timeout=_TIMEOUT_S)
            told = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise NotSignedIn(
                f"{self.name} does not answer as it should", fix="try again later"
            ) from error
        if not isinstance(told, dict):
            raise NotSignedIn(f"{self.name} does not answer as it should", fix="try again later")
        return told


def _mark(secret: bytes, text: str) -> str:
    return hmac.new(secret, b"openid\n" + text.encode(), hashlib.sha256).hexdigest()
