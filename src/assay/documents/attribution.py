"""What is said, by grammar: the words that hang on a reporting verb, noun or “according to”.

A draft is a cue with its content and its source as words; :mod:`assay.documents.speakers` then
tells who the source is. Cues within somebody's quoted words are left alone: what a speaker says
that others said is the speaker's own statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.documents.cues import (
    cue_words,
    is_passive,
    kind_in_frame,
    lemma_of,
    may_report,
    subject_of,
    verb_cue,
)
from assay.documents.extents import clause_words, runs, sentence_words
from assay.documents.parse import Paragraph
from assay.lexicon.speech_cues import speech_cues
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_PREDICATIVE = frozenset(("as", "of", "for", "with", "to"))
_WRITER = frozenset(("I", "We", "we"))
"""Outside of quotations these are the document's own voice, which reports nobody."""
_FAR = 14
_OBJECTS = ("pobj", "pcomp")
_AFTERTHOUGHT = 6
_OPINION_FREE = frozenset(("it", "there"))


@dataclass
class Draft:
    """Something said, before it is known who the speaker is.

    Attributes:
        paragraph: Where it stands.
        spans: The words said, in order.
        cue: First and last word that mark it as said; None for a quotation without any.
        source: The word that names the speaker.
        kind: As the cue has it.
        frame: How the content hangs on the cue.
        quoted: Whether its words stand between quotation marks.
        carried_from: The paragraph that names its source, where that is not its own.
        credit: The word that names whom the writer has it from.
    """

    paragraph: Paragraph
    spans: list[Span]
    cue: tuple[Token, Token] | None
    source: Token | None
    kind: str = "statement"
    frame: str = "quote"
    quoted: bool = False
    carried_from: Paragraph | None = None
    credit: Token | None = None

    @property
    def start(self) -> int:
        """Where its words begin."""
        return self.spans[0].start


def reported(paragraph: Paragraph, quoted: frozenset[int]) -> Iterator[Draft]:
    """Everything that a paragraph reports by its grammar.

    Args:
        paragraph: With its parse.
        quoted: Indices of words that stand between quotation marks as somebody's speech.
    """
    for token in paragraph.doc:
        if token.i in quoted:
            continue
        if token.lower_ == "according":
            yield from _according(paragraph, token)
        elif token.pos_ in ("VERB", "AUX"):
            yield from _verb(paragraph, token)
        elif token.pos_ == "NOUN":
            yield from _noun(paragraph, token)
        elif token.pos_ == "ADJ":
            yield from _adjective(paragraph, token)


def _verb(paragraph: Paragraph, verb: Token) -> Iterator[Draft]:
    lemma = lemma_of(verb)
    if not may_report(lemma, verb.lower_):
        return
    cue = verb_cue(verb)
    source = subject_of(verb)
    if source is not None and _is_nobody(source, verb):
        return
    prepositions = speech_cues().prepositions.get(lemma, frozenset())
    told = False
    predicate = _predicate(paragraph, verb, lemma, source)
    if predicate is None:
        predicate = _raised(paragraph, verb)
    if predicate is not None:
        yield predicate
        return
    for child in verb.children:
        for frame, content in _complements(child, lemma, prepositions):
            kind = kind_in_frame(lemma, frame)
            if frame == "preposition":
                kind = cue.kind if cue else "statement"
            if kind is None or told:
                continue
            if content.i < verb.i and not (cue and cue.takes("quote")):
                continue
            drafted = _draft(paragraph, verb, content, source)
            if drafted and _asserts(drafted, verb, frame):
                drafted.kind, drafted.frame = kind, frame
                told = True
                yield drafted
    if not told and cue and cue.takes("clause") and source is not None:
        detached = _detached(paragraph, verb, source)
        if detached is not None:
            detached.kind = cue.kind
            yield detached
            return
    if not told and cue and cue.takes("clause") and verb.dep_ == "parataxis":
        drafted = _draft(paragraph, verb, verb.head, source)
        if drafted and source is not None:
            drafted.kind, drafted.frame = cue.kind, "clause"
            yield drafted


def _is_nobody(source: Token, verb: Token) -> bool:
    """Whether a verb's subject speaks for nobody: “that suggests …”, “all told, …”."""
    if source.tag_ != "DT":
        return False
    behind = verb.doc[verb.i + 1 : verb.i + 2].text
    return source.lower_ == "that" or (source.lower_, verb.lower_, behind) == ("all", "told", ",")


