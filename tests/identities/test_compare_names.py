from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.identities.compare_names import nearest, segments


def told(name: str, genuine: str) -> list[str]:
    return [one.told for one in segments(name, genuine) if one.told]


def test_a_foreign_letter_is_named_with_its_code() -> None:
    assert told("Mоrning Herald", "Morning Herald") == [
        "“о” U+043E CYRILLIC SMALL LETTER O where “o” stands"
    ]


def test_what_is_added_missing_or_invisible_is_told() -> None:
    assert told("Morning Herald Official", "Morning Herald") == ["“Official” is added"]
    assert told("MorningHerld", "MorningHerald") == ["“a” of the genuine name is missing"]
    (invisible,) = told("Morn\u200bing Herald", "Morning Herald")
    assert invisible == "added: U+200B ZERO WIDTH SPACE"


def test_case_alone_is_no_difference() -> None:
    assert told("MORNING herald", "Morning Herald") == []


def test_a_name_in_other_words_is_not_cut_to_pieces() -> None:
    (whole,) = segments("French Embassy in Japan", "Ambassade de France au Japon")
    assert (whole.sort, whole.told) == ("same", "")
    marked = told("Frеnch Embassy in Japan", "Ambassade de France au Japon")
    assert marked == ["“е” U+0435 CYRILLIC SMALL LETTER IE"]


def test_the_nearest_name_is_found_through_lookalikes() -> None:
    assert nearest("m0rninghera1d", ["ambafrance", "morningherald"]) == "morningherald"


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_suspect_s_own_name_is_kept_whole(name: str, genuine: str) -> None:
    cut = segments(name, genuine)
    assert "".join(one.text for one in cut if one.sort != "missing") == name
    assert all(bool(one.told) == (one.sort != "same") for one in cut)
