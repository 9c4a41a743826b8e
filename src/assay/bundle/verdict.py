"""What checking a bundle found: a list of checks, each with what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assay.bundle.contents import Description

Outcome = Literal["same", "different", "not done", "given"]
"""``given``: what the bundle rests on or people say, which no computation can confirm."""


FIGURES = "Every figure comes out again"
"""The check that stands where the run could not be made again."""


@dataclass(frozen=True)
class Check:
    """One thing that was checked.

    Attributes:
        name: What, in a few words.
        outcome: ``same``, ``different``, ``not done``, or ``given``.
        detail: What was looked at, or why it could not be.
        differences: One line each, the first ones where there are many.
    """

    name: str
    outcome: Outcome
    detail: str
    differences: tuple[str, ...] = ()


def first_line(error: BaseException) -> str:
    """An error in one line."""
    return next(iter(str(error).splitlines()), type(error).__name__)


@dataclass(frozen=True)
class Verdict:
    """All checks of a bundle.

    Attributes:
        description: The bundle's own.
        version: Of Assay that checked it.
        checks: In the order in which they were made.
        tried: What the history says was tried, one line for each run.
        fingerprint: SHA-256 of ``SHA256SUMS``, which stands for all files.
    """

    description: Description
    version: str
    checks: tuple[Check, ...]
    tried: tuple[str, ...]
    fingerprint: str

    @property
    def holds(self) -> bool:
        """Whether nothing differs; checks that could not be done are not counted."""
        return all(check.outcome != "different" for check in self.checks)

    @property
    def complete(self) -> bool:
        """Whether every check could be done."""
        return all(check.outcome != "not done" for check in self.checks)

    @property
    def made_again(self) -> bool:
        """Whether the run was made again and its figures were compared."""
        return not any(
            check.name == FIGURES and check.outcome == "not done" for check in self.checks
        )

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        told = self.description
        return {
            "holds": self.holds,
            "complete": self.complete,
            "made_again": self.made_again,
            "version": self.version,
            "bundle": {
                "version": told.version,
                "operator": told.operator,
                "note": told.note,
                "dehydrated": told.dehydrated,
                "runs": told.runs,
                "settings": told.settings,
                "files": len(told.files),
            },
            "fingerprint": self.fingerprint,
            "checks": [
                {
                    "name": check.name,
                    "outcome": check.outcome,
                    "detail": check.detail,
                    "differences": list(check.differences),
                }
                for check in self.checks
            ],
            "tried": list(self.tried),
        }
