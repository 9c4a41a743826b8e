"""Entries of the log: what of an event goes into the tree, and how it is checked again.

An event is written as two texts. The *frame* (who, when, which act, facts, state) stays for ever;
the *body* (the reason and the fields) can be erased. The leaf of the tree holds a salted
commitment to each and nothing else, so the tree tells nobody anything, and a body erased together
with its salt cannot be guessed back from it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assay.errors import CheckFailed
from assay.model.case import Actor, Event

SALT_BYTES = 32
_LEAF = "assay-event-1"


@dataclass(frozen=True)
class Entry:
    """One event as the log keeps it.

    Attributes:
        index: Place in the log, from 0.
        frame: JSON; kept for ever.
        frame_salt: 32 random bytes.
        body: JSON; None once erased.
        body_salt: 32 random bytes; None once erased.
        leaf: What the tree is built over: format, commitment to frame, commitment to body.
    """

    index: int
    frame: str
    frame_salt: bytes
    body: str | None
    body_salt: bytes | None
    leaf: bytes

    @property
    def erased(self) -> bool:
        """Whether the body is gone."""
        return self.body is None and self.body_salt is None


def commitment(salt: bytes, text: str) -> str:
    """SHA-256 over the salt (always 32 bytes) and the text, in hex."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def new_entry(index: int, event: Event) -> Entry:
    """Write an event down with fresh salts."""
    frame, body = _frame(event), _canonical({"fields": event.fields, "why": event.why})
    frame_salt, body_salt = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(SALT_BYTES)
    leaf = _leaf(commitment(frame_salt, frame), commitment(body_salt, body))
    return Entry(index, frame, frame_salt, body, body_salt, leaf)


def fault_of(entry: Entry) -> str | None:
    """What is wrong with an entry by itself, or None: its texts must fit its leaf."""
    lines = entry.leaf.decode("ascii", "replace").split("\n")
    if len(lines) != 4 or lines[0] != _LEAF or lines[3]:
        return "its leaf is damaged"
    if len(entry.frame_salt) != SALT_BYTES or commitment(entry.frame_salt, entry.frame) != lines[1]:
        return "who, when or what was changed after it was written"
    if entry.erased:
        return None
    if entry.body is None or entry.body_salt is None or len(entry.body_salt) != SALT_BYTES:
        return "its reason is half erased"
    if commitment(entry.body_salt, entry.body) != lines[2]:
        return "its reason or its fields were changed after it was written"
    return None


def read_event(entry: Entry) -> Event:
    """The event that an entry holds.

    Raises:
        CheckFailed: The texts are not what Assay writes.
    """
    try:
        frame: Mapping[str, Any] = json.loads(entry.frame)
        body: Mapping[str, Any] = {} if entry.body is None else json.loads(entry.body)
        return Event(
            record=frame["record"],
            kind=frame["kind"],
            version=frame["version"],
            name=frame["act"],
            state=frame["state"],
            by=Actor(frame["by"], frame["role"]),
            at=datetime.fromisoformat(frame["at"]),
            facts=frame["facts"],
            why=body.get("why"),
            fields=body.get("fields"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CheckFailed(
            f"entry {entry.index} of the log cannot be read", fix="run assay case verify"
        ) from error


def _frame(event: Event) -> str:
    return _canonical(
        {
            "act": event.name,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "by": event.by.id,
            "facts": event.facts,
            "kind": event.kind,
            "record": event.record,
            "role": event.by.role,
            "state": event.state,
            "version": event.version,
        }
    )


def _leaf(frame: str, body: str) -> bytes:
    return f"{_LEAF}\n{frame}\n{body}\n".encode("ascii")


def _canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys, no blanks and ASCII only: one text for one content, in any store."""
    return json.dumps(value, default=dict, sort_keys=True, separators=(",", ":"))
