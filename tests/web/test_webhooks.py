"""Webhooks: what is told, to whom, signed so that another's library accepts it; and to whom not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as Peer
from standardwebhooks.webhooks import WebhookVerificationError

from assay.cases.letters import WEBHOOK, Letter
from assay.errors import UsageError
from assay.web.addresses import check_address
from assay.web.house import House
from assay.web.mail import NotSent
from assay.web.webhooks import (
    Dispatch,
    NotOurs,
    WebhookPost,
    check_webhook,
    webhook_secret,
)
from assay.web.worker import deliver
from tests.web.served import Visitor, clock_of, new_house, opened, report, said, with_team


class Receiver(ThreadingHTTPServer):
    """Takes what comes, and answers as it is told to."""

    def __init__(self, takes: type[Take] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), takes or Take)
        self.taken: list[tuple[dict[str, str], str]] = []
        self.status = 204

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?a=1"


class Take(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.taken.append((headers | {"path": self.path}, body))
        self.answer()

    def answer(self) -> None:
        self.send_response(self.server.status)
        self.send_header("Location", self.server.address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def telling(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[House, Callable[[], Visitor]]]:
    house = with_team(new_house(tmp_path_factory.mktemp("telling")))
    clock_of(house).at = datetime.now(UTC)  # the peer's library looks at the real clock
    house.post = Dispatch(house.post, WebhookPost(house.webhooks, house.secret, private=True))
    with opened(house) as somebody:
        yield house, somebody


def sent(house: House) -> int:
    lanes = house.outbox.lanes(house.now())
    return sum(deliver(house.outbox, house.post, house.now, lane) for lane in lanes)


def test_each_event_is_told_once_and_signed(
    telling: tuple[House, Callable[[], Visitor]], receiver: Receiver
) -> None:
    house, somebody = telling
    admin = somebody().sign_in("admin")
    page = admin.fill("/webhooks", "/webhooks", address=receiver.address)
    (hook,) = house.webhooks.all()
    secret = webhook_secret(house.secret, hook.id)
    assert secret in said(page)
    assert secret not in admin.get("/webhooks").text
    _, notice = report(somebody(), title="A title that is told to nobody")
    admin.act(notice, "acknowledge")
    admin.act(notice, "restrict")
    admin.act(notice, "note")
    while sent(house):
        pass
    bodies = [json.loads(body) for _, body in receiver.taken]
    told = sorted(bodies, key=lambda one: int(one["data"]["entry"]))
    assert [one["type"] for one in told] == ["notice.draft", "notice.submit", "notice.acknowledge"]
    assert told[2]["data"]["record"] == notice
    assert told[2]["data"]["state"] == "acknowledged"
    assert not any("told to nobody" in body for _, body in receiver.taken)
    headers, body = receiver.taken[0]
    assert headers["path"] == "/hook?a=1"
    Peer(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Peer(secret).verify(body + " ", headers)
    assert check_webhook(secret, headers, body, house.now()) == headers["webhook-id"]
    forged = webhook_secret(house.secret, "another")
    for other, late, changed in ((forged, 0, ""), (secret, 301, ""), (secret, 0, " ")):
        with pytest.raises(NotOurs):
            at = house.now() + timedelta(seconds=late)
            check_webhook(other, headers, body + changed, at)
    assert "Told to a program" not in admin.get(f"/records/{notice}").text


def test_what_is_refused_is_tried_again_under_the_same_id(
    telling: tuple[House, Callable[[], Visitor]], receiver: Receiver
) -> None:
    house, somebody = telling
    if not house.webhooks.all():
        house.webhooks.make(receiver.address, house.now())
    admin = somebody().sign_in("admin")
    report(somebody())
    for status in (500, 302):
        receiver.taken.clear()
        receiver.status = status
        sent(house)
        assert len(receiver.taken) == 2, "no redirect is followed"
        clock_of(house).go_on(minutes=5)
    ids = {headers["webhook-id"] for headers, _ in receiver.taken}
    waiting = said(admin.get("/letters?state=waiting"))
    assert f"the address answers {status}" in waiting
    assert f"127.0.0.1:{receiver.server_port}" in waiting
    assert "/hook" not in waiting, "what lets somebody in there is the administrators' alone"
    receiver.taken.clear()
    receiver.status = 204
    assert sent(house) == 2
    assert {headers["webhook-id"] for headers, _ in receiver.taken} == ids
    receiver.status = 500
    report(somebody())
    sent(house)
    for hook in house.webhooks.all():
        admin.fill("/webhooks", f"/webhooks/{hook.id}/remove")
    clock_of(house).go_on(days=1)
    receiver.taken.clear()
    sent(house)
    assert receiver.taken == [], "what waits is not told after the webhook is gone"


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/x",
        "ftp://hooks.example",
        "https://",
        "https://user:pass@hooks.example",
        "https://hooks.example/a b",
        "https://hooks.example:99999",
        "https://[::1",
        "https://hooks.example/#part",
        "x",
    ],
)
def test_addresses_that_are_not_told(
    telling: tuple[House, Callable[[], Visitor]], address: str
) -> None:
    with pytest.raises(UsageError):
        check_address(address, "a webhook")
    if address == "x":
        page = telling[1]().sign_in("admin").fill("/webhooks", "/webhooks", address=address)
        assert (page.status_code, "needs an https address" in said(page)) == (422, True)


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "fec0::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_no_name_leads_into_a_private_network(
    telling: tuple[House, Callable[[], Visitor]], monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    house, _ = telling
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", (number, 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    parts = check_address("https://hooks.example", "a webhook")
    with pytest.raises(NotSent, match="private network"):
        WebhookPost(house.webhooks, b"")._checked(parts)
    assert WebhookPost(house.webhooks, b"", private=True)._checked(parts) == "93.184.216.34"


@pytest.mark.parametrize("number", ["93.184.216.34", "2606:4700::1", "64:ff9b::5db8:d822"])
def test_public_addresses_are_told(
    telling: tuple[House, Callable[[], Visitor]], monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (number, 443))])
    parts = check_address("https://hooks.example", "a webhook")
    assert WebhookPost(telling[0].webhooks, b"")._checked(parts) == number


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:1/", "does not answer: ConnectionRefusedError"),
        ("https://a..b/", "no such host"),
        (f"https://{'a' * 64}.example/", "no such host"),
    ],
)
def test_an_address_that_is_not_there_is_told_plainly(
    telling: tuple[House, Callable[[], Visitor]], address: str, told: str
) -> None:
    house, _ = telling
    hook = house.webhooks.make(address, house.now())
    post = WebhookPost(house.webhooks, house.secret, private=True)
    try:
        with pytest.raises(NotSent, match=told):
            post.send("1", Letter(WEBHOOK, hook, "x", "{}"), house.now())
    finally:
        house.webhooks.remove(hook)


def test_nothing_falls_back_from_tls(
    telling: tuple[House, Callable[[], Visitor]], receiver: Receiver
) -> None:
    house, _ = telling
    receiver.taken.clear()
    # The receiver speaks no TLS: nothing falls back to what everybody on the way can read.
    hook = house.webhooks.make(f"https://127.0.0.1:{receiver.server_port}/", house.now())
    post = WebhookPost(house.webhooks, house.secret, private=True)
    try:
        with pytest.raises(NotSent, match="does not answer: SSLError"):
            post.send("1", Letter(WEBHOOK, hook, "x", "{}"), house.now())
    finally:
        house.webhooks.remove(hook)
    assert receiver.taken == []
