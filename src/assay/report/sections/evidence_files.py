"""The frozen files behind a finding, each with its hash."""

from __future__ import annotations

from typing import Any

from assay.report.markup import Markup, el, table
from assay.report.words import count


def evidence_files(finding: dict[str, Any]) -> Markup | None:
    """A table that folds out; None if the finding cites no file."""
    references = finding.get("evidence") or []
    if not references:
        return None
    return el(
        "details",
        el("summary", "Evidence files"),
        table(
            "Frozen rows behind this finding",
            [("File", False), ("Holds", False), ("Rows", True), ("SHA-256", False)],
            [
                (
                    el("code", reference["path"]),
                    reference.get("holds", ""),
                    count(reference.get("rows")),
                    el("code", reference.get("sha256", ""), class_="hash"),
                )
                for reference in references
            ],
        ),
        class_="fold",
    )
