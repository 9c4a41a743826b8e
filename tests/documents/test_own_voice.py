"""Whom a page speaks for where it says “we”, and whom a letter is written to."""

from __future__ import annotations

import pytest
from tests.documents.made_documents import read

from assay.documents.own_voice import addressees
from assay.documents.parties import parties_of


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "MEDIA AUTHORITY OF GHANA\nFormal notice 7\n\nWe have opened a case against YouTube.",
            "Media Authority of Ghana",
        ),
        (
            "Ministry of Foreign Affairs of Norway\nBriefing by the Spokesperson, Ida Berg\n\n"
            "We have seen the report of Facebook.",
            "Ida Berg",
        ),
        (
            "Institute for Open Maps\nResearch note 3\n\nWe looked at pages on Facebook.",
            "Institute for Open Maps",
        ),
        ("TikTok Newsroom\n\nWe found a network of accounts.", "TikTok"),
        ("How TikTok is preparing for the vote\n\nWe found a network of accounts.", "TikTok"),
    ],
)
def test_the_head_of_the_page_says_who_we_are(text: str, who: str) -> None:
    voice = parties_of(read(text)).voice
    assert voice.value is not None
    assert voice.value.value == who


@pytest.mark.parametrize(
    "text",
    [
        "Norway bans TikTok from phones of the army\n\nThe ministry said that it was late.",
        "Facebook removes 40 pages\n\nWe do not know why.",
    ],
)
def test_a_headline_is_no_letterhead(text: str) -> None:
    assert parties_of(read(text)).voice.value is None


def test_a_letter_is_to_those_it_names() -> None:
    reading = read(
        "MEDIA AUTHORITY OF GHANA\n\nTo the attention of the legal representatives of TikTok and "
        "YouTube\n\nYou are hereby required to remove the advertisements listed below within 24 "
        "hours."
    )
    (demand,) = reading.demands
    assert [value.value for value in demand.actor] == ["Media Authority of Ghana"]
    assert [value.value for value in demand.addressee] == ["TikTok", "YouTube"]
    assert demand.trigger.of(reading.text) == "required"


def test_the_writers_we_in_what_others_report_is_the_platform() -> None:
    reading = read(
        "TikTok Newsroom\n\nSeveral papers have reported that we blocked Radio Accra. We did not "
        "block Radio Accra."
    )
    (measure,) = reading.measures
    assert measure.status == "denied"
    assert [value.value for value in measure.actor] == ["TikTok"]


def test_a_briefing_is_its_speakers_without_the_questions() -> None:
    reading = read(
        "Ministry of Foreign Affairs of Norway\nBriefing by the Spokesperson, Ida Berg\n\n"
        "Yesterday Facebook allegedly removed 12 pages for spam, and nobody was told why.\n\n"
        "Question: Will there be measures against Facebook in response to this step?\n\n"
        "Answer: We demand that Facebook restore the pages within a week."
    )
    (statement,) = [one for one in reading.statements if one.cue is None]
    assert statement.speaker.value == "Ida Berg"
    said = [span.of(reading.text) for span in statement.spans]
    assert said[0].startswith("Yesterday")
    assert said[-1].startswith("We demand")
    assert not any("Will there be" in words for words in said)
    (measure,) = reading.measures
    assert [value.value for value in measure.asserted_by] == ["Ida Berg"]
    (demand,) = reading.demands
    assert [value.value for value in demand.actor] == ["Ida Berg"]


def test_the_speakers_name_before_an_answer_is_no_part_of_it() -> None:
    text = (
        "Briefing by the Spokesperson, Ida Berg\n\nQuestion: What will you do about the pages?\n\n"
        "Ida Berg: We will write to the platform as soon as we can."
    )
    (said,) = [one for one in read(text).statements if one.cue is None]
    assert said.spans[0].of(text) == "We will write to the platform as soon as we can."


def test_your_company_is_whom_the_address_names() -> None:
    reading = read(
        "EMBASSY OF NORWAY\n\nMs Thea Brandt\nDirector of Public Policy\nZorvik Inc.\n\n"
        "Dear Ms Brandt,\n\nOn 28 April your moderators deleted the page of the embassy.\n\n"
        "I request that you restore the page without delay."
    )
    (measure,) = reading.measures
    assert [value.value for value in measure.actor] == ["Zorvik"]
    (demand,) = reading.demands
    assert [value.value for value in demand.addressee] == ["Zorvik"]
    assert [value.value for value in demand.actor] == ["Embassy of Norway"]


@pytest.mark.parametrize(
    ("above", "whom"),
    [
        ("Zorvik Inc.\n12 Quay Street\n\nMs Thea Brandt\nEmbassy of Norway\n\n", "Ms Brandt"),
        ("Embassy of Norway\n\nMs Thea Brandt\nZorvik Inc.\n\n", "Zorvik"),
        ("Ms Thea Brandt\nZorvik Inc.\n\nHalden, 3 May\n\n", "Zorvik"),
    ],
)
def test_a_letterhead_is_not_whom_the_letter_is_to(above: str, whom: str) -> None:
    (value,) = addressees(f"{above}Dear Ms Brandt,\n\nWe ask you to restore the page.", [])
    assert value.value == whom
