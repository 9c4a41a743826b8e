"""What each fact of an act may be: facts stay in the log for ever, so nothing else is let in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from assay.cases.disclosure import ORDERED_BY, RISKS
from assay.cases.evidence import FOR_CONCERNED
from assay.cases.file_formats import FORMATS
from assay.cases.letters import PARTIES
from assay.cases.refused import Refused
from assay.model.awaited import (
    ANSWERS,
    CHANNELS,
    COMPLAINANT_KINDS,
    CONCLUSIONS,
    DUE_BY,
    RECIPIENT_KINDS,
    RERUN_OUTCOMES,
)
from assay.model.case import (
    ACTED_ON,
    AIMS,
    APPEAL_BODIES,
    NOTICE_KINDS,
    OUTCOMES,
    OUTSIDE_OUTCOMES,
    PRIORITIES,
    SENDER_ADDRESSES,
    SHARED_WITH,
    Act,
    Fact,
)

FACT_VALUES: Mapping[str, tuple[str, ...] | re.Pattern[str] | type] = {
    "about": str,
    "aim": tuple(AIMS),
    "answer_kind": ANSWERS,
    "answer_until": str,
    "answered_on": str,
    "appeal_body": APPEAL_BODIES,
    "assessor": str,
    "assignee": str,
    "barred_until": str,
    "bytes": int,
    "channel": CHANNELS,
    "complainant_kind": COMPLAINANT_KINDS,
    "concerned": str,
    "conclusion": CONCLUSIONS,
    "decided_notices": int,
    "decided_on": str,
    "delay_until": str,
    "due_by": DUE_BY,
    "due_on": str,
    "duplicate_of": str,
    "entry": int,
    "escalates": int,
    "finding": str,
    "follows": str,
    "for_concerned": tuple(FOR_CONCERNED),
    "for_whom": str,
    "format": FORMATS,
    "in_time": bool,
    "incitement": bool,
    "may_be_public": bool,
    "member": str,
    "notice_kind": tuple(NOTICE_KINDS),
    "ordered_by": ORDERED_BY,
    "outcome": tuple(OUTCOMES),
    "outside_outcome": OUTSIDE_OUTCOMES,
    "pap": ACTED_ON,
    "parked_until": str,
    "party": PARTIES,
    "priority": PRIORITIES,
    "received_on": str,
    "recipient_kind": RECIPIENT_KINDS,
    "regards": int,
    "rerun_outcome": RERUN_OUTCOMES,
    "restores": bool,
    "risk": tuple(RISKS),
    "sample": bool,
    "sender_address": SENDER_ADDRESSES,
    "sent_on": str,
    "sha256": re.compile("[0-9a-f]{64}"),
    "suspend_until": str,
    "task": int,
    "tlp": SHARED_WITH,
    "told_on": str,
    "unfounded": bool,
    "unfounded_notices": int,
    "verified": bool,
}
"""What each fact may be: one of these words, a shape, an id or a day, a number, yes or no."""
OF_FILES = ("bytes", "format", "finding", "verified", "for_concerned")
"""What is said of one file, beside its hash."""
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}")
"""What an id looks like."""
_DATE = "write it like 2026-01-31"


def check_fact(name: str, value: Fact) -> None:
    """Make sure that a fact is one that its name allows.

    Raises:
        Refused: It is not.
    """
    allowed = FACT_VALUES[name]
    if isinstance(allowed, tuple):
        right, told = value in allowed, "one of: " + ", ".join(allowed)
    elif isinstance(allowed, re.Pattern):
        right, told = isinstance(value, str) and bool(allowed.fullmatch(value)), "64 hex digits"
    elif allowed is str:
        right, told = isinstance(value, str) and bool(ID.fullmatch(value)), "an id or a date"
    else:
        right, told = type(value) is allowed, "a whole number" if allowed is int else "yes or no"
    if not right:
        raise Refused(f"{name} cannot be {value!r}", fix=f"it is {told}")


def check_dates(act: Act) -> None:
    """Make sure that every fact that is a day is one.

    Raises:
        Refused: One is not.
    """
    for name, value in act.facts.items():
        if name.endswith(("_until", "_on")):
            _check_date(str(value))


def _check_date(text: str) -> None:
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Refused(f"{text!r} is no date", fix=_DATE) from error
    if day != text:
        # One spelling a day, so that text order is the order of time.
        raise Refused(f"{text!r} is no date", fix=_DATE)
