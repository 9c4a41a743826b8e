from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.text import links
from assay.text.links import (
    canonical_link,
    host_of,
    permalink_post_id,
    registered_domain,
    strip_trailing_punctuation,
)


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("http://t.co/aBc1", "https://t.co/aBc1"),
        ("HTTP://WWW.Example.org:80/a?utm_source=x&b=1#top", "https://www.example.org/a?b=1"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        (
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.org%2Fx%3Ffbclid%3D1&h=AT",
            "https://a.org/x",
        ),
        ("https://www.google.com/amp/s/www.a.org/news/amp/", "https://www.a.org/news"),
        (
            "https://www-a-org.cdn.ampproject.org/c/s/www.a.org/x.amp.html",
            "https://www.a.org/x.html",
        ),
        ("https://президент.рф/", "https://xn--d1abbgf6aiiy.xn--p1ai/"),
        (
            "https://example.org/%7efoo/%c3%a9é?q=a+b&a=%26",
            "https://example.org/~foo/%C3%A9%C3%A9?a=%26&q=a+b",
        ),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/#/route?x=1", "https://example.org/#/route?x=1"),
        ("http://user:secret@example.org/", "https://example.org/"),
        ("https://youtu.be/abc?si=xyz&t=10", "https://youtu.be/abc?t=10"),
        ("https://example.org/?a=1&amp;utm_medium=m", "https://example.org/?a=1"),
        ("https://example.com/sample/campaign", "https://example.com/sample/campaign"),
    ],
)
def test_canonical_form(link: str, canonical: str) -> None:
    assert canonical_link(link) == canonical


@pytest.mark.parametrize(
    "link", ["", "word", "http://", "ftp://a.org/x", "http://a.org:99999/", "mailto:a@b.org"]
)
def test_no_web_link(link: str) -> None:
    assert canonical_link(link) is None


def test_endless_redirectors_give_no_link() -> None:
    nested = "https://a.org/"
    for _ in range(30):
        nested = "https://l.facebook.com/l.php?u=" + nested.replace("%", "%25").replace("&", "%26")
    assert canonical_link(nested) in (None, "https://a.org/")


_URLS = st.builds(
    "{}://{}{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        [
            "a.org",
            "WWW.A.org",
            "amp.b.co.uk",
            "президент.рф",
            "l.facebook.com",
            "www.google.com",
            "x.cdn.ampproject.org",
        ]
    ),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(alphabet="/abz.%2Fé ~amp-_!@:", max_size=25).map(lambda path: "/" + path),
    st.one_of(
        st.just(""), st.text(alphabet="utm_source=&ab%26é+/?;:", max_size=30).map(lambda q: "?" + q)
    ),
    st.one_of(st.just(""), st.text(alphabet="!/abc%20", max_size=8).map(lambda f: "#" + f)),
)


@given(
    st.one_of(_URLS, st.text(max_size=40), st.text(max_size=40).map(lambda t: "https://a.org/" + t))
)
def test_canonical_form_is_idempotent(link: str) -> None:
    once = canonical_link(link)
    if once is not None:
        assert canonical_link(once) == once
        assert once.startswith("https://")
        assert host_of(once)


@given(_URLS)
def test_scheme_and_tracking_do_not_matter(link: str) -> None:
    canonical = canonical_link(link)
    if canonical is not None and "#" not in link:
        joined = link + ("&" if "?" in link else "?") + "fbclid=IwAR0"
        assert canonical_link(joined) == canonical or "amp" in link or "google" in link


def test_registered_domain_is_offline_and_knows_public_suffixes() -> None:
    assert registered_domain("news.bbc.co.uk") == "bbc.co.uk"
    assert registered_domain("a.b.example.com") == "example.com"
    assert registered_domain("10.0.0.1") == "10.0.0.1"


def test_permalinks() -> None:
    assert permalink_post_id("https://twitter.com/BarackObama/status/920?x=1") == "920"
    assert permalink_post_id("https://twitter.com/statuses/901") == "901"
    assert permalink_post_id("https://x.com/i/web/status/7") == "7"
    assert permalink_post_id("https://example.com/a/status/7") is None


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("https://a.org/x.", "https://a.org/x"),
        ("https://a.org/x),", "https://a.org/x"),
        ("https://a.org/x_(y)", "https://a.org/x_(y)"),
        ("https://a.org/x…", "https://a.org/x"),
        ("https://a.org/x']", "https://a.org/x"),
    ],
)
def test_trailing_punctuation(raw: str, link: str) -> None:
    assert strip_trailing_punctuation(raw) == link


_PIECES = st.one_of(
    st.sampled_from(["http://", "https://", "www.", "example", ".org", "facebook.com", "vk.com"]),
    st.sampled_from(["amp.", "/", "/amp", "..", ".", "%41", "#!", "-", "b", "a"]),
    st.sampled_from(["?", "&", "=", "utm_source", "id", "fbclid", "si", "u="]),
)


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_the_quick_way_finds_what_the_slow_one_finds(link: str) -> None:
    quick = links._quickly("https://www.example.org/" + link)

    assert quick in (None, links._step_by_step("https://www.example.org/" + link))


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_the_quick_way_agrees_on_any_host(link: str) -> None:
    assert links._quickly("http://" + link) in (None, links._step_by_step("http://" + link))
