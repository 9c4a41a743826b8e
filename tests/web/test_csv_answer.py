"""Tables for programs: what a cell holds comes out again, and no spreadsheet runs any of it."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.cases.transparency import Row
from assay.web import csv_answer
from assay.web.house import House
from tests.web.served import Visitor

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@settings(max_examples=50)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_every_text_comes_out_again_and_none_runs(rows: list[tuple[str, str]]) -> None:
    text = "".join(csv_answer.csv_lines(("one", "other"), rows))
    head, *read = csv.reader(io.StringIO(text, newline=""))
    assert head == ["one", "other"]
    for row, cells in zip(rows, read, strict=True):
        for told, cell in zip(row, cells, strict=True):
            assert cell in (told, f"'{told}")
            assert not re.match(r"[=+\-@\t\r\n]", cell)


def test_figures_stay_figures_and_what_is_not_there_is_empty() -> None:
    row = (None, -1.5, 0, ("a", "b"), ("-1", "2"), ())
    (_, read) = csv.reader(csv_answer.csv_lines(("a",) * len(row), [row]))
    assert read == ["", "-1.5", "0", "a b", "'-1 2", ""]


def test_lines_are_sent_many_at_once() -> None:
    answer = csv_answer.csv_answer("a.csv", ("a",), ([number] for number in range(1000)))

    async def sent() -> list[str]:
        return [str(piece) async for piece in answer.body_iterator]

    pieces = asyncio.run(sent())
    assert "".join(pieces).splitlines() == ["a", *map(str, range(1000))]
    assert len(pieces) == 11


def test_no_spreadsheet_runs_the_transparency_report(
    house: House, somebody: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    formula = Row("Notices", "=1+1", "+x", -2.0, "number", "@note")
    monkeypatch.setattr(house.register, "transparency", lambda *_: (formula,))
    answer = somebody().get("/transparency/2026.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="transparency-2026.csv"'
    assert answer.text.splitlines()[1] == "2026,Notices,'=1+1,'+x,-2.0,number,'@note"


def test_no_other_page_writes_csv() -> None:
    modules = Path(csv_answer.__file__).parent.rglob("*.py")
    found = [path.name for path in modules if re.search(r"\bcsv\.writer\b", path.read_text())]
    assert found == ["csv_answer.py"]
