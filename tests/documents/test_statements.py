"""Who says what: direct, indirect, mixed; speakers, addressees, venues, chains."""

from __future__ import annotations

import pytest

from assay.documents.base import Reading
from assay.model.record import Statement

from .made_text import document, read, statements


def only(text: str) -> tuple[str, Statement]:
    found = statements(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "said", "form"),
    [
        ("“We removed the pages,” Ana Ruiz said on Monday.", "We removed the pages,", "direct"),
        ("Ana Ruiz said: “We removed the pages.”", "We removed the pages.", "direct"),
        (
            "“We removed them,” said Ana Ruiz, “and we will again.”",
            "We removed them, / and we will again.",
            "direct",
        ),
        (
            "“We did,” Ana Ruiz said. “They broke our rules.”",
            "We did, / They broke our rules.",
            "direct",
        ),
        (
            "Ana Ruiz said that the pages had been removed.",
            "the pages had been removed",
            "indirect",
        ),
        ("The pages had been removed, Ana Ruiz said.", "The pages had been removed", "indirect"),
        (
            "Ana Ruiz said the pages were “inauthentic in every way”.",
            "the pages were “inauthentic in every way”",
            "mixed",
        ),
        (
            "According to Ana Ruiz, the pages were removed in May.",
            "the pages were removed in May",
            "indirect",
        ),
        (
            "The pages were removed in May, according to Ana Ruiz.",
            "The pages were removed in May",
            "indirect",
        ),
        (
            "Ana Ruiz: “We removed the pages last week.”",
            "We removed the pages last week.",
            "direct",
        ),
        (
            "POLLS ARE CLOSER - Ana Ruiz: “The pages were removed too late.”",
            "The pages were removed too late.",
            "direct",
        ),
        (
            "Ana Ruiz defended the anti-war pages: “They were removed for no reason at all.”",
            "They were removed for no reason at all.",
            "direct",
        ),
        ("Ana Ruiz told the crowd “BRING THEM BACK!”", "BRING THEM BACK!", "direct"),
        ("Ana Ruiz wrote on Chirpnet “STOP THE BIAS” on Monday.", "STOP THE BIAS", "direct"),
        (
            "“We did,” Ana Ruiz said. Instead, “they are gone for good.”",
            "We did, / they are gone for good.",
            "direct",
        ),
        (
            "The pages were gone, Ana Ruiz said in her book, “A Time for Truth,” and more.",
            "The pages were gone",
            "indirect",
        ),
    ],
)
def test_forms(text: str, said: str, form: str) -> None:
    words, statement = only(text)
    assert (words, statement.form, statement.speaker.value) == (said, form, "Ana Ruiz")


def test_what_a_sign_reads_is_said_by_nobody_named() -> None:
    words, statement = only("“Bring them back,” read one of the signs.")
    assert (words, statement.speaker.value) == ("Bring them back,", None)


def test_cue_and_speaker_lie_where_they_say() -> None:
    text = "Brightline spokeswoman Ana Ruiz told reporters that the pages were gone."
    reading = read(document(("body", text)))
    (one,) = reading.statements
    assert one.cue is not None
    assert one.speaker.span is not None
    assert one.cue.of(text) == "told"
    assert one.speaker.span.of(text) == "Ana Ruiz"
    assert one.speaker.role is not None
    assert one.speaker.role.value == "Brightline spokeswoman"
    assert one.speaker.organisation is not None
    assert one.speaker.organisation.value == "Brightline"
    assert [to.value for to in one.addressee] == ["reporters"]


def test_pronouns_and_nouns_stand_for_the_person() -> None:
    found = statements(
        "Foreign Ministry spokeswoman Mara Veld said the step was unlawful.\n"
        "“It is censorship,” she added. “We will answer,” the diplomat stressed. "
        "Veld said the reply would come soon."
    )
    assert [one.speaker.value for _, one in found] == ["Mara Veld"] * 4
    assert all(one.speaker.role for _, one in found)


def test_a_pronoun_without_anybody_before_names_nobody() -> None:
    _, one = only("“We removed the pages last night,” she said.")
    assert one.speaker.value is None
    assert one.speaker.span is not None


def test_scare_quotes_and_titles_are_no_statements() -> None:
    assert (
        statements("The so-called “foreign agent” law was published in “The Gazette” on Monday.")
        == []
    )


def test_a_quotation_over_paragraphs_is_one_statement() -> None:
    words, one = only("“The first part of it is long.\n“The second part is short,” said Ana Ruiz.")
    assert words == "The first part of it is long. / The second part is short,"
    assert one.speaker.value == "Ana Ruiz"


def test_who_passed_it_on() -> None:
    found = dict(
        statements("The ministry said that Brightline had claimed that the pages were fake.")
    )
    inner = found["the pages were fake"]
    assert inner.speaker.value == "Brightline"
    assert [one.value for one in inner.through] == ["ministry"]
    _, quoted = only("“The pages were fake,” the firm said, according to Reuters.")
    assert (quoted.speaker.value, [one.value for one in quoted.through]) == ("firm", ["Reuters"])


