"""How far what is said reaches: the words of a clause, mended where the parser misjudges.

A parser hangs “because …” or “and that …” on the verb of saying as often as on the clause said,
and takes “…, while others said …” into the clause. Words on both sides settle most of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from assay.documents.cues import verb_cue
from assay.documents.parse import Paragraph
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_EDGES = frozenset(",;:—–-\"“”'‘’ ''``()")
_STOPS = frozenset((".", "!", "?", ";", "…"))
_GOES_ON = frozenset(("because", "if", "unless", "until", "since", "so", "when"))
_TURNS = frozenset(("while", "although", "though", "whereas"))
_COMMA_AND = ([",", "and"], [",", "but"])
_SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj")


def clause_words(cue: Token, content: Token) -> set[int]:
    """Indices of the words that a cue reports.

    Args:
        cue: The reporting word.
        content: The head of what hangs on it.
    """
    words = {word.i for word in content.subtree}
    if cue.i in words:
        return words - {word.i for word in cue.subtree}
    if content.i > cue.i:
        words -= set(_turned(cue, content))
        words |= set(_further(cue, max(words))) if words else set()
    return words


def sentence_words(token: Token) -> tuple[list[int], list[int]]:
    """Words of the sentence before and after a word, by its stops and not by the parser."""
    doc, before, after = token.doc, [], []
    for i in range(token.i - 1, -1, -1):
        if doc[i].text in _STOPS or doc[i].is_space:
            break
        before.append(i)
    for i in range(token.i + 1, len(doc)):
        if doc[i].text in _STOPS or doc[i].is_space:
            break
        after.append(i)
    return before[::-1], after


def _turned(cue: Token, content: Token) -> Iterator[int]:
    """“…, while others said …” is no longer the speaker's."""
    for child in content.children:
        first = child.left_edge
        if child.i < content.i or first.i <= content.i:
            continue
        turns = child.dep_ == "advcl" and first.lower_ in _TURNS and first.nbor(-1).text == ","
        own = any(word.dep_ in _SUBJECTS for word in child.children)
        reports = verb_cue(child) is not None
        resumes = (
            child.dep_ == "conj"
            and reports
            and not own
            and child.tag_ == cue.tag_
            and not any(word.dep_ in ("aux", "auxpass") for word in child.children)
            and _tense(content) != cue.tag_
        )
        apart = (
            child.dep_ == "conj"
            and not own
            and _tense(child) == cue.tag_
            and [word.text for word in child.doc[first.i - 2 : first.i]] in _COMMA_AND
        )
        if (turns and own and reports) or resumes or apart:
            yield from range(first.i, content.right_edge.i + 1)
            return


def _tense(verb: Token) -> str:
    for child in verb.children:
        if child.dep_ in ("aux", "auxpass") and child.tag_ in ("VBD", "VBZ", "VBP", "MD"):
            return str(child.tag_)
    return str(verb.tag_)


def _further(cue: Token, last: int) -> Iterator[int]:
    """“… and that …” and “… because …” after the clause still belong to it."""
    doc = cue.doc
    i = last + 1
    while i < len(doc) and doc[i].text in _EDGES:
        i += 1
    if i + 1 >= len(doc) or doc[i].text in _STOPS:
        return
    if doc[i].lower_ in ("and", "or", "but") and doc[i + 1].lower_ == "that":
        yield from range(last + 1, i)
        while i < len(doc) and doc[i].text not in _STOPS and not doc[i].is_space:
            yield i
            i += 1
    elif doc[i].lower_ in _GOES_ON and doc[i].dep_ in ("mark", "advmod") and i == last + 1:
        yield from range(i, doc[i].head.right_edge.i + 1)


def runs(paragraph: Paragraph, words: Iterable[int]) -> list[Span]:
    """Unbroken runs of words as spans, without punctuation and “that” at their ends."""
    found: list[Span] = []
    run: list[Token] = []
    doc = paragraph.doc
    for i in sorted(words):
        if run and i != run[-1].i + 1:
            found.extend(_span(paragraph, run))
            run = []
        run.append(doc[i])
    found.extend(_span(paragraph, run))
    return found


def _span(paragraph: Paragraph, run: list[Token]) -> Iterator[Span]:
    while run and (_trimmed(run[0]) or (run[0].lower_ == "that" and run[0].dep_ == "mark")):
        run = run[1:]
    while run and (_trimmed(run[-1]) or run[-1].text == "." or run[-1].dep_ == "cc"):
        run = run[:-1]
    if run and any(word.is_alpha or word.like_num for word in run):
        yield paragraph.between(run[0], run[-1])


def _trimmed(token: Token) -> bool:
    return token.is_space or token.text in _EDGES
