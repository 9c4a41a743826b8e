"""Who says the words between quotation marks, told by what stands around them.

Parsers lose their way where several sentences are quoted in one, so the words outside the marks
are read as a frame: “…,” X said; X said: “…”; “…,” X said, “…”; and what a paragraph of nothing
but quotation goes on from. Marks without such a frame (scare quotes, titles) are no statements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from assay.documents.attribution import Draft
from assay.documents.cues import cue_words, is_passive, lemma_of, subject_of, verb_cue
from assay.documents.extents import sentence_words
from assay.documents.parse import Paragraph
from assay.documents.quotation_marks import (
    SPEECH_WORDS,
    Mark,
    ends_sentence,
    is_speech,
    is_title,
    marks_in,
)
from assay.documents.quotes import Quotation
from assay.lexicon.speech_cues import speech_cues
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_OPENING = frozenset("“\"'‘«„(")
_DASHES = frozenset(("-", "–", "—", "--"))
_TERM_WORDS = 1
_FAR = 12
_TOLD = frozenset(("tell", "inform", "remind", "assure"))
_SUBJECTS = ("nsubj", "nsubjpass")


def quoted_speech(
    paragraph: Paragraph, quotations: Sequence[Quotation]
) -> tuple[list[Draft], frozenset[int]]:
    """Drafts for the quotations of a paragraph, and the words that are quoted as speech.

    Args:
        paragraph: With its parse.
        quotations: Those that lie in it.
    """
    if not quotations:
        return [], frozenset()
    drafts: list[Draft] = []
    quoted: set[int] = set()
    last: Draft | None = None
    for mark in marks_in(paragraph, quotations):
        text = mark.words
        if not text or is_title(mark):
            continue
        draft = _framed(paragraph, mark, last)
        if draft is None:
            if is_speech(mark) and (not mark.before or mark.quotation.continues):
                draft = Draft(paragraph, [mark.quotation.inner], None, None, quoted=True)
            else:
                embedded = _embedded(paragraph, mark)
                if embedded is not None:
                    drafts.append(embedded)
                continue
        if draft is not last:
            drafts.append(draft)
        last = draft
        quoted.update(word.i for word in text)
    return drafts, frozenset(quoted)


def _framed(paragraph: Paragraph, mark: Mark, last: Draft | None) -> Draft | None:
    ending = mark.words[-1].text[-1:]
    opens = not [word for word in mark.before if word.is_alpha]
    goes_on = ending in (",", "?", "!", "…", "-", "—", "–") or (
        bool(mark.after) and mark.after[0].text == ","
    )
    if goes_on or (opens and ending not in (".",)):
        cue = _cue_after(mark)
        if cue is not None:
            return _with_cue(paragraph, mark, cue, opens)
    credited = _credited(paragraph, mark, opens)
    if credited is not None:
        return credited
    labelled = _labelled(paragraph, mark)
    if labelled is not None:
        return labelled
    cue = _cue_before(mark)
    if cue is not None and _within_clause(cue, mark):
        return None
    if cue is not None:
        if last is not None and last.cue is not None and last.cue[0].i == cue.i and last.quoted:
            last.spans.append(mark.quotation.inner)
            return last
        return Draft(
            paragraph,
            [mark.quotation.inner],
            _cue_to_that(cue, mark.before[-1]),
            _source(cue, mark, mark.before),
            kind=_kind(cue),
            quoted=True,
        )
    if last is not None and last.quoted and (opens or _resumed(mark)) and is_speech(mark):
        last.spans.append(mark.quotation.inner)
        return last
    return None


def _within_clause(cue: Token, mark: Mark) -> bool:
    """Said that “we need more” about it: the quoted words begin a clause that goes on behind."""
    begun = mark.before and mark.before[-1].lower_ == "that"
    if not begun or not mark.after or mark.words[-1].text[-1:] in ",.?!":
        return False
    behind = mark.after[0]
    goes_on = behind.is_alpha and behind.is_lower and behind.pos_ not in ("CCONJ", "SCONJ")
    return goes_on and cue.is_ancestor(behind) and verb_cue(behind) is None


def _resumed(mark: Mark) -> bool:
    """“… a mess,” Alder said. Instead, “it is a disgrace.”: one small word before, none behind."""
    led = [word for word in mark.before if word.is_alpha]
    rest = any(word.is_alpha for word in mark.after)
    return len(led) == 1 and led[0].pos_ in ("ADV", "CCONJ") and not rest


def _cue_to_that(cue: Token, last: Token) -> tuple[Token, Token]:
    """Drew attention to the fact that “…”: the cue goes on to “that”."""
    return (cue, last) if last.lower_ == "that" else cue_words(cue)


def _credited(paragraph: Paragraph, mark: Mark, opens: bool) -> Draft | None:
    """According to X, “…”; “…,” according to X."""
    for words, near in ((mark.before, mark.before[-1:]), (mark.after if opens else [], [])):
        for first, second in pairwise(words):
            if first.lower_ == "according" and second.lower_ == "to":
                if near and near[0].text != ",":
                    return None
                nominal = [
                    word
                    for word in words
                    if word.i > second.i and word.pos_ in ("PROPN", "NOUN", "PRON")
                ]
                source = next((w for w in second.children if w.dep_ == "pobj"), None)
                source = source or (nominal[0] if nominal else None)
                span = [mark.quotation.inner]
                return Draft(
                    paragraph, span, (first, second), source, quoted=True, frame="according"
                )
    return None


def _labelled(paragraph: Paragraph, mark: Mark) -> Draft | None:
    """Jane Roe: “…”: a name and a colon, and no verb."""
    if not mark.before or mark.before[-1].text != ":" or not is_speech(mark):
        return None
    label = _past_dash(mark.before)
    if any(word.pos_ in ("VERB", "AUX") for word in label):
        return None
    names = [word for word in label if word.pos_ in ("PROPN", "NOUN")]
    if not names:
        return None
    colon = mark.before[-1]
    return Draft(paragraph, [mark.quotation.inner], (colon, colon), names[-1], quoted=True)


def _past_dash(words: Sequence[Token]) -> Sequence[Token]:
    """What stands behind the last dash with blanks around it; “anti-war” has none."""
    for i in range(len(words) - 1, 0, -1):
        if words[i].text in _DASHES and words[i].whitespace_ and words[i - 1].whitespace_:
            return words[i + 1 :]
    return words


def _cue_after(mark: Mark) -> Token | None:
    """The verb of speech that follows: said X; X said; X, the minister, said."""
    first = next((word for word in mark.after if word.is_alpha), None)
    if first is not None and first.pos_ == "CCONJ":
        return None
    for word in mark.after:
        cue = verb_cue(word)
        if cue is None or not cue.takes("quote") or is_passive(word):
            continue
        past_like_base = word.lower_ in ("read", "put")
        helped = any(child.dep_ == "aux" for child in word.children)
        if word.tag_ == "VB" and not helped and not past_like_base:
            continue
        named = [before for before in mark.after if before.i < word.i and before.is_alpha]
        source = subject_of(word)
        if not named or (source is not None and _within(source, mark.after)):
            return word
        if any(token.pos_ in ("PROPN", "PRON", "NOUN") for token in named):
            return word
    return None


def _cue_before(mark: Mark) -> Token | None:
    """The verb of speech that comes before: X said, “…”; X said: “…”; X said “…”."""
    if not mark.before:
        return None
    last = mark.before[-1]
    direct = last.text in (",", ":", "-", "—", "–", "--")
    for word in reversed(mark.before):
        cue = verb_cue(word)
        if cue is not None and cue.takes("quote"):
            if (
                (direct and word.i != last.i)
                or word.i == last.i
                or (word.i == last.i - 1 and last.lower_ == "that")
            ):
                return word
            if last.i - word.i <= 2 and all(
                token.pos_ in ("PRON", "PART", "ADV", "ADP")
                for token in mark.before
                if token.i > word.i
            ):
                return word
            if _told_to(word, mark):
                return word
            break
    letters = [word for word in mark.words if word.is_alpha]
    begins = last.lower_ == "that" or (direct and bool(letters) and letters[0].text[0].isupper())
    if not begins or len(letters) < SPEECH_WORDS:
        return None
    verbs = (word for word in reversed(mark.before) if word.pos_ == "VERB")
    return next((word for word in verbs if subject_of(word) is not None), None)


def _told_to(verb: Token, mark: Mark) -> bool:
    """Whether only the hearer or the place stands before words that begin as a sentence does.

    “Told reporters ‘NO COMMENT’”, “wrote on Chirpnet ‘Stop it now’”.
    """
    last = mark.before[-1]
    if last.pos_ not in ("NOUN", "PROPN", "PRON") or not mark.words[0].text[0].isupper():
        return False
    told = {
        word.i
        for child in verb.children
        if child.dep_ in ("dative", "dobj", "prep")
        for word in child.subtree
    }
    return all(i in told for i in range(verb.i + 1, last.i + 1))


def _with_cue(paragraph: Paragraph, mark: Mark, cue: Token, opens: bool) -> Draft:
    span = mark.quotation.inner
    if not opens:
        first = _clause_start(mark)
        span = Span(paragraph.span.start + first.idx, mark.quotation.outer.end)
        if _separate(mark):
            span = mark.quotation.inner
    return Draft(
        paragraph,
        [span],
        cue_words(cue),
        _source(cue, mark, mark.after),
        kind=_kind(cue),
        quoted=True,
        frame="quote" if span == mark.quotation.inner else "mixed",
    )


def _clause_start(mark: Mark) -> Token:
    """The first word of the sentence, over other quoted words within it."""
    words = [word for word in mark.before if word.is_alpha or word.like_num]
    first = words[0]
    while first.i > 0:
        left = first.nbor(-1)
        if ends_sentence(left) or verb_cue(left) is not None:
            break
        if left.text in _OPENING and (first.i == 1 or ends_sentence(first.nbor(-2))):
            break
        first = left
    return first


def _separate(mark: Mark) -> bool:
    return mark.before[-1].text in (":", "--", "—") or verb_cue(mark.before[-1]) is not None


def _embedded(paragraph: Paragraph, mark: Mark) -> Draft | None:
    """Some quoted words within what somebody is reported to say or to call something."""
    letters = [word for word in mark.words if word.is_alpha]
    if mark.quotation.single or len(letters) < _TERM_WORDS:
        return None
    end = mark.quotation.outer.end
    for word in _sentence_before(mark):
        cue = verb_cue(word)
        if cue is None or not (cue.takes("clause") or cue.takes("predicate")):
            continue
        source = subject_of(word)
        if source is None or source.lower_ in speech_cues().nobody:
            continue
        first = _after_that(word, mark)
        span = Span(paragraph.span.start + first.idx, end)
        if span.start > mark.quotation.inner.start:
            span = mark.quotation.inner
        elif _within_clause(word, mark):
            rest = sentence_words(mark.words[-1])[1]
            last = word.doc[rest[-1]] if rest else mark.after[0]
            span = Span(span.start, paragraph.span_of(last).end)
        return Draft(paragraph, [span], cue_words(word), source, cue.kind, "embedded", quoted=True)
    return None


def _after_that(verb: Token, mark: Mark) -> Token:
    """Where what is said begins: after “that”, beyond whom it was said to, else after the verb."""
    behind = verb.doc[verb.i + 1 : min(verb.i + _FAR, mark.words[0].i)]
    for word in behind:
        if word.lower_ == "that" and word.dep_ == "mark":
            return word.nbor()
    first = cue_words(verb)[1].nbor()
    if first.lower_ in speech_cues().prepositions.get(lemma_of(verb), ()):
        return first.nbor()
    if lemma_of(verb) in _TOLD and first.pos_ in ("DET", "NOUN", "PROPN", "PRON", "ADJ"):
        # Told a news conference they are “…”: a new subject begins what was told.
        return next(
            (one for one in behind[1:] if one.tag_ == "PRP" and one.dep_ in _SUBJECTS), first
        )
    return first


def _sentence_before(mark: Mark) -> Iterator[Token]:
    """Words before the quotation, the nearest first, to the sentence's beginning."""
    word = mark.words[0]
    while word.i > 0:
        word = word.nbor(-1)
        if ends_sentence(word):
            return
        yield word


