"""HTML: its visible text in blocks, with what the markup says about each.

All visible text is kept, navigation and advertisements too, so that a reader sees what was left
aside; trafilatura (Barbaresi 2021, ACL demos) says which blocks are the article. Canonical
address, Open Graph and JSON-LD are read here: a republisher's page often names its source there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assay.documents.decoding import decode, mojibake
from assay.documents.html_furniture import is_furniture
from assay.documents.html_head import Head
from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.open_text import WRONG_ENCODING
from assay.documents.page import Block, BlockKind, Page, Refused
from assay.model.record import Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_Told = tuple[str, BlockKind, int, list[tuple[str, int, int]]]
"""Text of a block, its kind, its level, and links in it: address, first character, last."""
_BLOCK_TAGS = _tags(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu "
    "nav ol p pre search section summary table tbody td tfoot th thead title tr ul"
)
_UNSEEN_TAGS = _tags(
    "script style template noscript svg math canvas iframe object embed head select option "
    "datalist audio video map area"
)
_LONG_TAG = 50_000
_LONG_TEXT = 9_000_000
_TAG = re.compile(rb"[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*+")
_HEADING = re.compile(r"h([1-6])$")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACE = re.compile(r"[^\S\n]+")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.I)
_WALL = re.compile(
    r"\b(log ?in|sign in|sign up|subscribe|create an? (free )?account|enable (javascript|cookies)|"
    r"access denied|verify (that )?you are (a )?human|captcha|войдите|подпишитесь|"
    r"connectez-vous|abonnez-vous|anmelden)\b",
    re.I,
)
_CONSENT = re.compile(
    r"accept all|reject all|manage (?:options|preferences|settings|choices|cookies)|"
    r"cookie settings|we (?:use|store) cookies|value your privacy|(?:our|\d) partners|"
    r"tout accepter|tout refuser|alle akzeptieren|alle ablehnen|принять все|отклонить все",
    re.I,
)
_LEAST_CONSENT = 2
_LEAST_BESIDE = 12
"""A short page with fewer words beside those that ask, in two ways, for cookies shows no text."""
_WALL_WORDS = 80
"""A page with fewer words than this, some of them asking to log in, is a wall."""

_TEASER_WORDS = 200
"""A page with fewer words that asks to log in may be the beginning of a longer one."""

_MOST_JUDGED = 3_000
"""A page with more blocks is a dump or a trap, and no article to be found by trafilatura."""


@dataclass
class _Builder:
    """Text under construction: blocks one after the other."""

    limit: int
    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    links: list[tuple[str, Span | None]] = field(default_factory=list)
    cut: bool = False

    def add(
        self, text: str, kind: BlockKind, level: int, links: list[tuple[str, int, int]]
    ) -> None:
        """Append a block; ``links`` are (address, start, end) inside its text."""
        between = "\n\n" if self.parts else ""
        if self.parts and kind == "item" and self.blocks[-1].kind == "item":
            between = "\n"
        room = self.limit - self.length - len(between)
        if len(text) > room:
            self.cut = True
            text = text[: max(room, 0)].rstrip()
            links = [link for link in links if link[2] <= len(text)]
        if not text:
            return
        self.parts.append(between)
        self.length += len(between)
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        self.blocks.append(Block(kind, Span(start, self.length), level))
        for address, first, last in links:
            self.links.append((address, Span(start + first, start + last)))


def open_html(raw: RawFile, limits: Limits) -> Page | Refused:
    """Read a page.

    Returns:
        The page, or why it cannot be read: nothing in it, a log-in wall, more elements than a
        person could have written.
    """
    declared = _CHARSET.search(raw.data[:4096])
    text, encoding = decode(raw.data, declared.group(1).decode("ascii") if declared else None)
    tree = _tree(raw, text, limits)
    if isinstance(tree, Refused):
        return tree
    builder = _Builder(limits.text_chars)
    for block in _blocks(tree):
        builder.add(*block)
    whole = "".join(builder.parts)
    head = Head.of(tree)
    refusal = _wall(raw.document, whole) or _cookies_alone(raw.document, whole)
    if refusal is not None:
        return refusal
    notes = [WRONG_ENCODING] if mojibake(whole) else []
    if len(whole.split()) < _TEASER_WORDS and _WALL.search(whole):
        notes.append("the page asks to subscribe or log in: it may hold only the beginning")
    if builder.cut:
        notes.append(f"only the first {limits.text_chars:,} characters were read")
    return Page(
        document=raw.document,
        media_type="text/html",
        text=whole,
        blocks=_judged(tree, whole, builder.blocks),
        title=head.title,
        published=head.published,
        published_how=head.published_how,
        modified=head.modified,
        captured=raw.captured,
        language=head.language,
        links=(*head.links, *builder.links),
        metadata={"encoding": encoding, **head.metadata} | ({"url": raw.url} if raw.url else {}),
        notes=tuple(notes),
    )


def _tree(raw: RawFile, text: str, limits: Limits) -> Any:
    """The page's root element; refused if empty, or larger than a person could have written."""
    from lxml import etree, html

    if raw.data.count(b"<") > 4 * limits.elements:
        return Refused(
            raw.document,
            f"the page has more than {limits.elements:,} elements",
            "save the article alone and read that",
        )
    if _overloaded(raw.data, limits):
        return Refused(
            raw.document,
            f"an element of the page has more than {limits.attributes:,} attributes",
            "save the article alone and read that",
        )
    try:
        # libxml2 drops a text of more than 10 MB, and what follows, unless it may build huge trees,
        # which may also be nested without end.
        data = text.encode("utf-8", "replace")
        one_text = len(max(data.split(b"<"), key=len)) >= _LONG_TEXT
        parser = html.HTMLParser(encoding="utf-8", huge_tree=one_text, recover=True)
        return html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Refused(raw.document, "the page is empty", "check the file")


