"""Go's checksum-database code accepts our checkpoints and proofs, and refuses spoilt ones."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path

import pytest

from assay.cases import merkle
from assay.cases.store import entries
from assay.cases.store.case_store import CaseStore, open_store
from assay.cases.store.connect import reading
from tests.cases.made import ANNA, START, act
from tests.conftest import find_go_sumdb

pytestmark = pytest.mark.go
SOURCE = Path(__file__).resolve().parents[1] / "go" / "main.go"
SIZE = 21


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built from Debian's sources without any network."""
    folder = tmp_path_factory.mktemp("go")
    environ = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(find_go_sumdb()),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
        "HOME": str(folder),
    }
    program = folder / "check"
    subprocess.run(
        ["go", "build", "-o", str(program), str(SOURCE)], check=True, env=environ, timeout=300
    )
    return program


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> CaseStore:
    """A log of 21 entries, whose tree is lopsided on several levels."""
    folder = tmp_path_factory.mktemp("log")
    store = open_store(str(folder / "cases.db"), make=True, name="example.org/cases")
    for _ in range(SIZE):
        store.open_record("case", act("draft"), by=ANNA, at=START)
    return store


@pytest.fixture
def exported(filled: CaseStore, tmp_path: Path) -> Path:
    """The exported log with every proof that leads to its checkpoint."""

    def words(hashes: list[bytes]) -> str:
        return " ".join(base64.b64encode(item).decode() for item in hashes)

    filled.export_log(tmp_path)
    lines = [
        f"inclusion {index} {words(filled.inclusion_proof(index, SIZE))}" for index in range(SIZE)
    ]
    with reading(filled.engine) as connection:
        read = entries.node_reader(connection)
        for first in range(1, SIZE + 1):
            root = words([merkle.root(first, read)])
            proof = words(merkle.consistency_proof(first, SIZE, read))
            lines.append(f"consistency {first} {root} {proof}")
    (tmp_path / "proofs.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    return tmp_path


def run(checker: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checker), str(folder)], capture_output=True, text=True, timeout=60, check=False
    )


def test_go_accepts_the_checkpoint_and_all_proofs(checker: Path, exported: Path) -> None:
    done = run(checker, exported)
    assert (done.stdout, done.stderr) == (f"accepted {2 * SIZE}\n", "")


@pytest.mark.parametrize("name", ["checkpoint", "leaves.txt", "proofs.txt", "public.key"])
def test_go_refuses_what_was_changed(checker: Path, exported: Path, name: str) -> None:
    path = exported / name
    lines = path.read_text("utf-8").split("\n")
    where = 1 if len(lines) > 3 else 0
    lines[where] = lines[where].translate(str.maketrans("123456789", "234567891"))
    path.write_text("\n".join(lines), encoding="utf-8")
    assert run(checker, exported).returncode == 1
