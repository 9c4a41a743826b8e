"""How JSON objects stand in a file, told from its head; and why a file holds none."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from assay.errors import InputError

JsonShape = Literal["lines", "arrays", "objects", "object"]
"""Objects on a line each, in arrays, one behind the other, or a single one."""
_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')


class EmptyFile(InputError):
    """A file without data: in a folder it is passed over."""


def is_telegram(head: bytes) -> bool:
    """Whether the objects are those of arrays named ``messages``, as Telegram exports them."""
    text = head.lstrip()
    one_object = text.startswith(b"{") and not _on_lines(text)
    return one_object and not text.startswith(b'{"data"') and _MESSAGES.search(text) is not None


def json_shape(head: bytes) -> JsonShape:
    """How the objects stand in a file that begins like this."""
    text = head.lstrip()
    if text.startswith(b"["):
        return "arrays"
    if _on_lines(text):
        # A list without its brackets: each line ends with a comma.
        return "objects" if text.split(b"\n", 1)[0].rstrip().endswith(b",") else "lines"
    if _goes_on(text):
        return "objects"
    return "object" if b"\n" in text.strip() else "lines"


def _on_lines(text: bytes) -> bool:
    """Whether each line is an object, the first one perhaps damaged."""
    lines = [line.strip() for line in text.split(b"\n", 3)[:3] if line.strip()]
    if len(lines) < 2 or not all(line.startswith(b"{") for line in lines[:2]):
        return False
    # An object whose list begins on the first line goes on behind it.
    return _behind_first(lines[0]) is not None or not lines[0].endswith((b"[", b","))


def _goes_on(text: bytes) -> bool:
    """Whether another object stands behind the first."""
    return (_behind_first(text) or "").lstrip(", \r\n\t").startswith("{")


def _behind_first(text: bytes) -> str | None:
    """What stands behind the first object; None if that is not whole."""
    written = text.decode("utf-8", "replace")
    try:
        _, end = json.JSONDecoder().raw_decode(written)
    except (ValueError, RecursionError):
        return None
    return written[end:]


def without_objects(path: Path, head: bytes, first: Sequence[bytes]) -> InputError:
    """What is said of a file that begins like JSON and holds no object with fields.

    Args:
        path: The file.
        head: Its begin.
        first: The first values in it, as text.
    """
    told = "check that the export was completed"
    if re.fullmatch(rb"\s*\[\s*\]\s*", head):
        return EmptyFile("the file is an empty list", fix=told, file=path)
    if not first:
        return InputError("no element of the file's list is whole", fix=told, file=path)
    try:
        value = json.loads(first[0])
    except (ValueError, RecursionError) as error:
        if re.match(rb"[\[\s]*\{\s*'", first[0]):
            return InputError(
                "the file is no JSON: its words stand in single quotes, as Python prints them",
                fix="write it with json.dumps, not with print or str",
                file=path,
            )
        return InputError(
            f"the file begins like JSON, and its first object is broken or cut off ({error})",
            fix=told + "; `jq . FILE` shows the place",
            file=path,
        )
    if value == {}:
        return EmptyFile("the file is an empty object", fix=told, file=path)
    return InputError(
        f"the entries of the file's list are no objects, but such as {str(value)[:80]}",
        fix="write each post as an object whose fields have names, or the table as CSV",
        file=path,
    )
