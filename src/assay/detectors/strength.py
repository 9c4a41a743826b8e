"""The fixed scale of strength words: what each asks of the figures, and why a finding has its own.

The words speak of the evidence that the timing is no chance, and of nothing else. The table in
``docs/explanation/strength.md`` is this one; a test compares them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """What a word asks for; all of it must hold, else the next word down is tried.

    Attributes:
        word: The word.
        largest_q: The q of the group's weakest kept pair is at most this; None for the run's own
            threshold.
        median_objects: The median pair has at least so many co-timed objects.
        stability: The group comes out again at least so well when objects are drawn again.
        most_halving: At most so many objects or accounts leave fewer than half of the (other)
            accounts in a passing pair when one of them is left out; None asks nothing.
        most_dissolving: At most so many objects leave none; None asks nothing.
        held_out: ``passed``: the group passed its test on held-out objects; ``not failed``: it
            passed, or could not be tested; ``any`` asks nothing.
    """

    word: str
    largest_q: float | None
    median_objects: float
    stability: float
    most_halving: int | None
    most_dissolving: int | None
    held_out: str


SCALE = (
    Step("very strong", 1e-6, 5, 0.8, 0, 0, "passed"),
    Step("strong", 1e-3, 3, 0.6, None, 0, "not failed"),
    Step("moderate", None, 0, 0.0, None, None, "any"),
)
"""From the strongest down. *Weak* is what was not kept: a candidate, no finding."""

WEAK = "weak"


@dataclass(frozen=True)
class StrengthFigures:
    """What the scale looks at.

    Attributes:
        largest_q: Of the group's kept pairs.
        median_objects: Co-timed objects of the median pair.
        stability: Over redrawn objects; None if it was not measured.
        halving: Objects and accounts without which fewer than half of the accounts are left;
            None if they were not all left out one by one.
        dissolving: Objects without which none is left; None likewise.
        held_out_q: Of the group on held-out objects; None if it could not be tested.
        fdr: The run's threshold on q.
    """

    largest_q: float
    median_objects: float
    stability: float | None
    halving: int | None
    dissolving: int | None
    held_out_q: float | None
    fdr: float


@dataclass(frozen=True)
class Strength:
    """A word and what the next one up would ask for beyond it.

    Attributes:
        word: From the scale.
        next_word: The next one up; None at the top.
        lacks: What keeps the finding from it, each as a clause.
    """

    word: str
    next_word: str | None
    lacks: tuple[str, ...]


def strength(figures: StrengthFigures) -> Strength:
    """The first word of the scale whose conditions all hold."""
    above: Step | None = None
    lacks: tuple[str, ...] = ()
    for step in SCALE:
        missing = _missing(step, figures)
        if not missing:
            return Strength(step.word, None if above is None else above.word, lacks)
        above, lacks = step, missing
    raise AssertionError("the last word asks for nothing")


def _missing(step: Step, figures: StrengthFigures) -> tuple[str, ...]:
    missing = []
    if step.largest_q is not None and figures.largest_q > step.largest_q:
        missing.append(f"the weakest pair's q is above {_power(step.largest_q)}")
    if figures.median_objects < step.median_objects:
        missing.append(f"the median pair has fewer than {step.median_objects:g} co-timed objects")
    # What was not measured holds for no word that asks for it.
    if (figures.stability or 0.0) < step.stability:
        missing.append(
            "its stability was not measured"
            if figures.stability is None
            else f"its stability over redrawn objects is below {step.stability:g}"
        )
    missing += _hanging(step, figures)
    if step.held_out == "passed" and figures.held_out_q is None:
        missing.append("the group could not be tested on held-out objects")
    elif (
        step.held_out != "any"
        and figures.held_out_q is not None
        and figures.held_out_q > figures.fdr
    ):
        missing.append("the group did not pass its test on held-out objects")
    return tuple(missing)


def _hanging(step: Step, figures: StrengthFigures) -> list[str]:
    if step.most_dissolving is not None and (figures.dissolving or 0) > step.most_dissolving:
        return ["nothing is left of it without one single object"]
    if step.most_halving is None:
        return []
    if figures.halving is None:
        return ["not every object and account was left out to see what it hangs on"]
    if figures.halving > step.most_halving:
        return ["without one single object or account, less than half of it is left"]
    return []


def _power(value: float) -> str:
    exponent = round(-math.log10(value))
    return "10⁻" + str(exponent).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
