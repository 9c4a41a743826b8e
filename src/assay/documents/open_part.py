"""A text inside a feed or a letter: opened by its own kind, with what its holder says of it."""

from __future__ import annotations

from dataclasses import replace

from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.open_html import open_html
from assay.documents.open_text import open_text
from assay.documents.page import Page, Refused


def open_part(raw: RawFile, limits: Limits) -> Page | Refused:
    """The page of an entry or of a letter's body.

    Args:
        raw: The text.
        limits: How much may be read.
    """
    opener = open_html if raw.declared_type == "text/html" else open_text
    page = opener(raw, limits)
    stated = raw.stated
    if isinstance(page, Refused) or stated is None:
        return page
    return replace(
        page,
        media_type=stated.media_type,
        title=stated.title or page.title,
        published=stated.published,
        published_how=Page.published_how,
        modified=None,
        links=(*(((stated.link, None),) if stated.link else ()), *page.links),
        metadata={**page.metadata, **stated.metadata},
    )
