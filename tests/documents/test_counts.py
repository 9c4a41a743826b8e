import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents.counts import find_counts
from assay.documents.money import find_money
from assay.model.record import CURRENCY_OPEN, Span


def _counts(text, language="en"):
    return [
        (one.n, one.unit, one.comparator, one.phrase.of(text))
        for one in find_counts(text, Span(0, len(text)), language)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "blocked 18 accounts and two pages of ours",
            [(18, "accounts", "=", "18 accounts"), (2, "pages", "=", "two pages")],
        ),
        ("273 accounts and pages", [(273, "accounts+pages", "=", "273 accounts and pages")]),
        (
            "212 pages, groups and accounts",
            [(212, "pages+groups+accounts", "=", "212 pages, groups and accounts")],
        ),
        ("more than 10 foreign firms", [(10, "companies", ">", "more than 10 foreign firms")]),
        ("about 1,200 fake or hijacked social media accounts",
         [(1200, "accounts", "~", "about 1,200 fake or hijacked social media accounts")]),
        ("86 of the accounts", [(86, "accounts", "=", "86 of the accounts")]),
        ("at least twenty-one groups", [(21, "groups", ">=", "at least twenty-one groups")]),
        ("2.6 million followers", [(2_600_000, "followers", "=", "2.6 million followers")]),
        ("dozens of accounts", [(12, "accounts", "vague", "dozens of accounts")]),
        ("95% of accounts", []),
        ("in the 2016 campaigns", []),
        ("on 12 August accounts were", []),
        ("around 3 million civilians", []),
    ],
)  # fmt: skip
def test_numbers_of_things(text, expected):
    assert _counts(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ru", "удалила 48 аккаунтов и две страницы", [(48, "accounts"), (2, "pages")]),
        ("ru", "более 470 учётных записей", [(470, "accounts")]),
        ("fr", "a supprimé plus de 200 comptes et trois pages", [(200, "accounts"), (3, "pages")]),
        ("de", "hat 1.200 Twitter-Accounts und sechs Seiten", [(1200, "accounts"), (6, "pages")]),
    ],
)
def test_numbers_in_other_languages(language, text, expected):
    assert [(n, unit) for n, unit, _, _ in _counts(text, language)] == expected


def test_a_range_keeps_both_ends():
    text = "between 50 and 60 accounts"
    (count,) = find_counts(text, Span(0, len(text)))
    assert (count.n, count.most, count.comparator) == (50, 60, "range")


@given(st.integers(min_value=2, max_value=9_999_999), st.sampled_from(["accounts", "pages"]))
def test_figures_come_back_as_they_were_written(n, unit):
    text = f"They removed {n:,} {unit} today."
    (count,) = find_counts(text, Span(0, len(text)))
    assert (count.n, count.unit, count.span.of(text)) == (n, unit, f"{n:,}")


@given(st.text(max_size=200), st.sampled_from(["en", "ru", "fr", "de"]))
def test_any_text_gives_spans_inside_it(text, language):
    for count in find_counts(text, Span(0, len(text)), language):
        assert 0 <= count.phrase.start <= count.span.start < count.span.end <= count.phrase.end
        assert count.phrase.end <= len(text)
    for spend in find_money(text, Span(0, len(text)), language):
        assert 0 <= spend.span.start < spend.span.end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spent about $100,000 on ads", (100_000, "USD", "~")),
        ("$9.5 million", (9_500_000, "USD", "=")),
        ("over €1.2m", (1_200_000, "EUR", ">")),
        ("1.5 million rubles", (1_500_000, "RUB", "=")),
        ("at least 300 zł", (300, "PLN", ">=")),
        # Several states have crowns: which, the words do not say.
        ("40,000 crowns", (40_000, CURRENCY_OPEN, "=")),
    ],
)
def test_sums_of_money(text, expected):
    (spend,) = find_money(text, Span(0, len(text)))
    assert (spend.amount, spend.currency, spend.comparator) == expected
