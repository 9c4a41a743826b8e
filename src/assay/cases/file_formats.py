"""What a file is by its own bytes; neither its name nor what a browser says is believed."""

from __future__ import annotations

import json
import re

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"WARC/1.", "warc"),
)
FORMATS = (
    *dict.fromkeys(name for _, name in _SIGNATURES),
    "webp",
    "html",
    "eml",
    "json",
    "text",
    "other",
)
"""Every format that is told apart."""
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<script[\s>]", re.I)
_HEADER = re.compile(rb"[!-9;-~]{1,76}:[ \t]?[^\n]*\n")
_LETTER = (b"from:", b"received:", b"return-path:", b"message-id:")
_LOOKED_AT = 4096


def format_of(content: bytes) -> str:
    """One of :data:`FORMATS`."""
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    head = content[:_LOOKED_AT]
    if b"\x00" in head:
        return "other"
    if _is_letter(head):
        return "eml"
    # Text with markup is a page wherever the markup stands: browsers guess as well.
    if _HTML.search(head):
        return "html"
    return _text_format(content)


def _is_letter(head: bytes) -> bool:
    """Whether it begins with header fields (RFC 5322), one of them a letter's."""
    first = _HEADER.match(head)
    return first is not None and any(
        line.lower().startswith(_LETTER) for line in head.split(b"\n")[:60]
    )


def _text_format(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return "other"
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return "text"
        return "json"
    return "text"
