"""The register as the pages have it: a form brings back what it shows, and it is read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from assay.cases.protected_versions import NewVersion, ToErase
from assay.cases.store.connect import writing
from assay.cases.store.tables import PROTECTED_REGISTERS
from assay.errors import InputError
from assay.identities.register import Body, parse_register, read_body
from assay.identities.register_text import register_json
from assay.web.house import House
from assay.web.posted import Posted, clean
from assay.web.protected_bodies import (
    Register,
    body_in,
    erase_versions,
    new_version,
    present_register,
    register_of,
    values_of,
)
from tests.web.test_api import account

ODD = ["e\u0301", "a\n b", "x: @A since 2020-01-31", "a SINCE 2020-01-31", ":a:b", "a | b", " "]
TEXT = st.text(st.characters(exclude_categories=("C",)), max_size=12) | st.sampled_from(ODD)
NAME = TEXT.filter(str.strip)
ROWS = st.fixed_dictionaries(
    {"id": NAME, "name": NAME},
    optional={
        "sender": TEXT,
        "parent": TEXT,
        **{name: st.lists(TEXT, max_size=3) for name in ("aliases", "domains", "sisters", "logos")},
        "handles": st.lists(
            NAME | st.fixed_dictionaries({"platform": TEXT, "handle": NAME}), max_size=2
        ),
    },
)


@settings(max_examples=60)
@given(ROWS)
def test_a_form_that_nobody_changes_brings_back_the_same_body(row: dict[str, object]) -> None:
    try:
        body = read_body(row)
    except InputError:
        assume(False)
    # A browser sends a field of one line without its line ends, and the page cleans what it gets.
    sent = {name: clean(text) for name, text in values_of(body).items()}
    assert body_in(Posted(sent)) == body
    (kept,) = parse_register(register_json([body]).encode(), Path("register.json"))
    assert kept == body


@pytest.fixture
def kept(house: House) -> Register:
    """A register of two versions."""
    admin = account(house, "admin")
    for name in ("Office of X", "Office of Y"):
        seen = register_of(house)
        assert seen is not None
        new = new_version(seen, {"x": Body("x", name)}, admin, "x")
        assert isinstance(new, NewVersion)
        house.bodies.keep(seen.version, new, house.now())
    newest = register_of(house)
    assert newest is not None
    return newest


def test_a_version_is_read_once_until_it_is_erased(
    house: House, kept: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = register_of(house, 1)
    assert first is not None
    assert first.matching("of x") == [Body("x", "Office of X")]
    assert first.matching("of y") == []
    today = house.now().date()
    monkeypatch.setattr(house.bodies, "text", lambda number: pytest.fail(f"{number} is read again"))
    assert register_of(house, 1) is first
    assert register_of(house) is kept
    assert kept.holes(today) is kept.holes(today)
    monkeypatch.undo()
    asked = ToErase(1, 1, account(house, "admin").actor, "asked to")
    assert erase_versions(house, asked) == 1
    assert register_of(house, 1) is None
    again = register_of(house)
    assert again is not kept
    assert again is not None
    assert again.bodies == kept.bodies


def test_a_newest_version_that_another_follows_and_is_erased_meanwhile_is_not_given(
    house: House, kept: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, newest = account(house, "admin"), house.bodies.version()
    assert newest is not None
    new = new_version(kept, {}, admin, "x")
    assert new is not None
    house.bodies.keep(newest.version, new, house.now())
    erase_versions(house, ToErase(newest.version, newest.version, admin.actor, "x"))
    read, told = house.bodies.version, [newest]
    monkeypatch.setattr(house.bodies, "version", lambda number=None: told.pop() if told else read())
    assert present_register(house).version == newest.version + 1


def test_a_newest_version_without_its_text_is_told_as_damage(house: House, kept: Register) -> None:
    with writing(house.store.engine) as connection:
        connection.execute(update(PROTECTED_REGISTERS).values(text=None))
    with pytest.raises(InputError, match="has no text"):
        present_register(house)
