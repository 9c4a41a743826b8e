"""What states, acts, kinds and roles are called on the pages, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assay.cases.statement import KEEP_OUT, PREFIX
from assay.lexicon.dsa_statement import statement_parts
from assay.web import words_inside as inside
from assay.web import words_outside as outside

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "notice": "Notice",
        "appeal": "Appeal",
        "register": "Register entry",
        "case": "Case",
        "complaint": "Complaint",
        "assessment": "Assessment",
        **inside.KINDS,
    }
)
NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "impersonation": "Impersonation",
        "coordinated": "Coordinated accounts",
        "undisclosed_republication": "Undisclosed republication",
        "government_order": "Demand of a public body",
        "court_order": "Court order",
        "data_subject_request": "Request about one's own data",
    }
)
NOTICE_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "impersonation": "Somebody passes for a person or a body",
        "coordinated": "Accounts act together and hide it",
        "undisclosed_republication": "A publisher passes on another's texts without saying so",
        "government_order": "A public body demands something",
        "court_order": "A court orders something",
        "data_subject_request": "I ask for, or about, data about me",
    }
)
STATES: Mapping[str, str] = MappingProxyType(
    {
        "draft": "draft",
        "open": "open",
        "under_review": "under review",
        "reviewed": "reviewed",
        "closed": "closed",
        "submitted": "new",
        "acknowledged": "taken up",
        "triaged": "being decided",
        "decided": "decided, not yet told",
        "notified": "decided and told",
        **inside.STATES,
        "rejected_incomplete": "incomplete, sent back",
        "withdrawn": "withdrawn",
        "duplicate": "duplicate",
        "lodged": "new",
        "admissible": "admitted",
        "inadmissible": "not admitted",
        "assigned": "being decided",
        "upheld": "decision upheld",
        "overturned": "decision overturned",
        "modified": "decision modified",
        "external_review": "before an outside body",
        "final": "final",
        "pending_redaction": "not published yet",
        "published": "published",
        "corrected": "published, corrected",
        "invited": "invited",
        "accepted": "at work",
        "declined": "declined by the assessor",
        "ended": "ended by the house",
    }
)
PARTY_STATES: Mapping[str, str] = MappingProxyType(
    {
        **STATES,
        "submitted": "received",
        "acknowledged": "taken up",
        "triaged": "being examined",
        "decided": "decided; you will be told shortly",
        "notified": "decided",
        "lodged": "received",
    }
)
"""The same for the parties, who need not know our queue."""
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "restriction": "A restriction is asked for",
        "no_action": "Nothing is asked for",
        "not_enough_evidence": "The evidence does not carry a decision",
    }
)
AIMS: Mapping[str, str] = MappingProxyType(
    {
        "rights_of_others": "Rights or reputations of others",
        "national_security": "National security",
        "public_order": "Public order",
        "public_health": "Public health",
        "morals": "Morals",
    }
)
ROLES: Mapping[str, str] = MappingProxyType(
    {
        "administrator": "Administrator",
        "investigator": "Investigator",
        "reviewer": "Reviewer",
        "appeals_reviewer": "Appeals reviewer",
        "partner": "Partner",
        "auditor": "Auditor (reads only)",
        "public": "Outside",
    }
)
PARTIES: Mapping[str, str] = MappingProxyType(
    {"sender": "Of who sent the notice", "concerned": "Of the person concerned"}
)
SENDER_ADDRESSES: Mapping[str, str] = MappingProxyType(
    {
        "unconfirmed": "confirmed by nobody; nothing goes there but the question whose it is",
        "confirmed": "confirmed by the link that was sent there",
        "account": "that of the account which handed the notice in",
        "letter": "from a letter's “From” line, which anybody can write; not confirmed",
        "team": "given by the team",
    }
)
SHARED: Mapping[str, str] = MappingProxyType(
    {"address": "the same address", "text": "the same sender and text"}
)
"""What likely duplicates have in common."""
FOR_CONCERNED: Mapping[str, str] = MappingProxyType(
    {
        "described": "They read that it is there and what it shows; the file stays with the team",
        "whole": "They may read the whole file: it holds nobody else's data",
    }
)
PRIORITIES: Mapping[str, str] = MappingProxyType({"low": "low", "normal": "normal", "high": "high"})
DONE: Mapping[str, str] = MappingProxyType(
    {
        "draft": "opened",
        "amend": "amended",
        "submit": "handed in",
        "acknowledge": "taken up",
        "triage": "given its priority",
        "reject_incomplete": "sent back as incomplete",
        "mark_duplicate": "marked as a duplicate",
        "withdraw": "withdrawn",
        "ask_to_withdraw": "sender asked to withdraw it",
        "ask_to_be_heard": "person concerned asked",
        "answer": "person concerned answered",
        "record_hearing": "hearing recorded",
        "record_urgency": "urgency recorded",
        "review_rights": "rights reviewed",
        "propose": "decision proposed",
        "send_back": "proposal sent back",
        "confirm": "decision confirmed",
        "conclude": "decided",
        "prepare_statement": "public statement prepared",
        "delay_notification": "notification delayed",
        "notify": "parties told",
        "close": "closed",
        "replace_link": "secret link replaced",
        "decide_anew": "to be decided anew after an appeal",
        "name_addresses": "addresses of a person concerned named",
        "confirm_address": "sender's e-mail address confirmed",
        "lodge": "lodged",
        "admit": "admitted",
        "refuse": "not admitted",
        "assign": "assigned",
        "uphold": "decision upheld",
        "overturn": "decision overturned",
        "modify": "decision modified",
        "go_outside": "taken to an outside body",
        "finish": "made final",
        "enter": "prepared",
        "publish": "published",
        "correct": "corrected",
        "note": "note",
        "attach": "file added",
        "check_file": "file checked",
        "claim": "claimed",
        "release": "released",
        "declare_conflict": "conflict of interest declared",
        "restrict": "restricted to members",
        "unrestrict": "opened to the team",
        "add_member": "member added",
        "remove_member": "member removed",
        "erase": "text erased",
        "open": "opened",
        "start_review": "review begun",
        "finish_review": "review finished",
        "reopen": "opened again",
        **outside.DONE,
        **inside.DONE,
    }
)
"""What an act did, as the history says it."""
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "title": "Title",
        "urls": "Addresses",
        "explanation": "Explanation",
        "sender_name": "From",
        "sender_email": "E-mail address",
        "sender_language": "Language of the sender",
        "concerned_language": "Language of the person concerned",
        "good_faith": "Stated in good faith",
        "legal_basis": "Legal basis",
        "order_reference": "Reference of the order",
        "party": "Whose",
        "new_address": "Another e-mail address",
        "concerned": "Which of the people concerned",
        "concerned_email": "E-mail address of the person concerned",
        "concerned_urls": "Addresses of the person concerned",
        "put_to_them": "What was put to the person concerned",
        "answer": "Answer of the person concerned",
        "legality": "Legality",
        "necessity": "Necessity and proportion",
        "alternatives": "Lesser means",
        "parody": "Parody, satire, reporting, quotation",
        "context": "Context",
        "speaker": "Speaker",
        "intent": "Intent",
        "content_and_form": "Content and form",
        "extent": "Extent",
        "likelihood": "Likelihood",
        "measure": "What is asked for",
        "reasons_facts": "Facts and circumstances",
        "ground": "Ground",
        "ground_reference": "Law or rule",
        "ground_explanation": "Why it applies",
        "automation": "Automated means",
        "told": "What the parties are told",
        "grounds": "Grounds of the appeal",
        "appeal_reasons": "Reasons of the decision on appeal",
        "summary": "What happened",
        "sender_public": "Who asked",
        "file": "File",
        "source": "Where it comes from",
        "shows": "What it shows",
        "for_concerned": "What the person concerned sees",
        "finding": "Finding",
        KEEP_OUT: "Names that must not appear",
        **outside.FIELDS,
        **inside.FIELDS,
        **{PREFIX + part.name: part.label for part in statement_parts()},
    }
)
GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "ILLEGAL_CONTENT": "Against the law",
        "INCOMPATIBLE_CONTENT": "Against published terms",
    }
)
GROUPS: Mapping[str, str] = MappingProxyType(
    {
        **NOTICES,
        **OUTCOMES,
        **GROUNDS,
        "rejected_incomplete": "Incomplete, sent back",
        "withdrawn": "Withdrawn by the sender",
        "duplicate": "Duplicate of another",
        "parked": "Parked while the sender is suspended",
        "upheld": "Decision upheld",
        "overturned": "Decision overturned",
        "modified": "Decision modified",
        "certified_odr": "Certified dispute settlement",
        "court": "Court",
        "no_decision": "No decision was made",
        "FULLY": "Decided by software alone",
        "PARTIALLY": "Decided partly by software",
        "NOT_AUTOMATED": "Decided by people",
    }
)
"""The groups that the transparency report counts by."""
