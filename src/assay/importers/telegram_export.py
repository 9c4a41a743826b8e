"""Telegram Desktop's export (``result.json``) of one chat or of all chats.

Each message gets the chat's id before its number. A forwarded message is a repost; the export
does not say which message was forwarded, so its normalised text stands for it.
"""

from __future__ import annotations

import json
import re
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

_HEAD = re.compile(r'"(?P<key>name|type|id)"\s*:\s*(?P<value>"(?:[^"\\]|\\.)*"|-?\d+)')
_TIMES = {"date", "date_unixtime"}
_EPOCH = TimeForm("epoch", True, 1.0, epoch="s")
_LOCAL = TimeForm("iso", False, 1.0)


@dataclass(frozen=True)
class TelegramExport:
    """Telegram Desktop's JSON export."""

    name: str = "telegram-export"
    title: str = "Telegram Desktop export (result.json)"

    def recognises(self, container: Container) -> bool:
        """By its arrays of messages, each with an id and a date."""
        return (
            isinstance(container, JsonContainer)
            and container.within == "messages"
            and any(
                "id" in message and _TIMES & message.keys() for message in container.first_objects
            )
        )

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Unix times where the export has them; older exports hold local times only."""
        assert isinstance(container, JsonContainer)
        unix = any(b'"date_unixtime"' in text for text in container.first)
        time_key = "date_unixtime" if unix else "date"

        def batches() -> Iterator[FieldBatch]:
            for records in container.records():
                yield _batch(records, time_key)

        return Reading(
            batches=batches,
            mapping={
                "account_id": "from_id, else the chat's id",
                "post_id": "chat id / id",
                "created_at": time_key,
                "text": "text",
                "repost": "forwarded_from",
                "in_reply_to": "reply_to_message_id",
            },
            kinds=(),
            time=_EPOCH if unix else _LOCAL,
            platform=options.platform or "telegram",
        )


def _batch(records: JsonRecords, time_key: str) -> FieldBatch:
    from assay.engine.json_read import parsed

    chat = chat_head(records.context)
    values, rejects = parsed(records)
    posts: list[tuple[int, PostFields]] = []
    for row, message in values:
        if message.get("type", "message") == "message":
            posts.append((row, message_fields(message, chat, time_key)))
        else:
            rejects.append(_service(row, message))
    return field_batch(posts, rejects)


def chat_head(context: bytes) -> dict[str, str]:
    """Name, type and id of a chat, from the text before its messages."""
    # The last chat's head: whatever stands after the previous array of messages.
    text = context.decode("utf-8", "replace").rsplit("]", 1)[-1]
    return {
        match.group("key"): str(json.loads(match.group("value"))) for match in _HEAD.finditer(text)
    }


def message_fields(message: dict[str, Any], chat: dict[str, str], time_key: str) -> PostFields:
    """The fields of one message."""
    chat_id = chat.get("id") or chat.get("name") or "chat"
    sender = message.get("from_id")
    if sender is None and "channel" in chat.get("type", "channel"):
        sender = f"channel{chat_id}"
    name = message.get("from") or chat.get("name")
    reply = message.get("reply_to_message_id")
    links, text = _text_and_links(message.get("text", ""))
    return {
        "account_id": sender,
        "display_name": name,
        "post_id": None if message.get("id") is None else f"{chat_id}/{message['id']}",
        "created_at": message.get(time_key),
        "text": text,
        "kind": "repost" if message.get("forwarded_from") else None,
        "in_reply_to": None if reply is None else f"{chat_id}/{reply}",
        "links": " ".join(links) or None,
        "media": _media(message),
        "client": message.get("via_bot"),
    }


def _text_and_links(text: Any) -> tuple[list[str], str]:
    """The plain text of a text or a list of entities, and the addresses in it."""
    parts = text if isinstance(text, list) else [text]
    plain: list[str] = []
    links: list[str] = []
    for part in parts:
        if isinstance(part, dict):
            shown = str(part.get("text", ""))
            plain.append(shown)
            if part.get("type") == "text_link" and part.get("href"):
                links.append(str(part["href"]))
            elif part.get("type") == "link":
                links.append(shown if "://" in shown else "https://" + shown)
        else:
            plain.append(str(part))
    joined = "".join(plain)
    # Addresses written out in plain parts count as well, once the entities name any.
    return ([*links, *re.findall(r"https?://\S+", joined)] if links else []), joined


def _media(message: dict[str, Any]) -> str | None:
    """The file that a photo was exported to, unless the export left files out."""
    photo = message.get("photo")
    return photo if isinstance(photo, str) and not photo.startswith("(") else None


def _service(row: int, message: dict[str, Any]) -> RawReject:
    kind = message.get("action") or message.get("type")
    return refused(row, message, "type", f"a service message ({kind}), not a post")
