"""Sends what waits in the outbox, beside the pages and in the same process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from assay.cases.store.outbox import Outbox
from assay.errors import AssayError
from assay.web.mail import NotSent, Post

_LOG = logging.getLogger("assay.web")
_LOOK_AGAIN_S = 10
_WRITE_NOTHING = ("GET", "HEAD", "OPTIONS")


def deliver(
    outbox: Outbox,
    post: Post,
    now: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Send every letter whose time has come, until it is stopped; returns how many were sent.

    A letter that was handed over and not marked as sent, because the process died in between, is
    sent again under the same Message-ID: twice is better than never.
    """
    sent = 0
    for waiting in outbox.due(now()):
        if stopped():
            break
        try:
            post.send(waiting.id, waiting.letter, now())
        except NotSent as error:
            outbox.failed(waiting, error.message, now())
            # Why is told on the page of letters: mail servers name the recipient in what they say.
            _LOG.warning("letter %s was not sent", waiting.id)
        except Exception as error:  # noqa: BLE001 - a fault of ours keeps no other letter
            outbox.failed(waiting, f"unforeseen: {type(error).__name__}", now())
            _LOG.exception("letter %s was not sent", waiting.id)
        else:
            outbox.sent(waiting.id, now())
            sent += 1
    return sent


@dataclass(frozen=True)
class Trouble:
    """What keeps the worker from its work, and since when."""

    told: str
    since: datetime


class Worker:
    """A thread that sends letters until it is told to stop.

    Attributes:
        trouble: What keeps it from its work; None while it works.
    """

    def __init__(self, outbox: Outbox, post: Post, now: Callable[[], datetime]) -> None:
        self._outbox, self._post, self._now = outbox, post, now
        self._stop, self._wake = threading.Event(), threading.Event()
        self.trouble: Trouble | None = None
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: there is something new."""
        self._wake.set()

    def stop(self) -> None:
        """End after the letter at hand."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=60)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                while deliver(self._outbox, self._post, self._now, self._stop.is_set):
                    pass
                self.trouble = None
            except AssayError as error:
                # The database may be away for a while; letters wait in it.
                _LOG.warning("the outbox cannot be read: %s", error.message)
                self._in_trouble(error.message)
            except Exception as error:  # noqa: BLE001 - letters wait, the next round may go well
                _LOG.exception("letters could not be sent")
                self._in_trouble(f"unforeseen: {type(error).__name__}, see the log")
            self._wake.wait(_LOOK_AGAIN_S)
            self._wake.clear()

    def _in_trouble(self, told: str) -> None:
        since = self._now() if self.trouble is None else self.trouble.since
        self.trouble = Trouble(told, since)


class Waking:
    """Wraps the application: once a request that may have written is answered, the worker looks.

    Args:
        app: What answers.
        worker: What sends letters.
    """

    def __init__(self, app: ASGIApp, worker: Worker) -> None:
        self._app, self._worker = app, worker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._app(scope, receive, send)
        if scope["type"] == "http" and scope["method"] not in _WRITE_NOTHING:
            self._worker.wake()
