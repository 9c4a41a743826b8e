"""Twitter API v2 JSON: pages with ``data`` and ``includes``, or tweets one by one.

A page counts as one row; its tweets are numbered as they come in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.engine.read import RawReject
from assay.importers.base import FieldBatch, Reading
from assay.importers.container import Container, JsonContainer
from assay.importers.json_rows import PostFields, field_batch, refused
from assay.importers.report import ImportOptions
from assay.text.dates import TimeForm

if TYPE_CHECKING:
    from assay.engine.json_read import JsonRecords

_TIME = TimeForm("iso", True, 1.0)
_KINDS = {"retweeted": "repost", "quoted": "quote", "replied_to": "reply"}


@dataclass(frozen=True)
class TwitterV2:
    """Twitter API v2."""

    name: str = "twitter-v2"
    title: str = "Twitter API v2 JSON (pages or tweets)"

    def recognises(self, container: Container) -> bool:
        """By ``data`` beside ``includes`` or ``meta``, or by fields that only v2 has."""
        if not isinstance(container, JsonContainer) or container.shape == "messages":
            return False
        heads = {name.split(".", 1)[0] for name in container.columns}
        page = "data" in heads and bool(heads & {"includes", "meta", "errors"})
        tweet = {"id", "text", "author_id", "created_at"} <= heads and bool(
            heads
            & {"edit_history_tweet_ids", "referenced_tweets", "public_metrics", "conversation_id"}
        )
        only_data = heads == {"data"}
        return page or tweet or only_data

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Times are UTC to the second (the API writes milliseconds, always zero)."""
        assert isinstance(container, JsonContainer)

        def batches() -> Iterator[FieldBatch]:
            done = 0
            for records in container.records():
                batch, done = _batch(records, done)
                yield batch

        return Reading(
            batches=batches,
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
            kinds=(),
            time=_TIME,
            platform=options.platform or "twitter",
            timezone="UTC",
        )


def _batch(records: JsonRecords, done: int) -> tuple[FieldBatch, int]:
    from assay.engine.json_read import parsed

    values, broken = parsed(records)
    posts: list[tuple[int, PostFields]] = []
    rejects: list[RawReject] = []
    # Broken pages and pages' tweets are numbered in the order of the file.
    pending = sorted([*((row, value, None) for row, value in values),
                      *((reject.row, None, reject) for reject in broken)],
                     key=lambda entry: entry[0] or 0)  # fmt: skip
    for row, value, reject in pending:
        if value is None:
            done += 1
            assert reject is not None
            rejects.append(RawReject(done, reject.column, reject.reason, reject.raw))
            continue
        users, media, tweets = _included(value)
        for tweet in _tweets(value):
            done += 1
            if isinstance(tweet, dict) and "id" in tweet:
                posts.append((done, tweet_fields(tweet, users, media, tweets)))
            else:
                rejects.append(refused(done, tweet, None, f"no tweet in element {row}"))
    return field_batch(posts, rejects), done


def _tweets(value: dict[str, Any]) -> list[Any]:
    """The tweets of a page; a value without ``data`` is a tweet itself, an empty page none."""
    if "data" not in value:
        return [] if "meta" in value and "id" not in value else [value]
    data = value["data"]
    return data if isinstance(data, list) else [data]


def _included(
    value: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    includes = value.get("includes")
    if not isinstance(includes, dict):
        return {}, {}, {}

    def by(name: str, key: str) -> dict[str, Any]:
        entries = includes.get(name)
        return {
            str(entry[key]): entry
            for entry in (entries if isinstance(entries, list) else [])
            if isinstance(entry, dict) and key in entry
        }

    return by("users", "id"), by("media", "media_key"), by("tweets", "id")


def tweet_fields(
    tweet: dict[str, Any], users: dict[str, Any], media: dict[str, Any], tweets: dict[str, Any]
) -> PostFields:
    """The fields of one tweet with what its page includes."""
    author_id = tweet.get("author_id")
    user = users.get(str(author_id)) or tweet.get("author") or {}
    references = {
        _KINDS.get(str(entry.get("type")), ""): str(entry.get("id"))
        for entry in tweet.get("referenced_tweets") or []
        if isinstance(entry, dict)
    }
    kind = next((name for name in ("repost", "quote", "reply") if name in references), None)
    entities = tweet.get("entities") or {}
    metrics = user.get("public_metrics") or {}
    text = tweet.get("text")
    original = tweets.get(references.get("repost", ""))
    if original and isinstance(original.get("text"), str):
        text = original["text"]  # the repost's own text is cut at 140 characters
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
        "text": text,
        "language": tweet.get("lang"),
        "kind": kind,
        "repost_of": references.get("repost"),
        "quote_of": references.get("quote"),
        "in_reply_to": references.get("reply"),
        "links": " ".join(_links(entities, str(tweet.get("id")))) or None,
        "hashtags": " ".join(_named(entities, "hashtags", "tag")) or None,
        "mentions": " ".join(_named(entities, "mentions", "username")) or None,
        "media": " ".join(_media(tweet, media)) or None,
        "client": tweet.get("source"),
    }


def _links(entities: dict[str, Any], post_id: str) -> list[str]:
    """The expanded addresses, without those of the tweet's own media."""
    found: list[str] = []
    for entry in entities.get("urls") or []:
        link = entry.get("unwound_url") or entry.get("expanded_url") or entry.get("url")
        if link and "media_key" not in entry and f"/status/{post_id}" not in link:
            found.append(str(link))
    return found


def _named(entities: dict[str, Any], group: str, key: str) -> list[str]:
    return [str(entry[key]) for entry in entities.get(group) or [] if key in entry]


def _media(tweet: dict[str, Any], media: dict[str, Any]) -> list[str]:
    """Addresses of the media, else their keys."""
    keys = (tweet.get("attachments") or {}).get("media_keys") or []
    entries = ((key, media.get(str(key)) or {}) for key in keys)
    return [
        str(entry.get("url") or entry.get("preview_image_url") or key) for key, entry in entries
    ]
