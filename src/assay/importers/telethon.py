"""Telegram messages as Telethon dumps them (``message.to_dict()`` as JSON).

An id of a message counts within its chat, so both stand in a post's id, as in Telegram Desktop's
export. A forward from a channel names the message that it repeats.
"""

from __future__ import annotations

from collections.abc import Iterator

from assay.importers.json_posts import Found, Json, JsonPosts, NoPost, inner, joined, objects

_PEERS = {"channel_id": "channel", "chat_id": "chat", "user_id": "user"}


def _looks(value: Json) -> bool:
    return value.get("_") in ("Message", "MessageService") and "peer_id" in value


def _found(value: Json) -> Iterator[Found]:
    if value.get("_") != "Message":
        kind = inner(value, "action").get("_") or value.get("_")
        yield NoPost(value, f"a service message ({kind}), not a post", "_")
    else:
        yield _fields(value)


def _fields(message: Json) -> Found:
    chat, forward = inner(message, "peer_id"), inner(message, "fwd_from")
    text = str(message.get("message") or "")
    answered = inner(message, "reply_to").get("reply_to_msg_id")
    origin = inner(forward, "from_id")
    known = forward.get("channel_post") is not None and _number(origin)
    media = inner(message, "media")
    photo = inner(media, "photo").get("id")
    own = bool(message.get("out")) and "user_id" in chat
    return {
        # A channel in its own name tells no sender, nor do the two of a chat: what goes out is not
        # the other one's.
        "account_id": _peer(inner(message, "from_id")) or (None if own else _peer(chat)),
        "display_name": message.get("post_author"),
        "post_id": f"{_number(chat)}/{message.get('id')}",
        "created_at": message.get("date"),
        "text": text or None,
        "kind": "repost" if forward else None,
        "repost_of": f"{_number(origin)}/{forward['channel_post']}" if known else None,
        "in_reply_to": None if answered is None else f"{_number(chat)}/{answered}",
        "links": joined(_links(message, text, media)),
        "media": None if photo is None else f"photo{photo}",
        "client": message.get("via_bot_id"),
    }


def _number(peer: Json) -> str:
    return next((str(peer[name]) for name in _PEERS if name in peer), "")


def _peer(peer: Json) -> str | None:
    """``channel123``, as Telegram Desktop's export writes it."""
    return next((f"{kind}{peer[name]}" for name, kind in _PEERS.items() if name in peer), None)


def _links(message: Json, text: str, media: Json) -> Iterator[str]:
    """Written out, behind words, and in the preview; places count UTF-16."""
    wide = text.encode("utf-16-le")
    for entity in objects(message, "entities"):
        begin, length = entity.get("offset"), entity.get("length")
        if entity.get("_") == "MessageEntityTextUrl" and entity.get("url"):
            yield str(entity["url"])
        elif (
            entity.get("_") == "MessageEntityUrl"
            and isinstance(begin, int)
            and isinstance(length, int)
        ):
            shown = wide[2 * begin : 2 * (begin + length)].decode("utf-16-le", "ignore")
            yield shown if "://" in shown else "https://" + shown
    preview = inner(media, "webpage").get("url")
    if preview:
        yield str(preview)


TELETHON = JsonPosts(
    name="telethon",
    title="Telegram messages dumped by Telethon",
    platform="telegram",
    mapping={
        "account_id": "from_id, else peer_id",
        "post_id": "peer_id / id",
        "created_at": "date",
        "text": "message",
        "repost_of": "fwd_from.from_id / channel_post",
        "in_reply_to": "reply_to.reply_to_msg_id",
        "links": "entities, media.webpage.url",
        "media": "media.photo.id",
    },
    looks=_looks,
    posts=_found,
)
