"""The application without a socket: requests go straight in, a third of the time of a server."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp, Message


class InProcess(httpx.BaseTransport):
    """Answers a client's requests from an application, one at a time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path.partition(b"?")[0],
            "query_string": request.url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": (request.url.host, 80),
            "client": ("127.0.0.1", 50000),
            "root_path": "",
        }
        sent = [{"type": "http.request", "body": body, "more_body": False}]
        got: list[Message] = []

        async def receive() -> Message:
            if not sent:
                # The client stays; the application gives up listening when it has answered.
                await asyncio.Event().wait()
            return sent.pop()

        async def send(message: Message) -> None:
            got.append(message)

        self._loop.run_until_complete(self._app(scope, receive, send))
        content = b"".join(message.get("body", b"") for message in got[1:])
        return httpx.Response(got[0]["status"], headers=got[0]["headers"], content=content)

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


class Lossy(httpx.BaseTransport):
    """Loses the answer to every first request."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self.asked = 0
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        answer = self._transport.handle_request(request)
        if self.asked % 2:
            raise httpx.ReadError("the answer was lost")
        return answer
