"""Statements in French, German and Russian: quotation marks, verbs of speech, names beside them.

Without a parser only frames that can be told by their words are read: a quotation with a verb of
speech and a name before or after it, a clause after “que”, “dass” or “что”, and a sentence that
ends in “…, a indiqué X”. Whatever does not fit one of these is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.documents.base import Reading
from assay.documents.quotes import Quotation, quotations
from assay.lexicon.people import is_title
from assay.lexicon.speech_cues import ReportingForms, reporting_forms
from assay.model.record import OWN_WORDS, Span, Speaker, Statement, Value

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[\w’'‑-]+")
_NAME = re.compile(
    r"[«„“\"]?[A-ZÀ-ÖØ-ÞА-ЯЁ][\w’'-]*[»“”\"]?"
    r"(?:\s+(?:(?:de|du|des|von|van|der|den|la|le)\s+)?[A-ZÀ-ÖØ-ÞА-ЯЁ][\w’'-]*)*"
)
_STOP = re.compile(r"(?<=[.!?…])[»“”\"’]?\s+(?=[«„“\"A-ZÀ-ÖØ-ÞА-ЯЁ—–-])")
_NOUN = re.compile(
    r"\s+(?:(?!que\b|dass\b)\w+\s+)?(?P<noun>(?:l[’']|(?:le|la|les|der|die|das)\s+)[\w’'-]+)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:le|la|les|der|die|das|l[’'])\s*", re.IGNORECASE)
_PATRONYMIC = re.compile(r"(?:вич|вна)$")
_FRAME_WORDS = 14
_LEAST_WORDS = 3


@dataclass(frozen=True)
class _Frame:
    """A verb of speech with the words that name who speaks.

    Attributes:
        cue: The verb.
        speaker: A name, a noun or a pronoun; None where the frame names nobody.
        role: The words between the verb and the name, such as “председатель суда”.
        demands: Whether the verb asks for something.
    """

    cue: Span
    speaker: Span | None
    role: Span | None
    demands: bool


class StatementsByMarks:
    """Reads statements where quotation marks and verbs of speech tell them."""

    name = "statements_by_marks"
    languages: Sequence[str] = ("fr", "de", "ru")

    def read(self, reading: Reading) -> None:
        """Add what is found, in the order of the text."""
        forms = reporting_forms(reading.document.language.split("-")[0])
        text = reading.text
        lines = [
            Span(match.start(), match.end())
            for segment in reading.document.segments
            if segment.role in OWN_WORDS
            for match in _LINE.finditer(text, segment.span.start, segment.span.end)
        ]
        marks = sorted(quotations(text, lines), key=_begin)
        found: list[tuple[tuple[Span, ...], _Frame, bool]] = []
        for line in lines:
            first = bisect_left(marks, line.start, key=_begin)
            own = marks[first : bisect_left(marks, line.end, lo=first, key=_begin)]
            direct = list(_direct(text, line, own, forms))
            found += direct
            found += _indirect(text, line, own, forms, [spans for spans, _, _ in direct])
        found.sort(key=lambda one: one[0][0])
        names = _Names(text, lines)
        for number, (spans, frame, quoted) in enumerate(found, 1):
            reading.statements.append(
                Statement(
                    statement_id=f"S{number}",
                    form="direct" if quoted else "indirect",
                    spans=spans,
                    cue=frame.cue,
                    speaker=names.speaker(frame, forms),
                    kind="demand" if frame.demands else "statement",
                )
            )


def _begin(quotation: Quotation) -> int:
    return quotation.outer.start


def _direct(
    text: str, line: Span, marks: Sequence[Quotation], forms: ReportingForms
) -> Iterator[tuple[tuple[Span, ...], _Frame, bool]]:
    """« … », a déclaré X; X sagte: „…“; «…», — сказал X. «…»."""
    joined: list[Span] = []
    frame: _Frame | None = None
    for position, one in enumerate(marks):
        if len(_WORD.findall(one.inner.of(text))) < _LEAST_WORDS:
            continue
        until = marks[position + 1].outer.start if position + 1 < len(marks) else line.end
        since = marks[position - 1].outer.end if position else line.start
        own = None
        if _begins(text, Span(line.start, one.outer.start)) or frame is not None:
            own = _after(text, Span(one.outer.end, until), forms)
        if own is None:
            own = _before(text, Span(since, one.outer.start), forms)
        if own is None and frame is not None and _adjoins(text, Span(since, one.outer.start)):
            joined.append(one.inner)
            continue
        if frame is not None:
            yield tuple(joined), frame, True
        joined, frame = ([one.inner], own) if own is not None else ([], None)
    if frame is not None:
        yield tuple(joined), frame, True


def _begins(text: str, before: Span) -> bool:
    """Whether a quotation begins its sentence."""
    return not before.of(text).strip() or bool(
        re.search(r"[.!?…»“”]\s*[—–-]?\s*$", before.of(text))
    )


def _adjoins(text: str, between: Span) -> bool:
    """Whether a quotation begins where the frame of the one before ends."""
    words = between.of(text)
    return bool(re.search(r"[.,:]\s*[—–-]?\s*$", words)) and "\n" not in words


def _after(text: str, span: Span, forms: ReportingForms) -> _Frame | None:
    words = span.of(text)
    stop = _STOP.search(words)
    end = span.start + (stop.start() if stop else len(words))
    if not re.match(r"\s*[,.!?]?\s*[,—–-]", words):
        return None
    for match in list(_WORD.finditer(text, span.start, end))[:_FRAME_WORDS]:
        word = _inverted(match.group().lower(), forms)
        if word is not None:
            return _frame(
                text, Span(match.start(), match.start() + len(word)), Span(span.start, end), forms
            )
    return None


def _before(text: str, span: Span, forms: ReportingForms) -> _Frame | None:
    words = span.of(text)
    if not words.rstrip().endswith(":"):
        return None
    start = span.start
    for stop in _STOP.finditer(text, span.start, span.end):
        start = stop.end()
    return _in_clause(text, Span(start, span.end), forms)


def _in_clause(text: str, span: Span, forms: ReportingForms) -> _Frame | None:
    for match in reversed(list(_WORD.finditer(text, span.start, span.end))):
        if match.group().lower() in forms.verbs:
            return _frame(text, Span(match.start(), match.end()), span, forms)
    return None


def _inverted(word: str, forms: ReportingForms) -> str | None:
    """The verb of a word; a-t-elle and dit-il hold the pronoun as well."""
    if word in forms.verbs:
        return word
    head = re.split(r"-t-|-", word)[0]
    return head if head != word and head in forms.verbs else None


def _indirect(
    text: str,
    line: Span,
    marks: Sequence[Quotation],
    forms: ReportingForms,
    taken: Sequence[tuple[Span, ...]],
) -> Iterator[tuple[tuple[Span, ...], _Frame, bool]]:
    that = "|".join(re.escape(word) for word in forms.that)
    clause = re.compile(rf"(?P<comma>,?\s+)(?:{that})(?P<gap>\s*)", re.IGNORECASE)
    for sentence in _sentences(text, line):
        if any(
            sentence.start <= span.start < sentence.end and span.end - span.start > 0
            for spans in taken
            for span in spans
        ):
            continue
        inside = [one.outer for one in marks]
        for verb in _WORD.finditer(text, sentence.start, sentence.end):
            if verb.group().lower() not in forms.verbs or _covered(verb.start(), inside):
                continue
            frame = _frame(text, Span(verb.start(), verb.end()), sentence, forms)
            opening = clause.search(text, verb.end(), min(sentence.end, verb.end() + 80))
            content = None
            if opening is not None:
                content = Span(opening.end(), sentence.end)
            elif _closes(text, sentence, verb.start(), frame):
                content = Span(sentence.start, text.rindex(",", sentence.start, verb.start()))
            if content is None:
                continue
            content = _trimmed(text, content)
            if len(_WORD.findall(content.of(text))) >= _LEAST_WORDS and frame.speaker is not None:
                yield (content,), frame, False
                break


def _closes(text: str, sentence: Span, verb: int, frame: _Frame) -> bool:
    """Whether “…, a indiqué X.” ends the sentence."""
    comma = text.rfind(",", sentence.start, verb)
    if comma < 0 or frame.speaker is None or frame.speaker.start < verb:
        return False
    between = _WORD.findall(text[comma:verb])
    return len(between) <= 1 and sentence.end - verb < 12 * _FRAME_WORDS


def _covered(position: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= position < span.end for span in spans)


def _sentences(text: str, line: Span) -> Iterator[Span]:
    start = line.start
    for stop in _STOP.finditer(text, line.start, line.end):
        yield Span(start, stop.start())
        start = stop.end()
    yield Span(start, line.end)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while end > start and text[end - 1] in " .,;:—–-\t":
        end -= 1
    while start < end and text[start] in " ,;:—–-\t":
        start += 1
    return Span(start, end)


def _frame(text: str, cue: Span, around: Span, forms: ReportingForms) -> _Frame:
    """The name beside a verb: after it, else before it; the pronoun joined to it comes first."""
    demands = cue.of(text).lower() in forms.demands
    pronoun = re.match(
        rf"(?:-t)?[-\s]+({'|'.join(forms.pronouns)})\b", text[cue.end : around.end], re.IGNORECASE
    )
    if pronoun:
        start = cue.end + pronoun.start(1)
        return _Frame(cue, Span(start, cue.end + pronoun.end(1)), None, demands)
    after = _Side(text, Span(cue.end, around.end)).first()
    noun = _NOUN.match(text, cue.end, around.end)
    if noun and (after is None or " " not in after.of(text)):
        return _Frame(cue, Span(noun.start("noun"), noun.end("noun")), None, demands)
    if after is not None and len(_WORD.findall(text[cue.end : after.start])) <= _FRAME_WORDS // 2:
        name = _person(text, after)
        role = _trimmed(text, Span(cue.end, name.start))
        words = _ARTICLE.sub("", role.of(text))
        told = Span(role.end - len(words), role.end) if words and len(words) > 2 else None
        return _Frame(cue, name, told or _apposed(text, name, around.end), demands)
    before = _Side(text, Span(around.start, cue.start))
    pronoun_before = re.search(
        rf"\b({'|'.join(forms.pronouns)})\s+(?:\w+\s+)?$", before.span.of(text), re.IGNORECASE
    )
    if pronoun_before:
        start = around.start + pronoun_before.start(1)
        return _Frame(cue, Span(start, start + len(pronoun_before.group(1))), None, demands)
    return _Frame(cue, before.last(), None, demands)


def _person(text: str, name: Span) -> Span:
    """The last two words of a longer run: an office or a place may stand before the name."""
    words = list(_WORD.finditer(text, name.start, name.end))
    if len(words) < _LEAST_WORDS or _PATRONYMIC.search(words[-2].group()):
        return name
    if not all(word.group()[:1].isupper() for word in words):
        return name
    return Span(words[-2].start(), name.end)


def _apposed(text: str, name: Span, until: int) -> Span | None:
    """The office after a name: X, présidente de l’entreprise."""
    matched = re.compile(r",\s+([^,.;:«»„“”\"]{3,80})").match(text, name.end, until)
    if matched is None or len(matched.group(1).split()) > _FRAME_WORDS // 2:
        return None
    return _trimmed(text, Span(matched.start(1), matched.end(1)))


@dataclass(frozen=True)
class _Side:
    """The words on one side of a verb."""

    text: str
    span: Span

    def names(self) -> list[Span]:
        """Runs of capitalised words."""
        return [
            _unmarked(self.text, Span(match.start(), match.end()))
            for match in _NAME.finditer(self.text, self.span.start, self.span.end)
            if not is_title(match.group())
        ]

    def first(self) -> Span | None:
        """The first name of more than one word before the clause ends, else the first."""
        until = re.search(r"[.;:«„“\"]|,\s+(?:que|dass|что)\b", self.span.of(self.text))
        end = self.span.start + (until.start() if until else len(self.span.of(self.text)))
        names = [name for name in self.names() if name.start < end]
        full = [name for name in names if " " in name.of(self.text)]
        return next(iter(full or names), None)

    def last(self) -> Span | None:
        """The last name of more than one word, else the last."""
        names = self.names()
        full = [name for name in names if " " in name.of(self.text)]
        return next(reversed(full or names), None)


def _unmarked(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start] in '«„“"':
        start += 1
    while end > start and text[end - 1] in '»“”"':
        end -= 1
    return Span(start, end)


class _Names:
    """Full names of a document, for surnames and pronouns later on."""

    def __init__(self, text: str, lines: Sequence[Span]) -> None:
        self.text = text
        self.full: dict[str, str] = {}
        self.spoke: str | None = None
        for line in lines:
            for match in _NAME.finditer(text, line.start, line.end):
                words = match.group().strip('«»„“”"').split()
                if 1 < len(words) <= 3 and all(word[:1].isupper() for word in words):
                    self.full.setdefault(words[-1], " ".join(words))

    def speaker(self, frame: _Frame, forms: ReportingForms) -> Speaker:
        """Whom the frame's words stand for; nobody where a pronoun has nothing before it."""
        if frame.speaker is None:
            return Speaker(None, None)
        words = frame.speaker.of(self.text)
        if words.lower() in forms.pronouns:
            return Speaker(self.spoke, frame.speaker)
        value = self.full.get(words, _ARTICLE.sub("", words))
        role = None
        if frame.role is not None:
            role = Value(" ".join(frame.role.of(self.text).split()), frame.role)
        if " " in value:
            self.spoke = value
        return Speaker(value, frame.speaker, role)
