"""Which encoding a file is in is told by its bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assay.documents.decoding import decode, mojibake

from .made_pages import only_page


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_encodings_are_told_by_the_bytes(encoding: str) -> None:
    text = "Министерство потребовало удалить аккаунты, сообщил представитель ведомства в четверг."
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1], lambda whole: whole + b" caf\xe9."])
def test_a_text_that_breaks_off_inside_a_letter_is_still_utf_8(
    damage: Callable[[bytes], bytes],
) -> None:
    text = "Chirpnet removed 12 accounts – “coordinated”, said the firm’s spokesman Müller. “Мы"
    decoded, encoding = decode(damage(text.encode()))
    assert decoded.startswith(text[:-1])
    assert encoding == "utf-8"


def test_windows_1252_is_told_from_its_bytes() -> None:
    text = "Le ministère a demandé à l’opérateur de retirer les comptes, a déclaré la porte-parole."
    assert decode(text.encode("cp1252"))[0] == text


def test_wrongly_encoded_text_is_read_and_said() -> None:
    wrong = ("Министерство потребовало удалить аккаунты. " * 5).encode().decode("cp1251", "replace")
    assert mojibake(wrong)
    assert any("encoded" in note for note in only_page("a.txt", wrong.encode()).notes)
    assert not mojibake("Côté élève, naïve façade – “Zürich” ÂGE")
