"""Telegram messages as a flat table: message_id, sender_id, text, date, channel.

Message numbers count within a chat, so a post's id is made of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow.compute as pc

from assay.importers.base import FieldBatch, Reading
from assay.importers.container import Container
from assay.importers.mapping import ColumnMapping, known_fields
from assay.importers.report import ImportOptions
from assay.importers.tables import is_flat, table_reading

_COLUMNS = {
    "account_id": ("sender_id",),
    "post_id": ("message_id",),
    "text": ("text",),
    "created_at": ("date",),
    "display_name": ("channel",),
}


@dataclass(frozen=True)
class TelegramTable:
    """A table of Telegram messages."""

    name: str = "telegram-table"
    title: str = "Telegram messages as a flat table"

    def recognises(self, container: Container) -> bool:
        """By message_id and sender_id."""
        return is_flat(container) and {"message_id", "sender_id", "text", "date"} <= set(
            container.columns
        )

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Fixed columns; the post's id is sender and message number."""
        fields = known_fields(_COLUMNS, options.mapping, container)
        mapping = ColumnMapping(fields, (), "telegram")
        reading = table_reading(container, mapping, container.sample(), options)
        if "post_id" not in fields:
            return reading

        def batches() -> Iterator[FieldBatch]:
            for batch in reading.batches():
                numbers = batch.fields["post_id"]
                joined = pc.binary_join_element_wise(batch.fields["account_id"], numbers, "/")
                place = batch.fields.column_names.index("post_id")
                yield replace(batch, fields=batch.fields.set_column(place, "post_id", joined))

        return replace(reading, batches=batches)
