"""The real application served on loopback, and visitors who read its pages and fill its forms."""

from __future__ import annotations

import html
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from argon2 import PasswordHasher
from sqlalchemy import delete

from assay.cases.letters import Letter
from assay.cases.store.accounts import NewAccount
from assay.cases.store.case_store import open_store
from assay.cases.store.connect import writing
from assay.cases.store.tables import CHECKPOINTS, ENTRIES, NODES, PROTECTED_REGISTERS
from assay.cases.store.verify import verify
from assay.model.case import Role
from assay.web.app import make_app
from assay.web.house import DATABASE, House, ServeOptions, open_house
from assay.web.limits import Limits
from assay.web.worker import deliver
from tests.web.in_process import InProcess

PASSWORD = "four quite ordinary words"
TEAM: dict[str, Role] = {
    "admin": "administrator",
    "anna": "investigator",
    "ben": "reviewer",
    "dora": "appeals_reviewer",
    "paul": "partner",
    "olga": "auditor",
}
NOTICE = {
    "title": "An account with our name",
    "urls": "https://social.example/imitator",
    "explanation": "The account uses our name and picture.",
    "sender_name": "A. Sender",
    "sender_email": "sender@example.org",
    "good_faith": "yes",
}


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 31, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Letters:
    """Keeps letters instead of sending them."""

    sent: list[Letter] = field(default_factory=list)

    def send(self, identity: str, letter: Letter, at: datetime) -> None:
        self.sent.append(letter)

    def told(self) -> str:
        return "Letters are kept by the test."


@cache
def _with_tables() -> bytes:
    """A database with nothing in its tables: making these takes longer than most tests."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / DATABASE
        open_store(str(file), make=True).engine.dispose()
        return file.read_bytes()


def new_house(folder: Path, database: str | None = None) -> House:
    """A house with a clock of its own, cheap password hashes and letters that stay here."""
    if database is None and not (folder / DATABASE).exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / DATABASE).touch(mode=0o600)
        (folder / DATABASE).write_bytes(_with_tables())
    house = open_house(ServeOptions(folder, database))
    # One round over little memory: the tests sign in often, and guess nothing.
    house.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    house.limits = Limits(scale=1000)
    house.now = Clock()
    house.post = Letters()
    return house


def with_team(house: House) -> House:
    """Set up, with one person in each role, all under the same password."""
    kept = house.hasher.hash(PASSWORD)
    about = {"name": "Test house", "contact": "Somewhere 1"}
    for name, role in TEAM.items():
        new = NewAccount(f"{name}@house.example", name.capitalize(), role, kept)
        if role == "administrator":
            house.accounts.found(about, new, house.now())
        else:
            made = house.accounts.invite(new, name, Letter("x", new.email, "x", "x"), house.now())
            house.accounts.set_password(made, kept)
    house.setup_token = None
    letters_of(house).clear()
    return house


@contextmanager
def without_registers(house: House) -> Iterator[None]:
    """A house that has no record yet, with nothing in its register and its log; this holds then."""
    with writing(house.store.engine) as connection:
        for table in (PROTECTED_REGISTERS, CHECKPOINTS, NODES, ENTRIES):
            connection.execute(delete(table))
    house.store.keys.checkpoint.unlink(missing_ok=True)
    yield
    assert verify(house.store).faults == []


def clock_of(house: House) -> Clock:
    assert isinstance(house.now, Clock)
    return house.now


def letters_of(house: House) -> list[Letter]:
    """What was sent so far, after sending what waits."""
    while deliver(house.outbox, house.post, house.now):
        pass
    assert isinstance(house.post, Letters)
    return house.post.sent


def link_in(letter: Letter, kind: str = "follow") -> str:
    """The path of the secret link in a letter."""
    found = re.search(rf"/{kind}/[\w-]{{20,}}", letter.text)
    assert found is not None, letter.text
    return found.group()


@contextmanager
def serving(house: House) -> Iterator[str]:
    """Serve a house on a free port; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            make_app(house, sends=False), log_level="warning", access_log=False, ws="none"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        began = time.monotonic()
        while not server.started:
            assert time.monotonic() - began < 30, "the server does not start"
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        house.url = address
        yield address
        server.should_exit = True
        thread.join(30)
    house.store.engine.dispose()


