"""How the time of reading grows with the number of documents, and with the length of one.

    python -m benchmarks.documents_growth

*Merging*: 1,000 and 10,000 documents about six acts, each told with its exact number, rounded, with
a bound or without a number, on one of ten days. Ten times the documents in ten
times the CPU-seconds is linear. The events that come out are compared with the six acts, and those
of the first documents with what a comparison of every two tellings joins.

*Demands*: 1,000 and 4,000 demands of one document in like words, each to somebody else, so that no
two are one. Four times the demands in four times the CPU-seconds is linear.

*A long document*: invented notices one behind the other, 20 and 80 pages of 500 words, each
sentence an act, a demand or somebody's words. Four times the pages in four times the CPU-seconds
is linear.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from assay.documents.base import Reading
from assay.documents.groups import Groups
from assay.documents.merge_events import EventMerger
from assay.documents.one_act import MergeWindow, act_of, one_act
from assay.documents.read_all import read_one
from assay.documents.same_demand import fold_demands
from assay.model.record import DatedValue, Demand, Document, Event, Segment, Span, Value

DOCUMENTS = (1_000, 10_000)
PAIR_BY_PAIR = 600
DEMANDS = (1_000, 4_000)
PAGES = (20, 80)
WORDS_A_PAGE = 500
ACTS = (
    ("Chirpnet", 1_137, "2021-02"),
    ("Tukan", 318, "2021-02"),
    ("Chirpnet", 2_274, "2021-06"),
    ("Parolo", 273, "2021-06"),
    ("Tukan", 273, "2021-10"),
    ("Lumio", 6_421, "2021-10"),
)
TELLINGS = (
    "{platform} removed {n} accounts run by the Nordfracht agency.",
    "The network {platform} suspended about {rounded} accounts.",
    "{platform} took down more than {bound} accounts run by the Nordfracht agency.",
    "{platform} removed accounts run by the Nordfracht agency.",
    "The social network {platform} removed {n} accounts and 12 groups.",
)
SENTENCES = (
    "On {day} May {year} {platform} removed {n} accounts and {m} pages run by the {name} agency.",
    "{platform} suspended the channel of {name} for breaking its rules on spam.",
    "The Ministry of Information called on {platform} to restore the {name} channel.",
    "“We found {n} accounts tied to {name},” said Ida {name}, a spokeswoman for {platform}.",
    "We removed {n} posts from Norland last month.",
    "{platform} denied that it had blocked {name} Radio.",
    "The company did not answer the request by {name} News, which said that its page was blocked.",
    "The weather in {name} was fine and nobody complained about the roads.",
)
NAMES = (
    ("Al", "Bir", "Ced", "El", "Gor", "Ha"),
    ("der", "ken", "ron", "mis", "zel"),
    ("a", "o", "by", "ton", "ik"),
)


def main() -> int:
    """Print the tables."""
    print("merging documents about six acts")
    few = _documents(DOCUMENTS[0])
    same = sorted(event.members for event in _merged(few[:PAIR_BY_PAIR]))
    agree = "the same" if same == pair_by_pair(few[:PAIR_BY_PAIR]) else "NOT the same"
    took = []
    for documents in DOCUMENTS:
        readings = _documents(documents)
        began = time.process_time()
        events = _merged(readings)
        took.append(time.process_time() - began)
        print(f"{documents:>8,} documents: {took[-1]:.2f} CPU-s, {len(events)} events, "
              f"{sum(len(event.relations) for event in events):,} relations")  # fmt: skip
    print(f"   ten times the documents: {took[1] / took[0]:.1f} times the CPU-seconds")
    print(f"   every two of {PAIR_BY_PAIR} tellings compared: {agree} events")
    print("telling apart the demands of one document")
    took = []
    for demands in DEMANDS:
        text, found = _demands(demands)
        began = time.process_time()
        kept = fold_demands(text, found)
        took.append(time.process_time() - began)
        print(f"{demands:>8,} demands: {took[-1]:.2f} CPU-s, {len(kept):,} kept apart")
    print(f"   four times the demands: {took[1] / took[0]:.1f} times the CPU-seconds")
    print("reading one long document")
    read_one(_long_page(1))
    took = []
    for pages in PAGES:
        began = time.process_time()
        reading = read_one(_long_page(pages))
        took.append(time.process_time() - began)
        print(
            f"{pages:>8,} pages: {took[-1]:.1f} CPU-s, {pages / took[-1]:.1f} pages a CPU-s, "
            f"{len(reading.measures):,} measures, {len(reading.statements):,} statements"
        )
    print(f"   four times the pages: {took[1] / took[0]:.1f} times the CPU-seconds")
    return 0


def _merged(readings: Sequence[Reading]) -> Sequence[Event]:
    return EventMerger().merge(readings, Path("no-choices.jsonl"))


def pair_by_pair(readings: Sequence[Reading]) -> list[tuple[tuple[str, str], ...]]:
    """The members of events if every two tellings of different documents are compared."""
    acts = [act_of(reading, measure) for reading in readings for measure in reading.measures]
    groups = Groups(len(acts))
    for (a, one), (b, other) in combinations(enumerate(acts), 2):
        near = one.platforms & other.platforms or one.platforms == other.platforms
        if one.told.document != other.told.document and near and one_act(one, other, MergeWindow()):
            groups.join(a, b)
    return sorted(
        tuple((acts[n].told.document, acts[n].told.measure.measure_id) for n in group)
        for group in groups.all()
    )


def _documents(documents: int) -> list[Reading]:
    """Readings of one sentence each: every different sentence is read once, by all stages."""
    chance = random.Random(7)
    read: dict[str, Reading] = {}
    found = []
    for number in range(documents):
        platform, n, month = chance.choice(ACTS)
        telling = chance.choice(TELLINGS)
        text = telling.format(
            platform=platform, n=f"{n:,}", rounded=f"{round(n, -1):,}", bound=f"{n // 100 * 100:,}"
        )
        if text not in read:
            read[text] = read_one(_document("read.txt", text))
        day = DatedValue("published", f"{month}-{chance.randint(5, 14):02}", "day", None, "made")
        page = replace(read[text].document, document=f"{number:06}.txt", dates=(day,))
        found.append(replace(read[text], document=page))
    return found


def _demands(demands: int) -> tuple[str, list[tuple[Demand, bool]]]:
    text = ""
    found = []
    for number in range(demands):
        sentence = f"Ofcom called on Tukan{number} to restore the {number}th channel on Chirpnet. "
        at = [len(text) + sentence.index(word) for word in ("called", "Tukan", " to", "to", ". ")]
        asked = Span(at[1], at[2])
        name = Value(f"Tukan{number}", asked)
        content = Span(at[3], at[4])
        found.append((Demand("", (), (name,), Span(at[0], at[0] + 6), content, "made"), False))
        text += sentence
    return text, found


def _long_page(pages: int) -> Document:
    chance = random.Random(11)
    words: list[str] = []
    while len(words) < pages * WORDS_A_PAGE:
        name = "".join(map(chance.choice, NAMES))
        sentence = chance.choice(SENTENCES).format(
            day=chance.randint(1, 28), year=chance.randint(2015, 2023), name=name,
            platform=chance.choice(ACTS)[0], n=chance.randint(3, 9_000), m=chance.randint(2, 400),
        )  # fmt: skip
        words += sentence.split()
        if chance.random() < 0.25:
            words[-1] += "\n"
    return _document("long.txt", " ".join(words).replace("\n ", "\n"))


def _document(name: str, text: str) -> Document:
    body = (Segment("body", Span(0, len(text))),)
    return Document(name, "0" * 64, "text/plain", text, language="en", segments=body)


if __name__ == "__main__":
    sys.exit(main())
