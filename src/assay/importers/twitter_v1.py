"""Twitter API v1.1: statuses one by one, answers of its search, and its streams."""

from __future__ import annotations

from collections.abc import Iterator

from assay.importers.json_posts import (
    Found,
    Json,
    JsonPosts,
    NoPost,
    found_in,
    inner,
    joined,
    listed,
    objects,
)
from assay.text.dates import TimeForm
from assay.text.html_text import shown_text

_TIME = TimeForm("formats", True, 1.0, ("%a %b %d %H:%M:%S %z %Y",))


def _is_status(value: Json) -> bool:
    return "screen_name" in inner(value, "user") and {"created_at", "entities"} <= value.keys()


def _looks(value: Json) -> bool:
    return _is_status(value) or any(map(_is_status, objects(value, "statuses")))


def _found(value: Json) -> Iterator[Found]:
    if "statuses" in value:
        yield from found_in(listed(value, "statuses"), lambda status: [_fields(status)])
    else:
        yield _fields(value)


def _fields(status: Json) -> Found:
    if not _is_status(status):
        return NoPost(status, "a notice of the stream, not a post", next(iter(status), None))
    user = inner(status, "user")
    original = inner(status, "retweeted_status")
    whole = inner(original or status, "extended_tweet") or original or status
    entities = inner(whole, "entities")
    media = objects(whole, "extended_entities", "media") or objects(entities, "media")
    return {
        "account_id": user.get("id_str") or user.get("id"),
        "handle": user.get("screen_name"),
        "display_name": user.get("name"),
        "bio": user.get("description"),
        "account_url": user.get("url"),
        "account_created_at": user.get("created_at"),
        "followers": user.get("followers_count"),
        "following": user.get("friends_count"),
        "verified": user.get("verified"),
        "post_id": _id(status, "id"),
        "created_at": status.get("created_at"),
        "text": whole.get("full_text") or whole.get("text"),
        "language": status.get("lang"),
        "kind": "repost" if original else None,
        "repost_of": _id(original, "id"),
        "quote_of": _id(status, "quoted_status_id"),
        "in_reply_to": _id(status, "in_reply_to_status_id"),
        "links": joined(
            entry.get("expanded_url") or entry.get("url") for entry in objects(entities, "urls")
        ),
        "hashtags": joined(tag.get("text") for tag in objects(entities, "hashtags")),
        "mentions": joined(name.get("screen_name") for name in objects(entities, "user_mentions")),
        "media": joined(entry.get("media_url_https") or entry.get("media_url") for entry in media),
        "client": shown_text(str(status.get("source") or "")).text or None,
    }


def _id(value: Json, name: str) -> object:
    """An id as text, where there is one: numbers of ids lose digits in many a tool."""
    return value.get(f"{name}_str") or value.get(name)


TWITTER_V1 = JsonPosts(
    name="twitter-v1",
    title="Twitter API v1.1 JSON (statuses, search, streams)",
    platform="twitter",
    mapping={
        "account_id": "user.id_str",
        "handle": "user.screen_name",
        "post_id": "id_str",
        "created_at": "created_at",
        "text": "full_text, else extended_tweet.full_text, else text",
        "repost_of": "retweeted_status.id_str",
        "quote_of": "quoted_status_id_str",
        "in_reply_to": "in_reply_to_status_id_str",
        "links": "entities.urls.expanded_url",
        "hashtags": "entities.hashtags",
        "mentions": "entities.user_mentions",
        "media": "extended_entities.media",
    },
    looks=_looks,
    posts=_found,
    time=_TIME,
)
