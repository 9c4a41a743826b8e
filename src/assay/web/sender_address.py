"""Whether the address that a sender gives is theirs: one letter asks, others wait for the answer.

Anybody can write anybody's address into the public form. The letter holds nothing of the notice;
three a day go to one address, whoever asks for them. Its link answers for the address that it was
sent to and for no other: a sender who got one and then gives somebody else's confirms nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from assay.cases.letters import Link, WithIt, new_link
from assay.cases.store.outbox import Holder
from assay.model.case import Act, Record
from assay.web.consequences import question, receipt
from assay.web.house import House
from assay.web.limits import LETTERS

UNCONFIRMED = "unconfirmed"
LETTER = "confirm_address"
"""What the letter is for, as the outbox says it."""
_OF_ADDRESS = 16
"""So many letters at the end of a link's token say which address it is for."""


def is_unconfirmed(record: Record) -> bool:
    """Whether nothing is sent to a notice's sender but the question whose the address is; not where
    the address was erased.
    """
    asked = record.kind == "notice" and "sender_email" in record.fields
    return asked and record.facts.get("sender_address") == UNCONFIRMED


def asking(house: House, identity: str, fields: Mapping[str, str], holder: str) -> WithIt:
    """The letter that asks, with its link; nothing where that address got enough of them today.

    Args:
        house: Who asks.
        identity: Of the notice.
        fields: Of the notice, with the address and the language of its sender.
        holder: Whom the sender's links belong to.
    """
    address = fields["sender_email"]
    if house.limits.wait_s(LETTERS, address.casefold()):
        return WithIt()
    link = replace(new_link("address", holder), record=identity, replaces=True)
    link = replace(link, token=_for_address(link.token, address))
    return WithIt((question(house, identity, fields, link),), (link,))


def asks_about(record: Record, token: str) -> bool:
    """Whether a link that asks is for the address that a notice's sender gives now."""
    address = record.fields.get("sender_email", "")
    return token == _for_address(token[:-_OF_ADDRESS], address)


def ask_again(house: House, record: Record, holder: str) -> bool:
    """Ask once more; False where that address got enough letters today."""
    with_it = asking(house, record.id, record.fields, holder)
    house.outbox.put(record, with_it, house.now())
    return bool(with_it.letters)


def was_asked(house: House, record: Record) -> bool:
    """Whether a letter went to the address that the sender gives now, or waits to."""
    asked = (LETTER, record.fields["sender_email"])
    letters = house.outbox.of_record(record.id)
    return any((row["purpose"], row["recipient"]) == asked for row in letters)


def confirm(house: House, holder: Holder, record: Record) -> None:
    """The address is its sender's: it is noted, and the receipt goes there with a secret link.

    Raises:
        EditConflict: The notice was changed since it was read; perhaps it has another address.
    """
    if not is_unconfirmed(record):
        return
    act = Act(LETTER, "By the link that was sent there.", {"sender_address": "confirmed"})
    link: Link = new_link("sender", holder.actor.id)
    with_it = WithIt(links=(link,), telling=(receipt(house, record.id, record, link),))
    by, at = holder.actor, house.now()
    house.store.act(record.id, record.version, act, by=by, at=at, with_it=with_it)


def _for_address(token: str, address: str) -> str:
    return token + hashlib.sha256(f"{token}\n{address}".encode()).hexdigest()[:_OF_ADDRESS]
