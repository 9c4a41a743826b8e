"""Files that belong to a record: what is kept of each, who added it, and who may read it.

A file's bytes are kept once, by their SHA-256, outside the log; the log holds that somebody added
it, from where and when, and whether its hash was found right later. Erasing the entry that added it
takes its name and description away, and its bytes once no other entry adds the same file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from assay.cases.file_formats import format_of
from assay.model.case import Act, Actor, Event, Fact

MOST_FILE_BYTES = 16 * 1024 * 1024
"""Of one file that is kept with a record."""
FOR_CONCERNED = MappingProxyType(
    {
        "whole": "they read it whole: it holds nobody else's data",
        "described": "they read that it is there and what it shows, not the file",
    }
)
"""How far the person concerned sees a file."""


@dataclass(frozen=True)
class NewFile:
    """A file that is to be kept.

    Attributes:
        content: Its bytes.
        name: What it is called; shown, never used as a path.
        source: Where it comes from, in words.
        shows: What it shows, in words that the person concerned reads too.
        for_concerned: One of :data:`FOR_CONCERNED`.
        finding: The finding that it holds, if it is a packed run.
        verified: Whether the hashes inside it were found right, or what was told of it elsewhere.
    """

    content: bytes
    name: str
    source: str
    shows: str = ""
    for_concerned: str = "described"
    finding: str | None = None
    verified: bool | None = None

    @property
    def sha256(self) -> str:
        """What it is kept by."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Custody:
    """Somebody worked the hash of a file out again."""

    by: Actor
    at: datetime
    verified: bool


@dataclass(frozen=True)
class Attached:
    """A file of a record.

    Attributes:
        entry: Of the log, by which it is asked for.
        sha256: Of its bytes.
        bytes: How many; None where the file is kept elsewhere.
        format: What its bytes are, as far as they say so themselves.
        by: Who added it.
        at: When.
        finding: The finding that it holds, if any.
        verified: What was found of its hashes when it was added; None if there were none.
        for_concerned: How far the person concerned sees it.
        name: What it is called; None once erased, as are the next two.
        source: Where it comes from.
        shows: What it shows.
        checks: When its hash was worked out again, the oldest first.
    """

    entry: int
    sha256: str
    bytes: int | None
    format: str
    by: Actor
    at: datetime
    finding: str | None
    verified: bool | None
    for_concerned: str
    name: str | None
    source: str | None
    shows: str | None
    checks: tuple[Custody, ...] = ()

    @property
    def erased(self) -> bool:
        """Whether its name, its description and its bytes are gone."""
        return self.name is None

    @property
    def kept(self) -> bool:
        """Whether its bytes are here."""
        return self.bytes is not None and not self.erased


def attach(file: NewFile, why: str) -> Act:
    """The act that adds a file to a record."""
    facts: dict[str, Fact] = {
        "sha256": file.sha256,
        "bytes": len(file.content),
        "format": format_of(file.content),
        "for_concerned": file.for_concerned,
    }
    if file.finding is not None:
        facts["finding"] = file.finding
    if file.verified is not None:
        facts["verified"] = file.verified
    fields = {"evidence_name": file.name, "evidence_source": file.source}
    if file.shows:
        fields["evidence_shows"] = file.shows
    return Act("attach", why, facts, fields)


def keeps_file(event: Event) -> bool:
    """Whether the file that an event added is kept here: not its hash alone, and not erased."""
    return "bytes" in event.facts and event.fields is not None


def attached(history: Iterable[tuple[int, Event]]) -> list[Attached]:
    """The files of a record, in the order in which they were added."""
    events = list(history)
    checks: dict[int, list[Custody]] = {}
    for _, event in events:
        if event.name == "check_file":
            one = Custody(event.by, event.at, event.facts.get("verified") is True)
            checks.setdefault(int(event.facts["entry"]), []).append(one)
    return [
        _attached(entry, event, tuple(checks.get(entry, ())))
        for entry, event in events
        if event.name == "attach"
    ]


def _attached(entry: int, event: Event, checks: tuple[Custody, ...]) -> Attached:
    facts, erased = event.facts, event.fields is None
    fields = event.fields or {}
    verified = facts.get("verified")
    return Attached(
        entry=entry,
        sha256=str(facts["sha256"]),
        bytes=int(facts["bytes"]) if "bytes" in facts else None,
        format=str(facts.get("format", "other")),
        by=event.by,
        at=event.at,
        finding=str(facts["finding"]) if "finding" in facts else None,
        verified=verified if isinstance(verified, bool) else None,
        for_concerned=str(facts.get("for_concerned", "described")),
        name=None if erased else fields.get("evidence_name", "file"),
        source=fields.get("evidence_source"),
        shows=fields.get("evidence_shows"),
        checks=checks,
    )
