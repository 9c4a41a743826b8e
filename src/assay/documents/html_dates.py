"""When an HTML page says that it was published: in its head, in JSON-LD, in elements of its text.

What says “published” comes first, then JSON-LD, an element marked so, the other names that systems
write into a page's head, and last a ``time`` element of the article. A value that cannot be read
or stands for no date is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from assay.documents.html_furniture import is_furniture
from assay.documents.stated_dates import stated

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NO_LETTER = re.compile(r"[^a-z]")
_SURE = (
    "articlepublishedtime",
    "ogarticlepublishedtime",
    "ogpublishedtime",
    "datepublished",
    "rnewsdatepublished",
)
_USUAL = (
    "parselypubdate",
    "sailthrudate",
    "citationpublicationdate",
    "citationonlinedate",
    "dctermsissued",
    "dcdateissued",
    "publicationdate",
    "publishdate",
    "publisheddate",
    "publishedtime",
    "publishedat",
    "publishedon",
    "published",
    "pubdate",
    "releasedate",
    "dctermsdate",
    "dcdate",
    "date",
    "dctermscreated",
    "dcdatecreated",
)
_DATED = re.compile(r"datepublished|dc:(?:date|issued)", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|posted|pub-?date|entry-date|created", re.IGNORECASE)
_UPDATED = re.compile(r"updat|modif|обновл|mis à jour|aktualisiert", re.IGNORECASE)
_MARKED = "an element marked as the time of publication"
_PLAIN = "a time element of the article"
_MOST_ELEMENTS = 20
_LABEL_CHARS = 40
_RUNNING_TEXT = ("p", "blockquote", "td", "li")
_LINE_CHARS = 150
"""In a longer paragraph, as in a sentence, a date is part of what is told."""


def publication(
    tree: HtmlElement, named: Mapping[str, str], described: str | None, language: str
) -> tuple[str, str] | None:
    """The first value that means a date, as it is written, and where it stands.

    Args:
        tree: The page.
        named: Contents of its meta elements by their names in small letters.
        described: The article's ``datePublished`` in JSON-LD.
        language: In which a date in words is read.
    """
    spelled: dict[str, tuple[str, str]] = {}
    for name, value in named.items():
        spelled.setdefault(_NO_LETTER.sub("", name), (value, name))
    elements = list(islice(_elements(tree), _MOST_ELEMENTS))
    candidates = [
        *(spelled[name] for name in _SURE if name in spelled),
        (described or "", "JSON-LD"),
        *(one for one in elements if one[1] == _MARKED),
        *(spelled[name] for name in _USUAL if name in spelled),
        *(one for one in elements if one[1] == _PLAIN),
    ]
    for value, where in candidates:
        if stated(value, language) is not None:
            return value, f"stated by the page: {where}"
    return None


def _elements(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Values of the article's elements that hold a date, and what each of them is."""
    known: dict[HtmlElement, bool] = {}
    for element in tree.xpath("//time | //*[@itemprop or @property]"):
        own = f"{element.get('itemprop', '')} {element.get('property', '')}"
        dated = bool(_DATED.search(own))
        if element.tag == "meta" or not (dated or element.tag == "time"):
            continue
        value = element.get("content") or element.get("datetime") or element.text_content()
        label = f"{own} {element.get('class', '')} {_before(element)}"
        if not value or _UPDATED.search(label) or _aside(element, known):
            continue
        published = dated or element.get("pubdate") is not None or _PUBLISHED.search(label)
        yield value, _MARKED if published else _PLAIN


def _before(element: HtmlElement) -> str:
    """The words just before an element: “Updated”."""
    previous, parent = element.getprevious(), element.getparent()
    words = previous.tail if previous is not None else parent.text if parent is not None else None
    return (words or "").strip()[-_LABEL_CHARS:]


def _aside(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether an element stands in a box beside the article, or in the middle of what it tells.

    Args:
        element: Which.
        known: What was found of those around others; each is looked at once.
    """
    for around in _upwards(element):
        if around not in known:
            known[around] = is_furniture(around) or (
                around.tag in _RUNNING_TEXT and _is_running_text(around.text_content())
            )
        if known[around]:
            return True
    return False


def _is_running_text(text: str) -> bool:
    return len(text) > _LINE_CHARS or text.rstrip().endswith((".", "!", "?", "”"))


def _upwards(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()
