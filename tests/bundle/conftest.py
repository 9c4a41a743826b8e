"""One run and one bundle for all tests of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bundle.made_bundle import MadeRun, made_run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRun:
    return made_run(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="session")
def case(made: MadeRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("case") / "case.zip"
    return made.packed(out, operator="A. Tester", note="for the tests")
