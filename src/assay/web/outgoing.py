"""What leaves the house on a complaint or for a restoration, with its proof, and what an assessor
is given to read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from assay.cases.letters import Letter, WithIt, letter_sha256
from assay.cases.refused import Refused
from assay.cases.store.listing import reference
from assay.model.awaited import Awaited
from assay.model.case import Act, Record
from assay.web import words
from assay.web import words_outside as outside
from assay.web.house import House
from assay.web.languages import ENGLISH
from assay.web.pages import letter_text

GIVABLE = (
    "title",
    "explanation",
    "urls",
    "legal_basis",
    "order_reference",
    "put_to_them",
    "answer",
    "told",
    "measure",
    "reasons_facts",
    "ground",
    "ground_reference",
    "ground_explanation",
    "automation",
    "complainant",
    "other_side",
    "wanted",
    "rule",
)
"""Texts of a record that an assessor can be given; nobody's name and address are among them."""

_SAID = (
    "title",
    "complainant",
    "urls",
    "explanation",
    "other_side",
    "rule",
    "legal_basis",
    "wanted",
)


def with_proof(house: House, record: Record, act: Act) -> tuple[Act, WithIt]:
    """An act on a complaint or an appeal with the letter that it sends, and the SHA-256 of that.

    Raises:
        Refused: A reminder is to go by e-mail to somebody whose address is not known.
    """
    one = record.awaited.get(_number(act.facts.get("regards")))
    if act.name in ("send", "ask_restoration"):
        return _sent(act, _letter(house, act.fields.get("recipient_email", ""), record, act))
    if act.name == "remind" and one is not None:
        recipient = one.fields.get("recipient_email", "")
        if not recipient:
            raise Refused(
                "no e-mail address of this recipient is known",
                fix="record a reminder that was sent another way",
            )
        return _sent(act, _letter(house, recipient, record, act, one))
    if act.fields.get("sent_text") and "sha256" not in act.facts:
        digest = hashlib.sha256(act.fields["sent_text"].encode()).hexdigest()
        return replace(act, facts={**act.facts, "sha256": digest}), WithIt()
    return act, WithIt()


def with_texts(about: Record | None, act: Act) -> Act:
    """An act on an assessment with the texts that its assessor is given, as they stand now."""
    if act.name not in ("invite", "give") or about is None:
        return act
    chosen = act.fields.get("given", "").split()
    fields = {name: text for name, text in act.fields.items() if name != "given"}
    texts = [
        f"{words.FIELDS[name]}\n{words.GROUNDS.get(text, text)}"
        for name, text in givable(about).items()
        if name in chosen
    ]
    if texts:
        fields["given"] = "\n\n".join(texts)
    if act.name == "invite":
        fields["title"] = f"Assessment of {reference(about.id)}"
    return replace(act, fields=fields)


def givable(about: Record) -> Mapping[str, str]:
    """The texts of a record that can be given, by name."""
    return {name: about.fields[name] for name in GIVABLE if about.fields.get(name)}


def _sent(act: Act, letter: Letter) -> tuple[Act, WithIt]:
    fields = {**act.fields, "sent_subject": letter.subject, "sent_text": letter.text}
    facts = {**act.facts, "sha256": letter_sha256(letter)}
    return replace(act, facts=facts, fields=fields), WithIt((letter,))


def _letter(
    house: House, recipient: str, record: Record, act: Act, one: Awaited | None = None
) -> Letter:
    """What leaves; with ``one``, a reminder of it."""
    told: dict[str, object] = {
        "house_name": house.accounts.name(),
        "contact": house.accounts.house().get("contact", ""),
        "until": act.facts.get("answer_until", ""),
        "due_rule": act.fields.get("due_rule", ""),
        "one": one,
    }
    if record.kind == "appeal":
        name, subject = "restoration", "Restoration after an appeal"
        number = reference(str(record.facts["about"]))
        # Before there is an outcome the workflow refuses the act, and the letter goes nowhere.
        outcome = record.facts.get("outcome", "")
        told |= {"outcome": outcome, "wanted": act.fields.get("wanted", "")}
    else:
        name, subject, number = "complaint", "Complaint", reference(record.id)
        told |= _complained(record, act)
    if one is not None:
        name, subject = f"{name}_reminder", f"Reminder of a {name}"
    text = letter_text(name, ENGLISH, reference=number, **told)
    return Letter(name, recipient, f"{subject} ({number})", text)


def _complained(record: Record, act: Act) -> dict[str, object]:
    """What a letter with a complaint says of it."""
    before = record.awaited.get(_number(act.facts.get("escalates")))
    return {
        "said": {name: record.fields.get(name, "") for name in _SAID},
        "files": sorted(record.files),
        "complainant_kind": outside.COMPLAINANTS[str(record.facts["complainant_kind"])].lower(),
        "public": record.facts["may_be_public"],
        "before": before,
        "how_before": None if before is None else outside.AWAITED[before.outcome],
    }


def _number(fact: object) -> int:
    """The number that a fact gives; 0, which nothing has, for anything else."""
    return fact if isinstance(fact, int) else 0
