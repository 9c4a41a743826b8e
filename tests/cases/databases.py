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
    data, log = str(folder / "data"), str(folder / "log")
    _as_server([f"{programs}/initdb", "-D", data, "-U", "assay", "-A", "trust", "--no-sync"])
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    _as_server([f"{programs}/pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"])
    yield folder
    _as_server([f"{programs}/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
    shutil.rmtree(folder)


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
