"""How well documents are read: every slot against the truth that people wrote down.

    python -m benchmarks.documents                   the corpus of examples/documents, every split
    python -m benchmarks.documents --split train --misses
    python -m benchmarks.documents --shared FOLDER   also the seeds and PolNeAR in FOLDER

A statement, measure or demand is found if its words overlap with the truth's by at least half of
the words of both together (Jaccard of characters ≥ .5 for statements and demands; a measure must
overlap, with the same last action). Each thing of the truth is found once at most. Slots are
compared on what was found: *exact* is the same characters, *overlap* shares one, *value* the same
name or number, *silent* the share of slots that the truth leaves open and the reader does too.
Unsupported are values without characters, and numbers that their own characters do not hold. An act
that a link to another story tells is kept, marked as a link's, and counts for none in furniture.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.documents_compare import compare
from benchmarks.documents_gold import SPLITS, load_gold
from benchmarks.documents_merging import merging
from benchmarks.documents_score import Score, Scores

from assay.documents.base import Reading
from assay.documents.read_all import read_one


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
    # Loads the parsers and the word lists, which is no document's time.
    for gold in {gold.document.language: gold for gold in golds}.values():
        read_one(gold.document)
    began = time.process_time()
    for gold in golds:
        readings[gold.name] = read_one(gold.document)
    scores["CPU seconds a document"].right = 0
    scores.rows["CPU seconds a document"].misses = [
        f"{(time.process_time() - began) / len(golds):.3f}"
    ]
    for gold in golds:
        compare(scores, gold, readings[gold.name])
    merging(scores, split, list(readings.values()))
    return scores


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
        ("benchmarks.documents_fiat", shared / "fiat2020"),
    ):
        print(f"\n{module}", flush=True)
        if not folder.is_dir():
            print(f"no data in {folder.name}")
            continue
        subprocess.run([sys.executable, "-m", module, str(folder)], check=False)


if __name__ == "__main__":
    sys.exit(main())
