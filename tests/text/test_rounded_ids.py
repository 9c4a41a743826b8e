"""Ids that a spreadsheet rounded."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assay.text.rounded_ids import rounded_id

_LONG = st.integers(10**16, 2**63).filter(lambda number: number % 10 != 0)
_SEVERAL = st.lists(_LONG, min_size=9, max_size=30, unique_by=lambda number: str(number)[:15])


@given(_SEVERAL)
def test_whole_ids_are_none(numbers: list[int]) -> None:
    assert rounded_id([str(number) for number in numbers]) is None


@given(_SEVERAL, st.sampled_from([",", "."]))
def test_what_a_spreadsheet_shows_is_told(numbers: list[int], mark: str) -> None:
    shown = [f"{Decimal(number):.5E}".replace(".", mark) for number in numbers]
    assert rounded_id(shown) == shown[0]


@given(_SEVERAL)
def test_fifteen_digits_are_told(numbers: list[int]) -> None:
    kept = [str(number)[:15].ljust(len(str(number)), "0") for number in numbers]
    assert rounded_id(kept) in kept


def test_a_few_among_many_do_not_spoil_a_column() -> None:
    assert rounded_id(["1.2E+18", *map(str, range(30))]) is None
