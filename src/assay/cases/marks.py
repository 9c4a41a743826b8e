"""Marks by which notices are found to be like others: their addresses, their sender, their text.

A mark is a hash, drawn from a record's texts, and gone when they are erased. Whoever compares two
notices reads them; a mark only says where to look.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from assay.model.case import RecordKind
from assay.text.links import canonical_link

Sort = Literal["address", "text", "sender"]
MARKED: tuple[RecordKind, ...] = ("notice", "misuse")
"""Kinds of record that have marks."""
_HOST = re.compile(r"https?://(?:www\.|m\.|mobile\.)?", re.IGNORECASE)


def marks_of(fields: Mapping[str, str], partner: str | None) -> frozenset[tuple[Sort, str]]:
    """The marks of a notice, or of a file on its sender.

    Args:
        fields: Texts of the record.
        partner: Account of the partner who sent it; None where somebody without an account did.
    """
    return frozenset((sort, _hash(sort, value)) for sort, value in _values(fields, partner))


def _values(fields: Mapping[str, str], partner: str | None) -> Iterator[tuple[Sort, str]]:
    for url in fields.get("urls", "").split():
        yield "address", _HOST.sub("", canonical_link(url) or url).rstrip("/")
    email = fields.get("sender_email", "").strip().casefold()
    text = " ".join(fields.get("explanation", "").casefold().split())
    for sender in filter(None, (email, partner)):
        yield "sender", sender
        if text:
            yield "text", f"{sender}\n{text}"


def _hash(sort: Sort, value: str) -> str:
    return hashlib.sha256(f"{sort}\n{value}".encode()).hexdigest()
