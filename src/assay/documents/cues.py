"""Words of a sentence that mark something as said, and who is their grammatical subject."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from assay.lexicon.speech_cues import speech_cues

if TYPE_CHECKING:
    from spacy.tokens import Token

_DEPTH = 5
_WHEN = frozenset(("when", "if", "as", "once", "unless"))
_VERBAL = ("VERB", "AUX")


@dataclass(frozen=True)
class Cue:
    """A word that reports.

    Attributes:
        token: The verb, noun or adjective itself.
        kind: What it makes: ``statement``, ``attitude``, ``demand``, ``accusation``, ``reply``.
        frames: How the content may hang on it.
    """

    token: Token
    kind: str
    frames: frozenset[str]

    def takes(self, frame: str) -> bool:
        """Whether the content may hang on it in this way."""
        return frame in self.frames


@cache
def _verb(lemma: str) -> tuple[str, frozenset[str]] | None:
    """Kind and frames of a verb; the first class that knows it says the kind."""
    classes = [one for one in speech_cues().classes if lemma in one.words]
    if not classes:
        return None
    return classes[0].kind, frozenset().union(*(one.frames for one in classes))


@cache
def kind_in_frame(lemma: str, frame: str) -> str | None:
    """What a verb makes in one frame; None where it is not used so."""
    for one in speech_cues().classes:
        if lemma in one.words and frame in one.frames:
            return one.kind
    return None


@cache
def may_report(lemma: str, word: str) -> bool:
    """Whether a verb of this lemma and form reports in any frame; most verbs do in none."""
    cues = speech_cues()
    named = lemma in cues.prepositions or word in cues.unnamed
    return named or any(lemma in one.words for one in cues.classes)


def lemma_of(token: Token) -> str:
    """The lemma, with what taggers get wrong of words that matter set right."""
    lemma: str = token.lemma_.lower()
    return {"hop": "hope", "accord": "according"}.get(lemma, lemma)


def verb_cue(token: Token) -> Cue | None:
    """The cue that a verb is, if any."""
    if token.pos_ not in _VERBAL or token.dep_ == "amod":
        return None
    if token.i and token.nbor(-1).text == "-":
        # So-called, self-declared.
        return None
    known = _verb(lemma_of(token))
    return Cue(token, known[0], known[1]) if known else None


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive."""
    return any(child.dep_ in ("auxpass", "nsubjpass") for child in verb.children)


def subject_of(verb: Token, depth: int = 0) -> Token | None:
    """The word that names who says it: the subject, or that of the verb it hangs on."""
    passive = is_passive(verb)
    for child in verb.children:
        if child.dep_ == "nsubj" and not passive:
            return child
        if child.dep_ == "agent":
            return next((word for word in child.children if word.dep_ == "pobj"), None)
    if passive or depth > _DEPTH or verb.head.i == verb.i:
        return None
    head = verb.head
    if verb.tag_ == "VBN" and verb.dep_ in ("advcl", "acl", "dep"):
        return None
    if verb.tag_ == "VBD" and verb.i and verb.nbor(-1).lower_ in _WHEN:
        return None
    if verb.dep_ == "conj" and head.dep_ == "ccomp" and head.head.tag_ == verb.tag_:
        # Said it was too early but added: who added is who said.
        outer, own = verb_cue(head.head), subject_of(head, depth + 1)
        if outer is not None and own is not None and own.lower_ == "it":
            return subject_of(head.head, depth + 1)
    if verb.dep_ in ("conj", "xcomp", "advcl", "dep") and head.pos_ in _VERBAL:
        return subject_of(head, depth + 1) if verb.dep_ != "conj" or not is_passive(head) else None
    if verb.dep_ == "pcomp" and head.lower_ == "as" and is_passive(head.head):
        # Was quoted as saying: the one quoted is the subject.
        return next((word for word in head.head.children if word.dep_ == "nsubjpass"), None)
    if verb.dep_ == "pcomp" and head.dep_ == "prep" and head.head.pos_ in _VERBAL:
        return subject_of(head.head, depth + 1)
    if verb.dep_ == "acl" and head.pos_ in ("NOUN", "PROPN", "PRON") and verb.tag_ == "VBG":
        return head
    return None


def cue_words(verb: Token) -> tuple[Token, Token]:
    """First and last word of the cue: the verb with its particle and a following “that”."""
    last = verb
    for child in verb.children:
        if child.dep_ == "prt" and child.i == last.i + 1:
            last = child
    if last.i + 1 < len(verb.doc) and last.nbor().lower_ == "that" and last.nbor().dep_ == "mark":
        last = last.nbor()
    return verb, last