def _overloaded(data: bytes, limits: Limits) -> bool:
    """Whether an element has so many attributes that libxml2 compares them for hours."""
    for part in data.split(b"<"):
        tag = _TAG.match(part) if len(part) > _LONG_TAG else None
        if tag is not None and tag.group().count(b"=") > limits.attributes:
            return True
    return False


def _wall(document: str, text: str) -> Refused | None:
    words = len(text.split())
    if not words:
        return Refused(
            document,
            "the page has no visible text",
            "it may draw itself by script, or be nested without end: save it from a browser, "
            "or as PDF",
        )
    if words < _WALL_WORDS and _WALL.search(text) and text.count(".") < 4:
        return Refused(
            document,
            "the page asks to log in, subscribe or prove oneself instead of showing a text",
            "save the page as you see it after logging in",
        )
    return None


def _cookies_alone(document: str, text: str) -> Refused | None:
    asks = {found.group().casefold() for found in _CONSENT.finditer(text)}
    if len(asks) < _LEAST_CONSENT or len(text.split()) >= _WALL_WORDS:
        return None
    beside = [block for block in text.split("\n\n") if not _CONSENT.search(block)]
    if sum(len(block.split()) for block in beside) >= _LEAST_BESIDE:
        return None
    return Refused(
        document,
        "the page asks for consent to cookies instead of showing a text",
        "answer it in a browser and save the page as you see it then",
    )


def _blocks(tree: HtmlElement) -> Iterator[_Told]:
    """Blocks of visible text in order, without recursion: pages may be nested deeply."""
    block = _OpenBlock()
    # (element, whether it is being left, furniture above it, block kind above it)
    stack: list[tuple[Any, bool, bool, BlockKind, int]] = [(tree, False, False, "paragraph", 0)]
    while stack:
        element, leaving, furniture, inherited, inherited_level = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else None
        if leaving:
            if tag == "a":
                block.end_link()
            if tag in _BLOCK_TAGS:
                yield from block.close()
                block.kind, block.level = inherited, inherited_level
        elif tag is None or tag in _UNSEEN_TAGS or _unseen(element):
            pass
        elif tag == "br":
            yield from block.break_line()
        else:
            stack.append((element, True, furniture, block.kind, block.level))
            if tag in _BLOCK_TAGS:
                yield from block.close()
                furniture = furniture or is_furniture(element)
                block.kind, block.level = _kind(tag, inherited, furniture)
            elif tag == "a":
                block.begin_link(element.get("href", ""))
            block.write(element.text)
            for child in reversed(element):
                stack.append((child, False, furniture, block.kind, block.level))
            continue
        block.write(element.tail)
    yield from block.close()


