"""Readings as JSON, so that a document once read is not read again.

Records are written by the shape of their own types: lists for tuples, objects for records, whose
fields at their defaults are left out. What is read back is equal to what was written.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from assay.documents.base import Reading
from assay.errors import InputError
from assay.model.record import Claim, Count, Demand, Document, Measure, Spend, Statement

_PARTS: tuple[tuple[str, type], ...] = (
    ("statements", Statement),
    ("counts", Count),
    ("spends", Spend),
    ("measures", Measure),
    ("demands", Demand),
    ("claims", Claim),
)
"""Everything of a reading but its parse."""


def to_plain(value: Any) -> Any:
    """A record as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        plain = {}
        for field in fields(value):
            held = getattr(value, field.name)
            if field.default is not MISSING and held == field.default:
                continue
            plain[field.name] = to_plain(held)
        return plain
    if isinstance(value, Mapping):
        return {str(key): to_plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(held) for held in value]
    if isinstance(value, set | frozenset):
        return sorted(to_plain(held) for held in value)
    return value


def from_plain(kind: Any, plain: Any) -> Any:
    """A record of the kind from its JSON values."""
    if plain is None or kind is Any:
        return plain
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: from_plain(hints[name], held) for name, held in plain.items()})
    origin = get_origin(kind)
    if origin is tuple:
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(from_plain(inner[0], held) for held in plain)
        return tuple(from_plain(one, held) for one, held in zip(inner, plain, strict=True))
    if origin in (Union, types.UnionType):
        (inner,) = (one for one in get_args(kind) if one is not type(None))
        return from_plain(inner, plain)
    if origin is Literal:
        return plain
    return float(plain) if kind is float else plain


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def save_reading(path: Path, reading: Reading) -> None:
    """Write a reading without its parse, whole or not at all."""
    plain = {"document": to_plain(reading.document)}
    plain |= {name: to_plain(getattr(reading, name)) for name, _ in _PARTS}
    plain["dropped"] = reading.dropped
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    # A half of a surrogate pair may stand in a damaged text: escaped, JSON can hold it.
    unfinished.write_text(json.dumps(plain), encoding="ascii")
    unfinished.replace(path)


def load_reading(path: Path) -> Reading:
    """Read back what :func:`save_reading` wrote.

    Raises:
        InputError: The file is damaged or of another version.
    """
    try:
        plain = json.loads(path.read_text(encoding="ascii"))
        reading = Reading(from_plain(Document, plain["document"]))
        for name, kind in _PARTS:
            setattr(reading, name, [from_plain(kind, one) for one in plain[name]])
        reading.dropped = plain["dropped"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            "a saved reading is damaged", fix="remove it and read again", file=path
        ) from error
    return reading
