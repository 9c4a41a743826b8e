"""Signing in at an outside service: a real provider on loopback, and what is not believed of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import oidc_provider_mock
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from werkzeug.serving import make_server

from assay.errors import UsageError
from assay.web.house import House
from assay.web.openid import Journey, Known, NotSignedIn, OpenIdOptions, OpenIdProvider
from tests.web.served import Visitor, new_house, opened, said, with_team

BACK = "http://house.example/sign-in/outside/back"


@dataclass
class Service:
    """A provider that also insists on PKCE (RFC 7636), which the package leaves out.

    Attributes:
        app: The provider.
        challenges: What each code was asked with.
        nonce: Written into the next ID token in place of what was asked for.
    """

    app: Any
    challenges: dict[str, str] = field(default_factory=dict)
    nonce: str | None = None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        asked = dict(parse_qsl(environ["QUERY_STRING"]))
        if environ["PATH_INFO"].endswith("/authorize") and self.nonce is not None:
            asked["nonce"] = self.nonce
            environ["QUERY_STRING"] = urlencode(asked)
        if environ["PATH_INFO"].endswith("/token"):
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = BytesIO(body)
            form = dict(parse_qsl(body.decode()))
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if self.challenges.pop(form["code"], None) != challenge:
                start("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"error": "invalid_grant"}']

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            where = dict(headers).get("Location", "")
            if "code=" in where:
                assert asked["code_challenge_method"] == "S256"
                code = parse_qs(urlsplit(where).query)["code"][0]
                self.challenges[code] = asked["code_challenge"]
            return start(status, headers, *more)

        return self.app(environ, started)


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Service, str]]:
    service = Service(oidc_provider_mock.app(require_nonce=True))
    server = make_server("127.0.0.1", 0, service)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield service, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def provider(service: tuple[Service, str]) -> OpenIdProvider:
    return OpenIdProvider(OpenIdOptions(service[1], "assay", "secret"), BACK)


@pytest.fixture(scope="module")
def visited(
    provider: OpenIdProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Callable[[], Visitor]]]:
    house = with_team(new_house(tmp_path_factory.mktemp("openid")))
    house.openid, house.now = provider, lambda: datetime.now(UTC)
    with opened(house) as somebody:
        yield house, somebody


def at_the_service(where: str, subject: str) -> str:
    """Sign in there; gives the path that it sends people back to."""
    answer = httpx.post(where, data={"sub": subject})
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def goes(visitor: Visitor, subject: str, wanted: str = "/queue") -> httpx.Response:
    """The whole way there and back."""
    page = visitor.get(wanted)
    link = next(part for part in page.text.split('"') if part.startswith("/sign-in/outside?"))
    visitor.client.follow_redirects = False
    where = visitor.get(link).headers["location"]
    visitor.client.follow_redirects = True
    return visitor.get(at_the_service(where, subject))


def test_an_identity_opens_what_an_administrator_ties_it_to(
    visited: tuple[House, Callable[[], Visitor]],
) -> None:
    house, somebody = visited
    page = goes(somebody(), "anna@idp.example")
    assert (page.status_code, "Not known here yet" in said(page)) == (403, True)
    admin = somebody().sign_in("admin")
    (waiting,) = house.outside.all()
    assert waiting.id in said(page)
    assert "anna@idp.example" in said(admin.get("/people"))
    anna = house.accounts.by_email("anna@house.example")
    assert anna is not None
    admin.fill("/people", f"/people/outside/{waiting.id}", account=anna.id)
    visitor = somebody()
    page = goes(visitor, "anna@idp.example", "/queue?view=all")
    assert str(page.url).endswith("/queue?view=all")
    assert "Investigator" in said(visitor.get("/account"))  # the role that the account has
    # Another subject under an address that is known is somebody else.
    assert goes(somebody(), "other@idp.example").status_code == 403
    # A second factor is asked for as after a password.
    house.accounts.set_totp(anna.id, "A" * 32, ())
    assert goes(somebody(), "anna@idp.example").url.path == "/sign-in/code"
    house.accounts.set_totp(anna.id, None, ())
    house.accounts.change(anna.id, role="investigator", disabled=True)
    assert goes(somebody(), "anna@idp.example").status_code == 403
    house.accounts.change(anna.id, role="investigator", disabled=False)
    goes(visitor, "anna@idp.example")
    assert "Investigator" in said(visitor.get("/account"))
    admin.fill("/people", f"/people/outside/{waiting.id}", account="")
    assert visitor.get("/account").url.path == "/sign-in", "out at once"
    assert goes(somebody(), "anna@idp.example").status_code == 403


def test_only_who_began_comes_back_and_once(visited: tuple[House, Callable[[], Visitor]]) -> None:
    _, somebody = visited
    visitor, other = somebody(), somebody()
    visitor.client.follow_redirects = False
    begun = visitor.get("/sign-in/outside")
    assert begun.headers["set-cookie"].endswith("HttpOnly; Path=/sign-in/outside; SameSite=lax")
    back = at_the_service(begun.headers["location"], "x")
    assert "not begun here" in said(other.get(back))
    other.client.follow_redirects = False
    other.get("/sign-in/outside")
    assert "not the way in that was begun" in said(other.get(back))
    assert visitor.get(back).status_code == 403  # known there, and tied to nothing here
    assert "not begun here" in said(visitor.get(back))


def test_no_journey_is_made_by_hand_or_kept(provider: OpenIdProvider) -> None:
    now = datetime.now(UTC)
    _, journey = provider.begin("/queue", now)
    sealed = journey.sealed(b"secret")
    assert Journey.opened(sealed, b"secret", now) == journey
    for cookie, at in (
        (sealed, now + timedelta(minutes=11)),
        (replace(journey, back="/x").sealed(b"other"), now),
        ("", now),
        ("é.é", now),
    ):
        with pytest.raises(NotSignedIn):
            Journey.opened(cookie, b"secret", at)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("state", "not the way in"),
        ("issuer", "another service"),
        ("no issuer", "another service"),
        ("denied", "refused"),
        ("verifier", "does not answer"),
        ("nonce", "InvalidClaimError"),
        ("late", "ExpiredTokenError"),
        ("audience", "InvalidClaimError"),
        ("code", "does not answer"),
    ],
)
def test_what_comes_back_wrong_is_not_believed(
    service: tuple[Service, str],
    provider: OpenIdProvider,
    monkeypatch: pytest.MonkeyPatch,
    wrong: str,
    told: str,
) -> None:
    now = datetime.now(UTC)
    where, journey = provider.begin("/queue", now)
    service[0].nonce = "another" if wrong == "nonce" else None
    returned = dict(parse_qsl(urlsplit(at_the_service(where, "y")).query))
    service[0].nonce = None
    if wrong == "state":
        returned["state"] = "z"
    elif wrong == "issuer":
        returned["iss"] = "https://other.example"
    elif wrong == "no issuer":
        # The service says that it names itself in each answer (RFC 9207).
        names_itself = {"authorization_response_iss_parameter_supported": True}
        monkeypatch.setattr(provider, "_described", provider._description() | names_itself)
        returned.pop("iss", None)
    elif wrong == "denied":
        returned = {"state": journey.state, "error": "access_denied"}
    elif wrong == "verifier":
        journey = replace(journey, verifier="v" * 43)
    elif wrong == "code":
        returned["code"] = "another"
    elif wrong == "late":
        now += timedelta(hours=2)
    elif wrong == "audience":
        other = replace(provider.options, client_id="other")
        asked = where.replace("client_id=assay", "client_id=other")
        returned = dict(parse_qsl(urlsplit(at_the_service(asked, "y")).query))
        token = OpenIdProvider(other, BACK)._token(returned["code"], journey)
        with pytest.raises(NotSignedIn, match=told):
            provider._known(token, journey, now)
        return
    with pytest.raises(NotSignedIn, match=told):
        provider.finish(journey, returned, now)


def test_parameters_of_the_service_s_own_address_stay(
    provider: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = provider._description() | {
        "authorization_endpoint": "https://idp.example/authorize?tenant=a%26b"
    }
    monkeypatch.setattr(provider, "_described", described)
    where, journey = provider.begin("/queue", datetime.now(UTC))
    asked = parse_qs(urlsplit(where).query)
    assert (asked["tenant"], asked["state"]) == (["a&b"], [journey.state])


@pytest.mark.parametrize("ways", [None, ["client_secret_basic"], ["client_secret_post"]])
def test_the_secret_is_shown_as_the_service_takes_it(
    monkeypatch: pytest.MonkeyPatch, ways: list[str] | None
) -> None:
    """In a head where it says nothing (OpenID Connect Discovery 1.0, 3)."""
    asked: list[httpx.Request] = []

    def answer(method: str, where: str, **sent: Any) -> httpx.Response:
        request = httpx.Request(method, where, data=sent["data"])
        if sent["auth"] is not None:
            request = next(sent["auth"].auth_flow(request))
        asked.append(request)
        return httpx.Response(200, json={"id_token": "x"}, request=request)

    monkeypatch.setattr(httpx, "request", answer)
    provider = OpenIdProvider(OpenIdOptions("https://idp.example", "a b", "p:w"), BACK)
    told = {"issuer": "https://idp.example", "token_endpoint": "https://idp.example/token"}
    provider._described = (
        told if ways is None else told | {"token_endpoint_auth_methods_supported": ways}
    )
    assert provider._token("code", Journey("s", "n", "v", "/", "")) == "x"
    form = dict(parse_qsl(asked[0].content.decode()))
    if ways == ["client_secret_post"]:
        assert form["client_secret"] == "p:w"
        assert "authorization" not in asked[0].headers
    else:
        assert "client_secret" not in form
        shown = asked[0].headers["authorization"].removeprefix("Basic ")
        assert base64.b64decode(shown) == b"a+b:p%3Aw"


KEY = ECKey.generate_key("P-256")


@pytest.fixture
def signed(
    provider: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[str, Journey, datetime]]:
    """ID tokens by a service whose key is ours: what it says of somebody who came back."""
    now = datetime.now(UTC)
    _, journey = provider.begin("/queue", now)
    monkeypatch.setattr(provider, "_asked", lambda *_: KeySet([KEY]).as_dict())
    at = int(now.timestamp())
    right = {
        "iss": provider.options.issuer,
        "aud": "assay",
        "sub": "anna",
        "nonce": journey.nonce,
        "iat": at,
        "exp": at + 300,
    }

    def made(**claims: object) -> tuple[str, Journey, datetime]:
        said = {name: one for name, one in (right | claims).items() if one is not None}
        return jwt.encode({"alg": "ES256"}, said, KEY, algorithms=["ES256"]), journey, now

    return made


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        ("alg none", "UnsupportedAlgorithmError"),
        ("public key as a secret", "UnsupportedAlgorithmError"),
        ("client's secret", "UnsupportedAlgorithmError"),
        ("changed", "BadSignatureError"),
    ],
)
def test_only_the_services_own_signature_counts(
    provider: OpenIdProvider,
    signed: Callable[..., tuple[str, Journey, datetime]],
    forged: str,
    told: str,
) -> None:
    token, journey, now = signed()
    head, body, mark = token.split(".")
    secrets = {"public key as a secret": KEY.as_pem(private=False), "client's secret": b"secret"}
    if forged == "changed":
        body = coded(b'{"sub": "ben"}')
    elif forged == "alg none":
        head, mark = coded(b'{"alg":"none"}'), ""
    else:
        head = coded(b'{"alg":"HS256"}')
        mark = coded(hmac.digest(secrets[forged], f"{head}.{body}".encode(), "sha256"))
    with pytest.raises(NotSignedIn, match=f"cannot be believed: {told}"):
        provider._known(f"{head}.{body}.{mark}", journey, now)


def coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"iss": "https://other.example"}, "InvalidClaimError"),
        ({"aud": "other"}, "InvalidClaimError"),
        ({"aud": ["assay", "other"]}, "for another house"),
        ({"azp": "other"}, "for another house"),
        ({"nonce": None}, "MissingClaimError"),
        ({"exp": None}, "MissingClaimError"),
        ({"iat": 2**40}, "InvalidClaimError"),
        ({"sub": ""}, "InvalidClaimError"),
        ({"sub": "an\0na"}, "no usable name"),
        ({"sub": "anna\u202e"}, "no usable name"),
        ({"sub": "a" * 256}, "no usable name"),
    ],
)
def test_each_claim_has_to_hold(
    provider: OpenIdProvider,
    signed: Callable[..., tuple[str, Journey, datetime]],
    claims: dict[str, object],
    told: str,
) -> None:
    with pytest.raises(NotSignedIn, match=told):
        provider._known(*signed(**claims))


def test_what_holds_is_believed_and_shown_without_hidden_characters(
    provider: OpenIdProvider, signed: Callable[..., tuple[str, Journey, datetime]]
) -> None:
    several = signed(aud=["assay", "other"], azp="assay", email="a\0nna\u202e@idp.example")
    assert provider._known(*several) == Known("anna", "anna@idp.example")


def test_a_service_that_is_away_or_calls_itself_otherwise(service: tuple[Service, str]) -> None:
    now = datetime.now(UTC)
    for issuer, told in (
        ("http://127.0.0.1:1", "does not answer"),
        (service[1].replace("127.0.0.1", "localhost") + "/", "calls itself otherwise"),
    ):
        with pytest.raises(NotSignedIn, match=told):
            OpenIdProvider(OpenIdOptions(issuer, "assay"), BACK).begin("/queue", now)
    for issuer in ("http://idp.example", "https://[", "https://user@idp.example"):
        with pytest.raises(UsageError, match="the outside service"):
            OpenIdProvider(OpenIdOptions(issuer, "assay"), BACK)
