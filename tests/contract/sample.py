"""Make the sample case of the guided set-up again from the campaign of ``make demo``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assay.model.dataset import RunFolder
from assay.web.packed_findings import pack_finding
from assay.web.sample import SAMPLE


def first_packed(result: Path) -> bytes:
    """The first finding of a run, packed."""
    run = RunFolder(result)
    findings = json.loads(run.findings.read_text(encoding="utf-8"))["findings"]
    return pack_finding(run, str(findings[0]["id"]))


if __name__ == "__main__":
    SAMPLE.parent.mkdir(exist_ok=True)
    SAMPLE.write_bytes(first_packed(Path(sys.argv[1])))
