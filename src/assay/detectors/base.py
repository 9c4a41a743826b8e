"""What a detector is: parameters in one frozen dataclass, one function, files in a run folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from assay.engine.base import Engine
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Progress


@dataclass(frozen=True)
class DetectorContext:
    """What a detector runs in.

    Attributes:
        dataset: What it reads.
        run: Where it writes.
        work: A folder for what it may need again after an interruption.
        engine: Runs its steps; None: shares are read and paired in this process.
        memory_bytes: All that it may use, the engine's share included.
        threads: Worker threads.
        progress: Where it tells how far it is.
        edges_only: Whether to stop once pairs are tested. For who compares edges with edges, again
            and again; a run's own results always hold everything.
    """

    dataset: Dataset
    run: RunFolder
    work: Path
    engine: Engine | None
    memory_bytes: int
    threads: int
    progress: Progress
    edges_only: bool = False


class Detector(Protocol):
    """A named way of finding something.

    ``run`` writes the detector's tables into the run folder and returns what goes into
    ``run.json``: parameters as used, counts, predictions, the family and the notes to show.
    """

    name: str
    title: str

    def run(self, parameters: Any, context: DetectorContext) -> dict[str, Any]:
        """Run on one dataset."""
