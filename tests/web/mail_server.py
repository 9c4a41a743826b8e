"""A mail server on loopback that keeps what it is handed."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import pytest


class _Smtp(socketserver.StreamRequestHandler):
    """Just enough of RFC 5321 to take a message or to refuse it."""

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.decode("ascii").strip().upper()
            if word.startswith("EHLO"):
                self._say("250-here\r\n250 8BITMIME")
            elif word == "DATA":
                self._say("354 go on")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                taken: list[bytes] = self.server.taken  # type: ignore[attr-defined]  # set below
                taken.append(text)
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            elif "REFUSED@" in word:
                self._say("550 no such mailbox")
            else:
                self._say("250 yes")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode("ascii") + b"\r\n")


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a mail server, and what it took."""
    taken: list[bytes] = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.taken = taken  # type: ignore[attr-defined]  # the handler's way to hand it over
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", taken
        server.shutdown()
