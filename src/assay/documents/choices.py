"""What people joined and split: ``OUT/choices.jsonl``, appended to and never rewritten.

Each line is ``{"choice": "join" | "split", "members": [[document, measure_id], …], "by": name,
"at": ISO time}``. A measure is named with its characters (``"places"``), so that a choice is found
again after a rerun that numbers measures otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from assay.documents.append_line import append_line
from assay.errors import InputError

Member = tuple[str, str]


@dataclass(frozen=True)
class Choice:
    """One person's choice.

    Attributes:
        choice: ``join`` makes one event of the members; ``split`` keeps them in different ones.
        members: Document and measure.
        places: Where each measure began when the choice was made, in the members' order.
        by: Who chose.
        at: When, ISO 8601.
    """

    choice: Literal["join", "split"]
    members: tuple[Member, ...]
    places: tuple[int, ...]
    by: str
    at: str


def read_choices(path: Path) -> tuple[Choice, ...]:
    """Every choice in the order in which it was made; none if there is no file.

    Raises:
        InputError: A line is no choice.
    """
    if not path.exists():
        return ()
    found = []
    for row, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line.decode("utf-8", "surrogatepass"))
            choice = Choice(
                told["choice"],
                tuple((str(document), str(measure)) for document, measure in told["members"]),
                tuple(int(place) for place in told.get("places", ())),
                str(told["by"]),
                str(told["at"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                "this line is no choice of joining or splitting",
                fix="mend or delete the line",
                file=path,
                row=row,
            ) from error
        if choice.choice not in ("join", "split"):
            raise InputError(
                f"there is no choice “{choice.choice}”", fix="use join or split", file=path, row=row
            )
        found.append(choice)
    return tuple(found)


def add_choice(
    path: Path,
    choice: Literal["join", "split"],
    members: Sequence[tuple[Member, int]],
    by: str,
    at: datetime,
) -> None:
    """Append a choice.

    Args:
        path: ``OUT/choices.jsonl``.
        choice: What to do.
        members: Two or more measures, each with where it begins in its document.
        by: Who chooses.
        at: When.

    Raises:
        InputError: Fewer than two members.
    """
    if len(members) < 2:
        raise InputError("a choice needs two measures or more", fix="name another measure")
    append_line(
        path,
        {
            "choice": choice,
            "members": [list(member) for member, _ in members],
            "places": [place for _, place in members],
            "by": by,
            "at": at.isoformat(),
        },
    )