@contextmanager
def opened(house: House) -> Iterator[Callable[[], Visitor]]:
    """A house without a server; gives what makes visitors."""
    house.url = "http://house.example"
    transport = InProcess(make_app(house, sends=False))
    yield lambda: Visitor(house.url, transport)
    transport.close()
    house.store.engine.dispose()


def confirm(house: House, visitor: Visitor) -> None:
    """The sender answers the question that came last: the address is theirs. The receipt comes."""
    asked = [one for one in letters_of(house) if one.purpose == "confirm_address"][-1]
    link = link_in(asked, "confirm")
    assert "is confirmed" in said(visitor.fill(link, link))
    assert letters_of(house)[-1].purpose == "receipt"


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and what it holds before anybody types."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._open: dict[str, str] | None = None
        self._named: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method") == "post":
            self._open = self.forms.setdefault(told["action"], {})
        elif self._open is None:
            return
        elif tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
            self._open[told["name"]] = told.get("value", "")
        elif tag in ("textarea", "select"):
            self._named = told["name"]
            self._open[told["name"]] = ""
        elif tag == "option" and "selected" in told and self._named:
            self._open[self._named] = told["value"]

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._named and self.lasttag == "textarea":
            self._open[self._named] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag in ("textarea", "select"):
            self._named = None


def forms_in(page: httpx.Response) -> dict[str, dict[str, str]]:
    """The forms of a page by where they go."""
    parser = _Forms()
    parser.feed(page.text)
    return parser.forms


class Visitor:
    """Somebody with a browser that keeps cookies and follows redirects."""

    def __init__(self, address: str, transport: httpx.BaseTransport | None = None) -> None:
        self.client = httpx.Client(
            base_url=address, follow_redirects=True, timeout=30, transport=transport
        )

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def fill(self, page: str | httpx.Response, action: str, **typed: str) -> httpx.Response:
        """Send the form that goes to ``action``, as a browser would after some typing."""
        shown = self.get(page) if isinstance(page, str) else page
        forms = forms_in(shown)
        assert action in forms, f"{shown.url} has no form to {action}: {sorted(forms)}"
        return self.client.post(action, data={**forms[action], **typed})

    def sign_in(self, name: str, password: str = PASSWORD) -> Visitor:
        email = f"{name}@house.example"
        page = self.fill("/sign-in", "/sign-in", email=email, password=password)
        assert page.url.path == "/queue", page.text
        return self

    def act(self, record: str, name: str, **typed: str) -> httpx.Response:
        """Do an act on a record's page; it must be offered there and succeed."""
        typed = {"why": "because", **typed}
        action = f"/records/{record}/acts/{name}"
        done = self.fill(f"/records/{record}", action, **typed)
        assert done.status_code == 200, said(done)
        return done


def first_start(house: House, admin: Visitor) -> httpx.Response:
    """Ada fills in the page of the first start and becomes the administrator."""
    return admin.fill(
        f"/setup?token={house.setup_token}",
        "/setup",
        name="Test house",
        contact="Somewhere 1",
        person="Ada",
        email="ada@house.example",
        password=PASSWORD,
        again=PASSWORD,
    )


def report(visitor: Visitor, **typed: str) -> tuple[str, str]:
    """Hand in a notice by form; gives its secret link and id."""
    action = "/report/impersonation"
    page = visitor.fill(action, action, **{**NOTICE, **typed})
    assert "It arrived." in said(page), said(page)
    reference = re.search(r"<code>([0-9a-f-]{19})</code>", page.text)
    assert reference is not None
    return page.url.path, reference.group(1).replace("-", "")


def said(page: httpx.Response) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page.text)))
