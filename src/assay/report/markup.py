"""HTML and SVG put together from small pieces; whatever is not marked as markup is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
"""Elements without an end tag."""


class Markup(str):
    """Text that is already HTML; everything else is escaped when it is put into an element."""

    __slots__ = ()


def render(child: Any) -> str:
    """One child as HTML: None is nothing, markup stays, lists are joined, the rest is escaped."""
    if child is None:
        return ""
    if isinstance(child, Markup):
        return str(child)
    if isinstance(child, list | tuple):
        return "".join(render(item) for item in child)
    return escape(str(child))


def el(tag: str, *children: Any, **attributes: Any) -> Markup:
    """One element.

    Attribute names lose a final underscore (``class_``) and turn others into dashes
    (``aria_label``). An attribute that is None or False is left out; True stands bare.
    """
    opened = [f"<{tag}"]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        plain = name.rstrip("_").replace("_", "-")
        opened.append(f" {plain}" if value is True else f' {plain}="{escape(str(value))}"')
    opened.append(">")
    if tag in VOID:
        return Markup("".join(opened))
    return Markup("".join(opened) + "".join(render(child) for child in children) + f"</{tag}>")


def join(children: Iterable[Any]) -> Markup:
    """Several children one after the other."""
    return Markup("".join(render(child) for child in children))


def bdi(text: str) -> Markup:
    """Foreign text (a name, an address) whose direction must not disturb the page's."""
    return el("bdi", text)


def facts(rows: Iterable[tuple[Any, Any]], *, class_: str = "facts") -> Markup:
    """Names and values as a description list; rows without a value are left out."""
    return el(
        "dl",
        [
            el("div", el("dt", name), el("dd", value))
            for name, value in rows
            if value is not None and value != ""
        ],
        class_=class_,
    )


def table(
    caption: Any, columns: Iterable[tuple[Any, bool]], rows: Iterable[Iterable[Any]], **more: Any
) -> Markup:
    """A captioned table in a box that scrolls sideways by itself.

    Args:
        caption: Says what the rows are.
        columns: Heading, and whether the column holds numbers.
        rows: The cells; the first cell of a row is its heading.
        more: Attributes of the table element.
    """
    listed = list(columns)
    head = el(
        "tr",
        [
            el("th", name, scope="col", class_="number" if number else None)
            for name, number in listed
        ],
    )
    body = [el("tr", _cells(row, listed)) for row in rows]
    label = caption if isinstance(caption, str) and not isinstance(caption, Markup) else "Table"
    return el(
        "div",
        el("table", el("caption", caption), el("thead", head), el("tbody", body), **more),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=label,
    )


def _cells(row: Iterable[Any], columns: list[tuple[Any, bool]]) -> list[Markup]:
    cells = []
    for place, (value, (_, number)) in enumerate(zip(row, columns, strict=True)):
        name = "number" if number else None
        if place == 0:
            cells.append(el("th", value, scope="row", class_=name))
        else:
            cells.append(el("td", value, class_=name))
    return cells
