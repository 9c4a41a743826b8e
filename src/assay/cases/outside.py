"""What acts on a complaint, an assessment or an appeal's restoration must say, and when they fit.

The rules are the same whoever complains and whoever is complained of: what is claimed, where, what
speaks for the other side, and in good faith. An answer is missing only once its day has passed.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.cases.awaited import SENDING
from assay.cases.concerned import everybody
from assay.cases.gate import wrong_addresses
from assay.cases.personal import personal_in
from assay.model.awaited import PUBLIC_STATEMENT, Awaited
from assay.model.case import Act, Record

_TEXTS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("complaint", "send"): {
        "recipient": "say to whom it goes",
        "recipient_email": "give the address that it goes to",
    },
    ("complaint", "record_sending"): {"recipient": "say to whom it went"},
    ("complaint", "record_answer"): {"reply": "say what was answered"},
    ("appeal", "ask_restoration"): {
        "recipient": "say to whom it goes",
        "recipient_email": "give the address that it goes to",
        "wanted": "say what is to be restored, and where",
    },
    ("appeal", "record_asking"): {
        "recipient": "say to whom it went",
        "wanted": "say what is to be restored, and where",
    },
    ("appeal", "record_answer"): {"reply": "say what was answered"},
    ("appeal", "nothing_to_restore"): {"nothing_told": "say why, in words that everyone may read"},
    ("appeal", "record_outside"): {"outside_told": "say what it decided, for the parties"},
    ("assessment", "accept"): {"independence": "say what ties you to either side, or that none do"},
    ("assessment", "record_rerun"): {"rerun": "say what was run, by which version, with what end"},
    ("assessment", "ask_for_evidence"): {"evidence_wanted": "say what is missing"},
    ("assessment", "supply"): {"supplied": "say what is supplied"},
    ("assessment", "refuse_evidence"): {"refusal": "say why, in words that everyone may read"},
    ("assessment", "publish"): {"title": "give it a title", "opinion": "give the reasons"},
    ("assessment", "correct"): {"title": "give it a title", "opinion": "give the reasons"},
}
_COMPLAINT = {
    "title": "say in a line what this is about",
    "complainant": "say who complains",
    "explanation": "say what is claimed, and how one can tell",
    "other_side": "say what speaks for the other side, and which honest explanations there are",
    "wanted": "say what the recipient is asked to do",
    "good_faith": "state that what is said is believed to be true and complete",
}
_PUBLIC = (
    "title",
    "opinion",
    "independence",
    "rerun",
    "evidence_wanted",
    "supplied",
    "refusal",
    "recipient",
    "due_rule",
    "reply_public",
    "nothing_told",
)
"""Texts of an assessment that are published with its opinion, and of an appeal's restoration."""
_INSIDE_ALONE = ("red", "amber_strict")
"""Marks (TLP) by which a matter stays in the house."""
_OWED_BY_NOBODY = "nobody owes an answer to a public statement"
_NEED_OPEN = ("remind", "record_reminder", "record_silence")
ASSESSABLE = ("notice", "case", "complaint")
"""What can be assessed independently."""


