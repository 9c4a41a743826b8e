"""What somebody asks of the queue: a view, filters, and where the page before ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from assay.cases.store.accounts import Account
from assay.cases.store.listing import Wanted
from assay.model.case import NOTICE_KINDS, PRIORITIES, STATES, RecordKind

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "waiting": "Waiting",
        "mine": "Mine",
        "unclaimed": "Nobody's",
        "late": "Late",
        "all": "Everything",
    }
)
BY_DUE_DATE = ("waiting", "unclaimed", "late")
"""Views of what has a due date, the most urgent first."""
LISTED: tuple[RecordKind, ...] = (
    "notice",
    "appeal",
    "case",
    "complaint",
    "assessment",
    "misuse",
    "disclosure",
    "register",
)
"""Kinds of record that the queue can be narrowed down to."""
_FILTERS = ("kind", "state", "notice_kind", "priority", "text")


@dataclass(frozen=True)
class Asked:
    """What the queue is asked for.

    Attributes:
        view: One of ``VIEWS``.
        filters: What narrows it down, by name; the empty text where nothing does.
        after: Where the page before ended.
    """

    view: str
    filters: Mapping[str, str]
    after: str = ""

    @property
    def query(self) -> str:
        """The same as part of an address, from the first page on."""
        given = {name: value for name, value in self.filters.items() if value}
        return urlencode({"view": self.view, **given})

    @property
    def place(self) -> str:
        """The same with the page that it is."""
        return self.query + (f"&{urlencode({'after': self.after})}" if self.after else "")

    def in_view(self, view: str) -> Asked:
        """The same filters in another view."""
        return replace(self, view=view, after="")

    def wanted(self, account: Account, at: datetime) -> Wanted:
        """What that asks of the store; unknown words ask for nothing."""
        asked = self.filters
        end, _, identity = self.after.partition("~")
        state = asked["state"] if any(asked["state"] in STATES[kind] for kind in LISTED) else None
        return Wanted(
            kind=next((kind for kind in LISTED if kind == asked["kind"]), None),
            state=state,
            waiting=self.view in BY_DUE_DATE,
            due_before=at if self.view == "late" else None,
            notice_kind=asked["notice_kind"] if asked["notice_kind"] in NOTICE_KINDS else None,
            priority=asked["priority"] if asked["priority"] in PRIORITIES else None,
            claimed_by={"mine": account.id, "unclaimed": ""}.get(self.view),
            text=asked["text"].strip() or None,
            after=(end, identity) if identity else None,
        )


def first_view(account: Account) -> str:
    """The view that somebody's queue opens with.

    What waits for a partner has no due date before they asked for something themselves.
    """
    return "all" if account.role == "partner" else "waiting"


def asked_of(values: Mapping[str, str], first: str = "waiting") -> Asked:
    """What an address asks for; for an unknown view the first."""
    view = values.get("view", "")
    filters = {name: values.get(name, "") for name in _FILTERS}
    return Asked(view if view in VIEWS else first, filters, values.get("after", ""))


def read_asked(query: str) -> Asked:
    """What a part of an address asks for, as a form carries it."""
    return asked_of(dict(parse_qsl(query)))
