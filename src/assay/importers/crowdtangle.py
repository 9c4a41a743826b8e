"""CrowdTangle's API: posts of pages, groups and Instagram accounts. Its CSV files are tables."""

from __future__ import annotations

from collections.abc import Iterator

from assay.importers.json_posts import Found, Json, JsonPosts, NoPost, inner, joined, objects


def _is_post(value: Json) -> bool:
    return {"postUrl", "date", "account"} <= value.keys()


def _looks(value: Json) -> bool:
    return _is_post(value) or any(map(_is_post, objects(value, "result", "posts")))


def _found(value: Json) -> Iterator[Found]:
    for post in objects(value, "result", "posts") if "result" in value else [value]:
        yield _fields(post)


def _fields(post: Json) -> Found:
    if not _is_post(post):
        return NoPost(post, "no post: it has no postUrl, date and account", "postUrl")
    account = inner(post, "account")
    expanded = [entry.get("expanded") for entry in objects(post, "expandedLinks")]
    return {
        "account_id": account.get("platformId") or account.get("id"),
        "handle": account.get("handle"),
        "display_name": account.get("name"),
        "account_url": account.get("url"),
        "followers": account.get("subscriberCount"),
        "verified": account.get("verified"),
        "platform": account.get("platform") or post.get("platform"),
        "post_id": post.get("platformId") or post.get("id"),
        "url": post["postUrl"],
        "created_at": post["date"],
        "text": post.get("message") or post.get("description"),
        "title": post.get("title"),
        "language": post.get("languageCode"),
        "links": joined(dict.fromkeys(expanded)) or post.get("link"),
        "media": joined(
            entry.get("full") or entry.get("url")
            for entry in objects(post, "media")
            if entry.get("type") == "photo"
        ),
    }


CROWDTANGLE = JsonPosts(
    name="crowdtangle",
    title="CrowdTangle's API: posts",
    platform="facebook",
    mapping={
        "account_id": "account.platformId",
        "handle": "account.handle",
        "post_id": "platformId",
        "created_at": "date",
        "text": "message, else description",
        "links": "expandedLinks, else link",
        "media": "media",
        "platform": "account.platform",
    },
    looks=_looks,
    posts=_found,
)
