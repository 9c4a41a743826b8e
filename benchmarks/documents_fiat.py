"""Whether enforcement is told, and of how many, in the cases of the FIAT tracker.

    python -m benchmarks.documents_fiat [FOLDER] [--show]

The tracker's descriptions are not part of the repository: ``cases.csv`` lies in
``../shared/data/documents/fiat2020`` beside it. ``documents_fiat.csv`` holds our own reading of
them, by a person before the rules were run: for each case whether it tells that a platform acted,
and the numbers of what it acted on. A number over several kinds is written ``pages+accounts``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.documents_score import Score

from assay.documents.read_all import read_one
from assay.model.record import Document, Segment, Span

LABELS = Path(__file__).with_name("documents_fiat.csv")
FIAT = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "documents" / "fiat2020"


@dataclass(frozen=True)
class Label:
    """Our reading of one case: whether enforcement is told, and how many of what."""

    told: bool
    counts: Counter[tuple[float, str]]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=FIAT, help="with cases.csv")
    parser.add_argument("--show", action="store_true", help="what was wrong or missed")
    options = parser.parse_args()
    told, counts = scores(options.folder / "cases.csv")
    print(f"enforcement told or not: {told.right} of {told.true} cases")
    print(f"counts of what was acted on: F1 {counts.f1:.3f} "
          f"({counts.right} of {counts.found} read, {counts.true} true)")  # fmt: skip
    if options.show:
        for miss in (*told.misses, *counts.misses):
            print("   ", miss)


def scores(cases: Path) -> tuple[Score, Score]:
    """Cases whose telling is right, and counts.

    Raises:
        FileNotFoundError: The cases are not there.
    """
    labels = read_labels()
    told, counts = Score(), Score()
    with cases.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["case_hash"] in labels]
    for row in rows:
        label = labels[row["case_hash"]]
        measures = read_one(_document(row)).measures
        told.true += 1
        told.right += bool(measures) == label.told
        if bool(measures) != label.told:
            told.misses.append(f"{row['case_hash']} told: {label.told}, read: {len(measures)}")
        read = Counter(
            (count.n, _unit(count.unit)) for measure in measures for count in measure.counts
        )
        counts.right += (read & label.counts).total()
        counts.found += read.total()
        counts.true += label.counts.total()
        if read != label.counts:
            counts.misses.append(
                f"{row['case_hash']} false {dict(read - label.counts)}, "
                f"missed {dict(label.counts - read)}"
            )
    return told, counts


def read_labels() -> dict[str, Label]:
    """Our reading by the tracker's id of a case."""
    with LABELS.open(encoding="utf-8", newline="") as lines:
        return {
            row["case_hash"]: Label(row["enforcement_told"] == "1", _counts(row["counts"]))
            for row in csv.DictReader(lines)
        }


def _counts(written: str) -> Counter[tuple[float, str]]:
    pairs = (one.split() for one in written.split(";") if one.strip())
    return Counter((float(number), _unit(unit)) for number, unit in pairs)


def _unit(unit: str) -> str:
    return "+".join(sorted(unit.split("+")))


def _document(row: dict[str, str]) -> Document:
    text = re.sub(r"\s+", " ", row["short_description"]).strip()
    return Document(
        document=row["case_hash"],
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        media_type="text/plain",
        text=text,
        language="en",
        segments=(Segment("body", Span(0, len(text))),),
    )


if __name__ == "__main__":
    main()
