"""Accounts and domains that resemble a body, read from a run: findings with their comparisons."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.report.findings import listed_findings

ACCOUNT, DOMAIN = "impersonation.", "lookalike-domain."
"""How kinds of finding begin."""
FOLDERS = ("impersonation-", "lookalike-domain-")
"""How their folders of evidence begin."""
LARGEST_PICTURE_BYTES = 100_000
MOST_COPIES = 5
"""Copied posts that a card shows; all of them are in the evidence."""


@dataclass(frozen=True)
class Resembling:
    """One finding, with what lies beside it.

    Attributes:
        finding: As ``findings.json`` has it.
        comparison: Its ``comparison.json``.
        picture: The account's picture as a data address; empty if there is none.
        logo: The body's logo likewise.
        copies: Rows of its ``copied_posts.parquet``.
        copied: How many there are in all.
    """

    finding: dict[str, Any]
    comparison: dict[str, Any]
    picture: str = ""
    logo: str = ""
    copies: tuple[dict[str, Any], ...] = ()
    copied: int = 0

    @property
    def of_account(self) -> bool:
        """Whether it is about an account, not a domain."""
        return str(self.finding.get("kind")).startswith(ACCOUNT)


def is_resembling(finding: dict[str, Any]) -> bool:
    """Whether a finding is about names, not about synchrony."""
    return str(finding.get("kind")).startswith((ACCOUNT, DOMAIN))


def read_resembling(run: RunFolder, findings: Sequence[dict[str, Any]]) -> list[Resembling]:
    """The findings about names, each with its evidence.

    Raises:
        InputError: Evidence that a finding refers to is missing or broken.
    """
    return [_read(run, finding) for finding in findings if is_resembling(finding)]


def read_findings(run: RunFolder) -> list[dict[str, Any]]:
    """All findings of a run.

    Raises:
        InputError: There are none, or the file is damaged.
    """
    try:
        return listed_findings(json.loads(run.findings.read_text("utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"findings.json cannot be read: {error}",
            fix="give the folder that `assay scan` or `assay detect` wrote",
            file=run.findings,
        ) from error


def _read(run: RunFolder, finding: dict[str, Any]) -> Resembling:
    root = run.folder.resolve()
    files: dict[str, Path] = {}
    for reference in finding.get("evidence") or ():
        path = run.folder / str(reference.get("path", ""))
        if not path.resolve().is_relative_to(root):
            raise InputError(
                f"finding {finding.get('id')} refers to a file outside the run",
                fix="run it again; do not use a run folder from an unknown source",
                file=path,
            )
        files[path.name] = path
    if "comparison.json" not in files:
        raise InputError(
            f"finding {finding.get('id')} has no comparison", fix="run it again", file=run.findings
        )
    folder = files["comparison.json"].parent
    try:
        comparison = json.loads(files["comparison.json"].read_text("utf-8"))
        copies = pq.read_table(files["copied_posts.parquet"]).to_pylist() \
            if "copied_posts.parquet" in files else []  # fmt: skip
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(
            f"the evidence of finding {finding.get('id')} cannot be read: {error}",
            fix="run it again",
            file=folder,
        ) from error
    return Resembling(
        finding,
        comparison,
        _picture(folder / "picture.png"),
        _picture(folder / "logo.png"),
        tuple(copies[:MOST_COPIES]),
        len(copies),
    )


def _picture(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        return ""
    if len(content) > LARGEST_PICTURE_BYTES or not content.startswith(b"\x89PNG"):
        return ""
    return "data:image/png;base64," + base64.b64encode(content).decode()
