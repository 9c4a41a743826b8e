"""Real databases for the tests of case work: SQLite always, PostgreSQL where it is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import connect

from assay.cases.store.case_store import open_store
from tests.conftest import find_postgres

_SERVER_TIMEOUT_S = 60


def _as_server(command: list[str]) -> None:
    """Run one of PostgreSQL's programs; as its own user where we are root, which it refuses."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, capture_output=True, timeout=_SERVER_TIMEOUT_S, cwd="/")


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """A server of our own on a socket in a short path; stopped and removed at the end."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="assay-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    initdb = [f"{programs}/initdb", "-D", str(folder / "data"), "-U", "assay", "-A", "trust"]
    _as_server([*initdb, "--no-sync"])
    start_server(folder)
    yield folder
    stop_server(folder)
    shutil.rmtree(folder)


def start_server(folder: Path) -> None:
    """Start the server that was made in a folder."""
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    _control(folder, "-l", str(folder / "log"), "-o", options, "start")


def stop_server(folder: Path) -> None:
    """Stop it at once, as if it had been killed."""
    _control(folder, "-m", "immediate", "stop")


def _control(folder: Path, *asked: str) -> None:
    _as_server([f"{find_postgres()}/pg_ctl", "-D", str(folder / "data"), "-w", *asked])


SORTS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=SORTS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each sort with nothing in it."""
    if request.param == "sqlite":
        return str(tmp_path / "cases.db")
    return new_in_postgres(request.getfixturevalue("postgres_folder"), "template0")


@pytest.fixture(scope="session", params=SORTS)
def with_tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database of each sort with its tables and nothing in them."""
    folder = tmp_path_factory.mktemp("with-tables")
    address = str(folder / "cases.db")
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_folder")
        address = new_in_postgres(server, "template0", "with_tables")
    open_store(address, folder / "keys", make=True).engine.dispose()
    return address


@pytest.fixture
def database(with_tables: str, tmp_path: Path) -> str:
    """A copy of it: making the tables would take longer than most tests."""
    return copied(with_tables, tmp_path)


def copied(address: str, folder: Path, name: str = "cases") -> str:
    """Copy a database that nobody is connected to; gives the copy's address."""
    if "://" not in address:
        return str(shutil.copy(address, folder / f"{name}.db"))
    template, _, server = address.removeprefix("postgresql://assay@/").partition("?host=")
    return new_in_postgres(Path(server), template, name)


def new_in_postgres(folder: Path, template: str, name: str = "cases") -> str:
    """Make a database as another one is, in the place of the one before; gives its address."""
    with connect(host=str(folder), user="assay", dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"postgresql://assay@/{name}?host={folder}"
