"""What is said of senders who misuse notices, authorities that ask for data, tasks and marks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {"misuse": "Misuse of notices", "disclosure": "Request for data"}
)
STATES: Mapping[str, str] = MappingProxyType(
    {
        "parked": "parked",
        "examined": "being examined",
        "warned": "warned",
        "suspended": "suspended",
        "requested": "requested",
        "checked": "checked",
        "granted": "granted",
        "refused": "refused",
    }
)
DONE: Mapping[str, str] = MappingProxyType(
    {
        "submit_parked": "handed in and parked",
        "take_up_parked": "taken out of the parked ones",
        "examine": "opened",
        "warn": "sender warned",
        "suspend": "sender suspended",
        "lift": "suspension lifted",
        "request": "recorded",
        "check_risk": "risk to the person checked",
        "tell_person": "person told",
        "bar_notice": "bar to telling the person recorded",
        "grant": "granted",
        "refuse_data": "refused",
        "mark_sharing": "marked for sharing",
        "add_task": "task set",
        "end_task": "task ended",
    }
)
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "weighed": "What was weighed",
        "from_them": "How it is known that they sent them",
        "unfounded_notices": "Manifestly unfounded",
        "suspend_until": "Until",
        "task_text": "What is to be done",
        "task": "Which task",
        "for_whom": "For whom",
        "due_on": "Until",
        "tlp": "Who may be told of it (TLP)",
        "pap": "What may be done with it (PAP)",
        "authority": "Authority",
        "data_asked": "Data asked for",
        "competence": "Competence and law",
        "risk_to_person": "Risk to the person",
        "narrowed": "Lesser data considered",
        "told_how": "How the person was told",
        "told_on": "The person told",
        "bar_basis": "What forbids to tell the person",
        "barred_until": "Barred until",
        "data_given": "Data given",
        "order": "The order",
        "by": "Who decides",
    }
)
SHARED_WITH: Mapping[str, str] = MappingProxyType(
    {
        "red": "TLP:RED, for those who are named alone",
        "amber_strict": "TLP:AMBER+STRICT, for this house alone",
        "amber": "TLP:AMBER, for this house and whom it works for",
        "green": "TLP:GREEN, for its community",
        "clear": "TLP:CLEAR, for everyone",
    }
)
ACTED_ON: Mapping[str, str] = MappingProxyType(
    {
        "red": "PAP:RED, read alone; nothing that others could notice",
        "amber": "PAP:AMBER, look things up where nobody concerned notices",
        "green": "PAP:GREEN, act with care",
        "clear": "PAP:CLEAR, no limit",
    }
)
ORDERED_BY: Mapping[str, str] = MappingProxyType(
    {
        "court": "A court",
        "prosecutor": "A prosecutor",
        "police": "The police",
        "regulator": "A regulator",
        "other": "Another authority",
    }
)
RISKS: Mapping[str, str] = MappingProxyType(
    {
        "none_seen": "Nothing speaks for harm to the person",
        "some": "Harm is possible, and outweighed",
        "serious": "Serious: persecution, violence or an unfair trial must be feared",
    }
)
