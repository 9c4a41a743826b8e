"""French, German and Russian statements, told by marks, verbs of speech and names."""

from __future__ import annotations

import pytest

from assay.documents.base import Reading
from assay.documents.statements_by_marks import StatementsByMarks
from assay.model.record import Document, Segment, Span


def read(language: str, text: str) -> Reading:
    body = (Segment("body", Span(0, len(text))),)
    reading = Reading(Document("made.txt", "0" * 64, "text/plain", text, language, segments=body))
    StatementsByMarks().read(reading)
    return reading


@pytest.mark.parametrize(
    ("language", "text", "said", "speaker", "role"),
    [
        (
            "fr",
            "« On ne nous a rien montré », a déclaré Ilse Marander, porte-parole du ministère.",
            "On ne nous a rien montré",
            "Ilse Marander",
            "porte-parole du ministère",
        ),
        (
            "fr",
            "Tukan a fermé 64 chaînes, a indiqué la présidente de la Cour, Sol Hedda.",
            "Tukan a fermé 64 chaînes",
            "Sol Hedda",
            "présidente de la Cour",
        ),
        (
            "fr",
            "Ilse Marander a affirmé que les pages avaient été retirées.",
            "les pages avaient été retirées",
            "Ilse Marander",
            None,
        ),
        (
            "de",
            "„Man hat uns nichts gezeigt“, sagte die Vorsitzende Edda Lund.",
            "Man hat uns nichts gezeigt",
            "Edda Lund",
            "Vorsitzende",
        ),
        (
            "de",
            "Edda Lund sagte, dass die Seiten gelöscht worden seien.",
            "die Seiten gelöscht worden seien",
            "Edda Lund",
            None,
        ),
        (
            "ru",
            "«Нам ничего не показали», — заявила представитель министерства Ильза Марандер.",
            "Нам ничего не показали",
            "Ильза Марандер",
            "представитель министерства",
        ),
        (
            "ru",
            "Ильза Марандер заявила, что страницы были удалены.",
            "страницы были удалены",
            "Ильза Марандер",
            None,
        ),
    ],
)
def test_frames(language: str, text: str, said: str, speaker: str, role: str | None) -> None:
    (one,) = read(language, text).statements
    told = one.speaker.role.value if one.speaker.role else None
    words = " / ".join(span.of(text) for span in one.spans)
    assert (words, one.speaker.value, told) == (said, speaker, role)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "« On ne nous a rien dit », a regretté Edda Lund. « Rien du tout », a-t-elle dit.",
        ),
        ("ru", "«Они всё удалили», — сказала Эдда Лунд. «Мы ждали целый год», — добавила она."),
    ],
)
def test_a_pronoun_stands_for_who_spoke_before(language: str, text: str) -> None:
    found = read(language, text).statements
    assert {one.speaker.value for one in found} == {
        "Edda Lund" if language == "fr" else "Эдда Лунд"
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "La loi dite « des agents étrangers » a été publiée au « Journal » lundi."),
        ("de", "Das sogenannte „Agentengesetz über Medien“ trat am Montag in Kraft."),
        ("ru", "Закон «об иностранных агентах страны» вступил в силу в понедельник."),
        ("ru", "Компания «Кадрик» не блокировала канал «Утренний звонкий колокол»."),
    ],
)
def test_names_and_terms_between_marks_are_no_statements(language: str, text: str) -> None:
    assert read(language, text).statements == []
