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


@pytest.fixture(params=SORTS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of one with its tables and nothing in them: making them takes most of a test."""
    if request.param == "sqlite":
        address = str(tmp_path / "cases.db")
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), address)
        return address
    template: str = request.getfixturevalue("postgres_with_tables")
    return new_in_postgres(request.getfixturevalue("postgres_folder"), template)


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy."""
    made = tmp_path_factory.mktemp("made") / "cases.db"
    open_store(str(made), make=True).engine.dispose()
    return made


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database to copy."""
    address = new_in_postgres(postgres_folder, "template0", "with_tables")
    open_store(address, tmp_path_factory.mktemp("made"), make=True).engine.dispose()
    return "with_tables"


def new_in_postgres(folder: Path, template: str, name: str = "cases") -> str:
    """Make a database as another one is, in the place of the one before; gives its address."""
    with connect(host=str(folder), user="assay", dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"postgresql://assay@/{name}?host={folder}"
