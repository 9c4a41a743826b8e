"""Quotation marks of every style, balanced or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents.quotes import quotations
from assay.model.record import Span

STYLES = [
    ("“", "”"),
    ('"', '"'),
    ("''", "''"),
    ("„", "“"),
    ("„", "”"),
    ("«", "»"),
    ("« ", " »"),
    ("»", "«"),
]
WORDS = st.lists(
    st.sampled_from(["the", "voters’", "don’t", "it", "was", "ministry’s", "O’Hara", "18"]),
    min_size=1,
    max_size=6,
).map(" ".join)


def found(text: str) -> list[str]:
    paragraphs, start = [], 0
    for line in text.split("\n"):
        paragraphs.append(Span(start, start + len(line)))
        start += len(line) + 1
    return [one.inner.of(text) for one in quotations(text, paragraphs)]


@given(st.lists(st.tuples(WORDS, WORDS, st.sampled_from(STYLES[:6])), min_size=1, max_size=4))
def test_every_style_gives_its_words_back(parts: list[tuple[str, str, tuple[str, str]]]) -> None:
    style = parts[0][2]
    text = " ".join(f"{before} {style[0]}{said}{style[1]}" for before, said, _ in parts) + " end."
    assert found(text) == [said for _, said, _ in parts]


@given(st.text(alphabet="ab ,.“”\"'‘’«»„\n", max_size=60))
def test_spans_lie_in_order_and_in_the_text(text: str) -> None:
    paragraphs, start = [], 0
    for line in text.split("\n"):
        paragraphs.append(Span(start, start + len(line)))
        start += len(line) + 1
    last = 0
    for one in quotations(text, paragraphs):
        assert last <= one.outer.start <= one.inner.start <= one.inner.end <= one.outer.end
        assert one.outer.end <= len(text)
        assert any(p.start <= one.outer.start and one.outer.end <= p.end for p in paragraphs)
        last = one.outer.end


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The ministry’s and the voters’ rules don’t hold.", []),
        (
            "‘Don’t interfere in the voters’ choice,’ they say.",
            ["Don’t interfere in the voters’ choice,"],
        ),
        ("Back in the ’90s they’d say 'tis so.", []),
        ("He called the party “abhorrent“ twice.", ["abhorrent"]),
        ("»Wir löschen das«, sagte sie.", ["Wir löschen das"]),
        ("« Nous retirons les pages », a dit Mme Roy.", ["Nous retirons les pages"]),
        ("«Мы удалили страницы», — сказала она.", ["Мы удалили страницы"]),
    ],
)
def test_marks_and_apostrophes(text: str, said: list[str]) -> None:
    assert found(text) == said


def test_reversed_guillemets() -> None:
    assert found("Er sagte: »Ja, sofort« und »nein«.") == ["Ja, sofort", "nein"]


def test_an_unclosed_quotation_ends_with_its_paragraph_and_may_go_on() -> None:
    text = "“We sent a message.\n“They know it,” he said."
    both = quotations(text, [Span(0, 19), Span(20, len(text))])
    assert [(one.closed, one.continues) for one in both] == [(False, False), (True, True)]


def test_quotation_within_a_quotation() -> None:
    text = "“These are ‘strong’ arguments,” she said."
    assert found(text) == ["These are ‘strong’ arguments,"]
