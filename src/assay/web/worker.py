"""Sends what waits in the outbox, beside the pages and in the same process."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from assay.cases.store.outbox import LETTERS, Outbox
from assay.errors import AssayError
from assay.web.mail import NotSent, Post

_LOG = logging.getLogger("assay.web")
_LOOK_AGAIN_S = 10
_LAST_LETTER_S = 60
_WRITE_NOTHING = ("GET", "HEAD", "OPTIONS")


def deliver(
    outbox: Outbox,
    post: Post,
    now: Callable[[], datetime],
    lane: str = LETTERS,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due in one lane, until it is stopped; returns how much was sent.

    Each letter is taken first, so that several servers on one database share the work; the worker
    renews its lease while a mail server takes its time. A letter that was handed over and not
    marked as sent, because the process died in between, is sent again under the same Message-ID
    once its lease is over: twice is better than never.
    """
    sent = 0
    while not stopped() and (taken := outbox.take(lane, now())) is not None:
        try:
            post.send(taken.id, taken.letter, now())
        except NotSent as error:
            outbox.failed(taken, error.message, now())
            # Why is told on the page of letters: mail servers name the recipient in what they say.
            _LOG.warning("letter %s was not sent", taken.id)
        except Exception as error:  # noqa: BLE001 - a fault of ours keeps no other letter
            outbox.failed(taken, f"unforeseen: {type(error).__name__}", now())
            _LOG.exception("letter %s was not sent", taken.id)
        else:
            outbox.sent(taken, now())
            sent += 1
    return sent


@dataclass(frozen=True)
class Trouble:
    """What keeps the worker from its work, and since when."""

    told: str
    since: datetime


class Worker:
    """A thread that looks what is due, and one for each lane that has something.

    A mail server or a receiver that is slow keeps nobody waiting but itself.

    Attributes:
        trouble: What keeps it from its work; None while it works.
    """

    def __init__(self, outbox: Outbox, post: Post, now: Callable[[], datetime]) -> None:
        self._outbox, self._post, self._now = outbox, post, now
        self._stop, self._wake = threading.Event(), threading.Event()
        self.trouble: Trouble | None = None
        self._looks = threading.Thread(target=self._look, name="outbox", daemon=True)
        self._sends: dict[str, threading.Thread] = {}

    def start(self) -> None:
        """Begin."""
        self._looks.start()

    def wake(self) -> None:
        """Look at once: there is something new."""
        self._wake.set()

    def stop(self) -> None:
        """End after the letter at hand in each lane."""
        self._stop.set()
        self._wake.set()
        until = time.monotonic() + _LAST_LETTER_S
        self._looks.join(_LAST_LETTER_S)
        for thread in list(self._sends.values()):
            thread.join(max(0, until - time.monotonic()))

    def _look(self) -> None:
        while not self._stop.is_set():
            self._in_order(self._begin_lanes)
            self._wake.wait(_LOOK_AGAIN_S)
            self._wake.clear()

    def _begin_lanes(self) -> None:
        self._outbox.renew(self._now())
        lanes = self._outbox.lanes(self._now())
        if not lanes:
            self.trouble = None
        for lane in lanes:
            if lane not in self._sends and not self._stop.is_set():
                sends = threading.Thread(target=self._send, args=(lane,), name=lane, daemon=True)
                self._sends[lane] = sends
                try:
                    sends.start()
                except RuntimeError:
                    # The machine has no thread left; the next round may find one.
                    del self._sends[lane]
                    raise

    def _send(self, lane: str) -> None:
        went_well = self._in_order(lambda: self._empty(lane))
        del self._sends[lane]
        if went_well:
            # What came into the lane when it had just been looked through; after trouble the next
            # round is soon enough, or a letter that cannot be marked would be sent all the time.
            self._wake.set()

    def _empty(self, lane: str) -> None:
        deliver(self._outbox, self._post, self._now, lane, self._stop.is_set)
        self.trouble = None

    def _in_order(self, do: Callable[[], None]) -> bool:
        """Whether it went well; what did not is told, and the next round may go better."""
        try:
            do()
        except AssayError as error:
            # The database may be away for a while; letters wait in it.
            _LOG.warning("the outbox cannot be used: %s", error.message)
            self._in_trouble(error.message)
        except Exception as error:  # noqa: BLE001 - letters wait, the next round may go well
            _LOG.exception("letters could not be sent")
            self._in_trouble(f"unforeseen: {type(error).__name__}, see the log")
        else:
            return True
        return False

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
