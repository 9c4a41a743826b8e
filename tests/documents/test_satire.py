"""What calls itself satire is noted, and only that."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assay.documents.read_pages import read_documents
from assay.documents.satire import calls_itself_satire
from assay.model.record import Document


@pytest.mark.parametrize(
    "words",
    ["Satire\n\nChirpnet removed all accounts.", "The Daily Gull is a satirical newspaper."],
)
def test_a_page_that_calls_itself_satire_is_noted(tmp_path: Path, words: str) -> None:
    (tmp_path / "gull.txt").write_text(f"{words}\n")
    (tmp_path / "plain.txt").write_text("The senator called the ban on satire absurd.\n")
    gull, plain = read_documents([tmp_path])
    assert isinstance(gull, Document)
    assert isinstance(plain, Document)
    assert any("satire" in note for note in gull.metadata["notes"])
    assert not any("satire" in note for note in plain.metadata.get("notes", ()))


def test_lines_of_nothing_but_signs_are_no_trap() -> None:
    lines = "— * —\n" * 10_000
    began = time.process_time()
    assert not calls_itself_satire(lines, None)
    assert time.process_time() - began < 0.5
    assert calls_itself_satire(f"{lines}— Satire —\n{lines}", None)
