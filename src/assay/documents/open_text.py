"""Plain text: the decoded file is the text, character by character."""

from __future__ import annotations

from assay.documents.decoding import decode, looks_binary, mojibake
from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.page import Page, Refused

WRONG_ENCODING = "the text looks wrongly encoded: it was saved in another encoding than it had"


_SAVE = "save it as PDF, HTML or plain text and read that"
_UNREAD = (
    (b"{\\rtf", "a document in RTF", _SAVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document or letter of before 2007", _SAVE),
    (
        b"\x78\x9f\x3e\x22",
        "what Outlook packs as winmail.dat (TNEF)",
        "ask the sender for the letter as plain text or HTML, or unpack it with tnef",
    ),
)
"""How files begin that people take for documents, what they are, and what to do."""


def open_text(raw: RawFile, limits: Limits) -> Page | Refused:
    """Read a plain text file. Offsets count in the decoded file, newlines as they are."""
    for mark, kind, fix in _UNREAD:
        if raw.data.startswith(mark):
            return Refused(raw.document, f"{kind} is not read", fix)
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
