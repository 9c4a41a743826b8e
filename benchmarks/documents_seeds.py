"""How well measures, demands and counts are read on the seed documents, slot by slot.

The seeds and their hand-made truth are not part of the repository: they lie in
``../shared/data/documents`` beside it. Run as ``python -m benchmarks.documents_seeds [--show]``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents_score import Score, overlap

from assay.documents.base import Reading
from assay.documents.page import Refused
from assay.documents.read_all import read_one
from assay.documents.read_pages import read_documents
from assay.model.record import OWN_WORDS, Demand, Measure, Span

SEEDS = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "documents"
KINDS = {"enforcement": "measure", "designation": "measure", "demand": "demand"}
ACTIONS = {
    "identify_and_disclose": {"identify"},
    "remove": {"remove", "suspend", "block"},
    "shut_down": {"remove", "suspend", "block"},
    "block": {"block", "suspend", "remove"},
    "block, then delete": {"block", "remove"},
    "end_business_relationship (advertising)": {"end_business", "ad_ban"},
    "de-list_from_search": {"de_index", "block"},
    "foreign_agent": {"designate"},
    "extremist_ban": {"designate", "block"},
}
SLOTS = ("actor", "platform", "target", "origin", "operator", "ground", "election", "evidence")


def gold_spans(item: Any) -> list[Span]:
    """Every place that a gold value gives."""
    if isinstance(item, list):
        return [span for one in item for span in gold_spans(one)]
    if isinstance(item, dict) and item.get("start") is not None:
        return [Span(item["start"], item["end"])]
    return []


def told_at(event: dict[str, Any]) -> list[Span]:
    """Where a gold event is told."""
    found: list[Span] = []
    for slot in ("steps", "trigger", "content", "mentions"):
        found += gold_spans(event.get(slot, []))
    return found


def places(one: Measure | Demand) -> list[Span]:
    """Where the product tells it."""
    if isinstance(one, Measure):
        return [span for _, span in one.actions] + list(one.mentions)
    return [one.trigger, one.content, *one.mentions]


def matched(
    found: Sequence[Measure] | Sequence[Demand], gold: Sequence[dict[str, Any]]
) -> list[tuple[Any, dict[str, Any] | None]]:
    """Each event with its truth, one to one, those that share most characters first."""
    scored = []
    for number, one in enumerate(found):
        for other, event in enumerate(gold):
            allowed = ACTIONS.get(event.get("subtype", ""))
            if isinstance(one, Measure) and allowed and not {a for a, _ in one.actions} & allowed:
                continue
            shared = sum(
                min(a.end, b.end) - max(a.start, b.start)
                for a in places(one)
                for b in told_at(event)
                if overlap(a, b)
            )
            if shared:
                scored.append((-shared, number, other))
    taken: dict[int, int] = {}
    for _, number, other in sorted(scored):
        if number not in taken and other not in taken.values():
            taken[number] = other
    return [
        (one, gold[taken[number]] if number in taken else None) for number, one in enumerate(found)
    ]


def score_events(found: Sequence[Any], gold: list[dict[str, Any]], score: Score, name: str) -> Any:
    """Precision and recall of whole events."""
    pairs = matched(found, gold)
    right = [event for _, event in pairs if event is not None]
    missed = [event["id"] for event in gold if event not in right]
    false = [
        getattr(one, "measure_id", None) or one.demand_id for one, event in pairs if event is None
    ]
    told = len(right)
    note = f"{name}: false {false}, missed {missed}"
    score.add(told, told + len(false), told + len(missed), note)
    return pairs


def score_slots(pairs: Iterable[tuple[Measure, dict[str, Any] | None]], scores: dict[str, Score],
                name: str) -> None:  # fmt: skip
    """Values by place: a slot is right where the spans overlap; silence must be silent."""
    for measure, event in pairs:
        if event is None:
            continue
        for slot in SLOTS:
            truth = gold_spans(event.get(slot, []))
            if slot == "ground":
                truth += gold_spans(event.get("further_grounds", []))
            values = [value for value in getattr(measure, slot) if value.value]
            spans = [value.span for value in values if value.span is not None]
            score = scores.setdefault(slot, Score())
            note = f"{name} {event['id']} {slot}: {[v.value for v in values]}"
            if not truth and event.get(slot, {}) in ({}, None, []):
                continue
            if not truth:
                score.add(0, len(values), 0, note + " where the text is silent")
                continue
            wanted = set(_gold_values(event.get(slot, [])))
            hit = any(overlap(a, b) for a in spans for b in truth) or any(
                (value.value or "").casefold() in wanted for value in values
            )
            score.add(int(hit), int(bool(values)), 1, note)


def _gold_values(item: Any) -> list[str]:
    if isinstance(item, list):
        return [value for one in item for value in _gold_values(one)]
    value = item.get("value") if isinstance(item, dict) else None
    return [str(value).casefold()] if value else []


def score_counts(reading: Reading, gold: dict[str, Any], score: Score) -> None:
    """Number and unit of every count in the document's own words."""
    own = {
        (count.n, count.unit)
        for count in reading.counts
        if reading.document.role_at(count.span.start) in OWN_WORDS
    }
    truth = {(float(one["value"]), one["unit"]) for one in gold.get("counts", ())}
    score.add(
        len(own & truth), len(own), len(truth),
        f"{gold['file']}: false {own - truth}, missed {truth - own}",
    )  # fmt: skip


def unsupported(reading: Reading) -> int:
    """Values whose number or name does not stand at the place that they give."""
    bad = 0
    for measure in reading.measures:
        for count in measure.counts:
            written = re.sub(r"\D", "", count.span.of(reading.text))
            whole = str(int(count.n)) if float(count.n).is_integer() else ""
            bad += bool(written) and not whole.startswith(written.lstrip("0")[:1])
        for slot in SLOTS:
            bad += sum(
                value.value is not None and value.span is None for value in getattr(measure, slot)
            )
    return bad


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="what was wrong or missed")
    options = parser.parse_args()
    if not (SEEDS / "gold").exists():
        raise SystemExit(f"the seed documents are not there: {SEEDS}")
    gold = {}
    for path in sorted((SEEDS / "gold").glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        gold[truth["file"]] = truth
    scores = {name: Score() for name in ("measures", "demands", "counts")}
    furniture = bad = 0
    for document in read_documents([SEEDS / "seeds"]):
        if isinstance(document, Refused):
            raise SystemExit(document.reason)
        reading = read_one(document)
        truth = gold[Path(document.document).name]
        events = {
            kind: [e for e in truth["events"] if KINDS.get(e["type"]) == kind]
            for kind in ("measure", "demand")
        }
        pairs = score_events(reading.measures, events["measure"], scores["measures"], truth["file"])
        score_events(reading.demands, events["demand"], scores["demands"], truth["file"])
        score_slots(pairs, scores, truth["file"])
        score_counts(reading, truth, scores["counts"])
        outside = [m for m in reading.measures if m.segment not in OWN_WORDS]
        furniture += sum(m.segment != "related_link" for m in outside)
        bad += unsupported(reading)
    for name, score in scores.items():
        print(
            f"{name:10} F1 {1.0 if score.f1 is None else score.f1:.3f}  right {score.right}, "
            f"wrong {score.found - score.right}, missed {score.true - score.right}"
        )
        if options.show:
            for note in score.misses:
                print("   ", note)
    print(f"events outside of the document's own words, unmarked: {furniture}")
    print(f"unsupported values: {bad}")


if __name__ == "__main__":
    main()
