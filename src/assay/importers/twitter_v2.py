"""Twitter API v2 JSON: pages with ``data`` and ``includes``, lines of a stream, or tweets."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assay.importers.json_posts import (
    Found,
    Json,
    JsonPosts,
    NoPost,
    PostsOf,
    found_in,
    inner,
    joined,
    listed,
    objects,
)

Included = Mapping[str, Json]
_KINDS = {"retweeted": "repost", "quoted": "quote", "replied_to": "reply"}
_BESIDE = frozenset({"includes", "meta", "errors", "matching_rules", "__twarc"})
"""What stands beside ``data``."""
_OF_V2 = frozenset(
    {"edit_history_tweet_ids", "referenced_tweets", "public_metrics", "conversation_id"}
)


def _looks(value: Json) -> bool:
    """By ``data`` that holds tweets, or by fields that only v2 has."""
    if "data" in value:
        entries = _tweets(value)
        beside = bool(_BESIDE & value.keys())
        tweets = any(_is_tweet(inner(entry), beside) for entry in entries)
        return tweets or (not entries and beside)
    return {"id", "text", "author_id", "created_at"} <= value.keys() and bool(_OF_V2 & value.keys())


def _is_tweet(entry: Json, beside: bool) -> bool:
    """Whether an entry of ``data`` is a tweet: other APIs answer with texts there too."""
    marks = _OF_V2 | {"author_id"}
    return {"id", "text"} <= entry.keys() and (beside or bool(marks & entry.keys()))


def _among(values: Sequence[Json]) -> PostsOf:
    """The tweets of one page, with what is included in it, else in one of the others."""
    everywhere = _included(values)

    def posts_of(page: Json) -> Iterator[Found]:
        users, media, tweets = map(ChainMap, _included([page]), everywhere)
        return found_in(
            _tweets(page),
            lambda tweet: [
                _fields(tweet, users, media, tweets)
                if "id" in tweet
                else NoPost(tweet, "no tweet: it has no id", "id")
            ],
        )

    return posts_of


def _found(value: Json) -> Iterable[Found]:
    return _among([value])(value)


def _included(pages: Sequence[Json]) -> tuple[dict[str, Json], ...]:
    """Users, media and tweets that stand beside the tweets of pages, by id or key."""
    return tuple(
        {
            str(entry[key]): entry
            for page in pages
            for entry in objects(page, "includes", name)
            if key in entry
        }
        for name, key in (("users", "id"), ("media", "media_key"), ("tweets", "id"))
    )


def _tweets(value: Json) -> list[Any]:
    """The tweets of a page; a value without ``data`` is a tweet itself, an empty page none."""
    if "data" not in value:
        return [] if "meta" in value and "id" not in value else [value]
    data = value["data"]
    return data if isinstance(data, list) else [data]


def _fields(tweet: Json, users: Included, media: Included, tweets: Included) -> Found:
    """The fields of one tweet with what its page includes."""
    author_id = tweet.get("author_id")
    user = users.get(str(author_id)) or inner(tweet, "author")
    references = {
        _KINDS.get(str(entry.get("type")), ""): str(entry.get("id"))
        for entry in objects(tweet, "referenced_tweets")
    }
    kind = next((name for name in ("repost", "quote", "reply") if name in references), None)
    entities = inner(tweet, "entities")
    metrics = inner(user, "public_metrics")
    # A repost's own text is cut at 140 characters.
    original = tweets.get(references.get("repost", ""), {})
    whole = inner(original or tweet, "note_tweet").get("text")
    return {
        "account_id": author_id,
        "handle": user.get("username"),
        "display_name": user.get("name"),
        "bio": user.get("description"),
        "account_url": user.get("url"),
        "account_created_at": user.get("created_at"),
        "followers": metrics.get("followers_count"),
        "following": metrics.get("following_count"),
        "verified": user.get("verified"),
        "post_id": tweet.get("id"),
        "created_at": tweet.get("created_at"),
        "text": whole or original.get("text") or tweet.get("text"),
        "language": tweet.get("lang"),
        "kind": kind,
        "repost_of": references.get("repost"),
        "quote_of": references.get("quote"),
        "in_reply_to": references.get("reply"),
        "links": joined(_links(entities, str(tweet.get("id")))),
        "hashtags": joined(tag.get("tag") for tag in objects(entities, "hashtags")),
        "mentions": joined(name.get("username") for name in objects(entities, "mentions")),
        "media": joined(_media(tweet, media)),
        "client": tweet.get("source"),
    }


def _links(entities: Json, post_id: str) -> list[str]:
    """The expanded addresses, without those of the tweet's own media."""
    found: list[str] = []
    for entry in objects(entities, "urls"):
        link = entry.get("unwound_url") or entry.get("expanded_url") or entry.get("url")
        if link and "media_key" not in entry and f"/status/{post_id}" not in str(link):
            found.append(str(link))
    return found


def _media(tweet: Json, media: Included) -> list[Any]:
    """Addresses of the media, else their keys."""
    entries = ((key, media.get(str(key), {})) for key in listed(tweet, "attachments", "media_keys"))
    return [entry.get("url") or entry.get("preview_image_url") or key for key, entry in entries]


TWITTER_V2 = JsonPosts(
    name="twitter-v2",
    title="Twitter API v2 JSON (pages, streams or tweets)",
    platform="twitter",
    mapping={
        "account_id": "author_id",
        "handle": "includes.users.username",
        "post_id": "id",
        "created_at": "created_at",
        "text": "text",
        "repost_of": "referenced_tweets",
        "links": "entities.urls",
        "media": "attachments.media_keys",
    },
    looks=_looks,
    posts=_found,
    among=_among,
)
