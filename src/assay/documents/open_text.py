"""Plain text: the decoded file is the text, character by character."""

from __future__ import annotations

from assay.documents.decoding import decode, looks_binary, mojibake
from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.page import Page, Refused

WRONG_ENCODING = "the text looks wrongly encoded: it was saved in another encoding than it had"


def open_text(raw: RawFile, limits: Limits) -> Page | Refused:
    """Read a plain text file. Offsets count in the decoded file, newlines as they are."""
    if looks_binary(raw.data):
        return Refused(
            raw.document,
            "the file is neither text nor a format that is read",
            "text, HTML, PDF, EML, RSS/Atom, WARC/WACZ and zip are read",
        )
    text, encoding = decode(raw.data)
    notes = [WRONG_ENCODING] if mojibake(text) else []
    if len(text) > limits.text_chars:
        notes.append(f"only the first {limits.text_chars:,} of {len(text):,} characters were read")
        text = text[: limits.text_chars]
    return Page(
        document=raw.document,
        media_type="text/plain",
        text=text,
        captured=raw.captured,
        metadata={"encoding": encoding},
        notes=tuple(notes),
    )
