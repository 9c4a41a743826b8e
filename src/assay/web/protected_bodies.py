"""The register of protected bodies as the pages have it: read once, listed, changed, compared.

What a register is, how it is read and what is wrong with it is known to ``assay.identities``; what
was, and who changed it, to ``assay.cases.store.protected_registers``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from assay.cases.acts import STAFF
from assay.cases.letters import Once
from assay.cases.protected_versions import NewVersion, RegisterVersion, ToErase
from assay.cases.store.accounts import Account
from assay.cases.store.protected_registers import ProtectedRegisters
from assay.errors import InputError
from assay.identities.check import Hole, check_register
from assay.identities.register import FIELDS, LISTS, Body, parse_register, read_body
from assay.identities.register_text import register_json, told_body
from assay.model.case import Role
from assay.web.house import House
from assay.web.posted import Posted

READERS: tuple[Role, ...] = (*STAFF, "auditor")
KEEPERS: tuple[Role, ...] = ("administrator", "investigator")
PAGE = 200
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


@dataclass(frozen=True, eq=False)
class Register:
    """One version of the register, read once.

    Attributes:
        version: Its number; 0 before the first.
        bodies: In its order, by id.
    """

    version: int
    bodies: Mapping[str, Body]

    def holes(self, today: date) -> Mapping[str, Sequence[Hole]]:
        """What is wrong or missing, by body."""
        return _holes(self, today)

    def matching(self, text: str) -> list[Body]:
        """The bodies that have a text in their id, a name, a handle or a domain."""
        asked = text.casefold()
        return [body for body, told in self._searched if asked in told]

    @cached_property
    def _searched(self) -> list[tuple[Body, str]]:
        return [(body, _searched(body)) for body in self.bodies.values()]


def register_of(house: House, version: int | None = None) -> Register | None:
    """A version of the register, the newest if none is named.

    None if there is no such version, or it was erased.
    """
    found = house.bodies.version(version)
    if found is not None and not found.text_erased:
        return _read(house.bodies, found)
    return Register(0, {}) if found is None and not version else None


def present_register(house: House) -> Register:
    """The version that counts.

    Raises:
        InputError: It has no text: the database was changed by hand.
    """
    before = None
    while (found := register_of(house)) is None:
        # It was the newest when it was asked for; another followed, and it was erased meanwhile.
        newest = house.bodies.version()
        if newest == before:
            raise InputError(
                "the newest version of the register of protected bodies has no text",
                fix="run assay case verify; take the database from a copy",
            )
        before = newest
    return found


def new_version(
    seen: Register, bodies: Mapping[str, Body], account: Account, why: str
) -> NewVersion | None:
    """The version after one that was seen; None if nothing is different in it."""
    what = what_changed(seen.bodies, bodies)
    return NewVersion(register_json(bodies.values()), account.actor, what, why) if what else None


def erase_versions(house: House, asked: ToErase, once: Once | None = None) -> int:
    """Erase versions of the register, here and in what is held of them; gives how many.

    Raises:
        Refused: As with :meth:`ProtectedRegisters.erase`.
        AlreadyDone: It was done before, by the request that ``once`` names.
    """
    gone = house.bodies.erase(asked, house.now(), once)
    _read.cache_clear()
    _holes.cache_clear()
    return gone


@lru_cache(maxsize=3)
def _read(registers: ProtectedRegisters, found: RegisterVersion) -> Register | None:
    text = registers.text(found.version)
    return None if text is None else Register(found.version, _bodies(text))


def _bodies(text: str) -> Mapping[str, Body]:
    """The bodies of a text that the house wrote; it may be rid of all of them."""
    if text == register_json(()):
        return {}
    return {body.id: body for body in parse_register(text.encode(), Path("register.json"))}


@lru_cache(maxsize=2)
def _holes(register: Register, today: date) -> Mapping[str, Sequence[Hole]]:
    found: dict[str, list[Hole]] = {}
    for hole in check_register(tuple(register.bodies.values()), today):
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


def place_of(error: InputError) -> str:
    """Where in a register something is wrong, as words before the error's own."""
    row = None if error.row is None else f"row {error.row}"
    column = None if error.column is None else f"field {error.column}"
    place = ", ".join(filter(None, (row, column)))
    return f"{place}: " if place else ""


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
