"""Accounts as single batches saw them, before they are joined."""

from __future__ import annotations

import pyarrow as pa

from assay.model.tables import UTC_US

STAGED_ACCOUNTS = pa.schema(
    [
        pa.field("account_id", pa.string()),
        pa.field("platform", pa.string()),
        pa.field("handle", pa.string()),
        pa.field("display_name", pa.string()),
        pa.field("bio", pa.string()),
        pa.field("url", pa.string()),
        pa.field("account_created_at", pa.string()),
        pa.field("followers", pa.int64()),
        pa.field("following", pa.int64()),
        pa.field("verified", pa.bool_()),
        pa.field("publisher", pa.string()),
        pa.field("first_seen_at", UTC_US),
        pa.field("last_seen_at", UTC_US),
    ]
)
