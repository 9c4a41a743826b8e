"""A local endpoint that speaks OpenAI's chat completions over HTTP, and can misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]
"""From the request's body to status and body of the answer."""


@dataclass
class Endpoint:
    """The running endpoint: its address, and what it was asked."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def completion(content: str | None, **message: Any) -> bytes:
    """A chat completion whose message holds the content."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"content": content, **message}}
    return json.dumps({"object": "chat.completion", "choices": [choice]}).encode()


def claims(*items: dict[str, str]) -> bytes:
    """A completion that gives claims as the schema asks."""
    return completion(json.dumps({"claims": list(items)}))


@contextmanager
def endpoint(answer: Answer) -> Iterator[Endpoint]:
    """Serve answers until the block ends."""
    seen = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            seen.requests.append({"path": self.path, **body})
            seen.headers.append(dict(self.headers))
            status, data = answer(body)
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", data.decode())
                data = b""
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            try:
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
