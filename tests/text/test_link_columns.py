from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from assay.text.link_columns import canonical_links
from assay.text.links import (
    canonical_link,
    host_of,
    registered_domain,
    strip_trailing_punctuation,
)

_PARTS = (
    "http://",
    "https://",
    "HTTP://",
    "a.b",
    "news.bbc.co.uk",
    "www.youtube.com",
    "vk.com",
    "amp.x.org",
    "x.cdn.ampproject.org",
    "example.com",
    ":80",
    "/",
    "/a",
    "/b.html",
    "/amp",
    "/amp/",
    "/away.php",
    "/redirect",
    "/watch",
    "..",
    "?",
    "?q=https://t.co/x",
    "?to=https%3A%2F%2Fa.b",
    "?v=1",
    "?utm_source=x",
    "?utm_source=x&id=7&b=2",
    "&fbclid=1",
    "&",
    "=",
    "#top",
    "~",
    "%41",
    "é",
    ".",
    ")",
    "…",
    "_",
    "-",
)
_LINKS = st.lists(st.sampled_from(_PARTS), max_size=7).map("".join)


@given(st.lists(_LINKS, max_size=6, unique=True))
def test_a_column_of_links_is_each_link_by_itself(links: list[str]) -> None:
    found = canonical_links(pa.array(links, pa.string()), {})
    alone = [canonical_link(strip_trailing_punctuation(link)) for link in links]
    assert found.canonical.to_pylist() == alone
    assert found.domains.to_pylist() == [
        None if link is None else registered_domain(host_of(link)) for link in alone
    ]


def test_short_links_lead_where_the_table_says() -> None:
    links = pa.array(["https://t.co/a", "http://t.co/b", "https://t.co/a."])
    found = canonical_links(links, {"https://t.co/a": "https://www.bbc.co.uk/news"})
    assert found.canonical.to_pylist() == [
        "https://www.bbc.co.uk/news",
        "https://t.co/b",
        "https://www.bbc.co.uk/news",
    ]
    assert found.domains.to_pylist() == ["bbc.co.uk", "t.co", "bbc.co.uk"]
