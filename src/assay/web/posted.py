"""What a form brought: checked against forgery, bounded in size, texts without stray characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

from assay.web.csrf import token_holds
from assay.web.visitors import HouseDep, VisitorDep

MOST_CHARACTERS = 20_000
"""Of one field; longer texts belong into a file."""
_MOST_FIELDS = 200
_LONGEST_NAME = 120
_PART_BYTES = 256 * 1024


class Posted:
    """The fields of a form."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """What was typed, without blanks around it; empty if nothing was."""
        return self.values.get(name, "").strip()

    def number(self, name: str) -> int:
        """A whole number.

        Raises:
            HTTPException: It is none; forms of ours always send one.
        """
        text = self.text(name)
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise HTTPException(400)
        return int(text)


class Uploaded(Posted):
    """The fields of a form with one file."""

    def __init__(self, values: Mapping[str, str], file_name: str, content: bytes) -> None:
        super().__init__(values)
        self.file_name = file_name
        self.content = content


async def posted(request: Request, house: HouseDep, visitor: VisitorDep) -> Posted:
    """Read a form and make sure that the visitor was shown it."""
    return await _read(request, house, visitor, most_files=0)


async def posted_whole(request: Request, house: HouseDep, visitor: VisitorDep) -> Posted:
    """Read a form whose page says itself, and loses nothing, where a field is too long."""
    return await _read(request, house, visitor, most_files=0, most_characters=_PART_BYTES)


async def uploaded(request: Request, house: HouseDep, visitor: VisitorDep) -> Uploaded:
    """Read a form that may bring a file; without one its content is empty."""
    return await _read(request, house, visitor, most_files=1)


async def _read(
    request: Request,
    house: HouseDep,
    visitor: VisitorDep,
    *,
    most_files: int,
    most_characters: int = MOST_CHARACTERS,
) -> Uploaded:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403)
    values: dict[str, str] = {}
    file_name, content = "", b""
    try:
        async with request.form(
            max_files=most_files, max_fields=_MOST_FIELDS, max_part_size=_PART_BYTES
        ) as form:
            for name, value in form.multi_items():
                if not isinstance(value, UploadFile):
                    # Boxes that were ticked under one name become one text, a line each.
                    whole = "\n".join((*filter(None, [values.get(name)]), value))
                    values[name] = clean(whole, most_characters)
                elif value.filename:
                    file_name, content = plain_name(value.filename), await value.read()
    except ClientDisconnect as error:
        # The guard stops listening to a body that is too long; whoever went away reads nothing.
        raise HTTPException(413) from error
    if not token_holds(house.secret, visitor.cookie, values.pop("csrf", "")):
        raise HTTPException(403)
    return Uploaded(values, file_name, content)


PostedDep = Annotated[Posted, Depends(posted)]
PostedWholeDep = Annotated[Posted, Depends(posted_whole)]
UploadedDep = Annotated[Uploaded, Depends(uploaded)]


def plain_name(name: str) -> str:
    """A file's name as it may be shown: its last part, without what would hide or turn the text."""
    last = clean(name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    return kept.strip()[:_LONGEST_NAME] or "file"


def clean(text: str, most_characters: int = MOST_CHARACTERS) -> str:
    """Line ends of one kind, composed letters, and no control characters but the line end.

    Raises:
        HTTPException: It is longer than a field may be.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    cleaned = "".join(kept)
    if len(cleaned) > most_characters:
        raise HTTPException(413)
    return cleaned
