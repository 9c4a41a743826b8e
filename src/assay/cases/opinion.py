"""What everyone may read of an independent assessment once its opinion is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.cases.clocks import HouseClocks
from assay.cases.fold import fold_all
from assay.model.awaited import Awaited
from assay.model.case import Event

_SHOWN = ("publish", "correct", "withdraw")


@dataclass(frozen=True)
class Opinion:
    """An assessment beside the decision that it is of.

    Attributes:
        id: Of the assessment.
        state: How it stands; all that is told of one whose opinion is not published.
        conclusion: What the assessor finds of the evidence; empty before it is published.
        text: Title, opinion and the assessor's own words on ties; None once erased.
        reruns: What was run: day, outcome, words; None for words that were erased.
        requests: Evidence that was asked for, and what came of it.
        history: When it was published, corrected or withdrawn, each with its place in the log.
    """

    id: str
    state: str
    conclusion: str = ""
    text: Mapping[str, str] | None = None
    reruns: tuple[tuple[str, str, str | None], ...] = ()
    requests: tuple[Awaited, ...] = ()
    history: tuple[tuple[int, Event], ...] = ()


def opinion_of(history: Sequence[tuple[int, Event]], clocks: HouseClocks) -> Opinion:
    """What of an assessment is public: nothing but its state until the opinion is published."""
    events = [event for _, event in history]
    record = fold_all(events, clocks)
    shown = tuple((place, event) for place, event in history if event.name in _SHOWN)
    if not shown:
        return Opinion(record.id, record.state)
    texts = [event.fields for _, event in shown if event.name != "withdraw"]
    accepted = next(event for event in events if event.name == "accept")
    ties = {"independence": (accepted.fields or {}).get("independence", "")}
    reruns = tuple(
        (event.at.date().isoformat(), str(event.facts["rerun_outcome"]), _words(event))
        for event in events
        if event.name == "record_rerun"
    )
    text = texts[-1]
    return Opinion(
        record.id,
        record.state,
        str(record.facts.get("conclusion", "")),
        None if text is None else {**ties, **text},
        reruns,
        tuple(record.awaited.values()),
        shown,
    )


def _words(event: Event) -> str | None:
    return None if event.fields is None else event.fields.get("rerun", "")
