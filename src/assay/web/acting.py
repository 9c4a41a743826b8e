"""From what somebody filled in to an act: what is missing, which act it is, what is offered."""

from __future__ import annotations

from collections.abc import Iterable

from assay.cases.acts import is_staff
from assay.cases.facts import FACT_VALUES
from assay.cases.refused import NoSuchRecord, Refused
from assay.cases.store.accounts import Account
from assay.cases.store.listing import identity_of
from assay.cases.workflow import possible_acts
from assay.model.case import PUBLIC_BODY_KINDS, Act, Event, Fact, Record, RecordKind
from assay.web.consequences import Consequence, consequence
from assay.web.house import House
from assay.web.mail import EMAIL
from assay.web.posted import Posted
from assay.web.questions import ActForm


def faults_of_act(asked: ActForm, form: Posted) -> dict[str, str]:
    """What the form of an act lacks, by field."""
    faults = {
        question.name: "Please answer this."
        for question in asked.questions
        if question.required and not form.text(question.name)
    }
    for question in asked.questions:
        typed = form.text(question.name)
        if question.kind == "email" and typed and not EMAIL.fullmatch(typed):
            faults[question.name] = "This is no e-mail address."
        # Facts among them are checked by the workflow, which knows their values.
        chosen = typed and question.kind == "choice" and not question.fact
        if chosen and question.choices is not None and typed not in question.choices:
            faults[question.name] = "This is none of the choices."
    if not form.text("why"):
        faults["why"] = "Please give the reason in a sentence."
    return faults


def act_of(asked: ActForm, form: Posted) -> Act:
    """The act that a complete form stands for."""
    facts: dict[str, Fact] = {}
    fields: dict[str, str] = {}
    for question in asked.questions:
        text = form.text(question.name)
        if question.fact and text:
            facts[question.name] = _fact(question.name, text)
        elif text:
            fields[question.name] = text
    return Act(asked.act, form.text("why"), facts, fields)


def open_by_form(
    house: House, account: Account, kind: RecordKind, asked: ActForm, form: Posted
) -> Record:
    """Open a record by what somebody filled into the form of its first act.

    Raises:
        Refused: Something is missing or wrong; its faults stand beside the form.
    """
    faults = faults_of_act(asked, form)
    if faults:
        raise Refused("something is missing or wrong", fix="see faults", lacking=faults)
    act, at = act_of(asked, form), house.now()
    return house.store.open_record(kind, act, by=account.actor, at=at)


def carry_out(
    house: House, account: Account, record: Record, version: int, act: Act
) -> Consequence:
    """Do an act to a record that somebody saw in ``version``, with what the act brings with it.

    Raises:
        Refused: The workflow does not allow it.
        EditConflict: The record has another version by now.
    """
    done = consequence(house, record, act, about_of(house, account, record))
    by, at = account.actor, house.now()
    house.store.act(record.id, version, done.act, by=by, at=at, with_it=done.with_it)
    return done


def about_of(house: House, account: Account, record: Record) -> Record | None:
    """The record that an appeal or an entry is about, as far as this person may see it."""
    about = record.facts.get("about")
    if about is None:
        return None
    try:
        return house.store.record(str(about), account.actor)[0]
    except NoSuchRecord:
        return None


def ids_in(record: Record, history: Iterable[tuple[int, Event]]) -> set[str]:
    """Whatever may be an account's id in a record and its history."""
    facts = {str(fact) for fact in record.facts.values()}
    for_whom = (one.for_whom for one in record.tasks.values())
    working = set(filter(None, [record.claimed_by, *for_whom]))
    return {event.by.id for _, event in history} | facts | record.members | working


def entry_of(record: Record, house: str) -> Act:
    """The act that prepares the register entry of a decision, or of a complaint.

    Args:
        record: The notice or the complaint.
        house: What the house is called; where the notice is its own it is named as who asked.
    """
    if record.kind == "complaint":
        return _entry_of_complaint(record)
    body = record.facts.get("notice_kind") in PUBLIC_BODY_KINDS
    sender = record.fields.get("sender_name", "")
    own = is_staff(record.opened_by) and sender == house
    fields = {"sender_public": sender if body or own else "a person"}
    if body:
        names = ("legal_basis", "order_reference")
        fields |= {name: record.fields[name] for name in names if name in record.fields}
    if record.fields.get("told"):
        fields["summary"] = record.fields["told"]
    return Act("enter", "Entry of a decision.", {"about": record.id}, fields)


def _entry_of_complaint(record: Record) -> Act:
    """A person who complains is named in public only if somebody writes the name there."""
    by_person = record.facts["complainant_kind"] == "person"
    fields = {"sender_public": "a person" if by_person else record.fields.get("complainant", "")}
    names = {"title": "title", "summary": "wanted", "legal_basis": "legal_basis"}
    fields |= {
        name: record.fields[source] for name, source in names.items() if record.fields.get(source)
    }
    return Act("enter", "Entry of a complaint.", {"about": record.id}, fields)


def offered_acts(record: Record, account: Account) -> list[str]:
    """Acts that are possible and make sense now; the workflow refuses the rest anyway."""
    if account.id in record.conflicted:
        return ["release"] if record.claimed_by == account.id else []
    hidden = {"unrestrict"} if not record.restricted else {"restrict"}
    hidden.add("claim" if record.claimed_by is not None else "release")
    if record.claimed_by != account.id and account.role != "administrator":
        hidden.add("release")
    if not record.files:
        hidden.add("check_file")
    if record.kind == "notice":
        hidden |= _hidden_of_notice(record, account)
    if record.kind == "appeal":
        hidden |= _hidden_of_appeal(record, account)
    return [name for name in possible_acts(record, account.actor) if name not in hidden]


def _hidden_of_appeal(record: Record, account: Account) -> set[str]:
    """What its judge alone does, and what makes sense only where something is to be restored."""
    hidden: set[str] = set()
    if record.facts.get("assignee") != account.id:
        hidden |= {"uphold", "overturn", "modify"}
    if not record.facts.get("restores"):
        hidden |= {"ask_restoration", "record_asking", "nothing_to_restore"}
    if record.awaited:
        hidden.add("nothing_to_restore")
    return hidden


def _hidden_of_notice(record: Record, account: Account) -> set[str]:
    """What belongs to the sender, and what waits for a proposal or is settled by one."""
    hidden = {"amend", "submit"}
    if is_staff(record.opened_by) and "concerned" not in record.facts:
        hidden.add("replace_link")
    several = len(record.fields.get("urls", "").split()) > 1
    if not several or all(one.addresses for one in record.concerned.values()):
        hidden.add("name_addresses")
    if record.facts.get("notice_kind") in PUBLIC_BODY_KINDS:
        hidden.add("conclude")
    if record.proposed_by is None:
        return hidden | {"confirm", "send_back"}
    hidden |= {"propose", "conclude", "review_rights", "mark_duplicate"}
    return hidden | {"confirm"} if record.proposed_by == account.id else hidden


def _fact(name: str, text: str) -> Fact:
    """A fact in its type; what does not fit is left as text, and the workflow says so."""
    kind = FACT_VALUES[name]
    if name == "duplicate_of":
        # People copy what the pages show, in groups of four.
        return identity_of(text)
    if kind is bool and text in ("yes", "no"):
        return text == "yes"
    if kind is int and text.isascii() and text.isdecimal() and len(text) < 18:
        return int(text)
    return text
