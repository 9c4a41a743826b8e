"""What yt-dlp writes of a video (``.info.json``), its comments with it.

A comment's time is reckoned from words such as "2 days ago": it tells the day at best, so that the
comments are kept and give no shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from assay.importers.json_posts import Found, Json, JsonPosts, NoPost, found_in, listed


def _looks(value: Json) -> bool:
    return {"id", "extractor", "webpage_url"} <= value.keys()


def _found(value: Json) -> Iterator[Found]:
    if value.get("_type") in ("playlist", "multi_video"):
        if not listed(value, "entries"):
            yield NoPost(value, "a channel or a playlist, not a video", "_type")
        yield from found_in(listed(value, "entries"), _found)
        return
    yield _video(value)
    yield from found_in(listed(value, "comments"), lambda comment: [_comment(comment, value)])


def _platform(value: Json) -> str:
    return str(value.get("extractor_key") or value.get("extractor") or "").split(":")[0].lower()


def _video(value: Json) -> Found:
    return {
        "account_id": value.get("channel_id") or value.get("uploader_id"),
        "handle": value.get("uploader_id") or value.get("uploader"),
        "display_name": value.get("channel") or value.get("uploader"),
        "account_url": value.get("channel_url") or value.get("uploader_url"),
        "followers": value.get("channel_follower_count"),
        "post_id": value.get("id"),
        "url": value.get("webpage_url"),
        "created_at": _moment(value.get("timestamp")) or _day(value.get("upload_date")),
        "title": value.get("title"),
        "text": value.get("description") or None,
        "language": value.get("language"),
        "platform": _platform(value) or None,
    }


def _comment(comment: Json, video: Json) -> Found:
    parent = comment.get("parent")
    moment = _moment(comment.get("timestamp"))
    return {
        "account_id": comment.get("author_id"),
        "handle": comment.get("author"),
        "account_url": comment.get("author_url"),
        "post_id": comment.get("id"),
        "created_at": moment and moment[:10],
        "text": comment.get("text") or None,
        "kind": "comment",
        "in_reply_to": video.get("id") if parent in (None, "root") else parent,
        "platform": _platform(video) or None,
    }


def _moment(unix_s: Any) -> str | None:
    if not isinstance(unix_s, int | float) or not 0 < unix_s < 1e11:
        return None
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(day: Any) -> str | None:
    """``20240131`` as an ISO day; it stays one, and no moment."""
    written = str(day or "")
    return f"{written[:4]}-{written[4:6]}-{written[6:]}" if len(written) == 8 else None


YT_DLP = JsonPosts(
    name="yt-dlp",
    title="yt-dlp's .info.json of videos, with comments",
    platform="unknown",
    mapping={
        "account_id": "channel_id, comments.author_id",
        "post_id": "id",
        "created_at": "timestamp, else upload_date; of comments the day alone",
        "text": "description, comments.text",
        "title": "title",
        "in_reply_to": "comments.parent",
        "platform": "extractor_key",
    },
    looks=_looks,
    posts=_found,
)
