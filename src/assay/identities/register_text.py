"""Writing a register down, so that :func:`~assay.identities.register.parse_register` reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from assay.errors import InputError
from assay.identities.register import FIELDS, Body, Handle

_DUMPER: type[yaml.SafeDumper | yaml.CSafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""PyYAML built without libyaml has no ``CSafeDumper``; both write the same."""


def told_handle(handle: Handle) -> str:
    """A handle in one line: ``platform:handle``, and its days where they are known."""
    bare = not handle.platform and ":" not in handle.handle
    told = handle.handle if bare else f"{handle.platform}:{handle.handle}"
    days = (("since", handle.since), ("until", handle.until))
    return told + "".join(f" {name} {day.isoformat()}" for name, day in days if day)


def told_body(body: Body) -> dict[str, Any]:
    """The fields of a body that are filled, as texts and lists of texts."""
    found: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(body, name)
        if isinstance(value, tuple):
            value = [told_handle(one) if isinstance(one, Handle) else one for one in value]
        if value:
            found[name] = value
    return found


def register_json(bodies: Iterable[Body]) -> str:
    """A register as JSON, a body a line, so that two versions can be compared line by line."""
    lines = ",\n".join(json.dumps(told_body(body), ensure_ascii=False) for body in bodies)
    return f'{{"identities": [\n{lines}\n]}}\n'


def register_yaml(bodies: Iterable[Body]) -> str:
    """A register as YAML."""
    told = {"identities": [told_body(body) for body in bodies]}
    text: str = yaml.dump(told, Dumper=_DUMPER, allow_unicode=True, sort_keys=False)
    return text


def register_rows(bodies: Sequence[Body]) -> list[list[str]]:
    """A register as the rows of a CSV table with the columns :data:`FIELDS`.

    Raises:
        InputError: A name or another part of a list holds ``|``, which parts lists there.
    """
    return [_row(told_body(body), number) for number, body in enumerate(bodies, start=1)]


def _row(told: dict[str, Any], number: int) -> list[str]:
    for name, value in told.items():
        if isinstance(value, list) and any("|" in one for one in value):
            raise InputError(
                "a part of a list holds |, which parts lists in CSV",
                fix="take the register as YAML or JSON",
                row=number,
                column=name,
            )
    cells = (told.get(name, "") for name in FIELDS)
    return ["|".join(cell) if isinstance(cell, list) else cell for cell in cells]
