"""What follows on an appeal: an outside body's word, and the restoration of what was restricted.

Assay acts on no platform, so that a decision which falls restores nothing by itself. Whoever was
asked for the restriction is asked to take it back, with a day for the answer; or it is recorded why
there is nothing to take back. Until then the appeal waits.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.cases.refused import Refused
from assay.model.case import Act, Fact, Record

FELL = ("overturned", "modified")
"""How a decision came out that does not stand as it was."""
_ASKING = ("ask_restoration", "record_asking", "nothing_to_restore")


def restores(act: Act, about: Record | None) -> Mapping[str, Fact]:
    """Whether something is to be restored after an act on an appeal; nothing where it stays so.

    Args:
        act: On the appeal.
        about: What is appealed against.
    """
    if about is None or about.facts.get("outcome") != "restriction":
        return {}
    if act.name in ("overturn", "modify"):
        return {"restores": True}
    if act.name == "record_outside" and act.facts["outside_outcome"] != "no_decision":
        return {"restores": act.facts["outside_outcome"] in FELL}
    return {"restores": False} if act.name == "nothing_to_restore" else {}


def check_restoration(appeal: Record, act: Act) -> None:
    """Make sure that restoration is asked for where something fell, and that no end leaves it out.

    Raises:
        Refused: There is nothing to restore, or something is still to be asked for or recorded.
    """
    if act.name in _ASKING and not appeal.facts.get("restores"):
        raise Refused(
            "nothing is to be restored",
            fix="restoration is asked for once a restriction is overturned or modified",
        )
    if act.name != "finish":
        return
    if appeal.state == "external_review" and "outside_outcome" not in appeal.facts:
        raise Refused(
            "what the outside body decided is not recorded",
            fix="record_outside, also where it decided nothing",
        )
    if appeal.facts.get("restores") and not appeal.awaited:
        raise Refused(
            "restoration was not asked for",
            fix="ask_restoration or record_asking; or nothing_to_restore, and why",
        )
    if any(one.outcome == "open" for one in appeal.awaited.values()):
        raise Refused(
            "whoever was asked to restore has not answered",
            fix="record_answer, or record_silence once the day has passed",
        )