def _predicate(paragraph: Paragraph, verb: Token, lemma: str, source: Token | None) -> Draft | None:
    """Accused him of it; called her a liar; urged them to go: who with what is said of them."""
    kind = kind_in_frame(lemma, "predicate")
    if kind is None or source is None or source.lower_ in _OPINION_FREE:
        return None
    of_whom = [child for child in verb.children if child.dep_ == "dobj" and child.i > verb.i]
    said = [child for child in verb.children if child.i > verb.i and _said_of(child)]
    if not of_whom and not (said and said[0].dep_ in ("ccomp", "oprd")):
        return None
    if not said:
        said = [
            inner
            for child in of_whom
            for inner in child.children
            if kind == "accusation" and inner.dep_ == "prep" and inner.lower_ in _PREDICATIVE
        ]
    if not said:
        return None
    parts = of_whom + [child for child in said if not of_whom or child.i > of_whom[0].i]
    words = {word.i for part in parts for word in part.subtree if word.i > verb.i}
    spans = runs(paragraph, range(min(words), max(words) + 1)) if words else []
    if not spans or (kind == "demand" and said[0].dep_ == "ccomp" and not of_whom):
        return None
    return Draft(paragraph, spans, cue_words(verb), source, kind=kind, frame="predicate")


def _raised(paragraph: Paragraph, verb: Token) -> Draft | None:
    """“The ruling is expected to come soon”: somebody's expectation, with its subject before it."""
    if not is_passive(verb) or verb.lower_ not in speech_cues().unnamed:
        return None
    wanted = next(
        (child for child in verb.children if child.dep_ == "xcomp" and child.i > verb.i), None
    )
    about = next((child for child in verb.children if child.dep_ == "nsubjpass"), None)
    by = any(child.dep_ == "agent" for child in verb.children)
    if wanted is None or about is None or by or about.lower_ in _OPINION_FREE:
        return None
    words = {word.i for part in (about, wanted) for word in part.subtree}
    spans = runs(paragraph, sorted(words))
    if not spans:
        return None
    return Draft(paragraph, spans, cue_words(verb), None, kind="attitude", frame="infinitive")


def _detached(paragraph: Paragraph, verb: Token, source: Token) -> Draft | None:
    """Said on Monday that …; said the rules …: where the parser hung the clause elsewhere."""
    _, after = sentence_words(verb)
    doc = verb.doc
    for i in after[:_FAR]:
        token = doc[i]
        if token.lower_ == "that" and (token.dep_ == "mark" or _day(token.nbor(-1))):
            clause = token.head
            if clause.i <= i or clause.dep_ == "ccomp":
                return None
            words = [word.i for word in clause.subtree if word.i > i]
            spans = runs(paragraph, words)
            return (
                Draft(paragraph, spans, cue_words(verb), source, frame="clause") if spans else None
            )
        if token.pos_ in ("VERB", "AUX"):
            break
    if kind_in_frame(lemma_of(verb), "clause") == "statement":
        closing = _closing(paragraph, verb, source)
        if closing is not None:
            return closing
    if lemma_of(verb) != "say" or not after or after[0] != verb.i + 1:
        return None
    if (
        doc[after[0]].pos_ not in ("PRON", "DET", "PROPN", "NOUN", "ADJ", "NUM")
        or source.i > verb.i
    ):
        return None
    until = next((i for i in after if doc[i].text == "," and doc[i + 1].lower_ == "while"), None)
    words = [i for i in after if until is None or i < until]
    if not any(doc[i].dep_ in ("nsubj", "nsubjpass") and doc[i].head.i in words for i in words):
        return None
    spans = runs(paragraph, words)
    return Draft(paragraph, spans, cue_words(verb), source, frame="clause") if spans else None


def _closing(paragraph: Paragraph, verb: Token, source: Token) -> Draft | None:
    """“…, X said.” at the end of a sentence: all before the comma, whatever the parser says."""
    before, after = sentence_words(verb)
    doc = verb.doc
    if len(after) > _AFTERTHOUGHT or any(doc[i].pos_ in ("VERB", "AUX") for i in after):
        return None
    first = source.left_edge.i
    if not (before and before[0] < first <= source.i < verb.i) or doc[first - 1].text != ",":
        return None
    words = [i for i in before if i < first - 1]
    if not any(doc[i].pos_ in ("VERB", "AUX") for i in words):
        return None
    spans = runs(paragraph, words)
    return Draft(paragraph, spans, cue_words(verb), source, frame="clause") if spans else None


def _day(token: Token) -> bool:
    return token.lower_.endswith("day") or token.like_num


def _said_of(child: Token) -> bool:
    if child.dep_ == "prep":
        return child.lower_ in _PREDICATIVE
    if child.dep_ in ("oprd", "xcomp"):
        return True
    if child.dep_ != "ccomp" or any(word.dep_ == "mark" for word in child.children):
        return False
    infinitive = any(word.dep_ == "aux" and word.lower_ == "to" for word in child.children)
    return infinitive or not _finite(child)


def _finite(verb: Token) -> bool:
    finite = ("VBD", "VBZ", "VBP", "MD")
    return verb.tag_ in finite or any(
        word.dep_ in ("aux", "auxpass") and word.tag_ in finite for word in verb.children
    )


def _complements(
    child: Token, lemma: str, prepositions: frozenset[str]
) -> Iterator[tuple[str, Token]]:
    if child.dep_ == "ccomp":
        yield "clause", child
    elif child.dep_ == "xcomp":
        yield "infinitive", child
    elif child.dep_ == "dobj":
        yield "object", child
    elif child.dep_ == "prep" and child.lower_ in prepositions:
        for word in child.children:
            if word.dep_ in ("pobj", "pcomp"):
                yield "preposition", word