def test_kinds() -> None:
    assert only("The regulator demanded that Brightline restore the pages.")[1].kind == "demand"
    assert (
        only("“We call on the platforms to publish the list,” Ana Ruiz said.")[1].kind == "demand"
    )
    assert only("Asked about the pages, Ana Ruiz said nothing had been decided.")[1].kind == "reply"
    accusation = only("Ana Ruiz accused the platform of hiding the notices.")[1]
    assert (accusation.kind, accusation.evidence_offered) == ("accusation", "none")
    assert only("Ana Ruiz hopes that the pages will return.")[1].kind == "attitude"


def test_a_headline_paraphrases() -> None:
    reading = read(
        document(
            ("headline", "‘Leave our vote alone,’ regulators tell Brightline"),
            (
                "body",
                "The regulators wrote to Brightline on Monday about pages and the coming vote.",
            ),
        )
    )
    (one, *_) = reading.statements
    assert (one.form, one.verbatim) == ("headline_paraphrase", False)


def test_a_name_above_a_quotation_speaks() -> None:
    reading = read(
        document(("inserted", "Jane Roe, 2016"), ("inserted", "“We will be ready for it.”"))
    )
    (one,) = reading.statements
    assert one.speaker.value == "Jane Roe"


def test_related_links_are_not_read() -> None:
    text = "Ana Ruiz said that the pages were removed."
    assert read(document(("related_link", text))).statements == []


SIDES = [("Ostland", "Westmark"), ("Russia", "Ukraine"), ("China", "Taiwan"), ("Israel", "Iran")]


@pytest.mark.parametrize(("one", "other"), SIDES)
def test_swapping_sides_swaps_the_record_alone(one: str, other: str) -> None:
    text = (
        "{0} accused {1} of running the pages, the ministry said. “{1} must answer for it,” Ana "
        "Ruiz said. The embassy of {1} said that {0} had offered no evidence."
    )

    def told(first: str, second: str) -> list[tuple[str, ...]]:
        def plain(words: str) -> str:
            return words.replace(first, "A").replace(second, "B")

        return [
            (
                plain(said),
                one.form,
                one.kind,
                plain(str(one.speaker.value)),
                str(one.evidence_offered),
            )
            for said, one in statements(text.format(first, second))
        ]

    assert told(one, other) == told(other, one)


def test_every_span_has_words_and_lies_in_the_text() -> None:
    text = (
        "‘A’ \"b “c” d\" — “e,” he said, “f\n“g.” '' '' According to to to. said said said “” "
        "\n: “x y z w v”"
    )
    reading: Reading = read(document(("body", text)))
    for one in reading.statements:
        for span in one.spans:
            assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "That said, the pages of the network reached few people.",
        "All told, the group raised four million dollars in February.",
    ],
)
def test_idioms_with_a_verb_of_speech_report_nobody(text: str) -> None:
    assert statements(text) == []


def test_all_who_say_something_report_it() -> None:
    said, _ = only("All said that the pages of the network reached few people.")
    assert said == "the pages of the network reached few people"


@pytest.mark.parametrize(
    "text",
    [
        "“We need more time,” Ida Berg said on the evening show “Morning Light” on Sunday.",
        "“We need more time,” said Ida Berg, the author of “Letters to the Editor and Others.”",
    ],
)
def test_a_title_between_marks_is_nobody_s_words(text: str) -> None:
    said, statement = only(text)
    assert said == "We need more time,"
    assert statement.speaker.value == "Ida Berg"


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("Her criticism of the new rules annoyed the platforms.", "the new rules", None),
        ("Ida Berg repeated her call for a public archive.", "a public archive", "Ida Berg"),
        (
            "Criticism of the fee from Open Water Watch came late.",
            "the fee",
            "Open Water Watch",
        ),
    ],
)
def test_a_noun_of_speech_holds_what_its_preposition_brings(
    text: str, words: str, speaker: str | None
) -> None:
    said, statement = only(text)
    assert said == words
    assert statement.speaker.value == speaker


def test_a_noun_of_speech_that_is_nobody_s_reports_nothing() -> None:
    assert statements("A call for papers closed on Friday.") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Ida Berg said that “we need more time” about the archive of the network.",
            "“we need more time” about the archive of the network",
        ),
        (
            "Berg told a news conference they are “planting the seeds” of it.",
            "they are “planting the seeds” of it",
        ),
        ("She also called for more “openness” in it.", "more “openness”"),
        (
            "The network was large (its posts reached 900 people, according to Open Water Watch).",
            "its posts reached 900 people",
        ),
    ],
)
def test_what_is_said_ends_with_its_clause(text: str, words: str) -> None:
    said, _ = only(text)
    assert said == words
