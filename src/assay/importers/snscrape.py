"""Tweets as snscrape and twscrape write them, one per line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.importers.json_posts import (
    Found,
    Json,
    JsonPosts,
    NoPost,
    inner,
    joined,
    listed,
    objects,
)


def _looks(value: Json) -> bool:
    named = "displayname" in inner(value, "user") and "username" in inner(value, "user")
    return named and {"id", "date"} <= value.keys()


def _found(value: Json) -> Iterator[Found]:
    if not _looks(value):
        yield NoPost(value, "no tweet: it has no user, id and date", "user")
        return
    user = inner(value, "user")
    original, quoted = inner(value, "retweetedTweet"), inner(value, "quotedTweet")
    yield {
        "account_id": user.get("id_str") or user.get("id"),
        "handle": user.get("username"),
        "display_name": user.get("displayname"),
        "bio": user.get("rawDescription") or user.get("description"),
        "account_url": user.get("linkUrl") or user.get("url"),
        "account_created_at": user.get("created"),
        "followers": user.get("followersCount"),
        "following": user.get("friendsCount"),
        "verified": user.get("verified"),
        "post_id": value.get("id_str") or value.get("id"),
        "url": value.get("url"),
        "created_at": value.get("date"),
        "text": _text(original or value),
        "language": value.get("lang"),
        "kind": "repost" if original else None,
        "repost_of": original.get("id_str") or original.get("id"),
        "quote_of": quoted.get("id_str") or quoted.get("id"),
        "in_reply_to": value.get("inReplyToTweetIdStr") or value.get("inReplyToTweetId"),
        "links": joined(_links(value)),
        "hashtags": joined(listed(value, "hashtags")),
        "mentions": joined(name.get("username") for name in objects(value, "mentionedUsers")),
        "media": joined(_media(value)),
        "client": value.get("sourceLabel"),
    }


def _text(value: Json) -> Any:
    return value.get("rawContent") or value.get("content") or value.get("renderedContent")


def _links(value: Json) -> list[Any]:
    return [entry.get("url") for entry in objects(value, "links")] or listed(value, "outlinks")


def _media(value: Json) -> list[Any]:
    """Pictures and the stills of videos: snscrape has a list, twscrape one for each kind."""
    entries = objects(value, "media") or [
        entry
        for kind in ("photos", "videos", "animated")
        for entry in objects(value, "media", kind)
    ]
    names = ("fullUrl", "url", "thumbnailUrl")
    return [next((entry[name] for name in names if entry.get(name)), None) for entry in entries]


SNSCRAPE = JsonPosts(
    name="snscrape",
    title="tweets by snscrape and twscrape",
    platform="twitter",
    mapping={
        "account_id": "user.id",
        "handle": "user.username",
        "post_id": "id",
        "created_at": "date",
        "text": "rawContent, else content",
        "repost_of": "retweetedTweet.id",
        "quote_of": "quotedTweet.id",
        "in_reply_to": "inReplyToTweetId",
        "links": "links.url, else outlinks",
        "hashtags": "hashtags",
        "mentions": "mentionedUsers",
        "media": "media",
    },
    looks=_looks,
    posts=_found,
)