def _kind(cue: Token) -> str:
    found = verb_cue(cue)
    return found.kind if found and found.kind != "attitude" else "statement"


def _within(token: Token, tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[0].i <= token.i <= tokens[-1].i


def _source(cue: Token, mark: Mark, words: Sequence[Token]) -> Token | None:
    """The subject, unless the parser found it within the quoted words."""
    source = subject_of(cue)
    if source is not None and source.i in {word.i for word in mark.words}:
        source = None
    return source or _nearest_subject(cue, words)


def _nearest_subject(cue: Token, words: Sequence[Token]) -> Token | None:
    """The name at the head of the frame, where the parser found no subject."""
    before = [word for word in words if word.i < cue.i and _nominal(word)]
    names = [word for word in before if word.pos_ in ("PROPN", "PRON")]
    if before:
        return _head_of(names[0] if names else before[0])
    after = [word for word in words if word.i > cue.i and _nominal(word)]
    return _head_of(after[0]) if after and after[0].i - cue.i <= 6 else None


def _nominal(word: Token) -> bool:
    return word.pos_ in ("PROPN", "PRON", "NOUN") and word.dep_ not in ("pobj", "npadvmod")


def _head_of(word: Token) -> Token:
    while word.dep_ in ("compound", "poss", "nmod", "amod") and word.head.i > word.i:
        word = word.head
    return word
