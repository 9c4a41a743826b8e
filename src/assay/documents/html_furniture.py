"""Which elements of a page are no part of its article, by their tags, roles and names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FURNITURE_TAGS = frozenset(
    ("nav", "footer", "aside", "form", "button", "menu", "dialog", "search")
)
_FURNITURE_ROLES = frozenset(
    ("navigation", "contentinfo", "banner", "complementary", "search", "form", "dialog")
)
_FURNITURE_NAMES = re.compile(
    r"(?:most[-_]?(?:read|popular|viewed|shared)|popular[-_]?posts|trending|recommend(?:ed|ations)?|"
    r"related(?:[-_]?(?:posts|articles|stories|news|links|content))?|read[-_]?(?:more|next|also)|"
    r"sidebar|newsletter(?:[-_]?signup)?|comments?(?:[-_]?(?:area|list|section))?|"
    r"breadcrumbs?|cookie[-_]?(?:banner|notice)|(?:social[-_]?)?share(?:[-_]?buttons)?|"
    r"advert(?:isement)?|ads?|promo|site[-_]?(?:footer|header)|tags?)",
    re.I,
)
"""Whole names of classes and ids that pages give to boxes beside the article."""


def is_furniture(element: HtmlElement) -> bool:
    """Whether an element is a menu, a foot, a box of other stories or the like."""
    if element.tag in _FURNITURE_TAGS or element.get("role", "").lower() in _FURNITURE_ROLES:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}".split()
    if not any(_FURNITURE_NAMES.fullmatch(name) for name in names):
        return False
    # A name alone does not put a whole article aside.
    return element.tag not in ("body", "main", "article") and element.find(".//h1") is None