def _asserts(draft: Draft, verb: Token, frame: str) -> bool:
    """Whether the frame says that somebody said it, and not merely that a thing is so."""
    if draft.source is None:
        if verb.tag_ == "VBN" and verb.lower_ == "asked":
            # “When asked whether …”: nobody says who asked.
            return frame == "clause"
        unnamed = is_passive(verb) and verb.lower_ in speech_cues().unnamed
        return frame in ("clause", "infinitive") and unnamed
    return draft.source.lower_ not in speech_cues().nobody and draft.source.text not in _WRITER


def _according(paragraph: Paragraph, token: Token) -> Iterator[Draft]:
    to = next((word for word in token.children if word.lower_ == "to"), None)
    if to is None and token.i + 1 < len(token.doc) and token.nbor().lower_ == "to":
        to = token.nbor()
    named = next((word for word in to.children if word.dep_ == "pobj"), None) if to else None
    if to is None or named is None:
        return
    spans = _credited_words(paragraph, token, to)
    if not spans:
        head = token.head
        if head.i == token.i:
            return
        while head.pos_ not in ("VERB", "AUX") and head.head.i != head.i:
            head = head.head
        drafted = _draft(paragraph, token, head, named)
        spans = drafted.spans if drafted else []
    if spans:
        yield Draft(paragraph, spans, (token, to), named, frame="according")


def _credited_words(paragraph: Paragraph, token: Token, to: Token) -> list[Span]:
    """What “according to X” credits at the end or the beginning of a sentence: all the rest."""
    before, after = _in_brackets(token, *sentence_words(token))
    doc = token.doc
    named_until = to.right_edge.i
    if not [i for i in before if doc[i].is_alpha]:
        comma = next(
            (i for i in after if i > to.i + 1 and doc[i].text == "," and i >= named_until), 0
        )
        return runs(paragraph, [i for i in after if i > comma]) if comma else []
    rest = [i for i in after if i > named_until and doc[i].is_alpha]
    if rest:
        return []
    colon = max((i for i in before if doc[i].text in (":", "—", "--")), default=-1)
    return runs(paragraph, [i for i in before if i > colon])


def _in_brackets(token: Token, before: list[int], after: list[int]) -> tuple[list[int], list[int]]:
    """The words of the sentence that stand in the same brackets."""
    doc = token.doc
    opening = max((i for i in before if doc[i].text == "("), default=-1)
    if opening < 0 or any(doc[i].text == ")" for i in before if i > opening):
        return before, after
    closing = next((i for i in after if doc[i].text == ")"), len(doc))
    return [i for i in before if i > opening], [i for i in after if i < closing]


def _noun(paragraph: Paragraph, noun: Token) -> Iterator[Draft]:
    lemma = noun.lemma_.lower()
    if lemma not in speech_cues().nouns:
        return
    owner = _voiced_by(noun)
    if owner is None:
        return
    topics = speech_cues().noun_prepositions.get(lemma, frozenset())
    for child in noun.children:
        content: Token | None = None
        if child.dep_ == "ccomp" or (
            child.dep_ == "acl"
            and (_finite(child) or any(word.dep_ in ("aux", "mark") for word in child.children))
        ):
            content = child
        elif child.dep_ == "prep" and child.lower_ in topics:
            content = next((word for word in child.children if word.dep_ in _OBJECTS), None)
        if content is not None:
            drafted = _draft(paragraph, noun, content, owner)
            if drafted:
                drafted.frame = "noun"
                yield drafted
                return


def _voiced_by(noun: Token) -> Token | None:
    """Whose claim, call or criticism it is: its owner, who voices it, or whom it comes from."""
    for child in noun.children:
        if child.dep_ == "poss":
            return child
    for child in noun.children:
        if child.dep_ in ("prep", "agent") and child.lower_ in ("from", "by"):
            return next((word for word in child.children if word.dep_ == "pobj"), None)
    head = noun.head
    if noun.dep_ == "dobj" and head.pos_ in ("VERB", "AUX"):
        return subject_of(head)
    return None


def _adjective(paragraph: Paragraph, adjective: Token) -> Iterator[Draft]:
    if adjective.lemma_.lower() not in speech_cues().adjectives:
        return
    source = subject_of(adjective.head)
    if source is None or source.lower_ in _OPINION_FREE:
        return
    for child in adjective.children:
        content = child if child.dep_ == "ccomp" else None
        if child.dep_ == "prep" and child.lower_ in ("of", "about"):
            content = next((word for word in child.children if word.dep_ in _OBJECTS), None)
        if content is not None:
            drafted = _draft(paragraph, adjective, content, source)
            if drafted:
                drafted.kind, drafted.frame = "attitude", "adjective"
                yield drafted


def _draft(paragraph: Paragraph, cue: Token, content: Token, source: Token | None) -> Draft | None:
    """The content's words without the cue's own."""
    spans = runs(paragraph, clause_words(cue, content))
    if not spans:
        return None
    return Draft(paragraph, spans, cue_words(cue), source)
