"""Reddit: submissions and comments as Pushshift's archives and Reddit's own listings have them.

Their names (``t3_…``, ``t1_…``) keep submissions and comments apart. An author who deleted the
account is nobody: all of them together would be one account.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.importers.json_posts import (
    UNIX_S,
    Found,
    Json,
    JsonPosts,
    NoPost,
    found_in,
    inner,
    joined,
    listed,
)
from assay.lexicon.columns import NOBODY

_SITES = ("https://www.reddit.com", "https://old.reddit.com", "https://reddit.com")


def _is_thing(value: Any) -> bool:
    return {"author", "created_utc", "subreddit"} <= inner(value).keys()


def _children(value: Json) -> list[Any]:
    """What a listing lists, each out of its envelope."""
    return [
        child.get("data") if isinstance(child, dict) else child
        for child in listed(value, "data", "children")
    ]


def _looks(value: Json) -> bool:
    return _is_thing(value) or any(map(_is_thing, _children(value)))


def _found(value: Json) -> Iterator[Found]:
    """One thing, or those of a listing, answers to a comment behind it."""
    if value.get("kind") == "Listing":
        yield from found_in(_children(value), _found)
    else:
        yield _fields(value)
        if isinstance(value.get("replies"), dict):
            yield from _found(value["replies"])


def _fields(thing: Json) -> Found:
    if not _is_thing(thing):
        return NoPost(thing, "no submission and no comment: it names no author", "author")
    author = thing["author"]
    if author is None or str(author) in NOBODY:
        return NoPost(
            thing, "the author deleted the account, and nothing says who it was", "author"
        )
    comment = "body" in thing
    shared = thing.get("crosspost_parent")
    link = thing.get("url_overridden_by_dest") or thing.get("url")
    own = thing.get("is_self") or str(link or "").startswith(("/r/", *_SITES))
    text = thing.get("body") if comment else thing.get("selftext")
    return {
        "handle": author,
        "post_id": thing.get("name") or f"{'t1' if comment else 't3'}_{thing.get('id')}",
        "url": _SITES[0] + str(thing["permalink"]) if thing.get("permalink") else None,
        "created_at": thing["created_utc"],
        "text": None if str(text) in NOBODY else text or None,
        "title": thing.get("title"),
        "kind": "comment" if comment else "repost" if shared else None,
        "repost_of": shared,
        "in_reply_to": thing.get("parent_id") if comment else None,
        "links": joined([link]) if link and not comment and not own else None,
    }


REDDIT = JsonPosts(
    name="reddit",
    title="Reddit submissions and comments (Pushshift, listings)",
    platform="reddit",
    mapping={
        "account_id": "author",
        "post_id": "name, else id",
        "created_at": "created_utc",
        "text": "selftext or body",
        "title": "title",
        "links": "url, unless it is the submission itself",
        "repost_of": "crosspost_parent",
        "in_reply_to": "parent_id",
    },
    looks=_looks,
    posts=_found,
    time=UNIX_S,
)
