"""The people of a document, and whom a surname, a pronoun or “the diplomat” stands for.

A full name anywhere in the document is a person; a surname means the person who bears it; he and
she mean the latest person of that gender who spoke or did something. Where that cannot be told,
nobody is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assay.documents.cues import verb_cue
from assay.documents.parse import Paragraph, Parsed
from assay.documents.roles import Office
from assay.documents.speakers import Mention, named
from assay.lexicon.people import Gender, gender_of, is_person_noun, may_be_name
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_REACH = 2_500
"""Characters that a pronoun looks back at most."""
_SUBJECTS = ("nsubj", "nsubjpass")
_MOST_WORDS = 4


@dataclass
class Person:
    """Somebody named in the document.

    Attributes:
        name: The fullest form found.
        gender: Where a title, an office, a given name or a surname's form says it.
        office: Role and organisation of the first mention that has them.
        seen: Where each mention stands, with whether it is a subject.
    """

    name: str
    gender: Gender | None
    office: Office = field(default_factory=Office)
    seen: list[tuple[int, bool]] = field(default_factory=list)

    def last_before(self, position: int, subject: bool) -> int:
        """The latest mention before a place; -1 where there is none."""
        found = -1
        for start, is_subject in self.seen:
            if start >= position:
                break
            if is_subject or not subject:
                found = start
        return found


_Proper = Sequence[tuple[Paragraph, Sequence["Token"]]]
"""The proper nouns of each paragraph."""


class Cast:
    """Everybody named in one document.

    Args:
        parsed: The document's parse.
        names_body: Whether the words at a place name a body and no person.
    """

    def __init__(self, parsed: Parsed, names_body: Callable[[Span], bool]) -> None:
        self._names_body = names_body
        self.people: dict[str, Person] = {}
        self._by_last: dict[str, Person] = {}
        self._last_speaker: tuple[int, Person] | None = None
        proper = [
            (paragraph, [token for token in paragraph.doc if token.pos_ == "PROPN"])
            for paragraph in parsed.paragraphs
        ]
        self._gather(proper)
        self._find_again(proper)

    def person(self, words: tuple[str, ...]) -> Person | None:
        """Who bears a name or a surname."""
        words = tuple(word for word in words if word not in ("-",))
        if not words:
            return None
        whole = self.people.get(" ".join(words))
        if whole is not None:
            return whole
        known = self._by_last.get(words[-1])
        if known is None or (len(words) > 1 and words[0] != known.name.split()[0]):
            return None
        return known

    def spoke(self, person: Person, position: int) -> None:
        """Remember who spoke last."""
        self._last_speaker = (position, person)

    def pronoun(self, mention: Mention) -> Person | None:
        """Whom he or she stands for."""
        if mention.gender is None or mention.plural:
            return None
        return self._latest(mention.span.start, mention.gender, subject=True)

    def noun(self, mention: Mention, head: str) -> Person | None:
        """Whom “the diplomat” or “the spokeswoman” stands for."""
        if (
            mention.plural
            or not is_person_noun(head)
            or mention.words[0].lower()
            not in (
                "the",
                "this",
            )
        ):
            return None
        bearers = [person for person in self._persons() if _bears(person, head)]
        if len(bearers) == 1:
            return bearers[0]
        if len(mention.words) > 2:
            return None
        spoke = self._last_speaker
        if spoke is None or mention.span.start - spoke[0] > _REACH:
            return None
        agree = mention.gender is None or spoke[1].gender in (None, mention.gender)
        return spoke[1] if agree else None

    def _latest(self, position: int, gender: Gender, subject: bool) -> Person | None:
        spoke = self._last_speaker
        best: tuple[int, int, Person] | None = None
        for person in self._persons():
            if person.gender not in (None, gender):
                continue
            at = person.last_before(position, subject)
            if spoke is not None and spoke[1] is person:
                at = max(at, min(spoke[0], position))
            if at < 0 or position - at > _REACH:
                continue
            rank = (at, int(person.gender == gender), person)
            if best is None or rank[:2] > best[:2]:
                best = rank
        if best is None and subject:
            return self._latest(position, gender, subject=False)
        return best[2] if best else None

    def _persons(self) -> list[Person]:
        return list(self.people.values())

    def _gather(self, proper: _Proper) -> None:
        """Full names, told by a given name, a title or an office."""
        for paragraph, tokens in proper:
            done = -1
            for token in tokens:
                if token.i <= done:
                    continue
                head = _head(token)
                mention = named(paragraph, head)
                done = head.i
                if not _is_person(mention) and not self._speaks(mention, head):
                    continue
                person = self.people.get(mention.name)
                if person is None:
                    person = Person(mention.name, mention.gender)
                    self.people[mention.name] = person
                    self._by_last.setdefault(mention.words[-1], person)
                person.gender = person.gender or mention.gender
                if person.office.role is None and mention.office.role is not None:
                    person.office = mention.office

    def _speaks(self, mention: Mention, head: Token) -> bool:
        """Whether two or three capitalised words that name no body stand for somebody.

        They are said to say, want or ask something, or stand beside “the adviser”.
        """
        beside = head.dep_ == "appos" and is_person_noun(head.head.text)
        cue = verb_cue(head.head) if head.dep_ == "nsubj" else None
        return (
            (beside or cue is not None)
            and 1 < len(mention.words) < _MOST_WORDS
            and all(word[:1].isupper() and may_be_name(word) for word in mention.words)
            and not self._names_body(mention.span)
        )

    def _find_again(self, proper: _Proper) -> None:
        for paragraph, tokens in proper:
            for token in tokens:
                person = self._by_last.get(token.text)
                if person is not None:
                    start = paragraph.span.start + token.idx
                    person.seen.append((start, _head(token).dep_ in _SUBJECTS))


def _is_person(mention: Mention) -> bool:
    words = mention.words
    if not 1 < len(words) <= _MOST_WORDS:
        return False
    if not all(word[:1].isupper() and may_be_name(word) for word in words):
        return False
    given = gender_of(words[:1]) is not None
    return given or mention.office.role is not None or mention.gender is not None


def _bears(person: Person, role: str) -> bool:
    told = person.office.role
    return told is not None and role.lower() in (word.lower() for word in told.words)


def _head(token: Token) -> Token:
    while token.dep_ == "compound" and token.head.pos_ == "PROPN" and token.head.i > token.i:
        token = token.head
    return token
