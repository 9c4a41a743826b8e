"""What is left to review in a record, and what has been said of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from assay.documents.corrections import Judged, judge, read_corrections
from assay.errors import InputError
from assay.model.record_folder import RecordFolder

QUICK_SLOTS: tuple[str, ...] = (
    "action",
    "count",
    "spend",
    "actor",
    "platform",
    "speaker",
    "content",
)
"""What is asked about first: where a wrong value does most harm."""


@dataclass(frozen=True)
class Wanted:
    """Which claims to go through.

    Attributes:
        documents: Names; empty for all.
        slots: Slots; empty for all.
        by: Whose earlier words make a claim done; None for anybody's.
        again: Whether claims that were judged before come again.
    """

    documents: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    by: str | None = None
    again: bool = False


@dataclass(frozen=True)
class Review:
    """A record's claims and what was said of them.

    Attributes:
        claims: Rows of ``claims.parquet`` that are wanted and not yet judged, in order.
        judged: Everything said, laid upon today's claims.
        damaged: Lines of ``corrections.jsonl`` that could not be read.
    """

    claims: list[Mapping[str, Any]]
    judged: list[Judged]
    damaged: int


def open_review(folder: RecordFolder, wanted: Wanted) -> Review:
    """What is left to review.

    Raises:
        InputError: The folder holds no record.
    """
    if not folder.claims.exists():
        raise InputError(
            "the folder holds no record",
            fix="name the folder that `assay read … -o OUT` wrote",
            file=folder.folder,
        )
    rows = pq.read_table(folder.claims).to_pylist()
    said, damaged = read_corrections(folder.corrections)
    judged = judge(rows, said)
    done = {
        one.claim_id
        for one in judged
        if wanted.by is None or any(said.by == wanted.by for said in one.corrections)
    }
    left = [
        row
        for row in rows
        if (wanted.again or row["claim_id"] not in done)
        and (not wanted.documents or row["document"] in wanted.documents)
        and (not wanted.slots or row["slot"] in wanted.slots)
        # A cue is where a statement was found, and no value of its own.
        and (row["slot"] != "cue" or "cue" in wanted.slots)
    ]
    order = {slot: place for place, slot in enumerate(QUICK_SLOTS)}
    left.sort(key=lambda row: (row["document"], order.get(row["slot"], 99), row["start"] or 0))
    return Review(left, judged, damaged)


def context_of(
    folder: RecordFolder, claim: Mapping[str, Any], around: int = 160
) -> tuple[str, ...]:
    """What stands before a claim's words, the words, and what stands after.

    Args:
        folder: The record.
        claim: A row of its claims.
        around: Characters on either side.

    Raises:
        InputError: The document's text is not there.
    """
    if claim["start"] is None:
        return "", "", ""
    table = pq.read_table(
        folder.documents,
        columns=["document", "sha256"],
        filters=[("document", "=", claim["document"])],
    )
    path = folder.text_of(table["sha256"][0].as_py())
    try:
        text = path.read_bytes().decode("utf-8", "surrogatepass")
    except OSError as error:
        raise InputError(
            "a document's text is not there", fix="read the documents again", file=path
        ) from error
    start, end = claim["start"], claim["end"]
    return text[max(0, start - around) : start], text[start:end], text[end : end + around]
