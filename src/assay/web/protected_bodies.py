"""The register of protected bodies as the pages have it: read once, listed, changed, compared.

What a register is, how it is read and what is wrong with it is known to ``assay.identities``; what
was, and who changed it, to ``assay.cases.store.protected_registers``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from assay.identities.check import Hole, check_register
from assay.identities.register import FIELDS, Body, parse_register, read_body
from assay.identities.register_text import register_json, told_body
from assay.web.house import House
from assay.web.posted import Posted

PAGE = 200
LISTS = ("aliases", "handles", "domains", "sisters", "proofs", "logos")
LABELS: Mapping[str, str] = {
    "id": "Id",
    "name": "Name",
    "aliases": "Other names",
    "kind": "Kind",
    "sender": "Country whose body it is",
    "host": "Country where it stands",
    "handles": "Official handles",
    "domains": "Official domains",
    "parent": "Body above it",
    "sisters": "Sisters and namesakes",
    "proofs": "Proved handles",
    "logos": "Logos and portraits",
}


@dataclass(frozen=True)
class Register:
    """One version of the register, read.

    Attributes:
        version: Its number; 0 before the first.
        bodies: In its order, by id.
    """

    version: int
    bodies: Mapping[str, Body]

    def holes(self, today: date) -> Mapping[str, Sequence[Hole]]:
        """What is wrong or missing, by body."""
        return _holes(tuple(self.bodies.values()), today)

    def matching(self, text: str) -> list[Body]:
        """The bodies that have a text in their id, a name, a handle or a domain."""
        asked = text.casefold()
        return [body for body in self.bodies.values() if asked in _searched(body)]


def register_of(house: House, version: int | None = None) -> Register | None:
    """A version of the register, the newest if none is named; None if there is no such version."""
    number = house.bodies.newest() if version is None else version
    if number == 0:
        return Register(0, {})
    text = house.bodies.text(number)
    return None if text is None else Register(number, _bodies(text))


@lru_cache(maxsize=3)
def _bodies(text: str) -> Mapping[str, Body]:
    """The bodies of a text that the house wrote; it may be rid of all of them."""
    if text == register_json(()):
        return {}
    return {body.id: body for body in parse_register(text.encode(), Path("register.json"))}


@lru_cache(maxsize=2)
def _holes(bodies: tuple[Body, ...], today: date) -> Mapping[str, Sequence[Hole]]:
    found: dict[str, list[Hole]] = {}
    for hole in check_register(bodies, today):
        found.setdefault(hole.body, []).append(hole)
    return found


def _searched(body: Body) -> str:
    handles = (one.handle for one in body.handles)
    return "\n".join((body.id, *body.names, *handles, *body.domains)).casefold()


def values_of(body: Body) -> dict[str, str]:
    """A body as its form has it: of lists one a line."""
    told = told_body(body)
    values = {name: told.get(name, "") for name in FIELDS}
    return {name: "\n".join(one) if isinstance(one, list) else one for name, one in values.items()}


def body_in(form: Posted) -> Body:
    """The body that a form holds.

    Raises:
        InputError: It is none; the error names the field.
    """
    return read_body(
        {
            name: [one.strip() for one in form.text(name).split("\n") if one.strip()]
            if name in LISTS
            else form.text(name)
            for name in FIELDS
        }
    )


@dataclass(frozen=True)
class Difference:
    """A field that is not as it was; lists one a line."""

    label: str
    before: str
    now: str


def differences(before: Body, now: Body) -> list[Difference]:
    """What is not as it was."""
    old, new = values_of(before), values_of(now)
    return [
        Difference(LABELS[name], old[name], new[name]) for name in FIELDS if old[name] != new[name]
    ]


def merged(typed: Mapping[str, str], seen: Body | None, now: Body | None) -> Mapping[str, str]:
    """What somebody typed; what they left as they saw it is as it is now."""
    if seen is None or now is None:
        return typed
    old, new = values_of(seen), values_of(now)
    left = {name: new[name] for name in FIELDS if typed.get(name, "").strip() == old[name]}
    return {**typed, **left}


def what_changed(before: Mapping[str, Body], now: Mapping[str, Body]) -> str:
    """What became of a register, in a line; empty if it stayed as it was.

    One body is told by its id, and by its fields if they changed; several are counted.
    """
    changes = {
        "added": [one for one in now if one not in before],
        "removed": [one for one in before if one not in now],
        "changed": [one for one in now if one in before and before[one] != now[one]],
    }
    if sum(map(len, changes.values())) > 2:
        return ", ".join(f"{len(some):,} {name}" for name, some in changes.items() if some)
    told = []
    for name, some in changes.items():
        for one in some:
            labels = differences(before[one], now[one]) if name == "changed" else ()
            fields = ", ".join(label.label.lower() for label in labels)
            told.append(f"{name} {one}" + (f" ({fields})" if fields else ""))
    return "; ".join(told)
