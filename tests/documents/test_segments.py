"""The parts of a page are told by form and place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents.page import Page
from assay.documents.segments import segments
from assay.model.record import Segment

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents"
GOLD_NAMES = {
    "subhead": "subtitle",
    "epigraph_inserted": "inserted",
    "related_items": "other_releases",
}

STORY = """Ministry asks Chirpnet to restore pages

Chirpnet blocked the pages on Monday, the ministry said. It asked the company to explain…

NORTHPORT, March 5 (Wirely) – Chirpnet blocked the pages on Monday, the ministry said. It asked the
company to explain the step within a week and to restore what had been blocked.

“We have had no answer,” a spokeswoman said. (RELATED: Chirpnet removes 400 accounts in Sylvania)
She added that a second letter would follow.

Sign up for our free newsletter!

The company did not reply to a request for comment.

Source: https://short.ly/abc

All rights reserved. Send tips to [email protected]."""


def _parts(text: str, **about: str) -> list[tuple[str, str]]:
    page = Page("a.txt", "text/plain", text, **about)  # type: ignore[arg-type]
    return [(part.role, part.span.of(text)) for part in segments(page)]


def test_a_story_with_everything_around_it() -> None:
    parts = _parts(STORY)
    assert [role for role, _ in parts] == [
        "headline",
        "teaser_duplicate",
        "body",
        "related_link",
        "body",
        "newsletter_plea",
        "body",
        "source_line",
        "footer",
    ]
    assert parts[3][1] == "(RELATED: Chirpnet removes 400 accounts in Sylvania)"


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("Read time: 3 minutes", "page_furniture"),
        ("Время чтения: 3 минуты", "page_furniture"),
        ("Partager sur les réseaux", "page_furniture"),
        ("Foto: Agentur", "page_furniture"),
        ("Please subscribe to our daily newsletter", "newsletter_plea"),
        ("Подписывайтесь на наш телеграм-канал", "newsletter_plea"),
        ("Abonnez-vous à notre lettre", "newsletter_plea"),
        ("See also: Chirpnet removes 400 accounts", "related_link"),
        ("Читайте также: Чирпнет удалил 400 аккаунтов", "related_link"),
        ("Lire aussi : Chirpnet retire 400 comptes", "related_link"),
        ("Lesen Sie auch: Chirpnet löscht 400 Konten", "related_link"),
    ],
)
def test_lines_that_belong_to_the_page(line: str, role: str) -> None:
    before = "Chirpnet removed twelve accounts on Tuesday, the company said in a report of its own."
    after = "The ministry did not answer, and its letter of March was not published by anybody."
    assert (role, line) in _parts(f"A headline of five words\n\n{before}\n\n{line}\n\n{after}")


@pytest.mark.parametrize(
    "line",
    [
        "“Subscribe to our channel,” the fake page told its readers, according to the report.",
        "The ministry said that the pages asked people to sign up for a newsletter and that it had "
        "reported them to the company three times without an answer, officials announced.",
        "More accounts were removed in June.",
    ],
)
def test_sentences_about_such_things_stay_in_the_body(line: str) -> None:
    first = "Chirpnet removed twelve accounts on Tuesday, the company said in a report of its own."
    parts = _parts(
        f"A headline of five words\n\n{first}\n\n{line}\n\nIt did not say more about them."
    )
    assert any(role == "body" and line in words for role, words in parts)


def test_quotations_above_the_dateline_were_put_in() -> None:
    text = (
        "Ministry sends a note\n\n>Jane Doe, 2016\n“We will answer.”\n\n"
        "NORTHPORT – The ministry will send a note, its spokeswoman said on Monday in the capital."
    )
    assert [role for role, _ in _parts(text)] == ["headline", "inserted", "body"]


def test_a_list_of_other_releases_is_no_body() -> None:
    items = "\n\n".join(
        f"{day}.08.2018 - Comment on something\n\nWords of it." for day in (9, 8, 7)
    )
    text = (
        "Statement on fake accounts\n\nWe were pleased to hear about the statement of the company "
        f"which identified 12 fake accounts.\n\nLATEST EVENTS\n\n{items}"
    )
    roles = [role for role, _ in _parts(text)]
    assert roles == ["headline", "body", "other_releases"]


def test_mail_that_was_broken_at_a_fixed_width_is_one_paragraph() -> None:
    wrapped = "\n".join(["We urge the company to restore the pages that it has blocked, and"] * 8)
    (part,) = segments(Page("a.txt", "text/plain", wrapped))
    assert part.role == "body" and part.span.of(wrapped) == wrapped


@given(st.text(max_size=400))
def test_parts_lie_in_order_inside_any_text(text: str) -> None:
    found: tuple[Segment, ...] = segments(Page("a.txt", "text/plain", text))
    edges = [0] + [edge for part in found for edge in (part.span.start, part.span.end)]
    assert edges == sorted(edges) and edges[-1] <= len(text)
    assert all(part.span.of(text).strip() for part in found)


@pytest.mark.data
@pytest.mark.skipif(not SEEDS.exists(), reason="needs the seed documents in ../shared")
@pytest.mark.parametrize("number", range(5))
def test_the_seeds_have_the_parts_that_people_marked(number: int) -> None:
    gold = json.loads((SEEDS / "gold" / f"seed{number}.json").read_text(encoding="utf-8"))
    with (SEEDS / "seeds" / gold["file"]).open(encoding="utf-8", newline="") as file:
        text = file.read()
    roles = [""] * len(text)
    for part in segments(Page("a.txt", "text/plain", text)):
        roles[part.span.start : part.span.end] = [part.role] * (part.span.end - part.span.start)
    for part in sorted(gold["segments"], key=lambda one: one["start"] - one["end"]):
        wanted = GOLD_NAMES.get(part["role"], part["role"])
        inner = [
            one for one in gold["segments"] if one is not part and one["start"] >= part["start"]
        ]
        for at in range(part["start"], part["end"]):
            if text[at].isspace() or any(one["start"] <= at < one["end"] for one in inner):
                continue
            assert roles[at] == wanted, (text[at : at + 40], roles[at], wanted)
