"""Small letters at the places where they stood."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents import actions, date_phrases, demands, money, numbers
from assay.documents.lowered import lowered


@given(st.text())
def test_every_letter_stays_in_its_place(text: str) -> None:
    small = lowered(text)
    assert len(small) == len(text)
    assert all(b in (a, a.lower()) for a, b in zip(text, small, strict=True))


def test_a_letter_that_becomes_two_moves_nothing() -> None:
    text = "İSTANBUL: 12 ACCOUNTS"
    assert lowered(text)[-11:] == "12 accounts"


@pytest.mark.parametrize("language", ["en", "ru", "fr", "de"])
def test_no_pattern_asks_for_a_capital_that_small_letters_do_not_have(language: str) -> None:
    patterns = [
        actions._TRIGGER,
        demands._MAY_ASK,
        numbers._pattern(language),
        money._pattern(language),
        *date_phrases._patterns(language).values(),
    ]
    for pattern in patterns:
        literal = re.sub(r"\\[A-Za-z]|\(\?P<\w+>", "", pattern.pattern)
        assert literal == literal.lower()
