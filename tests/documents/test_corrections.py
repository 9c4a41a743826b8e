"""Corrections: kept apart, laid upon claims again after a rerun, lost by nobody."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents.corrections import (
    append_correction,
    correction,
    judge,
    read_corrections,
)
from assay.errors import UsageError

TEXT = (
    "Chirpnet removed 312 accounts on Monday. A week before, Lumio removed 312 accounts as well, "
    "and Tukan labelled nine pages. Nobody else was named in the letter of the ministry."
)


def claim(
    text: str, words: str, *, nth: int = 0, slot: str = "count", **more: Any
) -> dict[str, Any]:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    end = start + len(words)
    return {
        "claim_id": f"c{start}-{slot}",
        "document": "a.txt",
        "subject": "M1",
        "slot": slot,
        "value": words,
        "start": start,
        "end": end,
        "exact": words,
        "prefix": text[max(0, start - 32) : start],
        "suffix": text[end : end + 32],
        "stage": "counts",
    } | more


def said(row: dict[str, Any], verdict: str = "accepted", by: str = "Ada", **more: Any) -> Any:
    value = more.get("value")
    at = more.get("at", "2026-01-01T00:00:00+00:00")
    return correction(row, verdict, by=by, at=at, told=(value, more.get("why")))


def test_a_correction_finds_its_claim_by_id(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    row = claim(TEXT, "312")
    append_correction(path, said(row, "corrected", value="313", why="typing error"))
    found, damaged = read_corrections(path)
    (judged,) = judge([row], found)
    assert (judged.claim_id, judged.found_by, judged.value) == (row["claim_id"], "id", "313")
    assert damaged == 0


@given(st.text(alphabet="abc .,\n", max_size=60), st.integers(0, 1))
def test_a_correction_finds_its_words_where_the_text_has_moved(before: str, nth: int) -> None:
    old = claim(TEXT, "312", nth=nth)
    moved = before + TEXT
    today = [claim(moved, "312", nth=0), claim(moved, "312", nth=1), claim(moved, "nine")]
    for row in today:
        row["claim_id"] = "new" + row["claim_id"]
    (judged,) = judge(today, [said(old, "rejected")])
    # The other 312 stands between other words.
    assert judged.claim_id == today[nth]["claim_id"]
    assert judged.found_by == "quote"


def test_an_id_that_now_holds_other_words_is_not_believed() -> None:
    old = claim(TEXT, "312")
    other = claim(TEXT.replace("312", "777"), "777") | {"claim_id": old["claim_id"]}
    (judged,) = judge([other], [said(old, "rejected")])
    assert judged.claim_id is None
    assert judged.found_by == "lost"


def test_two_people_who_differ_are_both_kept_and_said_to_differ() -> None:
    row = claim(TEXT, "312")
    one = said(row, "accepted", by="Ada", at="2026-01-01T00:00:00+00:00")
    two = said(row, "rejected", by="Ben", at="2026-01-02T00:00:00+00:00")
    (judged,) = judge([row], [one, two])
    assert judged.disputed
    assert judged.verdict == "rejected"
    assert [one.by for one in judged.corrections] == ["Ada", "Ben"]
    again = said(row, "rejected", by="Ada", at="2026-01-03T00:00:00+00:00")
    (judged,) = judge([row], [one, two, again])
    assert not judged.disputed


def _write_many(path: str, by: str) -> None:
    for number in range(60):
        row = claim(TEXT, "312") | {"claim_id": f"{by}{number}", "prefix": "x" * 3000}
        append_correction(Path(path), said(row, by=by))


def test_two_reviewers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_many, args=(str(path), by)) for by in ("Ada", "Ben")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    found, damaged = read_corrections(path)
    assert damaged == 0
    assert sorted(one.claim["claim_id"] for one in found) == sorted(
        f"{by}{number}" for by in ("Ada", "Ben") for number in range(60)
    )


def test_a_line_cut_off_by_a_crash_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    append_correction(path, said(claim(TEXT, "312")))
    path.write_bytes(path.read_bytes() + b'{"verdict": "acc')
    append_correction(path, said(claim(TEXT, "nine"), "rejected"))
    found, damaged = read_corrections(path)
    assert [one.verdict for one in found] == ["accepted", "rejected"]
    assert damaged == 1


@pytest.mark.parametrize(
    ("verdict", "by", "value"),
    [
        ("accepted", " ", None),
        ("corrected", "Ada", None),
        ("accepted", "Ada", "x"),
        ("no", "Ada", None),
    ],
)
def test_what_makes_no_sense_is_refused(verdict: str, by: str, value: str | None) -> None:
    with pytest.raises(UsageError):
        said(claim(TEXT, "312"), verdict, by=by, value=value)


def test_lines_of_another_make_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text(json.dumps({"verdict": "accepted"}) + "\n[]\n\n")
    assert read_corrections(path) == ([], 2)
