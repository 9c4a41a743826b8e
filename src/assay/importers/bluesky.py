"""Bluesky: posts as the API answers them, and the network's stream of commits.

Read are the answers of getPosts, searchPosts, getAuthorFeed and the like, their posts one by one,
and events of Jetstream or of a firehose dumped as JSON. A repost in a stream names the post by its
address alone. Times are those that the author's software wrote into the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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

_POST, _REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"


def _is_view(value: Any) -> bool:
    named = inner(value, "author").get("did") is not None
    return named and str(inner(value).get("uri", "")).startswith("at://")


def _event(value: Json) -> Json:
    """The commit of an event of a stream, wherever the writer of the stream put it."""
    commit = inner(value, "commit") or value
    return commit if {"collection", "rkey"} <= commit.keys() else {}


def _looks(value: Json) -> bool:
    views = (
        value,
        value.get("post"),
        inner(value, "thread").get("post"),
        *objects(value, "posts"),
        *(entry.get("post") for entry in objects(value, "feed")),
    )
    return any(map(_is_view, views)) or bool(_event(value) and _repository(value))


def _repository(value: Json) -> Any:
    return value.get("did") or value.get("repo") or inner(value, "commit").get("repo")


def _found(value: Json) -> Iterator[Found]:
    if "posts" in value:
        yield from found_in(listed(value, "posts"), lambda view: [_of_view(view)])
    elif "feed" in value:
        yield from found_in(listed(value, "feed"), lambda entry: [_of_entry(entry)])
    elif "thread" in value or (_is_view(inner(value, "post")) and "replies" in value):
        yield from _of_thread(inner(value, "thread") or value)
    elif _is_view(value):
        yield _of_view(value)
    elif _is_view(value.get("post")):
        yield _of_entry(value)
    else:
        yield _of_event(value)


def _of_view(view: Json) -> Found:
    """A post with its author."""
    if not _is_view(view):
        return NoPost(view, "no post: it has no address and author", "author")
    author = inner(view, "author")
    return _of_record(inner(view, "record"), str(author["did"]), str(view["uri"])) | _profile(
        author
    )


def _of_thread(thread: Json) -> Iterator[Found]:
    """A post with the answers to it, and theirs."""
    # An answer that was deleted, or is hidden from who asks, has an address and no post.
    yield _of_view(inner(thread, "post") or thread)
    yield from found_in(listed(thread, "replies"), _of_thread)


def _of_entry(entry: Json) -> Found:
    """An entry of a feed: a post, or somebody's repost of it."""
    reason = inner(entry, "reason")
    if not str(reason.get("$type", "")).endswith("#reasonRepost"):
        return _of_view(inner(entry, "post"))
    by, post = inner(reason, "by"), inner(entry, "post")
    return _profile(by) | {
        "account_id": by.get("did"),
        "post_id": reason.get("uri"),
        "created_at": reason.get("indexedAt"),
        "text": inner(post, "record").get("text"),
        "kind": "repost",
        "repost_of": post.get("uri"),
    }


def _of_event(value: Json) -> Found:
    """An event of a stream."""
    event, repository = _event(value), _repository(value)
    if not event:
        return NoPost(value, "an event of the stream that is no commit, not a post", "kind")
    collection = event["collection"]
    operation = event.get("operation") or event.get("action") or "create"
    if collection not in (_POST, _REPOST) or operation != "create":
        return NoPost(value, f"{operation} of {collection}, not a post", "collection")
    if not repository:
        return NoPost(value, "the event does not say whose it is", "did")
    record = inner(event, "record")
    address = f"at://{repository}/{collection}/{event['rkey']}"
    if collection == _POST:
        return _of_record(record, str(repository), address)
    return {
        "account_id": repository,
        "post_id": address,
        "created_at": record.get("createdAt"),
        "kind": "repost",
        "repost_of": inner(record, "subject").get("uri"),
    }


def _of_record(record: Json, account_id: str, address: str) -> dict[str, Any]:
    """What a post's record says."""
    embed = inner(record, "embed")
    media = inner(embed, "media") or embed
    features = [
        (facet, feature)
        for facet in objects(record, "facets")
        for feature in objects(facet, "features")
    ]
    links = [feature.get("uri") for _, feature in features if _is(feature, "link")]
    external = inner(media, "external").get("uri")
    quoted = inner(embed, "record")
    parent = inner(record, "reply", "parent").get("uri")
    text = str(record.get("text") or "")
    quote_of = (inner(quoted, "record") or quoted).get("uri")
    languages = record.get("langs")
    return {
        "account_id": account_id,
        "post_id": address,
        "created_at": record.get("createdAt"),
        "text": text or None,
        "language": languages[0] if isinstance(languages, list) and languages else None,
        "kind": "reply" if parent else "quote" if quote_of else None,
        "quote_of": quote_of,
        "in_reply_to": parent,
        "links": joined([*links, external]),
        "hashtags": joined(
            [
                *(feature.get("tag") for _, feature in features if _is(feature, "tag")),
                *listed(record, "tags"),
            ]
        ),
        "mentions": joined(
            _words(text, facet) for facet, feature in features if _is(feature, "mention")
        ),
        "media": joined(
            inner(entry, "image", "ref").get("$link") for entry in objects(media, "images")
        ),
    }


def _is(feature: Json, name: str) -> bool:
    return str(feature.get("$type", "")).endswith(f"#{name}")


def _words(text: str, facet: Json) -> str:
    """The words that a facet speaks of; it counts bytes."""
    place = inner(facet, "index")
    begin, end = place.get("byteStart"), place.get("byteEnd")
    if not (isinstance(begin, int) and isinstance(end, int)):
        return ""
    return text.encode()[begin:end].decode("utf-8", "ignore").lstrip("@")


def _profile(author: Json) -> dict[str, Any]:
    return {
        "handle": author.get("handle"),
        "display_name": author.get("displayName"),
        "bio": author.get("description"),
        "account_created_at": author.get("createdAt"),
        "followers": author.get("followersCount"),
        "following": author.get("followsCount"),
    }


BLUESKY = JsonPosts(
    name="bluesky",
    title="Bluesky posts, feeds and streams (Jetstream, firehose as JSON)",
    platform="bluesky",
    mapping={
        "account_id": "author.did, else did or repo",
        "handle": "author.handle",
        "post_id": "uri, else collection and rkey",
        "created_at": "record.createdAt",
        "text": "record.text",
        "repost_of": "reason, else record.subject.uri",
        "quote_of": "record.embed.record.uri",
        "in_reply_to": "record.reply.parent.uri",
        "links": "record.facets, record.embed.external.uri",
        "media": "record.embed.images",
    },
    looks=_looks,
    posts=_found,
)
