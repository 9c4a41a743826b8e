"""The register as the pages have it: a form brings back what it shows, and it is read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assay.cases.store.protected_registers import Erasure, NewVersion
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
    for number, name in ((0, "Office of X"), (1, "Office of Y")):
        seen = register_of(house)
        assert seen is not None
        new = new_version(seen, {"x": Body("x", name)}, admin, "x")
        assert isinstance(new, NewVersion)
        house.bodies.keep(number, new, house.now())
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
    erasure = Erasure(account(house, "admin").id, "asked to", house.now())
    assert erase_versions(house, 1, 1, erasure) == 1
    assert register_of(house, 1) is None
    again = register_of(house)
    assert again is not kept
    assert again is not None
    assert again.bodies == kept.bodies
