"""How much one input may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds that keep one bad document from stopping the others.

    Attributes:
        file_bytes: Largest file or unpacked member that is read.
        text_chars: Longest text kept of one document; the rest is cut off and the cut is said.
        members: Most members of one archive.
        depth: How deep archives may lie in archives.
        expansion: Most bytes that one packed byte may become.
        pages: Most pages of a PDF.
        elements: Most elements of an HTML page.
        attributes: Most attributes of one of its elements.
        cpu_s: Seconds of the processor for any document, to open it and again to read it.
        bytes_a_cpu_s: To open a file, a second more for so many bytes of it.
        chars_a_cpu_s: To read a document, a second more for so many characters of it: several times
            what documents of its length take, however much they tell.
        memory_bytes: Most memory that opening or reading one document may take; on Linux alone.
    """

    file_bytes: int = 64 << 20
    text_chars: int = 2_000_000
    members: int = 100_000
    depth: int = 3
    expansion: int = 300
    pages: int = 2_000
    elements: int = 300_000
    attributes: int = 5_000
    cpu_s: float = 30.0
    bytes_a_cpu_s: int = 1_000_000
    chars_a_cpu_s: int = 5_000
    memory_bytes: int = 3 << 30
