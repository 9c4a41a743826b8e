"""The words of complaints and assessments: to whom, by which way, and what is still awaited.

A complaint that was sent waits for each recipient's answer; an assessment waits for the evidence
that its assessor asked for. Both are the same thing: something asked of somebody, with a day by
which the answer is due, and an end: answered, refused, or never answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

RECIPIENT_KINDS = ("platform", "regulator", "international_organisation", "public_statement")
PUBLIC_STATEMENT = "public_statement"
"""Said to everyone, so that nobody in particular owes an answer."""
COMPLAINANT_KINDS = ("person", "organisation", "public_body")
CHANNELS = ("e_mail", "web_form", "post", "in_person", "publication")
DUE_BY = ("recipient", "sender", "law")
"""Whose rule sets the day by which an answer is due."""
ANSWERS = ("done", "partly_done", "refused", "no_decision")
RERUN_OUTCOMES = ("same", "differs", "not_possible")
CONCLUSIONS = ("carries", "carries_in_part", "does_not_carry", "cannot_tell")
"""What an assessor finds of the evidence: whether it carries what was decided on it."""

Outcome = Literal["open", "answered", "refused", "silent", "not_awaited"]
OUTCOME_OF: Mapping[str, Outcome] = MappingProxyType(
    {
        "record_answer": "answered",
        "supply": "answered",
        "refuse_evidence": "refused",
        "record_silence": "silent",
    }
)
"""The acts that end the waiting, and how."""


@dataclass(frozen=True)
class Awaited:
    """Something that was asked of somebody, and what came of it.

    Attributes:
        number: The record's version that asked; what later acts name it by.
        since: The day on which it was sent or asked, as YYYY-MM-DD.
        until: The day by which an answer is due; empty where none is awaited.
        outcome: Whether and how the waiting ended.
        ended: The day of the answer, the refusal, or of recording that none came; empty before.
        reminded: The days of reminders.
        receipt: The day on which the recipient confirmed that it arrived; empty if they did not.
        corrected: The days on which what is recorded here was corrected.
        facts: What was told when it was asked, as corrected since.
        fields: The texts of that which are not erased.
        answer: Facts and texts of its end, as corrected since, that are not erased.
    """

    number: int
    since: str
    until: str = ""
    outcome: Outcome = "open"
    ended: str = ""
    reminded: tuple[str, ...] = ()
    receipt: str = ""
    corrected: tuple[str, ...] = ()
    facts: Mapping[str, str | bool | int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    answer: Mapping[str, str | bool | int] = field(default_factory=dict)

    def overdue(self, day: str) -> bool:
        """Whether the day by which an answer was due has passed without one."""
        return self.outcome == "open" and self.until < day
