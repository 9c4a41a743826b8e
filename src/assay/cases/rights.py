"""The rights review: what must be answered before anything may be restricted.

Article 19(3) of the ICCPR: provided by law, for one of its aims, necessary, and the least that
serves the aim. Parody is asked about always; the Rabat Plan's six questions of incitement only.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.model.case import RABAT

_QUESTIONS = (
    ("legality", "which law or published rule provides for this, and that it is clear enough"),
    ("necessity", "why the aim cannot be reached without it, and why it is in proportion"),
    ("alternatives", "which lesser means were considered, and why they do not suffice"),
    ("parody", "whether this is parody, satire, news reporting or quotation, and how one can tell"),
)


def missing_from_review(fields: Mapping[str, str], *, incitement: bool) -> dict[str, str]:
    """The questions without an answer, and what each asks; empty if the review is complete."""
    asked: tuple[tuple[str, str], ...] = _QUESTIONS
    if incitement:
        asked += tuple((name, f"the {name.replace('_', ' ')} (Rabat)") for name in RABAT)
    return {name: told for name, told in asked if not fields.get(name, "").strip()}