def missing_from_complaint(record: Record, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that a complaint lacks before it can be sent; empty if it is complete."""
    asked = dict(_COMPLAINT)
    if record.facts["complainant_kind"] == "public_body":
        asked["legal_basis"] = "name the law that the body acts on; it is published with it"
    missing = {name: told for name, told in asked.items() if not fields.get(name, "").strip()}
    return missing | wrong_addresses(fields.get("urls", "").split())


def faults_outside(record: Record, act: Act, day: str, about: Record | None) -> dict[str, str]:
    """What is missing or wrong in an act on a complaint, an assessment or an appeal, by name.

    Args:
        record: As it stands.
        act: Whose dates are dates already.
        day: Today in UTC, as YYYY-MM-DD.
        about: What an assessment is of, or an appeal against.
    """
    texts = _TEXTS.get((record.kind, act.name), {})
    faults = {name: told for name, told in texts.items() if not act.fields.get(name, "").strip()}
    faults |= _faults_of_days(record, act, day)
    if act.name in SENDING:
        faults |= _faults_of_sending(act)
    if record.kind == "complaint" and act.name in ("open", "send", "record_sending"):
        # Asked again at each sending: something may have been erased since.
        faults |= missing_from_complaint(record, {**record.fields, **act.fields})
    if record.kind in ("assessment", "appeal") and about is not None:
        faults |= _personal(act, about)
    return faults


def faults_of_invitation(act: Act, about: Record | None) -> dict[str, str]:
    """Why somebody cannot assess a record: they had a part in it, or it is none to assess."""
    if about is None or about.kind not in ASSESSABLE:
        return {"about": "an assessment is of a notice, a case or a complaint"}
    if about.facts.get("tlp") in _INSIDE_ALONE:
        told = "this matter is marked as one that nobody outside the house is told of"
        return {"assessor": told}
    parties = everybody(about) | {about.opened_by.id}
    if act.facts["assessor"] in about.took_part | parties:
        return {"assessor": "an assessor had no part in the matter and is no party to it"}
    return {}


def _faults_of_days(record: Record, act: Act, day: str) -> dict[str, str]:
    """Numbers that name nothing, days that cannot be, and silence before its day."""
    facts = act.facts
    unknown = {
        name: "give one of: " + (", ".join(map(str, record.awaited)) or "none is awaited yet")
        for name in ("regards", "escalates")
        if name in facts and facts[name] not in record.awaited
    }
    if unknown:
        return unknown
    faults = {
        name: "this day has not come yet"
        for name in ("sent_on", "answered_on", "decided_on")
        if str(facts.get(name, "")) > day
    }
    one = record.awaited[int(facts["regards"])] if "regards" in facts else None
    if one is not None and act.name == "correct_sending":
        return faults | _faults_of_correction(one, act)
    since = str(facts.get("sent_on", day)) if one is None else one.since
    if str(facts.get("answer_until", since)) < since:
        faults["answer_until"] = f"it was asked on {since}; give a day after that"
    for name in ("sent_on", "answered_on"):
        if str(facts.get(name, since)) < since:
            faults[name] = f"it was sent on {since}"
    return faults if one is None else faults | _faults_of_end(act.name, one, day)


def _faults_of_correction(one: Awaited, act: Act) -> dict[str, str]:
    """Days in another order than they can have, and words on an answer where there is none."""
    facts, faults = act.facts, {}
    since = str(facts.get("sent_on", one.since))
    if one.until and str(facts.get("answer_until", one.until)) < since:
        faults["answer_until"] = f"it was asked on {since}; give a day after that"
    if one.outcome == "answered":
        if str(facts.get("answered_on", one.ended)) < since:
            faults["answered_on"] = f"it was sent on {since}"
    else:
        told = {name for name, text in act.fields.items() if text} | facts.keys()
        answer = ("answered_on", "answer_kind", "reply_public")
        faults |= {name: "no answer is recorded here" for name in answer if name in told}
    if one.outcome == "not_awaited":
        due = ("answer_until", "due_by")
        faults |= {name: _OWED_BY_NOBODY for name in due if name in facts}
    return faults


def _faults_of_end(name: str, one: Awaited, day: str) -> dict[str, str]:
    if name in _NEED_OPEN and one.outcome != "open":
        return {"regards": "no answer is awaited here any more"}
    if name == "record_silence" and not one.overdue(day):
        return {"regards": f"an answer is due until {one.until}; that day has not passed"}
    if name == "refuse_evidence" and one.outcome not in ("open", "silent"):
        return {"regards": "this was answered already"}
    return {}


def _faults_of_sending(act: Act) -> dict[str, str]:
    """An answer is due from everyone but the public; whose rule sets the day is said."""
    facts, faults = act.facts, {}
    if "sha256" not in facts and act.name in ("record_sending", "record_asking"):
        faults["sent_text"] = "paste what was sent, or give the SHA-256 of the file that was"
    if facts["recipient_kind"] == PUBLIC_STATEMENT:
        if act.name in ("ask_restoration", "record_asking"):
            faults["recipient_kind"] = "ask whoever was asked for the restriction"
        elif act.name == "send":
            faults["recipient_kind"] = "a public statement is no letter; record where it stands"
        elif "answer_until" in facts:
            faults["answer_until"] = _OWED_BY_NOBODY
        return faults
    asked = {
        "answer_until": "say until when an answer is due",
        "due_by": "say whose rule sets that day",
    }
    faults |= {name: told for name, told in asked.items() if name not in facts}
    if facts.get("due_by") in ("recipient", "law") and not act.fields.get("due_rule", "").strip():
        faults["due_rule"] = "quote the rule that sets the day"
    return faults


def _personal(act: Act, about: Record) -> dict[str, str]:
    """What everyone reads once an opinion is published names nobody whom the record names."""
    public = {name: text for name, text in act.fields.items() if name in _PUBLIC}
    if act.name in ("correct", "withdraw"):
        public["why"] = act.why
    faults = {}
    for name, text in public.items():
        found = personal_in(text, about)
        if found:
            faults[name] = "everyone reads it; take out: " + "; ".join(found[:5])
    return faults
