"""One run for all tests of formats that hold its evidence."""

from __future__ import annotations

import pytest

from tests.bundle.made_bundle import MadeRun, made_run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRun:
    return made_run(tmp_path_factory.mktemp("exchange"), report=False)
