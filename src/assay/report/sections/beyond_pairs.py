"""What pairs alone cannot say: the whole data, the threshold checked, and undecided volleys."""

from __future__ import annotations

from typing import Any

from assay.report.context import Context
from assay.report.markup import Markup, bdi, el
from assay.report.sections.evidence_files import evidence_files
from assay.report.sections.weighing import explanations, limits
from assay.report.words import count, counted

OPEN_CARDS = 3
SHOWN = 30
"""Accounts of a volley that are listed; all stand in findings.json."""


def whole_data(context: Context) -> Markup | None:
    """Whether anything is there at all, and what surrogates say of the threshold."""
    says = context.gathered.part("surrogates").get("says") or {}
    told = [*says.get("whole", []), *says.get("threshold", [])]
    if not told:
        return None
    heading = el("h3", "Against surrogates of the whole data", id="whole")
    return el("div", heading, [el("p", sentence) for sentence in told])


def undecided_section(context: Context) -> Markup | None:
    """Groups whose co-timing is real and whose cause timing cannot tell; never counted as kept."""
    undecided = context.gathered.undecided
    if not undecided:
        return None
    return el(
        "section",
        el("h2", "Undecided"),
        el(
            "p",
            f"{counted(len(undecided), 'group')} of accounts met again and again on objects that "
            "were held out when the group was found, yet no pair of them passes by itself. They "
            "are listed apart and count in no figure above.",
        ),
        [_volley(finding, place) for place, finding in enumerate(undecided, 1)],
        id="undecided",
    )


def _volley(finding: dict[str, Any], place: int) -> Markup:
    subjects = finding["subjects"]
    more = len(subjects) - SHOWN
    return el(
        "details",
        el(
            "summary",
            el("h3", f"Undecided group {place}"),
            el("span", counted(len(subjects), "account"), class_="tag quiet"),
        ),
        el("p", finding["statement"], class_="statement"),
        el("p", finding["reason"]),
        el(
            "details",
            el("summary", f"The {counted(len(subjects), 'account')}"),
            el(
                "ul",
                [el("li", bdi(name)) for name in subjects[:SHOWN]],
                el("li", f"and {count(more)} more") if more > 0 else None,
            ),
            class_="fold",
        ),
        explanations(finding),
        limits(finding, []),
        evidence_files(finding),
        class_="card",
        id=finding["id"],
        open=place <= OPEN_CARDS,
    )
