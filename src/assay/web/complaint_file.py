"""The complaint file of a finding (``assay complaint``) as the answers of a draft."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from assay.errors import InputError

SCHEMA = 1
_FIX = "give the .json file that assay complaint wrote into OUT/complaints"


def read_complaint(content: bytes) -> dict[str, str]:
    """What a complaint file says, by the fields of a draft.

    Args:
        content: The file.

    Raises:
        InputError: It is no complaint file, or one of a version that is not known.
    """
    try:
        told = json.loads(content.decode("utf-8"))
        if told["schema"] != SCHEMA:
            raise InputError(
                f"complaint file of version {told['schema']!r}", fix="use the Assay that wrote it"
            )
        return _fields(told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError("this is no complaint file", fix=_FIX) from error


def _fields(told: Mapping[str, Any]) -> dict[str, str]:
    body, place, rule = str(told["body"]), told["location"], told["rule"]
    speaks = [f"{one['name']}: {one['speaks_for']}" for one in told["speaks_for_the_account"]]
    quoted = rule.get("impersonation")
    fields = {
        "title": f"An account named like {body}",
        "complainant": body,
        "urls": str(place["address"]),
        "explanation": _lines([str(told["explanation"]), *map(str, told["reasons"])]),
        "other_side": _lines([*speaks, *map(str, told["limits"])]),
        "wanted": _wanted(str(told["verdict"]), str(place["platform"])),
        "rule": ""
        if quoted is None
        else f"“{quoted['quote']}” ({quoted['title']}; {quoted['dated']}; {quoted['source']})",
        "finding": str(told["finding"]),
    }
    return {name: text for name, text in fields.items() if text}


def _wanted(verdict: str, platform: str) -> str:
    """What is asked of the platform; names alone ask for no more than a look."""
    if verdict == "poses_as":
        return f"Look at this account under the rule of {platform} that is quoted here."
    return "Look at this account, with its owner heard first. Names are all there is."


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)
