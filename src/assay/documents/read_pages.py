"""From paths to documents: each file opened, its parts told, its dates and sources read.

One bad document never stops the others: it becomes a :class:`Refused` with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assay.documents.inputs import RawFile, opened, raw_files, too_deep
from assay.documents.language import (
    BY_WORDS_ALONE,
    READ_BY_WORDS,
    READ_LANGUAGES,
    language_of,
)
from assay.documents.limits import Limits
from assay.documents.open_feed import is_feed, open_feed
from assay.documents.open_html import open_html
from assay.documents.open_mail import open_mail
from assay.documents.open_part import open_part
from assay.documents.open_pdf import open_pdf
from assay.documents.open_text import open_text
from assay.documents.open_web_archive import open_web_archive
from assay.documents.page import Page, Refused
from assay.documents.page_dates import page_dates
from assay.documents.satire import NOTE, calls_itself_satire
from assay.documents.segments import segments
from assay.documents.sources import source_chain
from assay.model.record import Document

_HTML_MARKS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<article")
_MAIL_SUFFIXES = (".eml", ".mht", ".mhtml")
_PASSED_OVER = frozenset(
    (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".css", ".js", ".woff", ".woff2")
)
"""Members of saved pages that are no documents; passed over without a word in archives."""
_PASSED_OVER_TYPES = (
    *("image/", "font/", "audio/", "video/"),
    *("text/css", "text/javascript", "application/javascript"),
)
"""What the same are called by parts without a name, as in MHTML."""


def read_documents(
    inputs: Sequence[str | Path], limits: Limits | None = None
) -> Iterator[Document | Refused]:
    """Every document of the inputs, in a fixed order.

    Args:
        inputs: Files, folders and archives.
        limits: How much one file may ask of the machine.

    Raises:
        InputError: An input does not exist.
    """
    bounds = limits or Limits()
    for raw in files_of(inputs, bounds):
        yield from [raw] if isinstance(raw, Refused) else documents_in(raw, bounds)


def files_of(
    inputs: Sequence[str | Path], limits: Limits, out: Path | None = None
) -> Iterator[RawFile | Refused]:
    """Every file of the inputs, the members of archives and of web archives as files of their own.

    Args:
        inputs: Files, folders and archives.
        limits: How much one file may ask of the machine.
        out: A folder that is passed over: the one that is written to.

    Raises:
        InputError: An input does not exist.
    """
    for raw in raw_files(inputs, limits, out):
        if isinstance(raw, Refused) or not _is_web_archive(raw):
            yield raw
            continue
        for record in open_web_archive(raw, limits):
            yield from [record] if isinstance(record, Refused) else opened(record, limits, 1)


def documents_in(raw: RawFile, limits: Limits) -> list[Document | Refused]:
    """The documents of one file: several of a feed, or of a letter with attachments."""
    return [
        page if isinstance(page, Refused) else document_of(page) for page in open_pages(raw, limits)
    ]


def open_pages(raw: RawFile, limits: Limits, depth: int = 0) -> Iterator[Page | Refused]:
    """The pages of one file: one of most formats, several of feeds, letters and web archives."""
    held = _held_by(raw, limits)
    if held is None:
        yield from _page_of(raw, limits)
        return
    for one in held:
        if isinstance(one, Refused):
            yield one
        elif depth >= limits.depth and one.stated is None:
            yield too_deep(one.document, limits)
        else:
            for inner in opened(one, limits, depth + 1):
                if isinstance(inner, Refused):
                    yield inner
                else:
                    yield from open_pages(inner, limits, depth + 1)


def taken_apart(raw: RawFile, limits: Limits) -> list[RawFile | Refused] | None:
    """What a feed, a letter or a web archive holds, unopened; None of a file that is one page."""
    held = _held_by(raw, limits)
    if held is None:
        return None
    return [
        inner
        for one in held
        for inner in ([one] if isinstance(one, Refused) else opened(one, limits, 1))
    ]


def _held_by(raw: RawFile, limits: Limits) -> Iterator[RawFile | Refused] | None:
    if _is_web_archive(raw):
        return open_web_archive(raw, limits)
    if raw.stated is not None or _is_pdf(raw) or not raw.data.strip():
        return None
    if is_feed(raw.data):
        return open_feed(raw, limits)
    named = raw.document.lower().endswith(_MAIL_SUFFIXES)
    return open_mail(raw) if named or raw.declared_type == "message/rfc822" else None


def _page_of(raw: RawFile, limits: Limits) -> Iterator[Page | Refused]:
    name = raw.document.lower()
    if raw.stated is not None:
        yield open_part(raw, limits)
    elif not raw.data.strip():
        yield Refused(raw.document, "the file is empty", "get the file again")
    elif _is_pdf(raw):
        yield open_pdf(raw, limits)
    elif _is_html(raw, name, raw.declared_type or ""):
        yield open_html(raw, limits)
    elif not ("#" in raw.document and (_passed_over(raw) or Path(name).suffix in _PASSED_OVER)):
        yield open_text(raw, limits)


def _passed_over(raw: RawFile) -> bool:
    return (raw.declared_type or "").startswith(_PASSED_OVER_TYPES)


def _is_pdf(raw: RawFile) -> bool:
    return raw.data.startswith(b"%PDF-") or raw.declared_type == "application/pdf"


def _is_web_archive(raw: RawFile) -> bool:
    named = raw.document.lower().endswith((".warc", ".warc.gz"))
    return named or raw.declared_type == "application/warc"


def _is_html(raw: RawFile, name: str, media_type: str) -> bool:
    if media_type in ("text/html", "application/xhtml+xml"):
        return True
    head = raw.data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if name.endswith((".html", ".htm", ".xhtml")):
        return b"<" in head
    return head.startswith(_HTML_MARKS) or (head.startswith(b"<?xml") and b"<html" in head)


def document_of(page: Page) -> Document | Refused:
    """A page with its parts, dates, sources and language."""
    if not page.text.strip():
        return Refused(page.document, "the document has no text", "check the file")
    parts = segments(page)
    language = language_of(page.text, parts, page.language)
    if page.language is None and language != "en":
        # Told by its words now: date lines are read again in that language.
        parts = segments(replace(page, language=language))
    dated = replace(page, language=language if page.language is None else page.language)
    notes = list(page.notes)
    if language in READ_BY_WORDS:
        notes.append(f"language {language}: {BY_WORDS_ALONE}")
    elif language not in READ_LANGUAGES:
        told = "its language cannot be told" if language == "und" else f"language {language}"
        known = ", ".join(READ_BY_WORDS)
        notes.append(
            f"{told}: only its parts, dates and sources are read (in full: en; in plain "
            f"sentences: {known})"
        )
    if calls_itself_satire(page.text, page.title):
        notes.append(NOTE)
    title = next((part.span for part in parts if part.role == "headline"), None)
    return Document(
        document=page.document,
        sha256=hashlib.sha256(page.text.encode("utf-8", "surrogatepass")).hexdigest(),
        media_type=page.media_type,
        text=page.text,
        language=language,
        title=title,
        segments=parts,
        dates=page_dates(dated, parts),
        sources=source_chain(page, parts),
        links=page.links,
        metadata={
            **page.metadata,
            **({"title": page.title} if page.title else {}),
            **({"notes": notes} if notes else {}),
        },
    )
