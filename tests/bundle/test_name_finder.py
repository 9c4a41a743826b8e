"""The quick finder finds what a slow and plain one finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.bundle.name_finder import LEAST_DIGITS, NameFinder, Span, window_of
from assay.text.folding import folded, is_unspaced

WORDS = ("ann", "Anna", "annalena", "zq9xv", "Bo", "Зюк", "张伟", "12345", "x", "ΑΝΝ", "é", "77")
LONGER = ("ann lee", "langname", "langnamez")
BETWEEN = ("ʼ", " ", "_", "-", "\0", "\u200b", ".")
PARTS = st.sampled_from([*WORDS, *LONGER, *BETWEEN])
TEXTS = st.lists(PARTS, max_size=8).map("".join)


def slowly(names: set[str], text: str) -> list[Span]:
    """Every place, every length, the longest first; borders looked at in the text itself."""
    found: list[Span] = []
    start = 0
    while start < len(text):
        ends = range(len(text), start, -1)
        end = next((end for end in ends if stands(names, text, start, end)), 0)
        if end:
            found.append(Span(start, end, folded(text[start:end])))
        start = end or start + 1
    return found


def stands(names: set[str], text: str, start: int, end: int) -> bool:
    written = text[start:end]
    plain = folded(written)
    window = window_of(plain)
    if plain not in names or window is None or not folded(written[0]) or not folded(written[-1]):
        return False
    if not window[1] and not any(map(str.isspace, written)):
        return True
    before, after = text[:start].replace("\u200b", ""), text[end:].replace("\u200b", "")
    return not folded(before[-1:]) and not folded(after[:1])


@settings(max_examples=200)
@given(names=st.sets(TEXTS, max_size=6), texts=st.lists(TEXTS, max_size=6))
def test_it_finds_what_a_plain_search_finds(names: set[str], texts: list[str]) -> None:
    plain = {folded(name) for name in names} - {""}
    found = NameFinder(plain).find(texts)
    assert dict(found) == {
        row: spans for row, text in enumerate(texts) if (spans := slowly(plain, text))
    }


def test_short_names_are_words_and_long_ones_are_found_anywhere() -> None:
    finder = NameFinder({"ann", "zqxvander", "zq9xv", "张伟", "20241", "olgapetrova"})
    texts = [
        "channel", "ask Ann!", "preZQXVANDERs", "azq9xvb", "我认识张伟吗", "in 20241 or 120241",
        "Olga Petrova, olga_petrova, OlgaPetrova", "gol gapetrova",
    ]  # fmt: skip
    found = {row: [texts[row][one.start : one.end] for one in spans]
             for row, spans in finder.find(texts).items()}  # fmt: skip
    assert found == {
        1: ["Ann"],
        2: ["ZQXVANDER"],
        3: ["zq9xv"],
        4: ["张伟"],
        5: ["20241"],
        6: ["Olga Petrova", "olga_petrova", "OlgaPetrova"],
    }


def test_what_is_too_short_is_not_looked_for() -> None:
    assert window_of("an") is None
    assert window_of("1" * (LEAST_DIGITS - 1)) is None
    assert NameFinder({"an", "1234"}).find(["an 1234"]) == {}
    assert NameFinder(set()).find(["", "text"]) == {}
    assert is_unspaced(ord("张"))
