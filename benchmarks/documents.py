"""How well documents are read: every slot against the truth that people wrote down.

    python -m benchmarks.documents                   the corpus of examples/documents, both splits
    python -m benchmarks.documents --split train --misses
    python -m benchmarks.documents --shared FOLDER   also the seeds and PolNeAR in FOLDER

A statement, measure or demand is found if its words overlap with the truth's by at least half of
the words of both together (Jaccard of characters ≥ .5 for statements and demands; a measure must
overlap, with the same last action). Each thing of the truth is found once at most. Slots are
compared on what was found: *exact* is the same characters, *overlap* shares one, *value* the same
name or number, *silent* the share of slots that the truth leaves open and the reader does too.
Unsupported are values without characters, and numbers that their own characters do not hold.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.documents_gold import SPLITS, Gold, load_gold, relations

from assay.documents.base import Reading
from assay.documents.derive_claims import all_claims
from assay.documents.pipeline import read_one
from assay.documents.stages import MERGER
from assay.model.record import Count, Measure, Span, Value

SILENT_SLOTS = ("origin", "operator", "ground", "legal_basis", "election")
VALUE_SLOTS = ("actor", "platform", "target", *SILENT_SLOTS)


@dataclass
class Score:
    """Right, found and true things of one row of the table."""

    right: int = 0
    found: int = 0
    true: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float | None:
        """Of precision and recall; None where there is nothing to find and nothing was."""
        return 2 * self.right / (self.found + self.true) if self.found + self.true else None


@dataclass
class Scores:
    """Every row, made when it is first named."""

    rows: dict[str, Score] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Score:
        """The row of a name."""
        return self.rows.setdefault(name, Score())

    def share(self, name: str, right: bool, miss: str = "") -> None:
        """One more case of a row that is a share of cases."""
        score = self[name]
        score.right += right
        score.found += 1
        score.true += 1
        if not right:
            score.misses.append(miss)

    def pairs(self, name: str, matched: int, found: Sequence[Any], true: Sequence[Any]) -> None:
        """More things of a row that is an F1."""
        score = self[name]
        score.right += matched
        score.found += len(found)
        score.true += len(true)


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--split", choices=SPLITS, help="only this part of the corpus")
    options.add_argument("--misses", action="store_true", help="name what was missed")
    options.add_argument("--json", action="store_true", help="print JSON")
    options.add_argument("--shared", type=Path, help="folder with seeds/, gold/ and polnear/")
    given = options.parse_args()
    tables = {
        split: score_split(split) for split in ([given.split] if given.split else list(SPLITS))
    }
    if given.json:
        print(json.dumps({name: as_rows(table) for name, table in tables.items()}, indent=2))
    else:
        print_table(tables, misses=given.misses)
    if given.shared is not None:
        others(given.shared)
    return 0


def score_split(split: str) -> Scores:
    """Read every document of a split and compare."""
    scores = Scores()
    readings: dict[str, Reading] = {}
    golds = list(load_gold(split))
    for language in ("en", "ru"):
        # Loads the parser and the word lists, which is no document's time.
        read_one(next(gold.document for gold in golds if gold.document.language == language))
    began = time.process_time()
    for gold in golds:
        readings[gold.name] = read_one(gold.document)
    scores["CPU seconds a document"].right = 0
    scores.rows["CPU seconds a document"].misses = [
        f"{(time.process_time() - began) / len(golds):.3f}"
    ]
    for gold in golds:
        compare(scores, gold, readings[gold.name])
    _merging(scores, split, list(readings.values()))
    return scores


def compare(scores: Scores, gold: Gold, reading: Reading) -> None:
    """One document, slot by slot."""
    truth, name = gold.reading, gold.name
    _page(scores, gold, reading)
    pairs = _matched(reading.statements, truth.statements, _same_statement)
    scores.pairs("statements F1", len(pairs), reading.statements, truth.statements)
    _missing(scores["statements F1"], name, pairs, truth.statements, lambda one: one.spans[0])
    for found, true in pairs:
        exact = {(s.start, s.end) for s in found.spans} == {(s.start, s.end) for s in true.spans}
        scores.share("statement span exact", exact, f"{name} {true.statement_id}")
        right = _same(found.speaker.value, true.speaker.value)
        scores.share(
            "statement speaker", right, f"{name} {found.speaker.value!r} not {true.speaker.value!r}"
        )
        if true.cue is not None:
            overlap = found.cue is not None and _overlap(found.cue, true.cue)
            scores.share("statement cue overlap", overlap, f"{name} {true.statement_id}")
    quoted = [one for one in truth.statements if one.form == "direct"]
    got = [one for one in reading.statements if one.form == "direct"]
    direct = _matched(got, quoted, _same_statement)
    scores.pairs("quoted statements F1", len(direct), got, quoted)
    _measures(scores, name, reading, truth)
    asked = _matched(
        reading.demands, truth.demands, lambda a, b: _jaccard(a.content, b.content) >= 0.5
    )
    scores.pairs("demands F1", len(asked), reading.demands, truth.demands)
    _missing(scores["demands F1"], name, asked, truth.demands, lambda one: one.content)
    for found, true in asked:
        scores.share(
            "demand content exact", found.content == true.content, f"{name} {true.demand_id}"
        )
        for slot in ("actor", "addressee"):
            wanted = getattr(true, slot)
            if wanted:
                right = _same_names(getattr(found, slot), wanted)
                scores.share(f"demand {slot}", right, f"{name} {_told(getattr(found, slot))}")
        scores.share("demand status", found.status == true.status, f"{name} {found.status}")


def _page(scores: Scores, gold: Gold, reading: Reading) -> None:
    document = reading.document
    if gold.published is not None:
        told = [
            (date.value or "", date.precision)
            for date in document.dates
            if date.role in ("published", "dateline")
        ]
        value, precision = gold.published
        right = any(
            one[:10] == value and (fine == precision or fine in ("second", "minute"))
            for one, fine in told
        )
        scores.share("published date with precision", right, f"{gold.name} {told}")
    for role, begins in gold.segments:
        at = document.text.index(begins)
        scores.share(
            "segments", document.role_at(at) == role, f"{gold.name} {role} {document.role_at(at)}"
        )
    bad = [
        Span(document.text.index(begins), len(document.text))
        for role, begins in gold.segments
        if role in ("footer", "other_releases", "newsletter_plea")
    ]
    inside = [
        one
        for one in reading.measures
        if one.segment in ("headline", "subtitle", "body")
        and any(_overlap(one.span, span) for span in bad)
    ]
    words = [one.span.of(document.text) for one in reading.measures]
    inside += [
        word for word in words if any(_squeeze(bit) in _squeeze(word) for bit in gold.furniture)
    ]
    scores["events in furniture (must be 0)"].right += len(inside)
    wrong = list(_unsupported(reading))
    scores["unsupported values (must be 0)"].right += len(wrong)
    scores["unsupported values (must be 0)"].misses += [f"{gold.name} {one}" for one in wrong]


def _measures(scores: Scores, name: str, reading: Reading, truth: Reading) -> None:
    pairs = _matched(reading.measures, truth.measures, _same_measure)
    own = [one for one in reading.measures if one.segment in ("headline", "subtitle", "body")]
    scores.pairs("measures F1", len(pairs), own, truth.measures)
    _missing(scores["measures F1"], name, pairs, truth.measures, lambda one: one.span)
    matched = {id(found) for found, _ in pairs}
    scores["measures F1"].misses += [
        f"{name} false: {one.span.of(reading.text)[:80]!r}" for one in own if id(one) not in matched
    ]
    for found, true in pairs:
        scores.share("measure status", found.status == true.status, f"{name} {found.status}")
        for slot in VALUE_SLOTS:
            have, want = getattr(found, slot), getattr(true, slot)
            if want:
                right = _same_names(have, want)
                scores.share(
                    f"measure {slot} value", right, f"{name} {_told(have)} not {_told(want)}"
                )
                # Who “we” is stands elsewhere; a name in the clause has its place there.
                inside = [one.span for one in want if one.span and _overlap(one.span, true.span)]
                if inside:
                    near = any(
                        _overlap(one.span, place) for one in have if one.span for place in inside
                    )
                    scores.share(f"measure {slot} span overlap", near, f"{name}")
            elif slot in SILENT_SLOTS:
                scores.share(
                    "abstention: open slots left open", not have, f"{name} {slot} {_told(have)}"
                )
        for slot in ("disclosed_on", "acted_on"):
            want = getattr(true, slot)
            if want is not None:
                have = getattr(found, slot)
                right = have is not None and (have.value, have.precision) == (
                    want.value,
                    want.precision,
                )
                scores.share("dates of measures with precision", right, f"{name} {slot} {have}")
    have = [count for one in own for count in one.counts]
    want = [count for one in truth.measures for count in one.counts]
    counted = _matched(have, want, _same_count)
    scores.pairs("counts F1", len(counted), have, want)
    _missing(scores["counts F1"], name, counted, want, lambda one: one.span)
    for found, true in counted:
        right = (found.comparator == "=") == (true.comparator == "=")
        scores.share("count comparator", right, f"{name} {found.comparator} {true.comparator}")
    money = [one for measure in own for one in measure.spend]
    wanted = [one for measure in truth.measures for one in measure.spend]
    paid = _matched(money, wanted, lambda a, b: (a.amount, a.currency) == (b.amount, b.currency))
    scores.pairs("spend F1", len(paid), money, wanted)


def _unsupported(reading: Reading) -> Iterable[str]:
    """Values without characters, and numbers that their own characters do not hold."""
    for claim in all_claims(reading):
        if claim.in_text and claim.span is None:
            yield f"{claim.subject} {claim.slot} without a place"
    for measure in reading.measures:
        for count in measure.counts:
            words = count.span.of(reading.text)
            digits = re.sub(r"[\s.,'’\u00a0\u202f]", "", words)
            if re.fullmatch(r"\d+", digits) and float(digits) != count.n:
                yield f"{count.n:g} from {words!r}"


def _merging(scores: Scores, split: str, readings: list[Reading]) -> None:
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


def _matched(
    found: Sequence[Any], true: Sequence[Any], same: Callable[[Any, Any], bool]
) -> list[tuple[Any, Any]]:
    """Each true thing with the first that is the same and not yet taken."""
    left = list(found)
    pairs = []
    for wanted in true:
        got = next((one for one in left if same(one, wanted)), None)
        if got is not None:
            left.remove(got)
            pairs.append((got, wanted))
    return pairs


def _missing(
    score: Score,
    name: str,
    pairs: list[tuple[Any, Any]],
    true: Sequence[Any],
    span: Callable[[Any], Span],
) -> None:
    got = {id(wanted) for _, wanted in pairs}
    score.misses += [f"{name} missed at {span(one)}" for one in true if id(one) not in got]


def _same_statement(found: Any, true: Any) -> bool:
    have = {place for span in found.spans for place in range(span.start, span.end)}
    want = {place for span in true.spans for place in range(span.start, span.end)}
    return len(have & want) / len(have | want) >= 0.5


def _same_measure(found: Measure, true: Measure) -> bool:
    have, want = ({action for action, _ in one.actions} for one in (found, true))
    if not have & want:
        return False
    places = (found.span, *found.mentions, *(span for _, span in found.actions))
    return any(_overlap(place, true.span) for place in places)


def _same_count(found: Count, true: Count) -> bool:
    return found.n == true.n and _unit(found.unit) == _unit(true.unit)


def _unit(unit: str) -> str:
    return "+".join(sorted(unit.split("+")))


def _same_names(found: Iterable[Value], true: Iterable[Value]) -> bool:
    have = [one.value for one in found]
    return all(any(_same(one, want.value) for one in have) for want in true)


def _same(one: str | None, other: str | None) -> bool:
    """The same name, or one that holds the other whole (“Vance” and “Teodor Vance”)."""
    if one is None or other is None:
        return one is other
    left, right = _squeeze(one), _squeeze(other)
    return left == right or bool(left and right and (left in right or right in left))


def _squeeze(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _told(values: Iterable[Value]) -> list[str | None]:
    return [one.value for one in values]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _jaccard(one: Span, other: Span) -> float:
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    return shared / (one.end - one.start + other.end - other.start - shared)


def as_rows(scores: Scores) -> list[dict[str, Any]]:
    """The table for machines."""
    return [
        {"what": name, "right": one.right, "found": one.found, "true": one.true, "f1": one.f1}
        for name, one in scores.rows.items()
    ]


def print_table(tables: dict[str, Scores], *, misses: bool) -> None:
    """One table with a column for each split."""
    names = list(dict.fromkeys(name for scores in tables.values() for name in scores.rows))
    width = max(len(name) for name in names)
    print(f"{'':{width}}  " + "  ".join(f"{split:>18}" for split in tables))
    for name in names:
        cells = [_cell(name, scores.rows.get(name)) for scores in tables.values()]
        print(f"{name:{width}}  " + "  ".join(f"{cell:>18}" for cell in cells))
    if misses:
        for split, scores in tables.items():
            for name, score in scores.rows.items():
                for miss in score.misses:
                    print(f"{split}: {name}: {miss}")


def _cell(name: str, score: Score | None) -> str:
    if score is None:
        return ""
    if name.startswith("CPU"):
        return score.misses[0]
    if "must be 0" in name:
        return str(score.right)
    if score.f1 is None:
        return "nothing to find"
    if name.endswith("F1"):
        return f"{score.f1:.3f} ({score.right}/{score.found}/{score.true})"
    return f"{score.f1:.3f} ({score.right}/{score.true})"


def others(shared: Path) -> None:
    """The benchmarks of the seeds and of attributions, where their data are."""
    for module, folder in (
        ("benchmarks.documents_seeds", shared),
        ("benchmarks.documents_polnear", shared / "polnear" / "dev"),
    ):
        print(f"\n{module}", flush=True)
        if not folder.is_dir():
            print(f"no data in {folder.name}")
            continue
        subprocess.run([sys.executable, "-m", module, str(folder)], check=False)


if __name__ == "__main__":
    sys.exit(main())
