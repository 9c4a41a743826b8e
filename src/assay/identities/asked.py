"""What a person says of whom to protect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Protect:
    """The register and what is supplied beside it.

    Attributes:
        identities: The register, or ``identities.json`` of an earlier run.
        today: The day of the clock. Dates of validity and ages are held against it, or against the
            day of an earlier run whose ``identities.json`` stands for the register.
        day: The day that they are held against instead of either.
        captures: Folder of captured sites.
        pictures: Folder of accounts' pictures.
        names: CSV of earlier names.
        population: A table of people and accounts of no concern; what many are called is learnt.
        since: OUT of an earlier run; findings are then of what is new or renamed alone.
    """

    identities: Path
    today: date
    captures: Path | None = None
    pictures: Path | None = None
    names: Path | None = None
    population: Path | None = None
    since: Path | None = None
    day: date | None = None
