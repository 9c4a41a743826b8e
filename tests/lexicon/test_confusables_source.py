from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.lexicon.confusables_source import OWN, lookalike_table, main, read_source, write_table
from assay.lexicon.impersonation import lookalikes

STANDARD = """\ufeff# confusables.txt
0430 ;\t0061 ;\tMA\t# ( а → a ) CYRILLIC SMALL LETTER A
0406 ;\t006C ;\tMA\t# ( І → l )
0441 ;\t0063 ;\tMA
05AD ;\t0596 ;\tMA
"""
PACKAGE = json.dumps({one: [{"c": other}] for one, other in ("аa", "Іl", "сc", "\u05ad\u0596")})


def test_both_forms_of_the_list_say_the_same() -> None:
    assert read_source(STANDARD) == read_source(PACKAGE)
    table = lookalike_table(read_source(STANDARD))
    assert (table["а"], table["І"], table["с"]) == ("a", "l", "c")
    assert "\u05ad" not in table
    assert table["ł"] == "l"
    assert "é" not in table, "NFKD folds it anyway"


def test_the_table_that_is_shipped_is_one_that_the_script_makes(tmp_path: Path) -> None:
    source = tmp_path / "confusables.txt"
    source.write_text(STANDARD, encoding="utf-8")
    to = tmp_path / "confusables.tsv"
    count = write_table(source, to)
    lines = to.read_text("utf-8").splitlines()
    assert "UTS #39" in lines[2]
    assert len([line for line in lines if not line.startswith("#")]) == count
    shipped = lookalikes()
    made = lookalike_table(read_source(STANDARD))
    assert {one: shipped[one] for one in OWN} == OWN
    assert all(shipped[one] == made[one] for one in ("а", "с", "ł", "đ", "ɓ"))
    assert list(shipped) == sorted(shipped)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "usage: python -m assay.lexicon.confusables_source"),
        (["missing.txt"], "missing.txt cannot be read"),
        (["broken.json"], "broken.json cannot be read"),
        (["page.html"], "it lists no characters"),
    ],
)
def test_without_a_list_the_command_says_what_it_needs(
    given: list[str],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "broken.json").write_text("{no json", encoding="utf-8")
    (tmp_path / "page.html").write_text("<p>Not found</p>", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main(given)
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err
