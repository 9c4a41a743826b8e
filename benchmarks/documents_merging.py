"""Whether documents about one act were joined, look-alikes kept apart and sums understood."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from benchmarks.documents_gold import relations
from benchmarks.documents_score import Scores

from assay.documents.base import Reading
from assay.documents.stages import MERGER


def merging(scores: Scores, split: str, readings: list[Reading]) -> None:
    """Pairs of measures that were joined, against the truth's pairs and its look-alikes."""
    if MERGER is None:
        return
    events = MERGER.merge(readings, Path("no-choices.jsonl"))
    names = {one.document.document: one for one in readings}
    told = relations(split)
    joined = {
        frozenset(pair)
        for event in events
        for pair in combinations(
            [(document, _near(names[document], measure)) for document, measure in event.members], 2
        )
    }
    wanted = {
        frozenset((a[0], b[0]))
        for group in told["events"]
        for a, b in combinations(group, 2)
        if a[0] != b[0]
    }
    documents = {frozenset(one[0] for one in pair) for pair in joined}
    documents = {pair for pair in documents if len(pair) == 2}
    scores["merging: pairs of documents F1"].right += len(documents & wanted)
    scores["merging: pairs of documents F1"].found += len(documents)
    scores["merging: pairs of documents F1"].true += len(wanted)
    scores["merging: pairs of documents F1"].misses += [
        f"{'missed' if pair in wanted else 'false'}: {sorted(pair)}" for pair in documents ^ wanted
    ]
    apart = {frozenset(one[0] for one in pair) for pair in told["apart"]}
    for pair in apart:
        scores.share("look-alikes kept apart", pair not in documents, str(sorted(pair)))
    kinds = {
        (relation.kind, *sorted(document for document, *_ in (*relation.left, *relation.right)))
        for event in events
        for relation in event.relations
    }
    for kind, left, right, why in told["relations"]:
        key = (kind, *sorted(document for document, _ in (*left, *right)))
        scores.share("relations of numbers", key in kinds, f"{kind} {why}")


def _near(reading: Reading, measure_id: str) -> str:
    return next(
        (one.measure_id for one in reading.measures if one.measure_id == measure_id), measure_id
    )
