"""VK: posts of walls, of the news search, and comments, as the API answers them."""

from __future__ import annotations

import re
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
    objects,
)

_NAMED = re.compile(r"\[(?P<who>(?:id|club|public|event)\d+)(?::[^|\]]*)?\|(?P<shown>[^\]]*)\]")
"""``[id1|Somebody]``: how VK writes a mention."""
_LINK = re.compile(r"\[(?P<address>https?://[^|\]\s]+)\|(?P<shown>[^\]]*)\]")


def _is_post(value: Json) -> bool:
    return {"id", "from_id", "date", "text"} <= value.keys() and (
        isinstance(value["from_id"], int) and ("owner_id" in value or "post_id" in value)
    )


def _looks(value: Json) -> bool:
    return _is_post(value) or any(_is_post(inner(item)) for item in _items(value))


def _items(value: Json) -> list[Any]:
    return listed(value, "response", "items") or listed(value, "items")


def _found(value: Json) -> Iterator[Found]:
    page = inner(value, "response") or value
    people = _people(page)

    def posts(post: Json) -> Iterator[Found]:
        yield _fields(post, people)
        # Answers to a comment stand in it.
        yield from found_in(
            listed(post, "thread", "items"), lambda answer: [_fields(answer, people)]
        )

    return found_in(_items(value) if "items" in page else [value], posts)


def _people(page: Json) -> dict[int, tuple[str | None, str | None]]:
    """Screen name and name of the accounts that a page describes; groups have negative ids."""
    people: dict[int, tuple[str | None, str | None]] = {}
    for sign, kind in ((1, "profiles"), (-1, "groups")):
        for one in objects(page, kind):
            name = one.get("name") or joined([one.get("first_name"), one.get("last_name")])
            if isinstance(one.get("id"), int):
                people[sign * one["id"]] = (one.get("screen_name"), name)
    return people


def _fields(post: Json, people: dict[int, tuple[str | None, str | None]]) -> Found:
    if not _is_post(post):
        return NoPost(post, "no post: it has no from_id, date and text", "from_id")
    owner = post.get("owner_id", "")
    screen_name, name = people.get(post["from_id"], (None, None))
    history = objects(post, "copy_history")
    answered = post.get("reply_to_comment") or post.get("post_id") or post.get("reply_post_id")
    text = str(post["text"])
    return {
        "account_id": post["from_id"],
        "handle": screen_name,
        "display_name": name,
        "post_id": _address(post),
        "created_at": post["date"],
        "text": _LINK.sub(r"\g<shown>", _NAMED.sub(r"\g<shown>", text)) or None,
        "kind": "repost" if history else "comment" if answered else None,
        "repost_of": _address(history[0]) if history else None,
        "in_reply_to": f"{owner}_{answered}" if answered else None,
        "links": joined(_links(post, text)),
        "mentions": joined(found["who"] for found in _NAMED.finditer(text)),
        "media": joined(
            f"photo{photo.get('owner_id')}_{photo.get('id')}"
            for photo in (inner(entry, "photo") for entry in objects(post, "attachments"))
            if photo
        ),
    }


def _address(post: Json) -> str:
    return f"{post.get('owner_id', post.get('from_id'))}_{post.get('id')}"


def _links(post: Json, text: str) -> list[Any]:
    """Of its attachments and in its text: a list of links goes before the text's own."""
    attached = [inner(entry, "link").get("url") for entry in objects(post, "attachments")]
    behind = [found["address"] for found in _LINK.finditer(text)]
    written = re.findall(r"https?://[^\s|\]]+", text)
    return [*attached, *behind, *written]


VK = JsonPosts(
    name="vk",
    title="VK posts and comments (wall.get, newsfeed.search)",
    platform="vk",
    mapping={
        "account_id": "from_id",
        "handle": "profiles, groups: screen_name",
        "post_id": "owner_id _ id",
        "created_at": "date",
        "text": "text",
        "repost_of": "copy_history",
        "links": "attachments.link.url",
        "media": "attachments.photo",
    },
    looks=_looks,
    posts=_found,
    time=UNIX_S,
)
