"""The history of the protected bodies: what earlier versions hold is erased; by whom is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.served import Visitor, forms_in, said
from tests.web.test_bodies import AT, TYPED, desk, taken

__all__ = ["desk"]
PERSON = "Minister Jane Example"


@pytest.fixture
def admin(desk: Callable[[str], Visitor]) -> Visitor:
    """Somebody who put a person into the register, and took her out again."""
    admin = desk("admin")
    admin.fill("/bodies/new", "/bodies/new", **TYPED)
    admin.fill(AT, "/bodies/body", aliases=PERSON, why=f"{PERSON} took office")
    admin.fill(AT, "/bodies/body", aliases="", why="She asked for it")
    return admin


def test_a_person_is_erased_from_earlier_versions(admin: Visitor) -> None:
    assert PERSON in said(admin.get("/bodies/history"))
    done = admin.fill(
        "/bodies/history", "/bodies/erase", first="2", last="2", why="Data-subject request"
    )
    told = said(done)
    assert PERSON not in told
    assert "Text erased" in told
    assert "Data-subject request Erased by Admin" in told
    assert "She asked for it" in told
    for ending in ("yaml", "json", "csv"):
        assert admin.get(f"/bodies/register.{ending}?version=2").status_code == 404
    assert taken(admin, "json", "?version=1") != taken(admin, "json", "?version=3")


def test_of_the_newest_version_the_words_alone_are_erased(admin: Visitor) -> None:
    before = taken(admin, "json")
    asked = {"what": "words", "first": "3", "last": "3", "why": "Data-subject request"}
    told = said(admin.fill("/bodies/history", "/bodies/erase", **asked))
    assert ("Words erased" in told, "Text erased" in told) == (True, False)
    assert "She asked for it" not in told
    assert taken(admin, "json") == before
    assert taken(admin, "json", "?version=2") != before


def test_what_cannot_be_erased_is_told_beside_its_field(admin: Visitor) -> None:
    typed = {"what": "texts", "first": "1", "last": "2", "why": "asked"}
    for name, wrong, told in (
        ("last", "3", "version 3 is the one that counts"),
        ("first", "two", "give the number of a version"),
        ("why", "", "say why in a sentence"),
        # The first line of the choice, which is nothing, must not erase the most.
        ("what", "", "say what is to be erased"),
    ):
        refused = admin.fill("/bodies/history", "/bodies/erase", **{**typed, name: wrong})
        assert refused.status_code == 422
        assert told in said(refused)
        assert f'id="{name}-fault"' in refused.text
        form = forms_in(refused)["/bodies/erase"]
        assert {one: form[one] for one in typed} == {**typed, name: wrong}
    assert "Text erased" not in said(admin.get("/bodies/history"))


def test_administrators_alone_erase(admin: Visitor, desk: Callable[[str], Visitor]) -> None:
    mark = forms_in(admin.get("/bodies/history"))["/bodies/erase"]
    for name in ("anna", "ben", "dora", "olga"):
        page = desk(name).get("/bodies/history")
        assert "/bodies/erase" not in forms_in(page)
        own = forms_in(page)["/sign-out"]["csrf"]
        sent = {**mark, "csrf": own, "first": "1", "last": "2", "why": "x"}
        assert desk(name).client.post("/bodies/erase", data=sent).status_code == 403
    assert PERSON in said(admin.get("/bodies/history"))


def test_who_edits_what_was_erased_meanwhile_loses_nothing(
    admin: Visitor, desk: Callable[[str], Visitor]
) -> None:
    anna = desk("anna")
    seen = anna.get(AT)
    admin.fill(AT, "/bodies/body", host="BE", why="they moved")
    admin.fill("/bodies/history", "/bodies/erase", first="1", last="3", why="asked")
    refused = anna.fill(seen, "/bodies/body", sender="DE", why="my reason")
    assert refused.status_code == 409
    assert forms_in(refused)["/bodies/body"]["sender"] == "DE"
    assert "Version 4 by Admin" in said(refused)
