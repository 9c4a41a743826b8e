"""Misuse of notices (DSA, article 23): a warning, then a suspension with an end, by a person.

What counts are decisions that say "manifestly unfounded" and stand. The same holds for every
sender, states included; requests about one's own data are never counted and never parked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assay.model.case import Act, Fact, Record

WARN_FROM = 3
"""Manifestly unfounded notices before somebody is warned; the DSA says "frequently"."""
COUNTED_DAYS = 365
"""Notices that were sent within so many days count."""
LONGEST_DAYS = 180
"""Of one suspension; the DSA says "a reasonable period"."""
COUNTED = ("unfounded_notices", "decided_notices")
"""Facts that the store counts, whatever was said."""


@dataclass(frozen=True)
class Tally:
    """Notices of one sender, as far as whoever counts may know of them.

    Attributes:
        unfounded: Decided as manifestly unfounded, and not overturned on appeal.
        decided: Decided at all, and their sender told so.
    """

    unfounded: int
    decided: int

    @property
    def facts(self) -> dict[str, Fact]:
        """As facts of an act."""
        return {"unfounded_notices": self.unfounded, "decided_notices": self.decided}


def faults_of_misuse(record: Record | None, act: Act, day: str) -> dict[str, str]:
    """What an act on a file about a sender lacks.

    Args:
        record: The file; None when it is opened.
        act: What is to be done, with what the store counted.
        day: Today.
    """
    faults = {
        name: told
        for name, told in _ASKED.get(act.name, ())
        if not act.fields.get(name, "").strip()
    }
    count = int(act.facts.get("unfounded_notices", 0))
    if act.name == "examine" and count < 1:
        faults["unfounded_notices"] = "no decision says that a notice of theirs was unfounded"
    if act.name == "warn" and count < WARN_FROM:
        faults["unfounded_notices"] = (
            f"{count} were manifestly unfounded; a warning takes {WARN_FROM}"
        )
    if act.name == "suspend":
        faults |= _faults_of_suspension(record, count, str(act.facts["suspend_until"]), day)
    return faults


_STEP = (
    ("told", "say what the sender is told, and why"),
    # Not every address is confirmed: whoever writes under somebody else's must not harm them.
    (
        "from_them",
        "say how it is known that the notices came from them, and not from somebody else",
    ),
)
_ASKED = {
    "examine": (("sender_email", "the notice names no sender who could be told"),),
    "warn": _STEP,
    "suspend": (
        *_STEP,
        ("weighed", "say what was weighed: numbers, their share, gravity, what they meant by it"),
    ),
    "lift": (("told", "say what the sender is told"),),
}


def _faults_of_suspension(
    record: Record | None, count: int, until: str, day: str
) -> dict[str, str]:
    facts: Mapping[str, Fact] = {} if record is None else record.facts
    faults = {}
    told_of = int(facts.get("unfounded_notices", 0))
    if count <= told_of:
        # Nor does a suspension come back by itself once an appeal has ended it.
        faults["unfounded_notices"] = (
            f"{count} count now, {told_of} when they were told last: nothing came since"
        )
    latest = (date.fromisoformat(day) + timedelta(days=LONGEST_DAYS)).isoformat()
    if not day < until <= latest:
        faults["suspend_until"] = f"give a day after today and until {latest}"
    return faults
