"""Served houses for the tests of the web application."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assay.web.house import House
from tests.cases.databases import database, postgres_folder
from tests.web.served import Visitor, new_house, serving, with_team

__all__ = ["address", "database", "house", "member", "postgres_folder", "visitor"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with its team, on SQLite."""
    return with_team(new_house(tmp_path_factory.mktemp("house")))


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    with serving(house) as address:
        yield address


@pytest.fixture
def visitor(address: str) -> Visitor:
    """Somebody whom the house does not know."""
    return Visitor(address)


@pytest.fixture(scope="module")
def member(address: str) -> Callable[[str], Visitor]:
    """Somebody of the team, signed in once a module."""
    signed_in: dict[str, Visitor] = {}

    def of(name: str) -> Visitor:
        if name not in signed_in:
            signed_in[name] = Visitor(address).sign_in(name)
        return signed_in[name]

    return of
