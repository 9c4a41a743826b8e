"""Statuses of Mastodon's API, which Pleroma, Truth Social and others speak as well.

Numbers of accounts and statuses mean something on the asking server alone: an account is
``name@host``, a status its ``uri``. Which status a reply answers is told by such a number.
"""

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
from assay.text.html_text import shown_text
from assay.text.links import canonical_link, host_of

_OF_THEIR_OWN = {"truthsocial.com": "truthsocial", "gab.com": "gab"}
"""Hosts that speak this language and belong to no federation."""


def _is_status(value: Json) -> bool:
    return "acct" in inner(value, "account") and {"content", "created_at", "uri"} <= value.keys()


def _looks(value: Json) -> bool:
    return _is_status(value) or any(map(_is_status, objects(value, "statuses")))


def _found(value: Json) -> Iterator[Found]:
    return found_in(listed(value, "statuses") if "statuses" in value else [value], _status)


def _status(status: Json) -> Iterator[Found]:
    if _is_status(status):
        yield _fields(status)
    else:
        yield NoPost(status, "no status: it has no account, uri and content", "account")


def _fields(status: Json) -> Found:
    account = inner(status, "account")
    reblog = inner(status, "reblog")
    shown = shown_text(str((reblog or status).get("content") or ""))
    card = inner(status, "card").get("url")
    links = shown.links or ((card,) if card and not reblog else ())
    reply = status.get("in_reply_to_id")
    quoted = inner(status, "quote")
    return {
        "account_id": full_name(account),
        "handle": full_name(account),
        "display_name": account.get("display_name"),
        "bio": shown_text(str(account.get("note") or "")).text or None,
        "account_url": account.get("url"),
        "account_created_at": account.get("created_at"),
        "followers": account.get("followers_count"),
        "following": account.get("following_count"),
        "post_id": status.get("uri"),
        "url": status.get("url"),
        "created_at": status.get("created_at"),
        "text": "\n".join(filter(None, (str(status.get("spoiler_text") or ""), shown.text)))
        or None,
        "language": status.get("language"),
        "kind": "repost" if reblog else "reply" if reply else "quote" if quoted else None,
        "repost_of": reblog.get("uri"),
        "quote_of": (inner(quoted, "quoted_status") or quoted).get("uri"),
        "in_reply_to": reply,
        "links": joined(links),
        "hashtags": joined(tag.get("name") for tag in objects(status, "tags")),
        "mentions": joined(full_name(entry) for entry in objects(status, "mentions")),
        "media": joined(
            entry.get("remote_url") or entry.get("url")
            for entry in objects(status, "media_attachments")
        ),
        "client": inner(status, "application").get("name"),
        "platform": _OF_THEIR_OWN.get(_host(account)),
    }


def full_name(account: Json) -> str | None:
    """``name@host``; the server leaves the host of its own accounts away."""
    name = account.get("acct") or account.get("username")
    if not isinstance(name, str) or not name:
        return None
    host = _host(account)
    return (
        name.lower()
        if "@" in name or not host or host in _OF_THEIR_OWN
        else f"{name}@{host}".lower()
    )


def _host(account: Json) -> str:
    link = canonical_link(str(account.get("url") or ""))
    return host_of(link) if link else ""


MASTODON = JsonPosts(
    name="mastodon",
    title="statuses of Mastodon's API and of those that speak it",
    platform="mastodon",
    mapping={
        "account_id": "account.acct with its host",
        "post_id": "uri",
        "created_at": "created_at",
        "text": "content, without its HTML",
        "repost_of": "reblog.uri",
        "in_reply_to": "in_reply_to_id",
        "links": "links in content",
        "hashtags": "tags",
        "mentions": "mentions.acct with their host",
        "media": "media_attachments",
    },
    looks=_looks,
    posts=_found,
)
