"""Platforms that no list knows, by what the document's grammar has them do."""

from __future__ import annotations

import pytest

from assay.model.record import Measure

from .made_documents import read


def only(text: str) -> Measure:
    (measure,) = read(text).measures
    return measure


@pytest.mark.parametrize(
    "text",
    [
        "Zorvik today announced that it has removed 58 accounts.",
        "Zorvik, which belongs to Joss Kerr, said on Friday that it had suspended 90 accounts.",
        "After the inquiry Zorvik blocked 214 of the pages.",
        "Most were sold in Merenia. Zorvik has not deleted the channels.",
    ],
)
def test_whoever_removes_accounts_is_the_platform(text: str) -> None:
    measure = only(text)
    assert [value.value for value in measure.actor] == ["Zorvik"]
    assert [value.value for value in measure.platform] == ["Zorvik"]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Zorvik spoke first. Then Zorvik deleted her accounts.",
        "Zorvik removed 40 trees.",
        "Anna Zorvik spoke first. Then Zorvik deleted 12 accounts.",
        "Anna Zorvik spoke first. Then Zorvik, as a paper told us, deleted 12 accounts.",
    ],
)
def test_a_person_or_a_gardener_is_none(text: str) -> None:
    assert read(text).measures == []


def test_the_nearest_name_behind_on_is_a_platform_too() -> None:
    measure = only(
        "Zorvik Community Report\n\nWe removed 9 groups on Zorvik, and 12 accounts on Pix."
    )
    assert [count.platform for count in measure.counts] == ["Zorvik", "Pix"]
