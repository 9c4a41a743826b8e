"""Proofs that outsiders bring: whole ones hold, and any change shows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from assay.cases.store.connect import StoreAway, writing
from assay.errors import InputError
from assay.web.house import House
from assay.web.proofs import check_proof, proof_json
from tests.cases.made import act
from tests.web.served import Visitor, new_house, opened, said, with_team


@pytest.fixture(scope="module")
def told(house: House) -> dict[str, Any]:
    """The proof of a published entry, with things written before and after."""
    ben = house.accounts.by_email("ben@house.example")
    assert ben is not None
    store, at = house.store, house.now()
    for _ in range(3):
        store.open_record("case", act("draft"), by=ben.actor, at=at)
    entry = store.open_record("register", act("enter"), by=ben.actor, at=at)
    fields = {"title": "A decision", "summary": "Nothing was asked for."}
    store.act(entry.id, 1, act("publish", fields=fields), by=ben.actor, at=at)
    for _ in range(2):
        store.open_record("case", act("draft"), by=ben.actor, at=at)
    return proof_json(house.register.proof(entry.id, 4), store.keys.public_key())


def holds(house: House, proof: dict[str, Any]) -> bool:
    steps = check_proof(json.dumps(proof), house.store.keys.public_key())
    return all(step.holds for step in steps)


def test_a_whole_proof_holds(house: House, told: dict[str, Any]) -> None:
    assert holds(house, told)
    assert "A decision" in told["body"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("frame", lambda text: text.replace("publish", "withdraw")),
        ("body", lambda text: text.replace("Nothing", "Everything")),
        ("frame_salt", lambda text: "00" * 32),
        ("body_salt", lambda text: None),
        ("leaf", lambda text: text[:-8] + "AAAAAAA="),
        ("log_index", lambda index: index - 1),
        ("tree_size", lambda size: size - 1),
        ("inclusion_proof", lambda hashes: hashes[1:]),
        ("inclusion_proof", lambda hashes: hashes[::-1]),
        ("checkpoint", lambda note: note.replace("assay/", "essay/")),
    ],
)
def test_any_change_shows(
    house: House, told: dict[str, Any], name: str, change: Callable[[Any], Any]
) -> None:
    changed = {**told, name: change(told[name])}
    assert changed != told
    assert not holds(house, changed)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "other"}', "[" * 100_000, '{"format": "assay-proof-1"}']
)
def test_what_is_no_proof_is_said(house: House, text: str) -> None:
    with pytest.raises(InputError, match="no proof"):
        check_proof(text, house.store.keys.public_key())


@pytest.mark.parametrize("name", ["log_index", "tree_size"])
@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999"])
def test_a_number_that_is_none_is_no_proof(
    house: House, told: dict[str, Any], name: str, number: str
) -> None:
    text = json.dumps({**told, name: "HERE"}).replace('"HERE"', number)
    with pytest.raises(InputError, match="no proof"):
        check_proof(text, house.store.keys.public_key())


def test_a_kept_checkpoint_is_checked_on_the_page(
    house: House, told: dict[str, Any], somebody: Callable[[], Visitor]
) -> None:
    visitor = somebody()
    kept = visitor.get("/log/checkpoint").text
    ben = house.accounts.by_email("ben@house.example")
    assert ben is not None
    house.store.open_record("case", act("draft"), by=ben.actor, at=house.now())
    page = visitor.fill("/log", "/log/consistency", checkpoint=kept)
    assert "It holds." in said(page)
    assert "entries are the ones that were signed then" in said(page)
    page = visitor.fill("/log", "/log/consistency", checkpoint=kept.replace("assay", "essay"))
    assert "It does not hold." in said(page)
    page = visitor.fill("/log", "/log/proof", proof=json.dumps(told))
    assert "It holds." in said(page)


def test_only_what_was_published_is_proven(house: House, told: dict[str, Any]) -> None:
    from assay.cases.refused import NoSuchRecord

    entry = json.loads(told["frame"])["record"]
    with pytest.raises(NoSuchRecord):
        house.register.proof(entry, 3)  # what was prepared before it was published


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A house with three entries in its log, and the page of what the second one published."""
    folder = tmp_path_factory.mktemp("original")
    house = with_team(new_house(folder))
    ben = house.accounts.by_email("ben@house.example")
    assert ben is not None
    entry = house.store.open_record("register", act("enter"), by=ben.actor, at=house.now())
    fields = {"title": "A decision", "summary": "Nothing was asked for."}
    house.store.act(entry.id, 1, act("publish", fields=fields), by=ben.actor, at=house.now())
    house.store.open_record("case", act("draft"), by=ben.actor, at=house.now())
    house.store.engine.dispose()
    return folder, f"/register/{entry.id}"


@pytest.mark.parametrize(
    ("statement", "page", "told"),
    [
        ("UPDATE entries SET body = replace(body, 'Nothing', 'All')", "{}/proof/1", "No:"),
        ("UPDATE entries SET leaf = frame_salt WHERE log_index = 0", "{}/proof/1", "It holds."),
        ("UPDATE nodes SET hash = zeroblob(32) WHERE level = 0", "{}/proof/1", "No:"),
        ("DELETE FROM nodes WHERE level = 0", "{}/proof/1", "changed by hand or is damaged"),
        ("DELETE FROM nodes WHERE level = 0", "/api/v1{}/proof/1", "changed by hand or is"),
        ("UPDATE entries SET frame = replace(frame, 'publish', 'note')", "{}", "changed by hand"),
        ("UPDATE checkpoints SET note = replace(note, 'assay', 'essay')", "/log", "changed by"),
        ("DELETE FROM checkpoints WHERE size = 3", "", "yours has 3 entries, the log 2"),
        ("DELETE FROM checkpoints", "", "yours has 3 entries, the log 0"),
    ],
)
def test_what_is_done_by_hand_is_told_on_the_public_pages(
    original: tuple[Path, str], tmp_path: Path, statement: str, page: str, told: str
) -> None:
    folder, entry = original
    house = new_house(Path(shutil.copytree(folder, tmp_path / "house")))
    house.setup_token = None
    kept = house.store.checkpoint()[1]
    with writing(house.store.engine) as connection:
        connection.execute(text(statement))
    with opened(house) as somebody:
        if page:
            answer = somebody().get(page.format(entry))
        else:
            answer = somebody().fill("/log", "/log/consistency", checkpoint=kept)
    assert told in said(answer)


def test_a_database_that_is_away_is_not_told_as_an_empty_log(
    house: House, somebody: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreAway("the database says: no room at /nowhere", fix="make room")

    monkeypatch.setattr(house.store, "checkpoint", away)
    answer = somebody().get("/log/checkpoint")
    assert (answer.status_code, "/nowhere" in answer.text) == (503, False)
