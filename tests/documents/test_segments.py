"""The parts of a page are told by form and place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.open_html import open_html
from assay.documents.page import Page
from assay.documents.page_dates import page_dates
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


def _parts(text: str, **about: Any) -> list[tuple[str, str]]:
    page = Page("a.txt", "text/plain", text, **about)
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


MOST_READ = (
    "<html><body><main><h1>Tukan bans a shipping firm</h1><p>Tukan has suspended the accounts of "
    "Nordfracht, the firm said on Tuesday.</p>{box}<p>“We were not told why,” its chairwoman "
    "said.</p></main></body></html>"
)


@pytest.mark.parametrize(
    "box",
    [
        "<p>Most read: Vektor removes 40 pages</p>",
        "<h3>Most read</h3><ul><li>Vektor removes 40 pages</li><li>Lumio bans 3 groups</li></ul>",
        "<p>Trending now</p><ul><li>Vektor removes 40 pages</li></ul>",
        "<div class='box most-read'><p>Vektor removes 40 pages</p></div>",
    ],
)
def test_a_box_of_other_stories_is_no_part_of_the_article(box: str) -> None:
    page = open_html(RawFile("page.html", MOST_READ.format(box=box).encode()), Limits())
    assert isinstance(page, Page)
    roles = {part.span.of(page.text): part.role for part in segments(page)}
    vektor = next(role for words, role in roles.items() if "Vektor" in words)
    assert vektor == "page_furniture"
    body = " ".join(words for words, role in roles.items() if role == "body")
    assert "Nordfracht" in body and "not told why" in body


@pytest.mark.parametrize(
    "greeting", ["Dear editors,", "Уважаемые коллеги!", "Madame, Monsieur,", "Sehr geehrte Damen,"]
)
def test_a_greeting_is_no_headline(greeting: str) -> None:
    text = f"{greeting}\n\non 14 August Tukan removed 120 accounts. We ask you to correct this.\n"
    assert "headline" not in [part.role for part in segments(Page("a.eml", "text/plain", text))]


def test_the_date_of_a_letter_is_found_below_its_head() -> None:
    text = (
        "Office for Communications\n4 Mill Street\n\nTo: Mirador Search Ltd\n\n9 September 2021\n\n"
        "Dear Sir or Madam,\n\nUnder section 14 we require you to stop by 17 September 2021.\n"
    )
    page = Page("a.txt", "text/plain", text)
    (line,) = [part for part in segments(page) if part.role == "date_line"]
    assert line.span.of(text) == "9 September 2021"


def test_a_date_in_the_line_below_the_headline_dates_the_document() -> None:
    text = (
        "Open Water Watch\nBriefing note, October 2020\n\nWho paid?\n\nBetween January and August "
        "2020 we followed 1,204 posts about the dam.\n"
    )
    page = Page("a.txt", "text/plain", text)
    (published,) = page_dates(page, segments(page))
    assert (published.value, published.precision) == ("2020-10", "month")


def test_what_a_mail_program_quotes_is_another_letter() -> None:
    letter = (
        "Dear Ms Holm,\n\nWe restored the page of your embassy on 17 March, and we are sorry.\n\n"
        "On 14 March 2031, Karin Holm wrote:\n> We demand that you restore the page of the "
        "embassy.\n> It was suspended on 12 March.\n"
    )
    inserted = [words for role, words in _parts(letter) if role == "inserted"]
    assert len(inserted) == 1
    assert inserted[0].startswith("On 14 March 2031, Karin Holm wrote:")
    assert inserted[0].endswith("12 March.")


def test_a_question_on_a_line_of_its_own_is_a_headline() -> None:
    text = "Who watches the watchmen?\n\nBy Lena Ost | 7 June 2031\n\nPlatforms are courts now.\n"
    assert _parts(text)[0] == ("headline", "Who watches the watchmen?")


def test_a_sign_before_the_words_of_a_page_makes_no_letter_of_them() -> None:
    text = (
        "Pages gone\n\nChirpnet removed twelve accounts on Tuesday.\n\n> Share this article\n\n"
        "The ministry had no comment on that day.\n"
    )
    assert ("page_furniture", "> Share this article") in _parts(text)


def test_numbered_notes_are_the_foot() -> None:
    parts = _parts(
        "Shadow pages\n\nKadrik removed 187 pages of the network in June, the company told us.\n\n"
        "Notes\n1 See also “Kadrik deletes 40 pages”, Courier, 2 March 2022.\n2 E-mail of 28 June."
    )
    assert parts[-1][0] == "footer"
    assert parts[-1][1].startswith("Notes")


def test_figures_below_the_word_notes_are_no_notes() -> None:
    parts = _parts(
        "Shadow pages\n\nKadrik removed 187 pages of the network in June, the company told us.\n\n"
        "Notes\n\n140 accounts were suspended on Monday, and nobody was told why.\n\n"
        "The ministry asked for all of them on Tuesday."
    )
    assert not any(role == "footer" for role, _ in parts)


def test_what_goes_on_below_numbered_notes_is_read() -> None:
    below = "\n\n".join(
        f"Chirpnet removed {number} pages of the same network in {month}, the ministry said."
        for number, month in ((30, "July"), (41, "August"), (52, "October"), (63, "November"))
    )
    parts = _parts(
        "Shadow pages\n\nKadrik removed 187 pages of the network in June, the company told us.\n\n"
        f"Notes\n1 See the Courier of 2 March 2022.\n[2] E-mail of 28 June.\n\n{below}"
    )
    roles = [role for role, _ in parts]
    assert roles[-2:] == ["footer", "body"]
