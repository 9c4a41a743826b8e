"""Notices that come in, by form or by program: the same rules and the same receipt for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.cases.gate import missing_from_notice
from assay.cases.letters import Link, Once, WithIt, new_identity, new_link
from assay.model.case import Act, Actor, Record
from assay.web.consequences import receipt
from assay.web.house import House
from assay.web.mail import EMAIL
from assay.web.posted import Posted

FIELDS = (
    "title",
    "urls",
    "explanation",
    "legal_basis",
    "order_reference",
    "sender_name",
    "sender_email",
    "good_faith",
)


@dataclass(frozen=True)
class Incoming:
    """A complete notice.

    Attributes:
        kind: Of the notice.
        fields: What it says.
        how: How it came, as the log tells it.
        once: The request that brings it, where it may come again.
        partner: The partner who brings it and follows it; None for everybody else's.
    """

    kind: str
    fields: Mapping[str, str]
    how: str
    once: Once | None = None
    partner: Actor | None = None


def faults_of_notice(kind: str, form: Posted) -> dict[str, str]:
    """What the Manila gate, and an address that no letter reaches, say of a notice."""
    faults = missing_from_notice(kind, form.values)
    if not form.text("title"):
        faults["title"] = "say in a line what this is about"
    if "sender_email" not in faults and not EMAIL.fullmatch(form.text("sender_email")):
        faults["sender_email"] = "this is no e-mail address; the answer would not reach you"
    return faults


def take_notice(house: House, incoming: Incoming) -> tuple[Record, Link]:
    """Open a notice and confirm it by letter; returns it, and its sender's secret link.

    Raises:
        AlreadyDone: The same request brought it before.
        Refused: The key of the request stands for another.
    """
    sender = incoming.partner
    link, identity = new_link("sender", sender.id if sender else None), new_identity()
    draft = Act("draft", incoming.how, {"notice_kind": incoming.kind}, incoming.fields)
    letter = receipt(house, identity, draft, link)
    then = (Act("submit", incoming.how),)
    with_it = WithIt((letter,), (link,), then, identity, incoming.once)
    by = sender or Actor(link.holder, "public")
    opened = house.store.open_record("notice", draft, by=by, at=house.now(), with_it=with_it)
    return opened, link
