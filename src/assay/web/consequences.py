"""What goes with an act: the letters and secret links that are written in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

from assay.cases.acts import is_staff
from assay.cases.concerned import OWN, check_addresses, everybody, seen_by
from assay.cases.letters import (
    PARTIES,
    Letter,
    Link,
    Party,
    WithIt,
    new_identity,
    new_link,
)
from assay.cases.refused import Refused
from assay.cases.store.listing import reference
from assay.model.case import PUBLIC_BODY_KINDS, Act, Record
from assay.text.sentence import Sentence
from assay.web import words
from assay.web.house import House
from assay.web.languages import Language, language_called
from assay.web.misuse_letters import TOLD_BY_LETTER, with_holder
from assay.web.outgoing import with_proof, with_texts
from assay.web.own_accounts import whose
from assay.web.pages import letter_text

_ON_APPEAL = ("refuse", "uphold", "overturn", "modify")


@dataclass(frozen=True)
class Consequence:
    """An act as it will be written, what is written with it, and what must be handed over.

    Attributes:
        act: Perhaps with facts that only the house knows.
        with_it: Letters and links.
        hand_over: Links that no letter carries, by whose they are; shown once.
    """

    act: Act
    with_it: WithIt
    hand_over: Mapping[str, str] = field(default_factory=dict)


def consequence(house: House, record: Record, act: Act, about: Record | None) -> Consequence:
    """What an act of the team brings with it.

    Args:
        house: Whose name and address stand in letters.
        record: As it stands before the act.
        act: What is done.
        about: The record that an appeal is against, or an assessment of.

    Raises:
        Refused: It is not clear whom the act is towards, or it names what is not there.
    """
    check_addresses(record, act)
    key = (record.kind, act.name)
    if key == ("notice", "ask_to_be_heard"):
        return _asked(house, record, act)
    if key == ("notice", "notify"):
        return _notified(house, record, act)
    if key == ("notice", "name_addresses"):
        return Consequence(_named(record, act), WithIt())
    if key == ("notice", "replace_link"):
        return _replaced(house, record, act)
    if key == ("notice", "reject_incomplete"):
        told = {"missing": act.fields.get("told", "")}
        return Consequence(act, _to_party(house, record, "sender", "incomplete", told))
    if record.kind == "appeal" and act.name in _ON_APPEAL and about is not None:
        return Consequence(act, _on_appeal(house, record, about, act))
    if record.kind == "misuse" and act.name in TOLD_BY_LETTER:
        return _of_misuse(house, record, with_holder(record, act))
    if record.kind in ("complaint", "appeal"):
        return Consequence(*with_proof(house, record, act))
    if record.kind == "assessment":
        return Consequence(with_texts(about, act), WithIt())
    return Consequence(act, WithIt())


def receipt(
    house: House, identity: str, said: Act | Record, link: Link
) -> Callable[[Record], Letter]:
    """The confirmation that a notice arrived (DSA, article 16(4)), once it is known how it stands.

    What the database must be asked is asked now: the letter is written while the only writer waits.

    Args:
        house: Where it arrived.
        identity: Of the notice.
        said: The act that opens it, or the notice as it stands.
        link: Its sender's.
    """
    head, to = _head(house, identity, link), _addressee(said.fields, "sender")
    kind = words.NOTICES[str(said.facts["notice_kind"])]

    def written(record: Record) -> Letter:
        parked = record.facts.get("parked_until") if record.state == "parked" else None
        told = {"kind": kind, "parked_until": parked}
        return _letter(head, "receipt", to, told)

    return written


def question(house: House, identity: str, fields: Mapping[str, str], link: Link) -> Letter:
    """The one letter to an address that somebody gave as theirs: whether it is. It says nothing of
    the notice but its reference.
    """
    head = replace(_head(house, identity, link), link=f"{house.url}/confirm/{link.token}")
    return _letter(head, "confirm_address", _addressee(fields, "sender"), {})


def incomplete(
    house: House, identity: str, fields: Mapping[str, str], missing: str, link: Link
) -> Letter:
    """What a notice that came as a letter lacks, to its sender."""
    told = {"missing": missing}
    return _letter(_head(house, identity, link), "incomplete", _addressee(fields, "sender"), told)


def appeal_receipt(house: House, notice: Record, party: Party, holder: str) -> WithIt:
    """The confirmation that an appeal arrived, to the party who lodged it."""
    return _to_party(house, notice, party, "appeal_receipt", {}, holder)


def invitation(house: House, record: Record, act: Act) -> tuple[Act, WithIt]:
    """The invitation to assess a record, with the texts that are given and a letter that tells."""
    act = with_texts(record, replace(act, facts={**act.facts, "about": record.id}))
    assessor, identity = house.accounts.get(str(act.facts["assessor"])), new_identity()
    text = letter_text(
        "assessment",
        house_name=house.accounts.name(),
        asked=act.fields["asked"],
        link=f"{house.url}/records/{identity}",
    )
    letter = Letter("assessment", assessor.email, "You are asked for an assessment", text)
    return act, WithIt((letter,), identity=identity)


def reading_as(record: Record, said: Mapping[str, str]) -> Record:
    """A record whose parties read the languages that were said of them elsewhere, later."""
    names = [f"{party}_language" for party in PARTIES]
    known = {name: said[name] for name in names if name in said}
    return replace(record, fields={**record.fields, **known})


def link_address(house: House, link: Link) -> str:
    """Where a secret link leads."""
    return f"{house.url}/follow/{link.token}"


def _asked(house: House, record: Record, act: Act) -> Consequence:
    """One of the people concerned is asked: by letter, or by a link that somebody hands over."""
    act, who = whose(record, act)
    link = new_link("concerned", who)
    act = replace(act, facts={**act.facts, "concerned": link.holder})
    told = {"put": act.fields["put_to_them"], "until": act.facts["answer_until"]}
    return _with_link(house, record, act, link, ("hearing", told))


def _named(record: Record, act: Act) -> Act:
    """It is said which addresses are theirs who were asked before that was asked for."""
    act, who = whose(record, act)
    if who is None or record.concerned[who].addresses:
        fix = "replace their link if others were named"
        raise Refused("their addresses are named already", fix=fix, lacking={"concerned": fix})
    if "concerned_urls" not in act.fields:
        fix = "tick those that are theirs"
        raise Refused("no address is named", fix=fix, lacking={"concerned_urls": fix})
    return act


def _with_link(
    house: House, record: Record, act: Act, link: Link, letter: tuple[str, Mapping[str, object]]
) -> Consequence:
    """An act with a letter to one of the people concerned, or a link to hand over to them."""
    known = record.concerned.get(link.holder)
    mine = {**known.fields, **act.fields} if known is not None else act.fields
    to = _addressee(mine, "concerned")
    if not to.address:
        whom = mine.get("concerned_urls", "") or "the person concerned"
        return Consequence(act, WithIt(links=(link,)), {whom: link_address(house, link)})
    name, told = letter
    written = _letter(_head(house, record.id, link), name, to, told)
    return Consequence(act, WithIt((written,), (link,)))


def _replaced(house: House, record: Record, act: Act) -> Consequence:
    """A new link for one side, to the address on file or another one that was given.

    Raises:
        Refused: That side has no link, or it is not clear whose of several people's it is.
    """
    fields = dict(act.fields)
    party = next(one for one in PARTIES if one == act.facts["party"])
    given = fields.pop("new_address", "")
    if given:
        fields[f"{party}_email"] = given
    act = replace(act, fields=fields)
    if party == "concerned":
        act, holder = whose(record, act)
    else:
        facts = {"party": party} | ({"sender_address": "team"} if given else {})
        fields.pop("concerned_urls", None)
        act, holder = replace(act, facts=facts, fields=fields), _sender_of(record)
    if holder is None:
        raise Refused("this side has no secret link", fix="ask the other side, or ask to be heard")
    link = replace(new_link(party, holder), record=record.id, replaces=True)
    if party == "concerned":
        act = replace(act, facts={**act.facts, "concerned": holder})
        return _with_link(house, record, act, link, ("new_link", {}))
    to = _addressee({**_reachable(record, party), **fields}, party)
    if not to.address:
        return Consequence(act, WithIt(links=(link,)), {"the sender": link_address(house, link)})
    letter = _letter(_head(house, record.id, link), "new_link", to, {})
    return Consequence(act, WithIt((letter,), (link,)))


def _notified(house: House, record: Record, act: Act) -> Consequence:
    """Everybody gets the decision; the people concerned with the statement of reasons."""
    said = any(act.fields.get(name) for name in OWN)
    told = {
        "outcome": str(record.facts.get("outcome")),
        "fields": record.fields,
        "aim": words.AIMS.get(str(record.facts.get("aim")), ""),
        "ground": words.GROUNDS.get(record.fields.get("ground", ""), ""),
        "public_body": record.facts.get("notice_kind") in PUBLIC_BODY_KINDS,
    }
    done = Consequence(act, _to_party(house, record, "sender", "decision_sender", told))
    silent = replace(act, fields={})
    links = {who: new_link("concerned", who) for who in record.concerned}
    acts = dict.fromkeys(links, silent)
    if said or not links:
        # Somebody is named by it: one of them, or somebody whom nobody asked.
        act, who = whose(record, act)
        link = new_link("concerned", who)
        act = replace(act, facts={**act.facts, "concerned": link.holder})
        links[link.holder], acts[link.holder] = link, act
    for holder, link in links.items():
        mine = acts[holder].fields.get("concerned_urls")
        seen = {**seen_by(record, holder).fields, **({"urls": mine} if mine else {})}
        letter = ("decision_concerned", {**told, "fields": seen})
        more = _with_link(house, record, acts[holder], link, letter)
        done = replace(
            done,
            with_it=WithIt(
                (*done.with_it.letters, *more.with_it.letters),
                (*done.with_it.links, *more.with_it.links),
            ),
            hand_over={**done.hand_over, **more.hand_over},
        )
    return replace(done, act=act)


def _on_appeal(house: House, appeal: Record, notice: Record, act: Act) -> WithIt:
    """Everybody hears how an appeal came out, its appellant in the language that they wrote."""
    told = {"result": act.name, "told": act.fields.get("told", "")}
    sender = reading_as(notice, appeal.fields)
    done = [_to_party(house, sender, "sender", "appeal_decision", told)]
    for who in everybody(notice):
        theirs = seen_by(notice, who)
        if who == appeal.opened_by.id:
            theirs = reading_as(theirs, appeal.fields)
        done.append(_to_party(house, theirs, "concerned", "appeal_decision", told, who))
    return WithIt(
        tuple(letter for one in done for letter in one.letters),
        tuple(link for one in done for link in one.links),
    )


def _of_misuse(house: House, file: Record, act: Act) -> Consequence:
    """The sender hears of each step, by letter or by a link that somebody hands over."""
    told = {
        "act": act.name,
        "told": act.fields.get("told", ""),
        "until": act.facts.get("suspend_until", ""),
    }
    holder = str(act.facts["concerned"])
    with_it = _to_party(house, file, "sender", "misuse", told, holder)
    if with_it.letters:
        return Consequence(act, with_it)
    link = new_link("sender", holder)
    return Consequence(act, WithIt(links=(link,)), {"the sender": link_address(house, link)})


def _to_party(
    house: House,
    record: Record,
    party: Party,
    name: str,
    told: Mapping[str, object],
    holder: str | None = None,
) -> WithIt:
    """A letter to one side with a link of their own, if their address is known."""
    to = _addressee(_reachable(record, party), party)
    if holder is None:
        holder = _sender_of(record)
    if not to.address or holder is None:
        return WithIt()
    link = replace(new_link(party, holder), record=record.id)
    return WithIt((_letter(_head(house, record.id, link), name, to, told),), (link,))


def _sender_of(record: Record) -> str | None:
    """Whom the sender's links belong to; nobody where the team wrote the notice down itself."""
    if record.kind == "misuse":
        known = record.facts.get("concerned")
        return None if known is None else str(known)
    return None if is_staff(record.opened_by) else record.opened_by.id


