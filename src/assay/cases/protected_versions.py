"""Versions of the register of protected bodies as events: who kept or erased which, when and why.

They are entries of the log like those of records, of a kind of their own: nobody takes part in
them, and each can follow the other. What the register holds is no part of an event: that has its
SHA-256. Rows of the database are what these events add up to, beside the texts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assay.errors import CheckFailed
from assay.model.case import Act, Actor, Event, Fact, Role

OF_BODIES = "protected-bodies"
"""What their entries stand under in the log, where others have the id of a record."""


@dataclass(frozen=True)
class Erasure:
    """That something was erased: by whom (an account's id), why and when."""

    by: str
    why: str
    at: datetime


@dataclass(frozen=True)
class RegisterVersion:
    """One version of the register.

    Attributes:
        version: Counted from 1.
        sha256: Of its text in UTF-8.
        author: Id of the account that made it.
        what: What became different; None once erased.
        why: The author's reason; None once erased.
        made_at: When.
        entry: Its place in the log; None if the log does not have it.
        erased: That it, or what is said of it, was erased; None while all is there.
        text_erased: Whether the text was erased too.
    """

    version: int
    sha256: str
    author: str
    what: str | None
    why: str | None
    made_at: datetime
    entry: int | None
    erased: Erasure | None = None
    text_erased: bool = False


@dataclass(frozen=True)
class NewVersion:
    """A version to be kept; ``text`` is the whole register."""

    text: str
    author: Actor
    what: str
    why: str


@dataclass(frozen=True)
class ToErase:
    """What is to be erased.

    Attributes:
        first: The first version.
        last: The last one.
        by: Who erases.
        why: The reason.
        words_only: What is said of the versions alone, so that the texts stay; else both.
    """

    first: int
    last: int
    by: Actor
    why: str
    words_only: bool = False


def event_of_keeping(
    place: int, version: RegisterVersion, role: Role, *, earlier: bool = False
) -> Event:
    """The event by which a version is kept.

    Args:
        place: Number of the event among those of the register.
        version: Without its entry.
        role: Its author's.
        earlier: Whether it was made before the log had such events: who, when and what are as the
            database had them when it was brought to this version.
    """
    facts: dict[str, Fact] = {"register_version": version.version, "sha256": version.sha256}
    said = Act(
        "keep",
        version.why or "",
        facts | ({"earlier": True} if earlier else {}),
        {"what": version.what or ""},
    )
    return _event(place, said, Actor(version.author, role), version.made_at)


def event_of_erasing(place: int, version: RegisterVersion, asked: ToErase, at: datetime) -> Event:
    """The event by which one version, or what is said of it, is erased.

    Raises:
        CheckFailed: The log has no entry of the version.
    """
    if version.entry is None:
        raise CheckFailed(
            f"version {version.version} of the register of protected bodies is in no entry",
            fix="run assay case verify; where it names a fault of the log too, mend that first, and"
            " the version gets its entry when Assay is started again",
        )
    facts: dict[str, Fact] = {
        "entry": version.entry,
        "register_version": version.version,
        "text": not asked.words_only,
    }
    return _event(place, Act("erase", asked.why, facts), asked.by, at)


def number_of(event: Event) -> int:
    """The version of the register that an event is about.

    Raises:
        CheckFailed: It names none.
    """
    number = event.facts.get("register_version")
    if not isinstance(number, int):
        raise CheckFailed(f"{event.name} names no version of the register of protected bodies")
    return number


def after(known: RegisterVersion | None, entry: int, event: Event) -> RegisterVersion:
    """A version after an event about it; ``known`` is None before the first.

    Raises:
        CheckFailed: The event cannot follow.
    """
    number = number_of(event)
    if event.name == "keep" and known is None:
        what = (event.fields or {}).get("what")
        sha256 = str(event.facts.get("sha256"))
        return RegisterVersion(number, sha256, event.by.id, what, event.why, event.at, entry)
    if event.name == "erase" and known is not None and known.entry == event.facts.get("entry"):
        erased = Erasure(event.by.id, event.why or "", event.at)
        gone = known.text_erased or event.facts.get("text") is True
        return replace(known, what=None, why=None, erased=erased, text_erased=gone)
    raise CheckFailed(f"{event.name} cannot follow for version {number} of the register")


def _event(place: int, said: Act, by: Actor, at: datetime) -> Event:
    return Event(
        record=OF_BODIES,
        kind="bodies",
        version=place,
        name=said.name,
        state="kept",
        by=by,
        at=at.astimezone(UTC),
        facts=said.facts,
        why=said.why,
        fields=said.fields,
    )
