"""YouTube Data API: videos, search results, playlists' entries, comments and their threads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.importers.json_posts import Found, Json, JsonPosts, NoPost, found_in, inner, listed
from assay.text.html_text import shown_text

_VIDEOS = ("youtube#video", "youtube#searchResult", "youtube#playlistItem")
_COMMENT, _THREAD = "youtube#comment", "youtube#commentThread"


def _looks(value: Json) -> bool:
    return str(value.get("kind", "")).startswith("youtube#")


def _found(value: Json) -> Iterator[Found]:
    if isinstance(value.get("items"), list):
        yield from found_in(value["items"], _found)
    elif value.get("kind") == _THREAD:
        yield _comment(inner(value, "snippet", "topLevelComment"))
        yield from found_in(listed(value, "replies", "comments"), lambda reply: [_comment(reply)])
    elif value.get("kind") == _COMMENT:
        yield _comment(value)
    elif value.get("kind") in _VIDEOS:
        yield _video(value)
    else:
        yield NoPost(value, f"{value.get('kind')}, not a video or a comment", "kind")


def _video(item: Json) -> Found:
    snippet, details = inner(item, "snippet"), inner(item, "contentDetails")
    identity = inner(item, "id").get("videoId") or inner(snippet, "resourceId").get("videoId")
    video_id = identity or item.get("id")
    if inner(item, "id") and not identity:
        return NoPost(item, "a channel or a playlist, not a video", "id")
    in_list = item.get("kind") == "youtube#playlistItem"
    return {
        # Of a playlist's entry the snippet says who made the list, and when it was entered.
        "account_id": snippet.get("videoOwnerChannelId" if in_list else "channelId"),
        "display_name": snippet.get("videoOwnerChannelTitle" if in_list else "channelTitle"),
        "post_id": video_id,
        "url": f"https://www.youtube.com/watch?v={video_id}",
        "created_at": details.get("videoPublishedAt") if in_list else snippet.get("publishedAt"),
        "title": snippet.get("title"),
        "text": snippet.get("description") or None,
        "language": snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage"),
    }


def _comment(item: Json) -> Found:
    snippet = inner(item, "snippet")
    author: Any = inner(snippet, "authorChannelId").get("value")
    text = snippet.get("textOriginal") or shown_text(str(snippet.get("textDisplay") or "")).text
    return {
        "account_id": author,
        "handle": snippet.get("authorDisplayName"),
        "account_url": snippet.get("authorChannelUrl"),
        "post_id": item.get("id"),
        "created_at": snippet.get("publishedAt"),
        "text": text or None,
        "kind": "comment",
        "in_reply_to": snippet.get("parentId") or snippet.get("videoId"),
    }


YOUTUBE = JsonPosts(
    name="youtube",
    title="YouTube Data API: videos and comments",
    platform="youtube",
    mapping={
        "account_id": "snippet.channelId, authorChannelId.value",
        "post_id": "id",
        "created_at": "snippet.publishedAt",
        "text": "snippet.description, textOriginal, textDisplay without its HTML",
        "title": "snippet.title",
        "in_reply_to": "snippet.parentId, videoId",
    },
    looks=_looks,
    posts=_found,
)
