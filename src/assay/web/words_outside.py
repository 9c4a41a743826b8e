"""What complaints and assessments are called on the pages, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COMPLAINANTS: Mapping[str, str] = MappingProxyType(
    {"person": "A person", "organisation": "An organisation", "public_body": "A public body"}
)
RECIPIENTS: Mapping[str, str] = MappingProxyType(
    {
        "platform": "Platform",
        "regulator": "Regulator",
        "international_organisation": "International organisation",
        "public_statement": "Public statement",
    }
)
CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "e_mail": "By e-mail",
        "web_form": "By the recipient's web form",
        "post": "By post",
        "in_person": "In person",
        "publication": "By publication",
    }
)
DUE_BY: Mapping[str, str] = MappingProxyType(
    {
        "recipient": "The recipient's own rule",
        "law": "The law",
        "sender": "The sender's choice",
    }
)
ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "done": "What was asked for was done",
        "partly_done": "Part of it was done",
        "refused": "It was refused",
        "no_decision": "An answer without a decision",
    }
)
AWAITED: Mapping[str, str] = MappingProxyType(
    {
        "open": "waiting",
        "late": "no answer in time",
        "answered": "answered",
        "refused": "refused",
        "silent": "never answered",
        "not_awaited": "no answer is awaited",
    }
)
"""How it stands with what was asked of somebody."""
OUTSIDE_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "upheld": "The decision that was appealed against stands",
        "overturned": "That decision is overturned",
        "modified": "That decision is modified",
        "no_decision": "It made no decision: settled, taken back or not admitted",
    }
)
"""What an outside body did with a decision of the house."""
JUDGED: Mapping[str, str] = MappingProxyType(
    {
        "upheld": "decision upheld",
        "overturned": "decision overturned",
        "modified": "decision modified",
        "no_decision": "no decision was made",
    }
)
"""The same in a row of steps."""
RERUNS: Mapping[str, str] = MappingProxyType(
    {
        "same": "Every figure came out again",
        "differs": "Something came out otherwise",
        "not_possible": "It could not be run",
    }
)
CONCLUSIONS: Mapping[str, str] = MappingProxyType(
    {
        "carries": "The evidence carries it",
        "carries_in_part": "The evidence carries it in part",
        "does_not_carry": "The evidence does not carry it",
        "cannot_tell": "It cannot be told from what was given",
    }
)
DONE: Mapping[str, str] = MappingProxyType(
    {
        "send": "sent",
        "record_sending": "sending recorded",
        "remind": "reminder sent",
        "record_reminder": "reminder recorded",
        "record_receipt": "confirmation of receipt recorded",
        "record_answer": "answer recorded",
        "record_silence": "silence recorded",
        "correct_sending": "what is recorded of a recipient corrected",
        "record_outside": "decision of the outside body recorded",
        "ask_restoration": "restoration asked for",
        "record_asking": "asking for restoration recorded",
        "nothing_to_restore": "recorded that there is nothing to restore",
        "invite": "assessor invited",
        "give": "given to the assessor",
        "accept": "accepted by the assessor",
        "decline": "declined by the assessor",
        "record_rerun": "rerun recorded",
        "ask_for_evidence": "evidence asked for",
        "supply": "evidence supplied",
        "refuse_evidence": "evidence refused",
        "end": "ended by the house",
    }
)
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "complainant": "Who complains",
        "other_side": "What speaks for the other side",
        "wanted": "What is asked for",
        "rule": "The rule it rests on",
        "recipient": "To whom",
        "recipient_email": "Their e-mail address",
        "due_rule": "The rule that sets the day",
        "sent_text": "What was sent",
        "proof": "Proof of sending",
        "reply": "What was answered",
        "reply_public": "What everyone may read of the answer",
        "regards": "Which",
        "answer_until": "Answer until",
        "answered_on": "Day",
        "sent_on": "Day",
        "nothing_told": "Why there is nothing to restore",
        "outside_told": "What the outside body decided",
        "outside_outcome": "What the outside body did",
        "decided_on": "Day of its decision",
        "asked": "What the assessor is asked",
        "given": "What the assessor was given",
        "independence": "Ties to either side",
        "rerun": "What was run, and what came out",
        "evidence_wanted": "What is missing",
        "supplied": "What was supplied",
        "refusal": "Why it is refused",
        "opinion": "Opinion",
        "assessor": "Assessor",
        "assessor_public": "Assessor, as everyone reads it",
    }
)
