"""An invented article's page, and files opened as the reader of documents opens them."""

from __future__ import annotations

from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.page import Page, Refused
from assay.documents.read_pages import open_pages

ARTICLE = """<!doctype html><html lang="en"><head><title>Pages gone | Daily Lantern</title>
<meta property="article:published_time" content="2031-03-05T10:00:00Z">
<meta property="og:site_name" content="Daily Lantern">
<link rel="canonical" href="https://origin.example/story">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pages gone",
"datePublished": "2031-03-04", "author": [{"name": "A. Writer"}]}</script></head><body>
<nav><a href="https://lantern.example/">Home</a> <a href="/w">World</a></nav>
<article><h1>Pages gone</h1><h2>They hid who ran them</h2>
<p>NORTHPORT, March 5 (Wirely) – Chirpnet removed <b>12 accounts</b> and one page on Tuesday,
saying that they had acted together and hid who ran them. It is the second step of this kind.</p>
<p>“We do not comment,” said <a href="https://f.example/x">the ministry</a> on Wednesday, after it
had been asked about the accounts by reporters of several newspapers for more than a week.</p>
<div style="display:none">Chirpnet removed 999 accounts.</div>
<aside>Subscribe to our newsletter for more!</aside></article>
<footer>Copyright 2031 Daily Lantern. All rights reserved.</footer></body></html>"""


def pages(name: str, data: bytes, limits: Limits | None = None) -> list[Page | Refused]:
    """Every page of a file."""
    return list(open_pages(RawFile(name, data), limits or Limits()))


def only_page(name: str, data: bytes) -> Page:
    """The only page of a file."""
    (found,) = pages(name, data)
    assert isinstance(found, Page), found
    return found


def why_refused(name: str, data: bytes) -> Refused:
    """Why a file is refused."""
    (found,) = pages(name, data)
    assert isinstance(found, Refused), found
    assert found.reason and found.fix
    return found
