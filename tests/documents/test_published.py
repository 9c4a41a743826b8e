"""When a page was published: the forms in which pages say it, the surest first."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from assay.documents import html_dates
from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.read_pages import document_of, open_pages
from assay.model.record import Document

STORY = """<p>Chirpnet removed 12 accounts and one page on Tuesday, saying that they had acted
together and hid who ran them. It is the second step of this kind since 11 January 2019.</p>
<p>“We do not comment,” said the ministry, after it had been asked about the accounts by
reporters of several newspapers for more than a week. A hearing is planned for 9 May 2033.</p>"""
PLAIN = """Chirpnet removed 12 accounts and one page on Tuesday, saying that they had acted together
and hid who ran them. It is the second step of this kind since 11 January 2019."""


def _read(name: str, data: str) -> Document:
    (page,) = open_pages(RawFile(name, data.encode()), Limits())
    document = document_of(page)  # type: ignore[arg-type]  # a refusal fails here, as it should
    assert isinstance(document, Document)
    return document


def _html(head: str = "", above: str = "", below: str = "", lang: str = "en") -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><title>Pages gone | Lantern</title>{head}</head>'
        f"<body><header><nav>Home World Friday, June 9, 2034</nav></header><main><article>{above}"
        f"<h1>Twelve accounts and a page gone</h1>{below}{STORY}</article></main><aside>"
        '<h3>Most read</h3><ul><li><a href="/x">A storm</a> <time datetime="2030-01-01">1 January '
        "2030</time></li></ul></aside><footer>© 2034 Lantern</footer></body></html>"
    )


def _ld(described: str) -> str:
    return f'<script type="application/ld+json">{described}</script>'


def _published(document: Document) -> list[tuple[str | None, str]]:
    return [
        ((one.value or "")[:10], "day" if one.precision in ("second", "minute") else one.precision)
        for one in document.dates
        if one.role == "published"
    ]


MARKUP = {
    "open graph": '<meta property="article:published_time" content="2031-03-05T10:00:00+00:00">',
    "odd spelling": '<meta name="publish-date" content="2031-03-05">',
    "Dublin Core": '<meta name="DCTERMS.issued" content="2031-03-05">',
    "in words of HTTP": '<meta name="pubdate" content="Wed, 05 Mar 2031 10:00:00 GMT">',
    "space for T": '<meta name="date" content="2031-03-05 10:00:00">',
    "slashes": '<meta name="citation_publication_date" content="2031/03/05">',
    "seconds since 1970": '<meta name="published_at" content="1930471200">',
    "compact": '<meta name="date" content="20310305">',
    "no date at all, then one": (
        '<meta property="article:published_time" content="0001-01-01T00:00:00Z">'
        '<meta name="date" content="2031-03-05">'
    ),
    "JSON-LD": _ld('{"@type": "NewsArticle", "datePublished": "2031-03-05T10:00:00Z"}'),
    "JSON-LD in a graph of others": _ld(
        '{"@graph": [{"@type": "WebSite", "datePublished": "2015-01-01"}, {"@type": ["Article"],'
        ' "headline": "Twelve", "datePublished": "2031-03-05"}]}'
    ),
    "JSON-LD of a page's main thing": _ld(
        '{"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "2031-03-05"}}'
    ),
    "JSON-LD wrapped and broken over lines": _ld(
        '\n//<![CDATA[\n{"@type": "NewsArticle", "description": "one\ntwo",'
        ' "datePublished": "2031-03-05"}\n//]]>\n'
    ),
    "address": '<link rel="canonical" href="https://lantern.example/world/2031/03/05/pages-gone">',
    "address, month by name": (
        '<meta property="og:url" content="https://lantern.example/world/2031/mar/05/pages-gone">'
    ),
    "address, compact": (
        '<link rel="canonical" href="https://lantern.example/20310305-pages-gone.html">'
    ),
}


@pytest.mark.parametrize("form", MARKUP)
def test_the_head_of_a_page_says_it(form: str) -> None:
    assert _published(_read("a.html", _html(MARKUP[form])))[0] == ("2031-03-05", "day")


BELOW = {
    "time": '<p><time datetime="2031-03-05T10:00:00Z">Wednesday</time></p>',
    "time of the publication and of the update": (
        '<p>Updated <time class="updated" datetime="2031-03-07">7 March</time> Published '
        '<time class="entry-date published" datetime="2031-03-05">5 March</time></p>'
    ),
    "microdata": '<span itemprop="datePublished" content="2031-03-05">on Wednesday</span>',
    "time without an attribute": "<div><time>5 March 2031</time></div>",
    "byline": "<div>By Ann Writer</div><div>Northport, March 5, 2031 10:30 am EST</div>",
    "bar": '<p class="meta">Ann Writer | March 5, 2031 | 4 min read</p>',
    "dot": "<p>Ann Writer · 5 Mar 2031</p>",
    "label": "<p>Published: 5 March 2031, 10:30 GMT</p>",
    "update first": "<p>Last updated: 7 March 2031</p><p>First published: 5 March 2031</p>",
    "both in one line": "<p>Published 5 March 2031 – Updated 7 March 2031</p>",
    "byline with an office": "<p>Ann Writer, political correspondent, 5 March 2031</p>",
    "by and on": "<p>Posted on March 5, 2031 by Ann Writer</p>",
    "in figures": "<p>05.03.2031 12:30</p>",
    "below the standfirst": (
        "<p>They hid who ran them, and nobody was told why it took so long.</p>"
        "<p>Ann Writer, Northport</p><p>Wed 5 Mar 2031 10.30 GMT</p>"
    ),
}


@pytest.mark.parametrize("form", BELOW)
def test_a_line_or_element_of_the_page_says_it(form: str) -> None:
    assert _published(_read("a.html", _html(below=BELOW[form])))[0] == ("2031-03-05", "day")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("fr", "Publié le 5 mars 2031 à 10h30 - Mis à jour le 7 mars 2031 à 9h12"),
        ("de", "Veröffentlicht am 05.03.2031 um 10:30 Uhr"),
        ("ru", "Опубликовано: 5 марта 2031, 12:30"),
        ("ru", "12:30, 5 марта 2031"),
        ("en-GB", "By Ann Writer, 05/03/2031"),
        ("en-US", "By Ann Writer, 03/05/2031"),
        ("en_US", "By Ann Writer, 03/05/2031"),
        ("en-Latn-US", "By Ann Writer, 03/05/2031"),
    ],
)
def test_lines_in_other_tongues_and_orders(lang: str, line: str) -> None:
    page = _html(below=f"<p>{line}</p>", lang=lang)
    assert _published(_read("a.html", page))[0] == ("2031-03-05", "day")


@pytest.mark.parametrize(
    "text",
    [
        f"FOR IMMEDIATE RELEASE: March 5, 2031\n\nChirpnet acts\n\n{PLAIN}",
        f"PRESS RELEASE\nNorthport, 5 March 2031\n\nTwelve accounts and a page gone\n\n{PLAIN}",
        f"Twelve accounts and a page gone\n\nPress release No. 12/2031, 5 March 2031\n\n{PLAIN}",
        f"Northport, 5 March 2031\n\nDear editors,\n\n{PLAIN}",
        f"Twelve accounts and a page gone\nBy Ann Writer\nMarch 5, 2031\n\n{PLAIN}",
    ],
)
def test_a_page_without_markup_says_it_in_its_head(text: str) -> None:
    assert _published(_read("a.txt", text))[0] == ("2031-03-05", "day")


def test_an_address_that_names_the_month_alone_gives_the_month() -> None:
    head = '<link rel="canonical" href="https://lantern.example/2031/03/pages-gone">'
    assert _published(_read("a.html", _html(head))) == [("2031-03", "month")]
    dated = _html(head, below="<p>By Ann Writer, 5 March 2031</p>")
    assert _published(_read("a.html", dated))[0] == ("2031-03-05", "day")


@pytest.mark.parametrize(
    "page",
    [
        _html(),
        _html(below="<p>Last updated: 7 March 2031</p>"),
        _html('<meta name="date" content="1970-01-01T00:00:00Z">'),
        _html('<meta name="date" content="1969-12-31T19:00:00-05:00">'),
        _html(f'<meta name="date" content="Wed, 05 Mar {"9" * 20} 10:00:00 GMT">'),
        _html('<link rel="canonical" href="https://lantern.example/story/2031/9955">'),
        _html(below='<p>The vote of <time datetime="2029-05-06">6 May</time> was disputed by many '
              "of those who had taken part in it, as the commission told reporters.</p>"),
        _html(below="<figcaption>Protesters in Northport, 2 March 2014</figcaption>"),
        _html(below="<p>The hearing, 9 May 2033</p>"),
        _html(_ld('{"@type": "Event", "startDate": "2031-03-05"}')),
    ],
)  # fmt: skip
def test_other_dates_of_a_page_are_not_its_publication(page: str) -> None:
    assert _published(_read("a.html", page)) == []


def test_a_day_at_midnight_is_a_day() -> None:
    head = '<meta name="date" content="2031-03-05T00:00:00">'
    (found,) = _read("a.html", _html(head)).dates
    assert (found.value, found.precision) == ("2031-03-05", "day")


def test_an_update_is_kept_as_one() -> None:
    below = "<p>Published 5 March 2031 – Updated 7 March 2031</p>"
    dates = _read("a.html", _html(below=below)).dates
    assert [(one.role, one.value) for one in dates] == [
        ("published", "2031-03-05"),
        ("modified", "2031-03-07"),
    ]


def test_a_paragraph_of_many_dates_is_looked_at_once() -> None:
    times = "<time>5 March 2031</time> and then " * 30
    with patch.object(
        html_dates, "_is_running_text", side_effect=html_dates._is_running_text
    ) as looked:
        assert _published(_read("a.html", _html(below=f"<p>{times}</p>"))) == []
    assert sum("and then" in call.args[0] for call in looked.call_args_list) == 1
