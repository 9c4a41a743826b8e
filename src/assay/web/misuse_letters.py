"""What the sender of unfounded notices hears of each step, with a link under which they appeal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assay.cases.letters import new_link
from assay.cases.store.accounts import Account
from assay.model.case import Act, Record
from assay.web.house import House

TOLD_BY_LETTER = ("warn", "suspend", "lift")
"""The acts that a sender hears of."""


def opens_file(record: Record) -> Act:
    """The act that opens a file about who sent a notice."""
    names = ("sender_email", "sender_name", "sender_language")
    fields = {name: record.fields[name] for name in names if name in record.fields}
    if record.opened_by.role == "partner":
        fields["sender_account"] = record.opened_by.id
    fields["title"] = f"Notices of {record.fields.get('sender_name', 'a sender')}"
    facts = {"about": record.id}
    if "sender_address" in record.facts:
        facts["sender_address"] = str(record.facts["sender_address"])
    return Act("examine", "Notices that were manifestly unfounded.", facts, fields)


def with_holder(record: Record, act: Act) -> Act:
    """The act with the id under which the sender sees the file and appeals."""
    known = record.facts.get("concerned")
    holder = new_link("sender").holder if known is None else str(known)
    return replace(act, facts={**act.facts, "concerned": holder})


def misuse_context(house: House, account: Account, record: Record) -> Mapping[str, Any]:
    """What a record's page tells of its sender's notices, as far as the viewer may know of them."""
    if record.kind not in ("notice", "misuse") or account.role == "partner":
        return {"tally": None, "misuse_files": [], "parked": []}
    return {
        "tally": house.triage.tally(record, account.actor, house.now()),
        "misuse_files": house.triage.files(record, account.actor),
        "parked": house.triage.parked(record, account.actor),
    }
