"""A notice that the team itself makes of a finding, with the finding as its evidence."""

from __future__ import annotations

from collections.abc import Mapping

from assay.cases.evidence import NewFile, attach
from assay.cases.letters import WithIt
from assay.cases.refused import Refused, refuse_missing
from assay.model.case import Act, Actor, Record
from assay.web.house import House
from assay.web.incoming import faults_of_notice
from assay.web.packed_findings import accepted, sentence_and_subjects
from assay.web.posted import Posted

KINDS = ("coordinated", "impersonation", "undisclosed_republication")
"""Kinds of notice that a finding can be about; public bodies speak for themselves."""


def notice_of_finding(
    house: House, kind: str, typed: Mapping[str, str], file: NewFile, by: Actor
) -> Record:
    """Open a notice about the accounts of a finding; the same is asked of it as of every notice.

    Args:
        house: Whose notice it is.
        kind: One of :data:`KINDS`.
        typed: Its fields, who sends it among them. Without addresses those of the accounts are
            taken, where the run knows them; without an explanation the finding's own sentence.
        file: The packed finding.
        by: Who of the team makes it.

    Raises:
        Refused: The file holds no such finding, or something is missing.
    """
    file = accepted(file)
    if file.finding is None:
        told = "it holds no finding; give the file that assay case pack makes of a run, or a bundle"
        raise Refused("the file holds no finding", fix=told, lacking={"file": told})
    sentence, subjects = sentence_and_subjects(file.content, file.finding)
    fields = {name: text for name, text in typed.items() if text}
    if "urls" not in fields and all(one.address for one in subjects):
        fields["urls"] = "\n".join(one.address for one in subjects)
    fields["explanation"] = "\n\n".join(filter(None, (fields.get("explanation"), sentence)))
    missing = faults_of_notice(kind, Posted(fields))
    if "urls" in missing and "urls" not in fields:
        handles = ", ".join(one.handle or one.id for one in subjects)
        missing["urls"] = f"the run does not know all addresses of: {handles}; give them"
    refuse_missing("the notice", missing)
    draft = Act("draft", "Made of a finding.", {"notice_kind": kind}, fields)
    return open_with_finding(house, draft, file, by)


def open_with_finding(house: House, draft: Act, file: NewFile, by: Actor) -> Record:
    """Open and hand in a notice of the team's own with its evidence; nobody is written to."""
    with_it = WithIt(then=(Act("submit", draft.why), attach(file, draft.why)), files=(file,))
    return house.store.open_record("notice", draft, by=by, at=house.now(), with_it=with_it)
