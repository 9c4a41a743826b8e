"""The worker: woken by whatever may have written, and each receiver in a lane of its own."""

from __future__ import annotations

import multiprocessing
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assay.cases.letters import WEBHOOK, Letter, WithIt
from assay.cases.store.case_store import CaseStore, open_store
from assay.cases.store.connect import connect
from assay.cases.store.outbox import LEASE, LETTERS, LONGEST, Outbox, Taken
from assay.cases.store.webhooks import Webhooks
from assay.web.app import make_app
from assay.web.house import House
from assay.web.mail import FilePost, NotSent, SmtpPost
from assay.web.webhooks import Dispatch, WebhookPost
from assay.web.worker import Trouble, Worker, deliver
from tests.cases.made import ANNA, START, act
from tests.web.in_process import InProcess
from tests.web.served import Clock, Visitor
from tests.web.test_mail import Broken, now, write
from tests.web.test_webhooks import Receiver, Take


@pytest.fixture
def sending(house: House) -> Iterator[Callable[[], Visitor]]:
    """Visitors of a house with a worker."""
    transport = InProcess(make_app(house))
    yield lambda: Visitor("http://house.example", transport)
    transport.close()


def test_whatever_may_have_written_wakes_the_worker(
    sending: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[None] = []
    monkeypatch.setattr(Worker, "wake", lambda _: woken.append(None))
    admin = sending().sign_in("admin")
    woken.clear()
    admin.get("/people")
    assert not woken
    admin.fill("/people", "/people", name="Nina", email="nina@house.example", role="auditor")
    assert len(woken) == 1  # the page that it leads to writes nothing
    admin.client.post("/api/v1/notices", json={})
    assert len(woken) == 2


def test_the_worker_sends_at_once_when_it_is_woken(store: CaseStore, tmp_path: Path) -> None:
    outbox = Outbox(store.engine)
    worker = Worker(outbox, FilePost(tmp_path / "outbox", "h@here.example"), now)
    worker.start()
    write(store)
    worker.wake()
    wait_until(lambda: outbox.count(ANNA, "sent") == 1)
    worker.stop()


def test_a_fault_of_ours_in_one_letter_stops_no_other(store: CaseStore) -> None:
    outbox, post = Outbox(store.engine), Broken()
    write(store)
    write(store, Letter("receipt", "b@example.org", "x", "x"))
    assert deliver(outbox, post, now) == 1
    assert post.sent == ["b@example.org"]
    (row,) = outbox.listed(ANNA, "waiting", 5)
    assert (row["attempts"], row["fault"]) == (1, "unforeseen: ZeroDivisionError")


def test_who_stops_waits_for_one_letter_alone(store: CaseStore) -> None:
    outbox, post = Outbox(store.engine), Broken()
    for name in "bcd":
        write(store, Letter("receipt", f"{name}@example.org", "x", "x"))
    assert deliver(outbox, post, now, stopped=lambda: len(post.sent) == 1) == 1
    assert (len(post.sent), outbox.count(ANNA, "waiting")) == (1, 2)


def test_the_worker_goes_on_after_anything_and_tells(
    store: CaseStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Outbox(store.engine)
    worker = Worker(outbox, FilePost(tmp_path / "outbox", "h@here.example"), now)
    take, asked = outbox.take, threading.Event()

    def fails(lane: str, at: datetime) -> Taken | None:
        asked.set()
        raise MemoryError

    monkeypatch.setattr(outbox, "take", fails)
    write(store)
    worker.start()
    assert asked.wait(10)
    wait_until(lambda: worker.trouble is not None)
    assert worker.trouble == Trouble("unforeseen: MemoryError, see the log", now())
    monkeypatch.setattr(outbox, "take", take)
    worker.wake()
    wait_until(lambda: worker.trouble is None and outbox.count(ANNA, "sent") == 1)
    worker.stop()


def test_a_lane_that_could_not_begin_begins_later(
    store: CaseStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Outbox(store.engine)
    worker = Worker(outbox, FilePost(tmp_path / "outbox", "h@here.example"), now)
    starts = threading.Thread.start

    def fails(thread: threading.Thread) -> None:
        if thread.name == LETTERS:
            raise RuntimeError("can't start new thread")
        starts(thread)

    write(store)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", fails)
        worker.start()
        wait_until(lambda: worker.trouble is not None)
    worker.wake()
    wait_until(lambda: worker.trouble is None and outbox.count(ANNA, "sent") == 1)
    worker.stop()


@pytest.fixture
def shared(database: str, tmp_path: Path) -> Iterator[CaseStore]:
    """A store on a database that several servers use."""
    opened = open_store(database, tmp_path / "keys", make=True)
    yield opened
    opened.engine.dispose()


@dataclass
class Together:
    """Sends its first letter when the other worker has one to send, too."""

    post: SmtpPost
    both: threading.Barrier
    first: bool = True

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        if self.first:
            self.first = False
            self.both.wait(20)
        self.post.send(identity, letter, at)

    def told(self) -> str:
        return ""


def test_two_workers_on_one_database_send_each_letter_once(
    shared: CaseStore, database: str, server: tuple[str, list[bytes]]
) -> None:
    address, taken = server
    letters = tuple(Letter("receipt", f"n{n}@example.org", "x", "x") for n in range(50))
    shared.open_record("case", act("draft"), by=ANNA, at=START, with_it=WithIt(letters))
    both = threading.Barrier(2)
    outboxes = [Outbox(connect(database)) for _ in range(2)]
    workers = [
        Worker(outbox, Together(SmtpPost.at(address, None, f"w{n}@here.example"), both), now)
        for n, outbox in enumerate(outboxes)
    ]
    for worker in workers:
        worker.start()
    wait_until(lambda: outboxes[0].count(ANNA, "sent") == 50)
    for worker, outbox in zip(workers, outboxes, strict=True):
        worker.stop()
        outbox.engine.dispose()
    heads = b"".join(taken).decode()
    assert sorted(re.findall(r"^To: n(\d+)@", heads, re.MULTILINE), key=int) == [
        str(n) for n in range(50)
    ]
    assert set(re.findall(r"^From: w(\d)@", heads, re.MULTILINE)) == {"0", "1"}


def test_what_a_killed_worker_held_another_sends_after_the_lease(
    shared: CaseStore, database: str, tmp_path: Path
) -> None:
    write(shared)
    clock, outbox = Clock(), Outbox(shared.engine)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        post = SmtpPost("127.0.0.1", silent.getsockname()[1], False, None, None, "h@here.example")
        killed = multiprocessing.get_context("fork").Process(
            target=lambda: deliver(Outbox(connect(database)), post, clock)
        )
        killed.start()
        silent.settimeout(20)
        listening, _ = silent.accept()  # it has the letter, and waits for the server's greeting
        killed.kill()
        killed.join(20)
        listening.close()
    files = FilePost(tmp_path / "outbox", "h@here.example")
    (row,) = outbox.listed(ANNA, "waiting", 5)
    clock.at += LEASE - timedelta(seconds=1)
    assert deliver(outbox, files, clock) == 0
    clock.go_on(seconds=1)
    assert deliver(outbox, files, clock) == 1
    (sent,) = (tmp_path / "outbox").iterdir()
    assert f"Message-ID: <{row['id']}@here.example>" in sent.read_text()


def test_who_comes_too_late_changes_nothing_but_what_was_sent(store: CaseStore) -> None:
    outbox = Outbox(store.engine)
    write(store)
    late = outbox.take(LETTERS, now())
    other = outbox.take(LETTERS, now() + LEASE)
    assert late is not None
    assert other is not None
    outbox.failed(late, "the server was slow", now() + LEASE)
    assert outbox.take(LETTERS, now() + LEASE + timedelta(minutes=1)) is None, "it is the other's"
    outbox.sent(late, now() + LEASE)
    outbox.failed(other, "refused", now() + LEASE)
    assert (outbox.count(ANNA, "sent"), outbox.count(ANNA, "waiting")) == (1, 0)


class Slow(Receiver):
    """Sends a little of its answer's head again and again."""

    def __init__(self) -> None:
        super().__init__(_Drips)
        self.begun, self.hung_up, self.ends = (threading.Event() for _ in range(3))


class _Drips(Take):
    server: Slow

    def answer(self) -> None:
        self.server.begun.set()
        try:
            self.wfile.write(b"HTTP/1.1 204 No Content\r\n")
            while not self.server.ends.wait(0.05):
                self.wfile.write(b"x")
        except OSError:
            self.server.hung_up.set()


@pytest.fixture
def receivers() -> Iterator[tuple[Slow, Receiver]]:
    """A slow one and a quick one."""
    with Slow() as slow, Receiver() as quick:
        for one in (slow, quick):
            threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True).start()
        yield slow, quick
        slow.ends.set()
        for one in (slow, quick):
            one.shutdown()


def test_a_slow_receiver_delays_nobody_else(
    store: CaseStore, tmp_path: Path, receivers: tuple[Slow, Receiver]
) -> None:
    slow, quick = receivers
    outbox, hooks = Outbox(store.engine), Webhooks(store.engine)
    first, second = (hooks.make(one.address, now()) for one in receivers)
    write(store)
    write(store)
    assert sorted(outbox.lanes(now())) == sorted([LETTERS, first, second])
    told = WebhookPost(hooks, b"secret", private=True, within_s=120)
    worker = Worker(outbox, Dispatch(FilePost(tmp_path, "h@here.example"), told), now)
    worker.start()
    assert slow.begun.wait(10)
    wait_until(lambda: outbox.count(ANNA, "sent") == 4)
    assert (len(quick.taken), len(slow.taken)) == (2, 1)
    assert not slow.hung_up.is_set(), "its answer is still awaited"
    slow.ends.set()
    worker.stop()


def test_a_receiver_that_goes_on_sending_is_hung_up_on(
    store: CaseStore, receivers: tuple[Slow, Receiver]
) -> None:
    hooks = Webhooks(store.engine)
    first, second = (hooks.make(one.address, now()) for one in receivers)
    patient = WebhookPost(hooks, b"secret", private=True)
    patient.send("1", Letter(WEBHOOK, second, "x", "{}"), now())  # loads what it needs
    with pytest.raises(NotSent, match="the address took longer than 1 seconds"):
        replace(patient, within_s=1).send("2", Letter(WEBHOOK, first, "x", "{}"), now())
    assert receivers[0].hung_up.wait(10)


def test_a_name_that_is_looked_up_slowly_counts_to_the_same_time(
    store: CaseStore, receivers: tuple[Slow, Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks, found, ends = Webhooks(store.engine), socket.getaddrinfo, threading.Event()
    first, second = (hooks.make(one.address, now()) for one in receivers)
    told = WebhookPost(hooks, b"secret", private=True, within_s=0.4)

    def hangs(*asked: Any, **options: Any) -> Any:
        ends.wait(20)
        return found(*asked, **options)

    def took_s(hook: str) -> float:
        began = time.monotonic()
        with pytest.raises(NotSent, match=r"took longer than 0\.4 seconds"):
            told.send("1", Letter(WEBHOOK, hook, "x", "{}"), now())
        return time.monotonic() - began

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    assert took_s(second) < 5
    assert not receivers[1].taken
    ends.set()

    def slow(*asked: Any, **options: Any) -> Any:
        time.sleep(0.3)
        return found(*asked, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    assert 0.4 <= took_s(first) < 5, "what is left of the time is the receiver's"


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it does not come")


class Waiting:
    """Hands a letter over when it is let."""

    def __init__(self) -> None:
        self.begun, self.let = threading.Event(), threading.Event()

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        self.begun.set()
        assert self.let.wait(20)

    def told(self) -> str:
        return "Letters take their time."


def test_a_letter_stays_its_senders_however_slow_the_mail_server_is(store: CaseStore) -> None:
    clock, post, outbox = Clock(), Waiting(), Outbox(store.engine)
    clock.at = now()
    elsewhere, worker = Outbox(store.engine), Worker(outbox, post, clock)
    write(store)
    worker.start()
    assert post.begun.wait(20)

    def held_until() -> datetime:
        (row,) = outbox.listed(ANNA, "waiting", 5)
        return datetime.fromisoformat(row["held_until"])

    step = LEASE * 0.6
    while clock.at + step - now() < LONGEST:
        before = held_until()
        clock.at += step
        worker.wake()
        wait_until(lambda before=before: held_until() > before)
        assert elsewhere.take(LETTERS, clock()) is None
    clock.at = held_until()
    worker.wake()
    taken = elsewhere.take(LETTERS, clock())
    assert taken is not None, "what takes longer than any mail server is sent anew"
    post.let.set()
    worker.stop()
