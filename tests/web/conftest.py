"""Houses for the tests of the web application, and people who visit them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assay.cases.store.case_store import CaseStore, open_store
from assay.web.house import House
from tests.cases.databases import database, postgres_folder, with_tables
from tests.web.mail_server import server
from tests.web.served import Visitor, new_house, opened, with_team

__all__ = [
    "database",
    "house",
    "member",
    "postgres_folder",
    "server",
    "somebody",
    "with_tables",
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with its team, on SQLite."""
    return with_team(new_house(tmp_path_factory.mktemp("house")))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    """A store without a house."""
    opened = open_store(str(tmp_path / "cases.db"), make=True)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def somebody(house: House) -> Iterator[Callable[[], Visitor]]:
    """Makes visitors whom the house does not know."""
    with opened(house) as somebody:
        yield somebody


@pytest.fixture(scope="module")
def member(somebody: Callable[[], Visitor]) -> Callable[[str], Visitor]:
    """Somebody of the team, signed in once a module."""
    signed_in: dict[str, Visitor] = {}

    def of(name: str) -> Visitor:
        if name not in signed_in:
            signed_in[name] = somebody().sign_in(name)
        return signed_in[name]

    return of
