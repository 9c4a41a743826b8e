"""Notices that come in, by form or by program: the same rules for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assay.cases.acts import HANDLERS
from assay.cases.evidence import attach
from assay.cases.gate import missing_from_notice
from assay.cases.letters import Link, Once, WithIt, new_identity, new_link
from assay.cases.refused import Refused
from assay.model.case import NOTICE_KINDS, Act, Actor, Record
from assay.text.sentence import Sentence
from assay.web import words
from assay.web.consequences import incomplete, receipt
from assay.web.house import House
from assay.web.languages import language_called
from assay.web.letter_in import LetterIn
from assay.web.mail import EMAIL
from assay.web.posted import Posted
from assay.web.sender_address import UNCONFIRMED, asking

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
        own_address: Whether the sender's address is that of the account that brings it.
        partner: The partner who brings it and follows it; None for everybody else's.
    """

    kind: str
    fields: Mapping[str, str]
    how: str
    once: Once | None = None
    own_address: bool = False
    partner: Actor | None = None


def take_letter(
    house: House, kind: str, letter: LetterIn, by: Actor, once: Once | None = None
) -> Record:
    """Open a notice that came as an e-mail file; what is missing is told to its sender.

    Args:
        house: Who takes it in.
        kind: Of the notice, as whoever takes it in reads it.
        letter: What was read of the file.
        by: Who takes it in.
        once: The request that brings it, where it may come again.

    Raises:
        Refused: There is no such kind, or this is not theirs to do.
        AlreadyDone: The same request brought it before.
    """
    if kind not in NOTICE_KINDS:
        raise Refused("there is no such kind of notice", fix=f"one of: {', '.join(NOTICE_KINDS)}")
    if by.role not in HANDLERS:
        raise Refused(
            f"{by.role} may not take letters in", fix=f"ask one of: {', '.join(HANDLERS)}"
        )
    fields = {"title": words.NOTICES[kind], **letter.fields}
    missing = faults_of_notice(kind, Posted(fields))
    link, identity = new_link("sender"), new_identity()
    draft = Act(
        "draft", "Came by e-mail.", {"notice_kind": kind, "sender_address": "letter"}, fields
    )
    taken_in = tuple(attach(file, "Taken in with the letter.") for file in letter.files)
    with_it = WithIt(
        links=(link,),
        then=(Act("submit", "Came by e-mail."),),
        identity=identity,
        once=once,
        files=letter.files,
        taken_in=taken_in,
        taken_in_by=by,
        telling=(receipt(house, identity, draft, link),),
    )
    if missing:
        say = language_called(fields.get("sender_language")).say
        told = "\n".join(f"{say(words.FIELDS[one])}: {say(told)}" for one, told in missing.items())
        reject = Act("reject_incomplete", "The letter is incomplete.", {}, {"told": told})
        sent = incomplete(house, identity, fields, told, link)
        taken_in = (reject, *taken_in)
        with_it = replace(with_it, letters=(sent,), then=(), taken_in=taken_in, telling=())
    sender = Actor(link.holder, "public")
    return house.store.open_record("notice", draft, by=sender, at=house.now(), with_it=with_it)


def faults_of_notice(kind: str, form: Posted) -> dict[str, str]:
    """What the Manila gate, and an address that no letter reaches, say of a notice."""
    faults = missing_from_notice(kind, form.values)
    if not form.text("title"):
        faults["title"] = Sentence("say in a line what this is about")
    if "sender_email" not in faults and not EMAIL.fullmatch(form.text("sender_email")):
        faults["sender_email"] = Sentence(
            "this is no e-mail address; the answer would not reach you"
        )
    return faults


def take_notice(house: House, incoming: Incoming) -> tuple[Record, Link]:
    """Open a notice; returns it, and its sender's secret link.

    It is confirmed by letter where the sender's address is known to be theirs; where it is not, one
    letter asks whose it is.

    Raises:
        AlreadyDone: The same request brought it before.
        Refused: The key of the request stands for another.
    """
    house.store.check_once(incoming.once)
    sender = incoming.partner
    link, identity = new_link("sender", sender.id if sender else None), new_identity()
    facts = {
        "notice_kind": incoming.kind,
        "sender_address": "account" if incoming.own_address else UNCONFIRMED,
    }
    draft = Act("draft", incoming.how, facts, incoming.fields)
    if incoming.own_address:
        with_it = WithIt(telling=(receipt(house, identity, draft, link),))
    else:
        with_it = asking(house, identity, incoming.fields, link.holder)
    with_it = replace(
        with_it,
        links=(link, *with_it.links),
        then=(Act("submit", incoming.how),),
        identity=identity,
        once=incoming.once,
    )
    by = sender or Actor(link.holder, "public")
    opened = house.store.open_record("notice", draft, by=by, at=house.now(), with_it=with_it)
    return opened, link
