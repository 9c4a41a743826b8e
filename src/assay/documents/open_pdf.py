"""PDF: the text of its pages, with lines joined to paragraphs and running heads set apart."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.page import Block, BlockKind, Page, Refused
from assay.model.record import Span

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_DIGITS = re.compile(r"\d+")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u00ad\ufffe]$")
_EDGE_LINES = 2
"""Lines at the top and at the foot of a page among which running heads are looked for."""
_HEAD_CHARS = 80
"""A longer line is a sentence that several pages happen to share."""
_LEAST_CHARS_PER_PAGE = 20
_ONE_AT_A_TIME = threading.Lock()
"""PDFium is not safe for several threads."""


def open_pdf(raw: RawFile, limits: Limits) -> Page | Refused:
    """Read a PDF.

    Returns:
        The page, or why it cannot be read: damaged, encrypted, without text (a scan).
    """
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            pdf = pypdfium2.PdfDocument(raw.data)
        except pypdfium2.PdfiumError as error:
            locked = "password" in str(error).lower()
            return Refused(
                raw.document,
                "the PDF is locked by a password" if locked else "the PDF is damaged",
                "save it without the password" if locked else "get the file again",
            )
        try:
            total = len(pdf)
            sheets = [_lines(pdf, number) for number in range(min(total, limits.pages))]
            metadata = {key: value for key, value in pdf.get_metadata_dict().items() if value}
        finally:
            pdf.close()
    notes = []
    if total > limits.pages:
        notes.append(f"only the first {limits.pages:,} of {total:,} pages were read")
    chars = sum(len(line) for lines in sheets for line in lines)
    if chars < _LEAST_CHARS_PER_PAGE * len(sheets):
        return Refused(
            raw.document,
            f"the PDF has {total:,} pages and no text: it is a scan",
            "run a text recognition over it (such as ocrmypdf) and read the result",
        )
    blocks = _blocks(sheets)
    text, placed, cut = _laid_out(blocks, limits.text_chars)
    if cut:
        notes.append(f"only the first {limits.text_chars:,} characters were read")
    return Page(
        document=raw.document,
        media_type="application/pdf",
        text=text,
        blocks=placed,
        title=metadata.get("Title"),
        captured=raw.captured,
        metadata={"pages": total, **metadata},
        notes=tuple(notes),
    )


def _lines(pdf: PdfDocument, number: int) -> list[str]:
    """The lines of one sheet; a sheet that cannot be read counts as empty."""
    import pypdfium2

    try:
        sheet = pdf[number]
        text = sheet.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError:
        return []
    # PDFium marks a word broken at a line's end, which it has put together, by U+0002.
    return [line.strip() for line in text.replace("\x02", "").replace("\r", "\n").split("\n")]


def _blocks(sheets: Sequence[list[str]]) -> list[tuple[str, BlockKind]]:
    """Paragraphs over all sheets, and running heads and page numbers as furniture."""
    running = _running(sheets)
    blocks: list[tuple[str, BlockKind]] = []
    paragraph: list[str] = []
    widest = sorted(len(line) for lines in sheets for line in lines if line)
    usual = widest[int(len(widest) * 0.9)] if widest else 0

    def close() -> None:
        if paragraph:
            blocks.append((_joined(paragraph), "paragraph"))
            paragraph.clear()

    for lines in sheets:
        filled = [index for index, line in enumerate(lines) if line]
        edges = set(filled[:_EDGE_LINES] + filled[-_EDGE_LINES:])
        for index, line in enumerate(lines):
            if not line:
                close()
            elif index in edges and _shape(line) in running:
                blocks.append((line, "furniture"))
            else:
                paragraph.append(line)
                # A short line that ends a sentence ends its paragraph.
                if len(line) < 0.75 * usual and line.endswith((".", "!", "?", ":", "”", '"', "»")):
                    close()
    close()
    return blocks


def _running(sheets: Sequence[list[str]]) -> set[str]:
    """Shapes of lines that stand at the edge of a third of all sheets or more."""
    counted: Counter[str] = Counter()
    for lines in sheets:
        filled = [line for line in lines if line]
        edges = filled[:_EDGE_LINES] + filled[-_EDGE_LINES:]
        counted.update({_shape(line) for line in edges if len(line) <= _HEAD_CHARS})
    least = max(3, len(sheets) // 3)
    return {shape for shape, times in counted.items() if times >= least}


def _shape(line: str) -> str:
    return _DIGITS.sub("0", line.casefold())


def _joined(lines: list[str]) -> str:
    """One paragraph of several lines; words broken at a line's end are put together."""
    text = lines[0]
    for line in lines[1:]:
        if _HYPHENATED.search(text) and line[:1].islower():
            text = text[:-1] + line
        else:
            text = f"{text} {line}"
    return text


def _laid_out(
    blocks: list[tuple[str, BlockKind]], limit: int
) -> tuple[str, tuple[Block, ...], bool]:
    parts: list[str] = []
    placed: list[Block] = []
    length = 0
    for text, kind in blocks:
        if length + len(text) + 2 > limit:
            return "".join(parts), tuple(placed), True
        if parts:
            parts.append("\n\n")
            length += 2
        placed.append(Block(kind, Span(length, length + len(text))))
        parts.append(text)
        length += len(text)
    return "".join(parts), tuple(placed), False
