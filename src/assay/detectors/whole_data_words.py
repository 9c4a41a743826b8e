"""What the comparison of the whole data with surrogates says, and does not say, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.detectors.wording import about, counted, short_span

LEVEL = 0.05

NAMES_NOBODY = (
    "This is about the data as a whole and names nobody: it says neither which accounts nor why. "
    "Attention that arrives faster than Δ makes timing close without any agreement; habitual speed "
    "makes the same accounts meet again."
)


def whole_data_sentences(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Sentences on whether anything is there at all; none where it was not asked.

    Args:
        record: What ``run.json`` holds.
    """
    told = (record.get("surrogates") or {}).get("whole") or []
    if not told:
        return ()
    opening = "" if record["results"]["kept"] else "No pair can be named. "
    sentences = [_sentence(one) for one in told]
    return (opening + sentences[0], *sentences[1:], NAMES_NOBODY)


def threshold_sentences(record: Mapping[str, Any]) -> tuple[str, ...]:
    """What surrogates say of the gate's threshold; none where it was not checked."""
    surrogates = record.get("surrogates") or {}
    return tuple(
        f"At {short_span(one['window_s'])}, {counted(one['surrogates'], 'surrogate')} of the whole "
        f"data, in which every pair is false, had {about(one['mean_false'])} pairs on average at "
        f"or below the threshold that {one['passed']:,} passed, each kind of object by itself: a "
        f"false discovery rate of about {one['fdr']:.2g} that does not need pairs to be "
        f"independent, beside the {record['parameters']['fdr']:g} of Benjamini and Hochberg. "
        "Surrogates keep bursts, those of groups that act together among them, so this figure errs "
        "on the high side."
        for one in surrogates.get("threshold") or []
    )


def _sentence(one: Mapping[str, Any]) -> str:
    close, repeated = one["close"], one["repeated"]
    free = close["jittered"]
    again = repeated["dealt"]
    holds = "hold" if free["p_value"] <= LEVEL else "do not hold"
    more = "more often than" if again["p_value"] <= LEVEL else "no more often than"
    return (
        f"At {short_span(one['window_s'])}, the data as a whole {holds} more close timing than "
        f"free timing would bring about: {counted(close['found'], 'coincidence')}, each moment of "
        f"an account counted once, with its first object, where {about(free['expected'])} would "
        f"be expected (p = {free['p_value']:.2g}). Counted so, the same accounts met on two "
        f"objects or more {more} they would if the moments of each burst were dealt out anew: "
        f"{counted(repeated['found'], 'pair')}, where {about(again['expected'])} "
        f"would be expected (p = {again['p_value']:.2g}, {one['surrogates']:,} surrogates)."
    )