class _OpenBlock:
    """The block that is being read: its text so far, and the links in it.

    Attributes:
        kind: Of the block.
        level: Of a heading.
    """

    def __init__(self) -> None:
        self.kind: BlockKind = "paragraph"
        self.level = 0
        self._pieces: list[str] = []
        self._length = 0
        self._links: list[tuple[str, int, int]] = []
        self._open_links: list[tuple[str, int]] = []

    def write(self, text: str | None) -> None:
        """Add text, with white space as a browser shows it."""
        flat = _SPACE.sub(" ", (text or "").replace("\n", " ").replace("\r", " "))
        if not self._pieces or self._pieces[-1].endswith((" ", "\n")):
            flat = flat.lstrip(" ")
        if flat:
            self._add(flat)

    def break_line(self) -> Iterator[_Told]:
        """Begin a line; two breaks in a row end the block."""
        if self._pieces and self._pieces[-1].endswith("\n"):
            yield from self.close()
        elif self._pieces:
            self._add("\n")

    def begin_link(self, address: str) -> None:
        """What is written from here on is a link; no address of the web counts for none."""
        self._open_links.append((address, self._length))

    def end_link(self) -> None:
        """The innermost link ends here."""
        address, begun = self._open_links.pop()
        if self._length > begun and address.startswith(("http://", "https://")):
            self._links.append((address, begun, self._length))

    def close(self) -> Iterator[_Told]:
        """The block, if there is anything in it; the next one begins."""
        text = "".join(self._pieces)
        stripped = text.strip()
        shift = len(text) - len(text.lstrip())
        kept = [
            (address, max(0, first - shift), min(len(stripped), last - shift))
            for address, first, last in self._links
            if first - shift < len(stripped) and last > shift
        ]
        self._pieces.clear()
        self._links.clear()
        # What is open still goes on with the first letter of the next block.
        self._open_links = [(address, 0) for address, _ in self._open_links]
        self._length = 0
        if stripped:
            yield stripped, self.kind, self.level, kept

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def _kind(tag: str, inherited: BlockKind, furniture: bool) -> tuple[BlockKind, int]:
    if furniture:
        return "furniture", 0
    heading = _HEADING.match(tag)
    if heading:
        return "heading", int(heading.group(1))
    if tag == "blockquote":
        return "quote", 0
    if tag in ("li", "dt", "dd"):
        return "item", 0
    return (inherited if inherited in ("quote", "item") else "paragraph"), 0


def _unseen(element: HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style", "")))
    )


def _judged(tree: HtmlElement, text: str, blocks: list[Block]) -> tuple[Block, ...]:
    """Blocks with those turned to furniture that trafilatura does not take for the article."""
    if len(blocks) > _MOST_JUDGED:
        return tuple(blocks)
    import trafilatura

    article = trafilatura.extract(
        tree, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False
    )
    if not article or len(article) < 200:
        return tuple(blocks)
    squeezed = _squeezed(article)
    judged = []
    for block in blocks:
        own = _squeezed(block.span.of(text))
        topmost = block.kind == "heading" and block.level == 1
        aside = not topmost and own and own not in squeezed
        judged.append(Block("furniture", block.span) if aside else block)
    return tuple(judged)


def _squeezed(text: str) -> str:
    """Letters and digits alone, to compare texts whose spaces and marks were treated unlike."""
    return "".join(character for character in text.casefold() if character.isalnum())
