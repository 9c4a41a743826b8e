"""What people say about claims: kept apart from what was read, appended and never rewritten.

A correction names its claim by id and by the words themselves (document, slot, quote with what
stands before and after). After a rerun it finds its claim by the id, else by the words, even where
the text has moved; one that finds none is kept and said to be lost. What was read stays as it is.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from assay.documents.append_line import append_line
from assay.errors import UsageError

Verdict = Literal["accepted", "corrected", "rejected"]

FoundBy = Literal["id", "quote", "lost"]
"""How a correction found its claim among those that are read today."""

_NEAR = 0.75
"""How alike the words around a quote must be for it to be taken as the same place."""

_CLAIM_COLUMNS = (
    "claim_id",
    "document",
    "subject",
    "slot",
    "value",
    "start",
    "end",
    "exact",
    "prefix",
    "suffix",
    "stage",
)


@dataclass(frozen=True)
class Correction:
    """One thing that one person said about one claim.

    Attributes:
        verdict: Whether it is right as read, right with another value, or not there.
        value: The right value, for ``corrected``.
        by: Who said it.
        at: When, ISO 8601.
        why: In their words.
        claim: The claim as it stood then: id, document, slot, value, quote, stage.
    """

    verdict: Verdict
    by: str
    at: str
    claim: Mapping[str, Any]
    value: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Judged:
    """A claim with everything that people said about it, the last word of each person last.

    Attributes:
        claim_id: Of the claim as it is read now; None where it is no longer read.
        found_by: ``id``, ``quote``, or ``lost``.
        corrections: In the order in which they were said.
    """

    claim_id: str | None
    found_by: FoundBy
    corrections: tuple[Correction, ...]

    @property
    def verdict(self) -> Verdict:
        """The last word."""
        return self.corrections[-1].verdict

    @property
    def value(self) -> str | None:
        """The value after it; None where the claim was rejected."""
        last = self.corrections[-1]
        if last.verdict == "rejected":
            return None
        return last.value if last.verdict == "corrected" else str(last.claim["value"])

    @property
    def disputed(self) -> bool:
        """Whether the last words of two people differ."""
        last = {one.by: (one.verdict, one.value) for one in self.corrections}
        return len(set(last.values())) > 1


_VERDICTS: Mapping[str, Verdict] = {one: one for one in get_args(Verdict)}


def correction(
    claim: Mapping[str, Any], verdict: str, *, by: str, at: str, told: tuple[str | None, str | None]
) -> Correction:
    """A correction of a claim's row.

    Args:
        claim: A row of ``claims.parquet``.
        verdict: ``accepted``, ``corrected`` or ``rejected``.
        by: Who says so.
        at: When, ISO 8601.
        told: The right value, and why; each may be None.

    Raises:
        UsageError: The verdict is unknown, nobody says it, or a correction has no value.
    """
    value, why = told
    known = _VERDICTS.get(verdict)
    if known is None:
        raise UsageError(f"{verdict!r} is no verdict", fix="accepted, corrected or rejected")
    if not by.strip():
        raise UsageError("a correction needs a name", fix="say who you are with --by NAME")
    if (verdict == "corrected") != (value is not None and bool(value.strip())):
        raise UsageError(
            "only a corrected claim has another value, and it needs one",
            fix="give the right value, or reject the claim",
        )
    kept = {name: claim[name] for name in _CLAIM_COLUMNS}
    return Correction(known, by.strip(), at, kept, value, why or None)


def append_correction(path: Path, said: Correction) -> None:
    """Add one line at the end, whole, whoever else is writing.

    Raises:
        InputError: The file cannot be written.
    """
    append_line(path, asdict(said))


def read_corrections(path: Path) -> tuple[list[Correction], int]:
    """Every correction in order, and how many lines could not be read."""
    if not path.exists():
        return [], 0
    found: list[Correction] = []
    damaged = 0
    for line in path.read_bytes().splitlines():
        if not line.strip():
            continue
        try:
            plain = json.loads(line.decode("utf-8", "surrogatepass"))
            one = Correction(**plain)
            complete = all(name in one.claim for name in _CLAIM_COLUMNS)
        except (ValueError, TypeError):
            damaged += 1
            continue
        if complete and one.verdict in get_args(Verdict):
            found.append(one)
        else:
            damaged += 1
    return found, damaged


def judge(claims: Sequence[Mapping[str, Any]], said: Iterable[Correction]) -> list[Judged]:
    """Corrections laid upon the claims as they are read now.

    Args:
        claims: Rows of ``claims.parquet``.
        said: Every correction in order.
    """
    ids = {claim["claim_id"]: claim for claim in claims}
    by_words: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for claim in claims:
        by_words.setdefault((claim["slot"], _squeezed(claim["exact"])), []).append(claim)
    groups: dict[tuple[str, FoundBy], list[Correction]] = {}
    for one in said:
        claim_id, found_by = _place(one.claim, ids, by_words)
        key = (claim_id or f"lost {one.claim['claim_id']}", found_by)
        groups.setdefault(key, []).append(one)
    merged: dict[str, Judged] = {}
    for (name, how), ones in groups.items():
        earlier = merged.get(name)
        before = earlier.corrections if earlier is not None else ()
        together = tuple(sorted([*before, *ones], key=lambda one: one.at))
        found: FoundBy = "quote" if earlier is not None and earlier.found_by == "quote" else how
        merged[name] = Judged(None if how == "lost" else name, found, together)
    return list(merged.values())


def _place(
    old: Mapping[str, Any],
    ids: Mapping[str, Mapping[str, Any]],
    by_words: Mapping[tuple[str, str], list[Mapping[str, Any]]],
) -> tuple[str | None, FoundBy]:
    """The claim that an old one is today: by its id and words, else by its words alone."""
    same = ids.get(old["claim_id"])
    # Ids hold places: after an edit another claim may have come to stand there.
    if same is not None and (same["exact"], same["slot"]) == (old["exact"], old["slot"]):
        return str(same["claim_id"]), "id"
    if not old["exact"]:
        return None, "lost"
    best, likeness = None, _NEAR
    for claim in by_words.get((old["slot"], _squeezed(old["exact"])), ()):
        if claim["document"] != old["document"]:
            continue
        found = _likeness(claim, old)
        # Among equals the same stage, then the same subject, then the nearest place.
        if found > likeness or (found == likeness and best is None):
            best, likeness = claim, found
    return (None, "lost") if best is None else (str(best["claim_id"]), "quote")


def _likeness(claim: Mapping[str, Any], old: Mapping[str, Any]) -> float:
    around = difflib.SequenceMatcher(None, _around(claim), _around(old), autojunk=False).ratio()
    same = (claim["stage"] == old["stage"]) + (claim["subject"] == old["subject"])
    moved = abs((claim["start"] or 0) - (old["start"] or 0))
    return float(around + 0.01 * same - min(moved, 10_000) * 1e-7)


def _around(claim: Mapping[str, Any]) -> str:
    return f"{_squeezed(claim['prefix'])}\x1f{_squeezed(claim['suffix'])}"


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())
