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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each sort."""
    if request.param == "sqlite":
        return str(tmp_path / "cases.db")
    folder: Path = request.getfixturevalue("postgres_folder")
    # Emptying one database takes a tenth of the time of making another.
    empty = "SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    psql = ["psql", "-h", str(folder), "-U", "assay", "-d", "postgres", "-c", empty]
    subprocess.run(psql, check=True, capture_output=True, timeout=_SERVER_TIMEOUT_S)
    return f"postgresql://assay@/postgres?host={folder}"
