"""What all tests share: the reasons for skipping, no network, and where the real data lie.

A test marked ``browser``, ``spark``, ``postgres`` or ``go`` is skipped, with the reason, on a
machine that lacks the browser, Java, PostgreSQL or Go. Under ``CI=true`` or ``ASSAY_CI=1`` the
same test fails instead, and so does any other skip but those for want of the real data (marker
``data``), which never leave their owners, and of another project's tool (marker ``peer``), which
the tests' own lock does not hold.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIRST = ("cli/test_scan.py", "cases", "documents", "web", "contract")
"""What begins first: one worker compiles the kernels of a scan; the other needs none meanwhile."""
STRICT = os.environ.get("CI") == "true" or os.environ.get("ASSAY_CI") == "1"

# A shared machine stalls now and then; a deadline would fail tests that are right.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if STRICT else "here")


def find_browser() -> str | None:
    """The system's Chromium, if there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def find_java() -> str | None:
    """The Java that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").exists():
        return str(Path(home) / "bin" / "java")
    return shutil.which("java")


def find_postgres() -> str | None:
    """The folder of PostgreSQL's server programs; Debian keeps them off PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = next((folder for folder in folders if (folder / "initdb").exists()), None)
    if found is not None:
        return str(found)
    on_path = shutil.which("initdb")
    return None if on_path is None else str(Path(on_path).resolve().parent)


def find_go_sumdb() -> Path | None:
    """Debian's folder of Go sources, if Go and its module of checksum databases are there."""
    sources = Path("/usr/share/gocode")
    there = (sources / "src/golang.org/x/mod/sumdb/tlog").is_dir()
    return sources if there and shutil.which("go") else None


def lacking(marker: str) -> str | None:
    """Why a test with this marker cannot run here, or None."""
    if marker == "browser":
        if find_spec("playwright") is None:
            return "playwright is not installed (make test installs it)"
        if find_browser() is None:
            return f"none of {', '.join(BROWSERS)} is installed (Debian: apt-get install chromium)"
    if marker == "spark":
        if find_spec("pyspark") is None:
            return "pyspark is not installed (make test installs it)"
        if find_java() is None:
            return "no Java (Debian: apt-get install openjdk-17-jre-headless)"
    if marker == "postgres" and find_postgres() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if marker == "go" and find_go_sumdb() is None:
        return "no Go (Debian: apt-get install golang-go golang-golang-x-mod-dev)"
    if marker == "data" and not SHARED.is_dir():
        return "the real data are not beside the repository (../shared)"
    if marker == "peer" and find_spec("coordination_network_toolkit") is None:
        return "coordination-network-toolkit is not installed (make bench installs it)"
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[Any]:
    """What is loaded now stays to the end: no search for garbage walks through it, then or later.

    It would take a tenth of the time of collecting, and a twentieth of that of the tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_configure() -> None:
    """A shell ignores Ctrl-C for what it runs behind, and so would every process started here."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """Else libraries take what is left at the end for leaks of theirs, and say so at length."""
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is in ``FIRST`` begins; all else stays in its order."""
    folders = [REPOSITORY / "tests" / name for name in FIRST]

    def place(item: pytest.Item) -> int:
        begins = (n for n, folder in enumerate(folders) if item.path.is_relative_to(folder))
        return next(begins, len(folders))

    items.sort(key=place)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, with the reason, what this machine cannot run."""
    for marker in ("browser", "spark", "postgres", "go", "data", "peer"):
        if item.get_closest_marker(marker) is not None:
            reason = lacking(marker)
            if reason is not None:
                pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Where skipping is not allowed, a skip is a failure that says why."""
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")
    may_skip = any(item.get_closest_marker(marker) for marker in ("data", "peer"))
    if STRICT and skipped and not may_skip:
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    """The same for a whole module that skips itself."""
    report = yield
    if STRICT and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Fail a test whose process reaches for another machine: Assay never fetches."""
    really_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if not (host.startswith("127.") or host in ("::1", "localhost")):
                raise AssertionError(f"a test reached for {address!r}; nothing may be fetched")
        really_connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def png_of() -> Iterator[Callable[[str, int], bytes]]:
    """How pictures are drawn; meanwhile a tenth as wide, where no test asks for this by name.

    Hundreds of tests write a report, and its pictures would take half of the time of each.
    """
    from assay.report import pictures  # not before a test is run: it loads all of numpy

    real = pictures.png_of

    def small(svg: str, width: int) -> bytes:
        return real(svg, width // 10)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "png_of", small)
        yield real


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The system's Chromium, for tests marked ``browser``."""
    path = find_browser()
    assert path is not None, "mark the test with @pytest.mark.browser"
    return path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data, for tests marked ``data``."""
    return SHARED
