"""How fast documents are read, without a language model.

    python -m benchmarks.documents_speed                the corpus of examples/documents
    python -m benchmarks.documents_speed FOLDER …       pages of your own

*Warm* is what one more page costs in a process that has loaded everything: opened, parsed, read by
every stage, in CPU-seconds. *Cold* is the whole command ``assay read``, from its start to the page
that it writes. A second core is a second worker, so pages a second on two cores are two pages by
the warm CPU-seconds of one; the wall time of the command is measured too, but means something on
a machine with two idle cores alone. Python's compiled modules are kept, as on any installation.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import measure

from assay.documents.read_all import read_all
from assay.documents.read_pages import read_documents
from assay.model.record import Document

CORPUS = Path(__file__).resolve().parents[1] / "examples" / "documents"
WORDS_A_PAGE = 500
GOAL_PAGES_A_SECOND = 20.0


@dataclass(frozen=True)
class Warm:
    """What the documents cost in a process that has loaded everything, in CPU-seconds."""

    documents: int
    words: int
    opened_s: float
    read_s: float

    @property
    def pages_a_second(self) -> float:
        """Documents a second on two cores."""
        return 2 * self.documents / (self.opened_s + self.read_s)

    @property
    def sheets_a_second(self) -> float:
        """The same, of sheets of 500 words."""
        return 2 * self.words / WORDS_A_PAGE / (self.opened_s + self.read_s)


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folders", nargs="*", type=Path, help="documents instead of the corpus")
    folders = options.parse_args().folders or [CORPUS / "train", CORPUS / "test"]
    warm = read_warm(folders)
    print(f"{warm.documents:,} documents, {warm.words:,} words")
    each = 1000 / warm.documents
    print(
        f"warm: {each * warm.opened_s:.0f} ms to open + {each * warm.read_s:.0f} ms to read = "
        f"{each * (warm.opened_s + warm.read_s):.0f} CPU-ms a document"
    )
    met = "met" if warm.pages_a_second >= GOAL_PAGES_A_SECOND else "NOT met"
    print(
        f"      on two cores {warm.pages_a_second:.1f} documents/s (goal "
        f"{GOAL_PAGES_A_SECOND:g}: {met}), {warm.sheets_a_second:.1f} pages of {WORDS_A_PAGE} "
        "words/s"
    )
    for processes in (1, 2):
        print(cold(folders, warm.documents, processes))
    return 0


def read_warm(folders: Sequence[Path]) -> Warm:
    """Open and read every document once everything is loaded."""
    # The first time loads the parser, the word lists and the patterns, which is no page's time.
    list(read_all(_opened(folders)[:8]))
    began = time.process_time()
    documents = _opened(folders)
    opened = time.process_time()
    list(read_all(documents))
    words = sum(len(one.text.split()) for one in documents)
    return Warm(len(documents), words, opened - began, time.process_time() - opened)


def _opened(folders: Sequence[Path]) -> list[Document]:
    return [one for one in read_documents(list(folders)) if isinstance(one, Document)]


def cold(folders: Sequence[Path], documents: int, processes: int) -> str:
    """The command from its start to its end, in the second of two runs."""
    with tempfile.TemporaryDirectory() as work:
        environment = {
            **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": f"{work}/compiled",
            "ASSAY_THREADS": str(processes),
        }
        for run in ("first", "second"):
            command = [sys.executable, "-m", "assay", "read", *map(str, folders), "--quiet"]
            took = measure([*command, "-o", f"{work}/{run}"], environment)
    # Workers read the documents; their time and memory do not reach the process that is measured.
    return (
        f"cold, {processes} process{'es' if processes > 1 else ''}: {took.wall_s:.1f} s, "
        f"{documents / took.wall_s:.1f} documents/s"
    )


if __name__ == "__main__":
    sys.exit(main())
