"""Statuses of Mastodon's API, which Pleroma, Truth Social and others speak as well.

Numbers of accounts and statuses mean something on the asking server alone: an account is
``name@host``, a status its ``uri``. Which status a reply answers is told by such a number: the
reply is linked to that status if it was read with it, and else to ``number@host`` if the reply is
of the asking server itself. No other number is taken: posts of different servers might become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
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
from assay.text.html_text import shown_text
from assay.text.links import canonical_link, host_of

_OF_THEIR_OWN = {"truthsocial.com": "truthsocial", "gab.com": "gab"}
"""Hosts that speak this language and belong to no federation."""
_LISTS = ("statuses", "ancestors", "descendants")
"""Where an answer of the search, or of what stands around a status, has its statuses."""
Uris = Mapping[tuple[str, str], Any]
"""Addresses of statuses by their number and that of their account."""


def _is_status(value: Json) -> bool:
    return "acct" in inner(value, "account") and {"content", "created_at", "uri"} <= value.keys()


def _looks(value: Json) -> bool:
    return any(_is_status(inner(status)) for status in _statuses(value))


def _statuses(value: Json) -> list[Any]:
    lists = [listed(value, name) for name in _LISTS if name in value]
    return [status for one in lists for status in one] if lists else [value]


def _among(values: Sequence[Json]) -> PostsOf:
    """The statuses of one object, their replies linked to statuses of all of them."""
    statuses = [inner(status) for value in values for status in _statuses(value)]
    uris = {
        (str(one.get("id")), str(inner(one, "account").get("id"))): one["uri"]
        for status in statuses
        for one in (status, inner(status, "reblog"))
        if one.get("uri")
    }
    return lambda value: found_in(_statuses(value), partial(_status, uris=uris))


def _found(value: Json) -> Iterable[Found]:
    return _among([value])(value)


def _status(status: Json, uris: Uris) -> Iterator[Found]:
    if _is_status(status):
        yield _fields(status) | {"in_reply_to": _answered(status, uris)}
    else:
        yield NoPost(status, "no status: it has no account, uri and content", "account")


def _answered(status: Json, uris: Uris) -> str | None:
    """What a reply answers, in words that mean the same on every server."""
    number, account = status.get("in_reply_to_id"), inner(status, "account")
    if number is None:
        return None
    known = uris.get((str(number), str(status.get("in_reply_to_account_id"))))
    if known is not None:
        return str(known)
    own = "@" not in str(account.get("acct")) and _host(account)
    return f"{number}@{own}" if own else None


def _fields(status: Json) -> dict[str, Any]:
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
        "in_reply_to": "in_reply_to_id with its host, else the uri that it stands for",
        "links": "links in content",
        "hashtags": "tags",
        "mentions": "mentions.acct with their host",
        "media": "media_attachments",
    },
    looks=_looks,
    posts=_found,
    among=_among,
)
