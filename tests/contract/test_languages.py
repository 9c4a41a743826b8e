"""Every language says all that the public pages and letters say, and loses nothing of it."""

from __future__ import annotations

import re

import pytest
from tests.contract.messages import messages, source, templates

from assay.web.languages import CATALOGUES, ENGLISH, LANGUAGES, Language, catalogue

OTHERS = [pytest.param(one, id=one.code) for one in LANGUAGES if one is not ENGLISH]
PLACE = re.compile(r"%\((\w+)\)s")
KEPT = re.compile(r"<[^>]+>|https?://|SHA-256")
NO_TEXT = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|&\w+;", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
LABEL = re.compile(r'(?:aria-label|title|alt|placeholder)="\s*([A-Za-z][^"]*?)\s*"')
TRANSLATED = re.compile(r"\{% trans.*?\{% endtrans \+?%\}", re.DOTALL)
SAID_BY = re.compile(r'_\("[^"]*"[^)]*\)')
NO_WORDS = {"SHA-256", "DOCTYPE", "doctype", "html"}


def test_every_catalogue_is_a_language_and_every_language_has_one() -> None:
    found = {path.stem for path in CATALOGUES.glob("*.po")}
    assert found == {one.code for one in LANGUAGES if one is not ENGLISH}


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_says_everything_and_nothing_else(language: Language) -> None:
    known = catalogue(language.code)
    assert sorted(str(one.id) for one in known if one.id) == sorted(
        str(one.id) for one in source() if one.id
    ), "run make messages, then translate what is new"
    assert [one.id for one in known if one.id and (not one.string or one.fuzzy)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_place_tag_or_end_is_lost(language: Language) -> None:
    for one in catalogue(language.code):
        if not one.id:
            continue
        said, meant = str(one.string), str(one.id)
        assert sorted(PLACE.findall(said)) == sorted(PLACE.findall(meant)), meant
        # Only the places themselves may hold a sign that formatting would stumble over.
        assert "%" not in PLACE.sub("", said), meant
        assert sorted(KEPT.findall(said)) == sorted(KEPT.findall(meant)), meant
        assert said == said.strip(), meant
        assert (said[-1] in ".:?") == (meant[-1] in ".:?"), meant


def test_the_templates_say_no_word_of_their_own() -> None:
    """What stands in a template outside ``_()`` and ``trans`` would stay English for ever."""
    for name in sorted(templates()):
        path = CATALOGUES.with_name("templates") / name
        text = NO_TEXT.sub(" ", TRANSLATED.sub(" ", path.read_text(encoding="utf-8")))
        labels = set(LABEL.findall(" ".join(TAG.findall(text))))
        assert labels <= NO_WORDS, (name, labels)
        text = ATTRIBUTE.sub(" ", TAG.sub(" ", text))
        words = set(re.findall(r"[A-Za-z]{2,}", text))
        assert words <= NO_WORDS, (name, words)
        # Words within an expression: what it shows where something is not there, or is.
        for shown in re.findall(r"\{\{(.*?)\}\}", path.read_text(encoding="utf-8")):
            plain = SAID_BY.sub("", shown)
            assert not re.search(r'"[A-Z][a-z]+[^"]*"|"[a-z]+ [^"]*"', plain), (name, shown)


def test_the_search_for_messages_finds_each_sort() -> None:
    found = dict(messages())
    assert found["Hand in"] == "web/templates/report.html"
    assert found["say who sends this"] == "cases/gate.py"
    assert found["Nothing that you typed is lost."] == "web/templates/parts.html"
    assert found["received"] == "web/words.py"
    assert found["Your appeal arrived at %(house_name)s. Reference of the matter: %(reference)s"]
