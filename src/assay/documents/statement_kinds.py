"""Whether something said is a demand, a reply or an accusation, and what evidence is offered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.documents.cues import lemma_of
from assay.model.record import EvidenceOffered

if TYPE_CHECKING:
    from spacy.tokens import Token

_ASKS = re.compile(
    r"\b(?:we|i)\s+(?:\w+ly\s+)?(?:call\s+(?:up)?on|urge|demand|request|ask|insist|appeal\s+to|"
    r"require|invite)\b|\b(?:must|should)\s+(?:immediately|stop|cease|reconsider|apologi[sz]e|"
    r"restore|return|explain|unblock|remove)\b",
    re.IGNORECASE,
)
_ACCUSES = re.compile(
    r"\b(?:(?:is|are|was|were|been) (?:responsible for|behind)|(?:meddled|interfered) in)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:when|after being|being|if|as)?\s*asked\b|\bin (?:reply|response|answer) to\b", re.I
)
_CITED = re.compile(
    r"\b(?:according to|cit(?:ed|es|ing)|based on|evidence|data|investigation|findings?|report|"
    r"documents?|screenshots?|records?|study|analysis)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|\bwww\.")


def kind_of(cue_kind: str, cue: Token | None, content: str, frame: str) -> str:
    """The kind of a statement.

    Args:
        cue_kind: What the cue makes of what hangs on it.
        cue: The reporting verb.
        content: The words said.
        frame: The words of the sentence outside the content.
    """
    if cue_kind in ("demand", "accusation"):
        return cue_kind
    if cue_kind == "reply" or (cue is not None and _is_answer(cue, frame)):
        return "demand" if _ASKS.search(content) else "reply"
    if cue_kind == "statement" and _ASKS.search(content):
        return "demand"
    if cue_kind == "statement" and _ACCUSES.search(content):
        return "accusation"
    return cue_kind


def _is_answer(cue: Token, frame: str) -> bool:
    return lemma_of(cue) != "ask" and bool(_ASKED.search(frame))


def evidence_offered(kind: str, content: str) -> EvidenceOffered | None:
    """For an accusation: whether it names or attaches what it rests on."""
    if kind != "accusation":
        return None
    if _ADDRESS.search(content):
        return "attached"
    return "cited" if _CITED.search(content) else "none"