_SUBJECTS = {
    "receipt": Sentence("Your notice arrived"),
    "confirm_address": Sentence("Is this your address?"),
    "incomplete": Sentence("Your notice is incomplete"),
    "hearing": Sentence("You are asked to be heard"),
    "decision_sender": Sentence("Decision on your notice"),
    "decision_concerned": Sentence("Decision that concerns you"),
    "appeal_receipt": Sentence("Your appeal arrived"),
    "appeal_decision": Sentence("Decision on the appeal"),
    "new_link": Sentence("A new secret link"),
    "misuse": Sentence("About your notices"),
}


@dataclass(frozen=True)
class _Addressee:
    """Where a letter goes, and in which language."""

    address: str
    language: Language


def _reachable(record: Record, party: Party) -> Mapping[str, str]:
    """What a record says of one side, without an address that nobody has confirmed."""
    if party == "sender" and record.facts.get("sender_address") == "unconfirmed":
        return {name: text for name, text in record.fields.items() if name != "sender_email"}
    return record.fields


def _addressee(fields: Mapping[str, str], party: Party) -> _Addressee:
    """One side of a matter, by what its record says of them."""
    code = fields.get(f"{party}_language")
    return _Addressee(fields.get(f"{party}_email", ""), language_called(code))


@dataclass(frozen=True)
class _Head:
    """What every letter says: from which house, about which record, and under which link."""

    house_name: str
    reference: str
    link: str


def _head(house: House, identity: str, link: Link) -> _Head:
    return _Head(house.accounts.name(), reference(identity), link_address(house, link))


def _letter(head: _Head, name: str, to: _Addressee, told: Mapping[str, object]) -> Letter:
    text = letter_text(name, to.language, **asdict(head), **told)
    subject = f"{to.language.say(_SUBJECTS[name])} ({head.reference})"
    return Letter(name, to.address, subject, text)
