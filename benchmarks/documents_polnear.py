"""Who says what, against PolNeAR's attributions (brat standoff: Source, Cue, Content).

    python -m benchmarks.documents_polnear CORPUS/dev
    python -m benchmarks.documents_polnear CORPUS/train --examples 20

The folder holds ``text/NAME.txt`` and ``attributions/NAME_ANNOTATOR.ann``; of a text that several
people annotated the first one's file counts. Every file goes through the readers of `assay read`.

Scored, one to one, the best pairs first:

* attributions: a statement's words against a Content's, as sets of words at their places, by their
  Jaccard overlap at .25, .5 and .75, and exactly the same words; every Content counts, with and
  without a Source, direct and indirect;
* quoted stretches: words between double quotation marks that a statement, or a Content, takes in
  (a stretch within another is part of it), at an F1 of words ≥ .9 and exactly the same;
* speaker: of the quoted stretches matched so, those whose speaker overlaps the Source: of the
  smallest Content that holds the stretch, and of the statement holding it that is most like it.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.documents_score import Score, Scores

from assay.documents.base import Reading
from assay.documents.limits import Limits
from assay.documents.page import Refused
from assay.documents.parse import parse_all
from assay.documents.quotes import quotations
from assay.documents.read_pages import read_documents
from assay.documents.statements import Statements
from assay.model.record import Document, Span, Statement

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_THRESHOLDS = (0.25, 0.5, 0.75, 1.0)
_SAME_WORDS = 0.9


@dataclass(frozen=True)
class Attribution:
    """One annotated attribution."""

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]


@dataclass
class Tally:
    """All scores of a run."""

    scores: Scores = field(default_factory=Scores)
    speakers: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


def told(name: str, score: Score) -> str:
    """Precision, recall and F1 with the numbers behind them."""
    return (
        f"{name:32s} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1 or 0.0:.3f}  "
        f"({score.right} of {score.found} read, {score.true} true)"
    )


def main() -> int:
    """Read a folder, print the scores."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path, help="with text/ and attributions/")
    options.add_argument("--examples", type=int, default=0, help="so many misses and false ones")
    chosen = options.parse_args()
    documents = [
        one
        for one in read_documents([chosen.folder / "text"], Limits())
        if not isinstance(one, Refused)
    ]
    began = resource.getrusage(resource.RUSAGE_SELF)
    tally = Tally()
    stage = Statements()
    for document, parsed in zip(documents, parse_all(documents), strict=True):
        reading = Reading(document, parsed)
        stage.read(reading)
        truth = annotated(chosen.folder, document)
        if truth is not None:
            count(tally, document, reading, truth)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = used.ru_utime + used.ru_stime - began.ru_utime - began.ru_stime
    print(f"{len(documents)} documents, {cpu_s:.1f} CPU-s, {len(documents) / cpu_s:.1f} a CPU-s")
    for name, score in tally.scores.rows.items():
        print(told(name, score))
    asked = tally.speakers["asked"]
    print(f"{'speaker of a matched quote':32s} {tally.speakers['right'] / asked:.3f}  (of {asked})")
    for kind, form in sorted({(kind, form) for kind, form, _ in tally.kinds}):
        right, wrong = tally.kinds[kind, form, True], tally.kinds[kind, form, False]
        print(f"  {kind:11s} {form:20s} {right:5d} in the truth, {wrong:5d} not")
    for line in tally.missed[: chosen.examples]:
        print("missed:", line)
    for line in tally.false[: chosen.examples]:
        print("not in the truth:", line)
    return 0


def annotated(folder: Path, document: Document) -> list[Attribution] | None:
    """A document's attributions by its first annotator."""
    stem = Path(document.document).stem
    found = sorted((folder / "attributions").glob(f"{stem}_*.ann"))
    if not found:
        return None
    spans: dict[str, tuple[Span, ...]] = {}
    events: list[list[str]] = []
    for line in found[0].read_text("utf-8").splitlines():
        label, _, rest = line.partition("\t")
        if label.startswith("T"):
            _, _, places = rest.split("\t")[0].partition(" ")
            spans[label] = tuple(Span(*map(int, place.split())) for place in places.split(";"))
        elif label.startswith("E"):
            events.append(rest.split())
    truth = []
    for event in events:
        parts: dict[str, tuple[Span, ...]] = {}
        for part in event:
            role, _, label = part.partition(":")
            name = role.rstrip("0123456789")
            parts[name] = parts.get(name, ()) + spans.get(label, ())
        if parts.get("Content"):
            truth.append(
                Attribution(parts["Content"], parts.get("Source", ()), parts.get("Cue", ()))
            )
    return truth


