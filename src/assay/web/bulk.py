"""One act on several records: each its own event, each refused or done for itself; no decisions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assay.cases.acts import find_rule
from assay.cases.refused import NoSuchRecord, Refused
from assay.cases.store.accounts import Account
from assay.cases.store.case_store import EditConflict
from assay.cases.store.listing import reference
from assay.cases.workflow import possible_acts
from assay.model.case import Act, Event, Role
from assay.web import words
from assay.web.act_forms import form_of
from assay.web.acting import carry_out
from assay.web.house import House
from assay.web.questions import ActForm

MOST_AT_ONCE = 100
BULK_ACTS = ("claim", "release", "acknowledge", "triage", "note", "mark_duplicate")
"""None of them decides anything, and none sends a letter."""
_TICK = re.compile(r"([0-9a-z]{1,40})~([0-9]{1,9})")


@dataclass(frozen=True)
class Tick:
    """A record that somebody ticked, in the version that they saw."""

    id: str
    version: int


@dataclass(frozen=True)
class NotDone:
    """A record on which an act was not done.

    Attributes:
        id: The record's.
        version: The version that its tick carries when it is sent again.
        title: What it is called, as far as the person may know; else its reference.
        told: Why not, and what to do.
        since: What others did meanwhile.
    """

    id: str
    version: int
    title: str
    told: str
    since: tuple[Event, ...] = ()


def ticks_in(text: str) -> list[Tick] | None:
    """The ticked records, each once; None if there are too many, or one that no page offers."""
    found = [_TICK.fullmatch(line) for line in dict.fromkeys(text.split())]
    ticks = [Tick(one[1], int(one[2])) for one in found if one]
    return ticks if len(ticks) == len(found) <= MOST_AT_ONCE else None


def bulk_forms(role: Role) -> dict[str, ActForm]:
    """The forms of the acts that somebody in this role can do on several records."""
    forms = {}
    for name in BULK_ACTS:
        rule, form = find_rule("notice", name), form_of("notice", name)
        if rule is not None and form is not None and role in rule.roles:
            forms[name] = form
    return forms


def do_to_each(house: House, account: Account, ticks: Iterable[Tick], act: Act) -> list[NotDone]:
    """Do an act to each record by the rules of its own page; returns where it was not done."""
    not_done = []
    for tick in ticks:
        title, version = reference(tick.id), tick.version
        since: tuple[Event, ...] = ()
        try:
            record, _ = house.store.record(tick.id, account.actor)
            title = record.fields.get("title") or title
            if act.name in possible_acts(record, account.actor):
                carry_out(house, account, record, tick.version, act)
                continue
            told = f"This is not possible while it is {words.STATES[record.state]}."
        except EditConflict as error:
            told = "Somebody changed this meanwhile; read what happened, then send it again."
            version, since = error.version, tuple(error.since)
        except NoSuchRecord:
            told = "There is no such record."
        except Refused as error:
            told = f"{error.message}. {error.fix or ''}"
        not_done.append(NotDone(tick.id, version, title, told, since))
    return not_done
