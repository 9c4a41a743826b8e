"""Whatever is not markup is escaped, whatever it holds."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assay.report.markup import Markup, bdi, el, facts, join, table


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(st.text(), st.text())
def test_text_and_attributes_come_back_as_they_were(text: str, value: str) -> None:
    reader = read(el("p", text, title=value))
    assert reader.tags == [("p", {"title": value})]
    # The parser of HTML turns carriage returns into line feeds, as browsers do.
    assert "".join(reader.text).replace("\r", "\n") == text.replace("\r", "\n")


def test_markup_inside_markup_is_not_escaped_twice() -> None:
    assert el("p", el("b", "a & b"), ["<", Markup("<i></i>")]) == (
        "<p><b>a &amp; b</b>&lt;<i></i></p>"
    )


def test_attributes_are_left_out_stand_bare_or_are_named_with_dashes() -> None:
    assert el("input", disabled=True, hidden=False, value=None, aria_label="x", for_="y") == (
        '<input disabled aria-label="x" for="y">'
    )


def test_facts_without_a_value_are_left_out() -> None:
    assert "b" not in facts([("a", 1), ("b", None)])


def test_a_table_has_a_caption_and_heads() -> None:
    reader = read(table("Caption", [("Name", False), ("Count", True)], [(bdi("<x>"), 2)]))
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("caption") == 1
    assert [a.get("scope") for tag, a in reader.tags if tag == "th"] == ["col", "col", "row"]
    assert "<x>" in reader.text


def test_join_keeps_order() -> None:
    assert join(["a", Markup("<br>"), "<"]) == "a<br>&lt;"
