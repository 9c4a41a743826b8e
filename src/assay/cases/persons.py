"""Which person may do an act: members, each side for itself, nobody with a conflict."""

from __future__ import annotations

from collections.abc import Collection

from assay.cases.acts import Rule, is_staff
from assay.cases.concerned import everybody
from assay.cases.refused import NoSuchRecord, Refused
from assay.model.case import Act, Actor, Fact, Record

_JUDGEMENTS = ("admit", "refuse", "uphold", "overturn", "modify")


def check_person(record: Record, rule: Rule, by: Actor) -> None:
    """Members only where a record is restricted; nobody with a conflict; one who claims it.

    Raises:
        Refused: They may not; NoSuchRecord where they may not even know of it.
    """
    if (record.restricted or not is_staff(by)) and by.id not in record.members:
        raise NoSuchRecord
    _check_party(record, rule, by)
    if by.id in record.conflicted and rule.name not in ("release", "declare_conflict"):
        raise Refused(f"{by.id} declared a conflict of interest", fix="leave it to somebody else")
    if record.claimed_by not in (None, by.id) and rule.name == "claim":
        raise Refused(f"{record.claimed_by} works on this", fix="wait until it is released")
    if rule.name == "release" and record.claimed_by != by.id and by.role != "administrator":
        raise Refused("only who claimed it releases it", fix="ask an administrator")


def speaks(record: Record, rule: Rule, by: Actor) -> bool:
    """Whether an act is for somebody to do: each side speaks for itself, the team for the house."""
    if is_staff(by) or record.kind not in ("notice", "assessment"):
        return True
    return by.id in _side_of(record, rule)[0]


def _check_party(record: Record, rule: Rule, by: Actor) -> None:
    if not speaks(record, rule, by):
        whose = _side_of(record, rule)[1]
        raise Refused(f"only {whose} may {rule.name}", fix="write to the team instead")


def _side_of(record: Record, rule: Rule) -> tuple[Collection[Fact | None], str]:
    """Whose an act from outside is: their ids, and what they are called."""
    if record.kind == "assessment":
        return (record.facts.get("assessor"),), "the assessor"
    if rule.name in ("answer", "attach"):
        return everybody(record), "the person concerned"
    return (record.opened_by.id,), "who sent the notice"


def check_independence(record: Record, act: Act, by: Actor, about: Record | None) -> None:
    """An appeal is judged by the person it is assigned to, who had no part in the matter.

    Raises:
        Refused: The judge had a part in the matter, or another one is assigned.
    """
    judge = by.id if act.name in _JUDGEMENTS else act.facts.get("assignee")
    if judge is not None:
        if about is None or about.id != record.facts["about"]:
            raise Refused("the record appealed against is not known", fix="check the store")
        if judge in about.took_part:
            raise Refused(
                f"{judge} had a part in what is appealed against",
                fix="an appeal is decided by somebody who had none",
            )
    if act.name in ("uphold", "overturn", "modify") and by.id != record.facts.get("assignee"):
        raise Refused("the appeal is assigned to somebody else", fix="assign it first")


def check_leaving(record: Record, member: str) -> None:
    """Somebody stays, and so do the parties: their links are how they are heard and appeal.

    Raises:
        Refused: A party or the last member would be shut out.
    """
    outside = None if is_staff(record.opened_by) else record.opened_by.id
    assessor = record.facts.get("assessor") if record.state not in ("declined", "ended") else None
    if member in everybody(record) | {outside, assessor}:
        raise Refused("a party cannot be shut out", fix="remove members of the house alone")
    if record.members == {member}:
        raise Refused("the last member cannot leave", fix="add somebody first")


def check_concerned(record: Record, concerned: str, by: Actor) -> None:
    """Nobody is heard in another's place: who complains or decides does not answer for them.

    Raises:
        Refused: The sender, or somebody who works on it, is named.
    """
    asks_for_themselves = record.facts.get("notice_kind") == "data_subject_request"
    sent = concerned == record.opened_by.id and not asks_for_themselves
    if sent or concerned in record.took_part | {by.id}:
        raise Refused(
            "who sent the notice, or works on it, is not the person concerned",
            fix="name the person whom the notice is about",
        )
