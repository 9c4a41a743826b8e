"""The register of protected identities, as YAML, JSON or CSV.

YAML and JSON hold ``identities: [...]`` or the list itself; in CSV lists are parted by ``|``.
Fields: id, name, aliases, kind, sender, host, handles, domains, parent, sisters, proofs,
logos. A handle is ``platform:handle``, where its days are known ``platform:handle since 2020-01-31
until 2024-12-31``; YAML and JSON may say ``{platform, handle, since, until}``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assay.errors import InputError
from assay.lexicon.read_data import RepeatsItself, load_yaml
from assay.text.longest_cell import longest_cell
from assay.text.spreadsheet import original_cell

KINDS = ("embassy", "consulate", "ministry", "agency", "office-holder", "outlet", "company")
FIELDS = (
    "id", "name", "aliases", "kind", "sender", "host", "handles", "domains", "parent", "sisters",
    "proofs", "logos",
)  # fmt: skip
LISTS = ("aliases", "handles", "domains", "sisters", "proofs", "logos")
HANDLE_FIELDS = ("platform", "handle", "since", "until")
_SAME_PLATFORM = {"twitter": "x"}
_OF_HANDLES = ("handles", "proofs")
_ONE_OF = {
    "aliases": "name", "handles": "handle", "domains": "domain", "sisters": "sister",
    "proofs": "handle", "logos": "logo",
}  # fmt: skip
_BREAK = re.compile(r"[\t\n\r]")
_NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_WITH_DAYS = re.compile(r"(.*?)(?:\s+since\s+(\S+))?(?:\s+until\s+(\S+))?", re.S | re.I)


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
    return parse_register(path.read_bytes(), path)


def parse_register(content: bytes, path: Path) -> tuple[Body, ...]:
    """Read a register that is no file of this machine.

    Args:
        content: As a file would hold it.
        path: What it is called; its ending says what it is.

    Raises:
        InputError: As with :func:`read_register`.
    """
    try:
        rows = list(_rows(content, path))
    except RepeatsItself as error:
        raise InputError(
            "the register repeats itself by aliases too often", fix="write its lists out", file=path
        ) from error
    except (ValueError, RecursionError, yaml.YAMLError, csv.Error) as error:
        # ValueError: no UTF-8, no JSON, or a day or figure that YAML reads and that there is not.
        raise InputError(
            f"the register cannot be read: {error}",
            fix="mend it there, and save it as UTF-8",
            file=path,
        ) from error
    return read_bodies(rows, path)


def read_bodies(rows: Sequence[Mapping[str, Any]], path: Path | None = None) -> tuple[Body, ...]:
    """Read the rows of a register.

    Args:
        rows: As :func:`read_body` takes them.
        path: The register that errors name.

    Raises:
        InputError: There is none, one is no body, or two have the same id.
    """
    if not rows:
        raise InputError("the register is empty", fix="add a body", file=path)
    bodies = [read_body(row, path, number) for number, row in enumerate(rows, start=1)]
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


def _rows(content: bytes, path: Path) -> Iterator[Mapping[str, Any]]:
    suffix = path.suffix.lower()
    text = content.decode("utf-8-sig")
    if suffix == ".csv":
        with longest_cell():
            reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
            for number, row in enumerate(reader, 1):
                if None in row:
                    raise InputError(
                        "a row has more cells than the register has columns",
                        fix="put cells with commas into quotes; lists are parted by |",
                        file=path,
                        row=number,
                    )
                yield {name: original_cell(cell or "") for name, cell in row.items()}
        return
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


def read_body(row: Mapping[str, Any], path: Path | None = None, number: int | None = None) -> Body:
    """Read one body.

    Args:
        row: Its fields; lists are lists, or texts parted by ``|``.
        path: The register that errors name.
        number: The row that they name.

    Raises:
        InputError: It is none; the error names the field.
    """
    unknown = [str(name) for name in row if name not in FIELDS]
    if unknown:
        raise InputError(
            f"the register has a column that is not known: {', '.join(unknown)}",
            fix=f"columns are {', '.join(FIELDS)}",
            file=path,
            row=number,
        )
    read: dict[str, Any] = {}
    for name in FIELDS:
        try:
            value = row.get(name)
            read[name] = _unfilled(name) if value in (None, "") else _field(name, value)
        except ValueError as error:
            raise InputError(
                f"a {_ONE_OF.get(name, name)} cannot be read: {error}",
                fix="write platform:handle, dates as 2024-12-31"
                if name in _OF_HANDLES
                else "write it as text",
                file=path,
                row=number,
                column=name,
            ) from error
    for needed in ("id", "name"):
        if not read[needed]:
            raise InputError(
                f"a body has no {needed}", fix="fill it in", file=path, row=number, column=needed
            )
    if read["kind"] not in KINDS:
        raise InputError(
            f"{read['kind']!r} is no kind of body",
            fix=f"kinds are {', '.join(KINDS)}",
            file=path,
            row=number,
            column="kind",
        )
    return Body(**read)


def _field(name: str, value: Any) -> Any:
    """A field as a body has it.

    Raises:
        ValueError: It holds something else.
    """
    if name in _OF_HANDLES:
        return tuple(_handle(one) for one in _list(value))
    if name in LISTS:
        texts = filter(None, map(_text, _list(value)))
        if name == "domains":
            return tuple(one.lower().removeprefix("www.") for one in texts)
        return tuple(texts)
    text = _text(value)
    if name in ("sender", "host"):
        return text.upper()
    return text.lower() or "agency" if name == "kind" else text


@cache
def _unfilled(name: str) -> Any:
    """A field as a body has it that says nothing there."""
    return _field(name, None)


def _text(value: Any) -> str:
    """A text as a form would bring it: in one line, its letters composed.

    Raises:
        ValueError: It is none.
    """
    if isinstance(value, list | dict):
        kind = "list" if isinstance(value, list) else "mapping"
        raise ValueError(f"a {kind} stands where a text should")
    # The code of Norway is the word "no" to YAML 1.1.
    text = "NO" if value is False else "" if value is None else str(value)
    text = unicodedata.normalize("NFC", text.strip())
    if _BREAK.search(text):
        text = " ".join(text.split())
    if _NO_TEXT.search(text):
        raise ValueError("it holds a character that no text holds")
    return text


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        # A handle, or refused as a text; `str` of it could be endless, by aliases.
        return [value]
    return [part.strip() for part in str(value).split("|") if part.strip()]


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, date) else date.fromisoformat(_text(value))


def _with_single_blanks(text: str) -> str:
    """A text whose days are found in a time that grows with it, not with its square."""
    return " ".join(text.split())


def _handle(value: Any) -> Handle:
    if isinstance(value, dict):
        unknown = [str(name) for name in value if name not in HANDLE_FIELDS]
        if unknown:
            raise ValueError(f"{unknown[0]} is none of {', '.join(HANDLE_FIELDS)}")
        platform, name = _text(value.get("platform")), _text(value.get("handle"))
        since, until = _day(value.get("since")), _day(value.get("until"))
    else:
        told = _WITH_DAYS.fullmatch(_with_single_blanks(_text(value)))
        assert told is not None  # every text fits
        since, until = _day(told[2]), _day(told[3])
        platform, colon, name = told[1].partition(":")
        if not colon:
            platform, name = "", told[1]
    name = _with_single_blanks(name).lstrip("@ ").lower()
    if not name:
        raise ValueError("it names nobody")
    days = _WITH_DAYS.fullmatch(name)
    if ":" in platform or days is None or days[1] != name:
        raise ValueError("its platform or its days cannot be told from its name")
    if since and until and since > until:
        raise ValueError(f"it is official since {since} and until {until}")
    return Handle(platform_name(platform), name, until, since)
