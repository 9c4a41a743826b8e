"""The register of protected identities, as YAML, JSON or CSV.

YAML and JSON hold ``identities: [...]`` or the list itself; in CSV lists are parted by ``|``.
Fields: id, name, aliases, kind, sender, host, handles, domains, parent, sisters, proofs,
logos. A handle is ``platform:handle``; YAML and JSON may say ``{platform, handle, since, until}``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from assay.errors import InputError
from assay.lexicon.read_data import load_yaml
from assay.text.longest_cell import longest_cell

KINDS = ("embassy", "consulate", "ministry", "agency", "office-holder", "outlet", "company")
FIELDS = (
    "id", "name", "aliases", "kind", "sender", "host", "handles", "domains", "parent", "sisters",
    "proofs", "logos",
)  # fmt: skip
_LISTS = ("aliases", "handles", "domains", "sisters", "proofs", "logos")
HANDLE_FIELDS = ("platform", "handle", "since", "until")
_SAME_PLATFORM = {"twitter": "x"}


@dataclass(frozen=True)
class Handle:
    """An official handle.

    Attributes:
        platform: Small letters, ``x`` for Twitter; empty where the register does not say.
        handle: Small letters, without ``@``.
        until: Last day on which it was official; None while it is.
        since: First day on which it is official; None where the register does not say.
    """

    platform: str
    handle: str
    until: date | None = None
    since: date | None = None


@dataclass(frozen=True)
class Body:
    """One protected identity.

    Attributes:
        id: Unique in the register.
        name: Its chief name.
        aliases: Other names, in any language and script.
        kind: One of :data:`KINDS`.
        sender: Country whose body it is, ISO 3166-1 alpha-2, or empty.
        host: Country where it stands, for embassies and the like, or empty.
        handles: Official handles.
        domains: Official domains, small letters.
        parent: Id of the body above it, or empty.
        sisters: Ids of bodies that may look alike: sister posts and namesakes.
        proofs: Handles (``platform:handle``) that a capture of the body's own site proves.
        logos: Files with its logos and portraits, seen from the register's folder.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = "agency"
    sender: str = ""
    host: str = ""
    handles: tuple[Handle, ...] = ()
    domains: tuple[str, ...] = ()
    parent: str = ""
    sisters: tuple[str, ...] = ()
    proofs: tuple[Handle, ...] = ()
    logos: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The chief name and the aliases."""
        return (self.name, *self.aliases)


def platform_name(platform: str | None) -> str:
    """A platform's name as the register writes it."""
    folded = (platform or "").strip().lower()
    return _SAME_PLATFORM.get(folded, "" if folded == "unknown" else folded)


def read_register(path: Path) -> tuple[Body, ...]:
    """Read a register.

    Raises:
        InputError: The file is missing, of no known format, empty, or holds something that is no
            body: a row without an id or a name, an unknown kind or column, the same id twice.
    """
    if not path.is_file():
        raise InputError(
            "there is no such register", fix="name a YAML, JSON or CSV file", file=path
        )
    try:
        rows = list(_rows(path))
    except (UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError, csv.Error) as error:
        raise InputError(
            f"the register cannot be read: {error}",
            fix="mend it there, and save it as UTF-8",
            file=path,
        ) from error
    if not rows:
        raise InputError("the register is empty", fix="add a body", file=path)
    bodies = [_body(row, path, number) for number, row in enumerate(rows, start=1)]
    seen: dict[str, int] = {}
    for number, body in enumerate(bodies, start=1):
        if body.id in seen:
            raise InputError(
                f"the id {body.id!r} stands in row {seen[body.id]} too",
                fix="give each body an id of its own",
                file=path,
                row=number,
                column="id",
            )
        seen[body.id] = number
    return tuple(bodies)


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file, longest_cell():
            reader = csv.DictReader(file, strict=True)
            for number, row in enumerate(reader, 1):
                if None in row:
                    raise InputError(
                        "a row has more cells than the register has columns",
                        fix="put cells with commas into quotes; lists are parted by |",
                        file=path,
                        row=number,
                    )
                yield row
        return
    text = path.read_text("utf-8-sig")
    if suffix == ".json":
        value = json.loads(text)
    elif suffix in {".yaml", ".yml"}:
        value = load_yaml(text)
    else:
        raise InputError("a register is YAML, JSON or CSV", fix="give it such an ending", file=path)
    if isinstance(value, dict):
        value = value.get("identities")
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise InputError(
            "the register is no list of bodies", fix="write `identities:` and a list", file=path
        )
    yield from value


def _body(row: Mapping[str, Any], path: Path, number: int) -> Body:
    unknown = [str(name) for name in row if name not in FIELDS]
    if unknown:
        raise InputError(
            f"the register has a column that is not known: {', '.join(unknown)}",
            fix=f"columns are {', '.join(FIELDS)}",
            file=path,
            row=number,
        )
    values = {name: _text(row.get(name)) for name in FIELDS if name not in _LISTS}
    for needed in ("id", "name"):
        if not values[needed]:
            raise InputError(
                f"a body has no {needed}", fix="fill it in", file=path, row=number, column=needed
            )
    kind = values["kind"].lower() or "agency"
    if kind not in KINDS:
        raise InputError(
            f"{kind!r} is no kind of body",
            fix=f"kinds are {', '.join(KINDS)}",
            file=path,
            row=number,
            column="kind",
        )
    lists = {name: _list(row.get(name)) for name in _LISTS}
    try:
        handles = tuple(_handle(one) for one in lists["handles"])
        proofs = tuple(_handle(one) for one in lists["proofs"])
    except ValueError as error:
        raise InputError(
            f"a handle cannot be read: {error}",
            fix="write platform:handle, dates as 2024-12-31",
            file=path,
            row=number,
            column="handles",
        ) from error
    return Body(
        id=values["id"],
        name=values["name"],
        aliases=tuple(_text(one) for one in lists["aliases"]),
        kind=kind,
        sender=values["sender"].upper(),
        host=values["host"].upper(),
        handles=handles,
        domains=tuple(_text(one).lower().removeprefix("www.") for one in lists["domains"]),
        parent=values["parent"],
        sisters=tuple(_text(one) for one in lists["sisters"]),
        proofs=proofs,
        logos=tuple(_text(one) for one in lists["logos"]),
    )


def _text(value: Any) -> str:
    # The code of Norway is the word "no" to YAML 1.1.
    return "NO" if value is False else "" if value is None else str(value).strip()


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    return [part.strip() for part in str(value).split("|") if part.strip()]


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _handle(value: Any) -> Handle:
    if isinstance(value, dict):
        if not value.get("handle"):
            raise ValueError(f"{value} has no handle")
        unknown = [str(name) for name in value if name not in HANDLE_FIELDS]
        if unknown:
            raise ValueError(f"{unknown[0]} is none of {', '.join(HANDLE_FIELDS)}")
        since, until = _day(value.get("since")), _day(value.get("until"))
        if since and until and since > until:
            raise ValueError(f"it is official since {since} and until {until}")
        name = str(value["handle"]).strip()
        return Handle(platform_name(value.get("platform")), name.lstrip("@").lower(), until, since)
    platform, colon, name = str(value).partition(":")
    if not colon:
        platform, name = "", str(value)
    if not name.strip(" @"):
        raise ValueError(f"{value!r} names nobody")
    return Handle(platform_name(platform), name.strip().lstrip("@").lower())