def count(tally: Tally, document: Document, reading: Reading, truth: Sequence[Attribution]) -> None:
    """Score one document."""
    text = document.text
    read = [words(text, one.spans) for one in reading.statements]
    true = [words(text, one.content) for one in truth]
    for threshold in _THRESHOLDS:
        pairs = matched(read, true, threshold)
        name = "attributions exact" if threshold == 1.0 else f"attributions Jaccard ≥ {threshold}"
        tally.scores[name].add(len(pairs), len(read), len(true))
        if threshold == 0.5:
            _examples(tally, text, reading.statements, truth, pairs)
    stretches = list(quoted(document, reading))
    of_read = outermost(cut(stretches, (span for one in reading.statements for span in one.spans)))
    of_true = outermost(cut(stretches, (span for one in truth for span in one.content)))
    read_words = [words(text, [one]) for one in of_read]
    true_words = [words(text, [one]) for one in of_true]
    pairs = matched(read_words, true_words, _SAME_WORDS / (2 - _SAME_WORDS))
    tally.scores["quoted stretches F1 ≥ .9"].add(len(pairs), len(of_read), len(of_true))
    exact = len(set(of_read) & set(of_true))
    tally.scores["quoted stretches exact"].add(exact, len(of_read), len(of_true))
    for i, j in pairs.items():
        _speaker(tally, reading, truth, (of_read[i], of_true[j]))


def _examples(
    tally: Tally,
    text: str,
    statements: Sequence[Statement],
    truth: Sequence[Attribution],
    pairs: dict[int, int],
) -> None:
    for i, one in enumerate(statements):
        tally.kinds[one.kind, one.form, i in pairs] += 1
        if i not in pairs:
            tally.false.append(" / ".join(span.of(text) for span in one.spans))
    hit = set(pairs.values())
    tally.missed += [
        " / ".join(span.of(text) for span in one.content)
        for j, one in enumerate(truth)
        if j not in hit
    ]


def _speaker(
    tally: Tally,
    reading: Reading,
    truth: Sequence[Attribution],
    stretch: tuple[Span, Span],
) -> None:
    text = reading.text
    said = [one for one in reading.statements if _holds(one.spans, stretch[0])]
    meant = [one for one in truth if _holds(one.content, stretch[1])]
    if not said or not meant:
        return
    innermost = min(meant, key=lambda one: sum(span.end - span.start for span in one.content))
    if not innermost.source:
        return
    own = max(said, key=lambda one: _overlap(text, one.spans, innermost.content))
    tally.speakers["asked"] += 1
    named = own.speaker.span
    tally.speakers["right"] += named is not None and any(
        span.start < named.end and named.start < span.end for span in innermost.source
    )


def _overlap(text: str, one: Sequence[Span], other: Sequence[Span]) -> float:
    ours, theirs = words(text, one), words(text, other)
    return len(ours & theirs) / max(1, len(ours | theirs))


def _holds(spans: Sequence[Span], stretch: Span) -> bool:
    return any(span.start <= stretch.start and stretch.end <= span.end for span in spans)


def words(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Words of some spans, each as the place where it begins."""
    return frozenset(
        match.start() for span in spans for match in _WORD.finditer(text, span.start, span.end)
    )


def matched(
    read: Sequence[frozenset[int]], true: Sequence[frozenset[int]], threshold: float
) -> dict[int, int]:
    """Pairs, one to one, whose Jaccard overlap reaches the threshold; the best first."""
    scored = sorted(
        (
            (len(one & other) / len(one | other), i, j)
            for i, one in enumerate(read)
            for j, other in enumerate(true)
            if one & other
        ),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for overlap, i, j in scored:
        if overlap >= threshold and i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def quoted(document: Document, reading: Reading) -> Iterator[Span]:
    """What stands between double quotation marks."""
    assert reading.parsed is not None
    paragraphs = [paragraph.span for paragraph in reading.parsed.paragraphs]
    for one in quotations(document.text, paragraphs):
        if not one.single and one.inner.start < one.inner.end:
            yield one.inner


def cut(stretches: Sequence[Span], spans: Iterator[Span]) -> list[Span]:
    """The parts of quoted stretches that spans take in."""
    return [
        Span(max(one.start, span.start), min(one.end, span.end))
        for span in spans
        for one in stretches
        if max(one.start, span.start) < min(one.end, span.end)
    ]


def outermost(spans: Sequence[Span]) -> list[Span]:
    """Spans that lie in no other, sorted."""
    once = sorted(set(spans))
    return [
        one
        for one in once
        if not any(
            other != one and other.start <= one.start and one.end <= other.end for other in once
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
