"""TikTok Research API: videos as it answers them, page by page or one by one.

Its comments name no account, so they are rejects.
"""

from __future__ import annotations

from collections.abc import Iterator

from assay.importers.json_posts import (
    UNIX_S,
    Found,
    Json,
    JsonPosts,
    NoPost,
    found_in,
    joined,
    listed,
    objects,
)


def _is_video(value: Json) -> bool:
    return {"id", "create_time", "username"} <= value.keys()


def _looks(value: Json) -> bool:
    page = objects(value, "data", "videos") or objects(value, "data", "comments")
    return any("create_time" in entry for entry in page) or (
        _is_video(value) and "video_description" in value
    )


def _found(value: Json) -> Iterator[Found]:
    if isinstance(value.get("data"), dict):
        yield from found_in(listed(value, "data", "videos"), _fields)
        yield from found_in(listed(value, "data", "comments"), _fields)
    else:
        yield from _fields(value)


def _fields(video: Json) -> Iterator[Found]:
    if not _is_video(video):
        yield NoPost(video, "the API does not say whose it is (fields id, create_time, username)",
                     "username")  # fmt: skip
        return
    name, number = video["username"], video["id"]
    yield {
        "handle": name,
        "post_id": number,
        "url": f"https://www.tiktok.com/@{name}/video/{number}",
        "created_at": video["create_time"],
        "text": video.get("video_description") or None,
        "hashtags": joined(listed(video, "hashtag_names")),
        "mentions": joined(listed(video, "video_mention_list")),
    }


TIKTOK = JsonPosts(
    name="tiktok",
    title="TikTok Research API: videos",
    platform="tiktok",
    mapping={
        "account_id": "username",
        "post_id": "id",
        "created_at": "create_time",
        "text": "video_description",
        "hashtags": "hashtag_names",
        "mentions": "video_mention_list",
    },
    looks=_looks,
    posts=_found,
    time=UNIX_S,
)
