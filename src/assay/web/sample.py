"""The sample case of the guided set-up: a finding of ``make demo``, filed as a notice.

The finding lies packed beside this module (``make sample`` makes it again from the simulated
campaign). Nothing in it exists: no account, no post, no link. The record says for ever that it is a
sample; it counts in no figure, and no register entry can be made of it.
"""

from __future__ import annotations

from pathlib import Path

from assay.cases.evidence import NewFile
from assay.model.case import Act, Actor, Record
from assay.web.from_finding import open_with_finding
from assay.web.house import House
from assay.web.packed_findings import checked, findings_in, sentence_and_subjects

SAMPLE = Path(__file__).with_name("sample") / "finding.zip"
_SENDER = "Assay's simulation"
_ADDRESS = "nobody@simulation.example"
"""No letter goes there: a notice that somebody of the house wrote down has no sender to tell."""
_WHY = "A sample, to try the work on."
_SOURCE = "The simulated campaign of “make demo”: assay simulate --seed 1 --group-sleepers 0.3"
_SHOWS = "The first finding of the scan, with the posts that it rests on."
_EXPLANATION = (
    "This is a sample, made by a simulation: these accounts, their posts and links do not exist."
    " It is here to try the work on, counts in no figure and cannot be published."
    " Withdraw it when it has served."
)


def file_sample(house: House, by: Actor) -> Record:
    """Open the sample notice with its evidence, as if somebody of the house had written it down.

    Args:
        house: Where to.
        by: Who files it.

    Raises:
        InputError: The packed finding is damaged.
        AlreadyOpen: One is there that was not withdrawn.
        Refused: This is not theirs to do.
    """
    content = SAMPLE.read_bytes()
    (identity,) = findings_in(content)
    sentence, subjects = sentence_and_subjects(content, identity)
    fields = {
        "title": "Sample: accounts that act together (simulated)",
        "urls": "\n".join(f"https://simnet-a.example/{one.handle}" for one in subjects),
        "explanation": f"{_EXPLANATION}\n\n{sentence}",
        "sender_name": _SENDER,
        "sender_email": _ADDRESS,
        "good_faith": "yes",
    }
    file = checked(NewFile(content, "sample-finding.zip", _SOURCE, _SHOWS, finding=identity))
    draft = Act("draft", _WHY, {"notice_kind": "coordinated", "sample": True}, fields)
    return open_with_finding(house, draft, file, by)
