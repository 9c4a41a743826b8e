"""Accounts and domains that resemble a body, read from a run: findings with their comparisons."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.read_back import findings_back, json_back, table_back
from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.model.finding import OF_ACCOUNTS, OF_NAMES

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
        return str(self.finding.get("kind")).startswith(OF_ACCOUNTS)


def is_resembling(finding: dict[str, Any]) -> bool:
    """Whether a finding is about names, not about synchrony."""
    return str(finding.get("kind")).startswith(OF_NAMES)


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
    return findings_back(run.findings, "give the folder that `assay scan` or `assay detect` wrote")


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
    comparison = json_back(files["comparison.json"])
    copied = files.get("copied_posts.parquet")
    copies = [] if copied is None else table_back(copied).to_pylist()
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
