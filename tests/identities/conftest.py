"""One dataset held against one register, for all tests that only read what came out."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.identities.protect_rows import asked, make_folder

from assay.identities.run import hold_against, read_asked
from assay.model.dataset import RunFolder
from assay.model.progress import Silent


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("protect")
    dataset = make_folder(folder)
    hold_against(dataset, RunFolder(folder / "run"), read_asked(asked(folder)), Silent())
    return folder
