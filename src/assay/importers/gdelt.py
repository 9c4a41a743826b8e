"""Lists of articles as GDELT's DOC API answers them: a site is an account, an article a post."""

from __future__ import annotations

from collections.abc import Iterator

from assay.importers.json_posts import (
    Found,
    Json,
    JsonPosts,
    NoPost,
    found_in,
    listed,
    objects,
)
from assay.text.dates import TimeForm

_QUARTERS = TimeForm("iso", True, 900.0, tidy=True)
"""An article was seen in the quarter of an hour that begins then."""


def _is_article(value: Json) -> bool:
    return {"url", "seendate", "domain"} <= value.keys()


def _looks(value: Json) -> bool:
    return _is_article(value) or any(map(_is_article, objects(value, "articles")))


def _found(value: Json) -> Iterator[Found]:
    return found_in(listed(value, "articles") if "articles" in value else [value], _fields)


def _fields(article: Json) -> Iterator[Found]:
    if not _is_article(article):
        yield NoPost(article, "no article: it has no url, domain and seendate", "url")
        return
    yield {
        "handle": article["domain"],
        "account_url": f"https://{article['domain']}",
        "post_id": article["url"],
        "url": article["url"],
        "created_at": article["seendate"],
        "title": article.get("title"),
        "kind": "article",
        "media": article.get("socialimage") or None,
    }


GDELT = JsonPosts(
    name="gdelt",
    title="GDELT DOC API: lists of articles",
    platform="web",
    mapping={
        "account_id": "domain",
        "post_id": "url",
        "created_at": "seendate",
        "title": "title",
        "media": "socialimage",
    },
    looks=_looks,
    posts=_found,
    time=_QUARTERS,
)
