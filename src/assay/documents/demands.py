"""Demands: who asks whom for what, told directly or at second hand.

A regulator that demands has not removed anything, and a hope is no order: each demand keeps the
word that asks, whether it was made, hoped for or announced, and the law that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assay.documents.base import Reading
from assay.documents.clause_spans import (
    clause_span,
    has_to,
    infinitive_from,
    predicate_span,
    prep_of,
    span_from,
    trimmed_span,
)
from assay.documents.grammar import agent, phrase, subject
from assay.documents.measures import sentence_span
from assay.documents.parse import Paragraph
from assay.documents.parties import Parties, Party
from assay.documents.same_demand import fold_demands
from assay.documents.slots_grounds import laws
from assay.documents.slots_time import dated_in
from assay.lexicon.word_lists import word_list
from assay.model.record import OWN_WORDS, Demand, Span, Value

if TYPE_CHECKING:
    from spacy.tokens import Span as Words
    from spacy.tokens import Token

_VERBS = word_list("demand_verbs")
_NEED_INFINITIVE = word_list("demand_needs_infinitive")
_NOUNS = word_list("demand_nouns")
_HOPES = word_list("hope_verbs")
_CONVEYING = word_list("conveying_verbs")
_RAISING = word_list("raising_verbs")
_RAISED = word_list("raised_nouns")
_PLATFORM_WORDS = word_list("platform_words")
_ABOUT = frozenset(("over", "about", "concerning", "regarding", "on"))
_MAY_ASK = re.compile(
    r"urg|demand|request|requir|order|\bcall|appeal|petition|insist|\bask|\btell|\btold|instruct|"
    r"propos|recommend|warn|caution|invit|compel|oblig|implor|\bhop(?:e|ing)|\bexpect|\btrust|"
    r"ultimatum|\bnote\b|\bletter\b|notice|\brais|\bbring|press|direct",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Asked:
    """A demand as one clause makes it, in words of the parse."""

    trigger: Span
    asker: Token | None
    asked: tuple[Token, ...]
    content: Span
    hope: bool = False
    announced: bool = False
    diplomatic: bool = False
    firm: bool = False


class Demands:
    """Reads the demands of English documents from their parse."""

    name = "demands"
    languages: Sequence[str] = ("en",)

    def read(self, reading: Reading) -> None:
        """Add the demands in the order of the text."""
        if reading.parsed is None:
            return
        parties = Parties(reading)
        found: list[tuple[Demand, bool]] = []
        for paragraph, sentence in reading.parsed.sentences():
            place = sentence_span(paragraph, sentence)
            if paragraph.role in OWN_WORDS and _MAY_ASK.search(
                reading.text, place.start, place.end
            ):
                found += _demands_in(reading, parties, paragraph, sentence)
        for number, demand in enumerate(fold_demands(reading.text, found), 1):
            reading.demands.append(replace(demand, demand_id=f"D{number}"))


def _demands_in(
    reading: Reading, parties: Parties, paragraph: Paragraph, sentence: Words
) -> Iterator[tuple[Demand, bool]]:
    """Demands of a sentence, each with whether it stands in the headline."""
    for token in sentence:
        asked = _by_verb(paragraph, token) or _by_noun(paragraph, token, sentence)
        if asked is None:
            continue
        demand = _demand(reading, parties, paragraph, sentence, asked)
        if demand is not None:
            yield demand, paragraph.role != "body"


def _demand(
    reading: Reading, parties: Parties, paragraph: Paragraph, sentence: Words, asked: _Asked
) -> Demand | None:
    asker = parties.party(paragraph, asked.asker) if asked.asker is not None else None
    addressed = [parties.party(paragraph, one) for one in asked.asked]
    place = sentence_span(paragraph, sentence)
    if not _is_ours(parties, place, asked, asker, addressed):
        return None
    actor = _actor(reading, parties, paragraph, asked, asker)
    counts = tuple(
        one
        for one in reading.counts
        if place.start <= one.phrase.start < place.end
        and (one.unit in ("companies", "platforms") or asked.content.start <= one.span.start)
    )
    return Demand(
        demand_id="",
        actor=actor,
        addressee=_named(reading.text, parties, paragraph, addressed, asked),
        trigger=asked.trigger,
        content=asked.content,
        status="announced" if asked.announced else ("expressed" if asked.hope else "made"),
        legal_basis=tuple(laws(reading.text, place)),
        counts=counts,
        demanded_on=dated_in(
            reading, place, "demanded", [one.span for one in parties.mentions], asked.trigger
        ),
    )


def _is_ours(
    parties: Parties,
    place: Span,
    asked: _Asked,
    asker: Party | None,
    addressed: list[Party],
) -> bool:
    """Demands about platforms and what stands on them, and those between states about such."""
    if asker is not None and asker.kind == "platform" and not addressed and not asker.generic:
        return False
    if asked.diplomatic:
        return asker is not None and asker.kind in ("country", "authority", "platform", "other")
    if any(one.kind == "platform" for one in addressed):
        return True
    words = set(re.findall(r"\w+", parties.text[asked.content.start : asked.content.end].lower()))
    about = bool(words & _PLATFORM_WORDS) or bool(parties.platforms_inside(asked.content))
    if asked.hope:
        named_asker = asker is not None and asker.kind in ("authority", "country", "name", "person")
        corporate = re.search(r"\bcorporate|compan", asked.content.of(parties.text))
        return about or bool(corporate) or (bool(addressed) and named_asker)
    if asked.asker is not None and asked.asker.lower_ in ("i", "we") and (about or asked.firm):
        return True
    named = asker is not None and asker.kind in ("authority", "country", "platform", "name",
                                                 "person", "outlet")  # fmt: skip
    return about and (named or asker is None)


def _actor(
    reading: Reading,
    parties: Parties,
    paragraph: Paragraph,
    asked: _Asked,
    asker: Party | None,
) -> tuple[Value, ...]:
    if asked.asker is None or asker is None:
        return ()
    token = asked.asker
    span = paragraph.span_of(token)
    if token.lower_ in ("we", "i", "us"):
        for statement in reading.statements:
            if any(part.start <= span.start < part.end for part in statement.spans):
                speaker = statement.speaker.organisation or Value(statement.speaker.value)
                return (Value(speaker.value, span, how=f"“{token.text}”: the speaker"),)
        return (Value(None, span, how=f"“{token.text}”: the speaker is not named"),)
    if token.lower_ in ("it", "they", "he", "she"):
        return asker.values if asker.kind == "platform" else ()
    whole = phrase(paragraph, token)
    side = [one for one in parties.inside(whole) if one.name.kind == "country"]
    if token.lower_ == "side" and side:
        return (Value(side[0].name.value, whole, how="the side of this country"),)
    return asker.values


def _named(
    text: str,
    parties: Parties,
    paragraph: Paragraph,
    addressed: list[Party],
    asked: _Asked,
) -> tuple[Value, ...]:
    found: list[Value] = []
    for party, token in zip(addressed, asked.asked, strict=True):
        whole = phrase(paragraph, token, whole=True)
        platforms = parties.platforms_inside(whole)
        if party.kind == "platform" and len(platforms) > len(party.values):
            found += [Value(one.name.value, one.span) for one in platforms]
            continue
        found += party.values
    found = [one for one in found if not _told_by_names(text, parties, one)]
    kept: dict[str | None, Value] = {}
    for value in found:
        kept.setdefault(value.value, value)
    return tuple(kept.values())


def _told_by_names(text: str, parties: Parties, value: Value) -> bool:
    """“providers Cloudflare and Cisco”: the names say it."""
    span = value.span
    if span is None or value.value != span.of(text):
        return False
    return any(0 <= one.span.start - span.end <= 1 for one in parties.platforms)


def _by_verb(paragraph: Paragraph, token: Token) -> _Asked | None:
    if not token.tag_.startswith("VB"):
        return None
    # The lemmatiser takes “hopes” for a form of “hop”.
    lemma = "hope" if token.lower_ in ("hopes", "hoped", "hoping") else token.lemma_.lower()
    if any(one.dep_ == "neg" for one in token.children):
        return None
    if lemma in _HOPES:
        return _hope(paragraph, token)
    if lemma in _RAISING:
        return _raised(paragraph, token)
    if lemma not in _VERBS:
        return None
    infinitive = next((one for one in token.children if one.dep_ == "xcomp"
                       and has_to(one)), None)  # fmt: skip
    clause = next((one for one in token.children if one.dep_ == "ccomp" and one.i > token.i), None)
    passive = any(one.dep_ == "auxpass" for one in token.children)
    asker = agent(token) if passive else subject(token)
    if lemma == "call":
        return _called(paragraph, token, asker, infinitive, clause)
    receivers: list[Token | None] = [subject(token)] if passive else [
        one for one in token.children if one.dep_ in ("dobj", "dative")
    ]  # fmt: skip
    if infinitive is None and clause is not None and has_to(clause):
        # “urged F and T to stop”: the parser may read the asked as the clause's subject.
        infinitive, clause = clause, None
        inner = next((one for one in infinitive.children if one.dep_ == "nsubj"), None)
        receivers = [inner] if inner is not None else receivers
        if inner is not None:
            content = span_from(paragraph, infinitive_from(infinitive), infinitive)
            return _made(paragraph, token, asker, receivers, content)
    if infinitive is None and receivers and clause is None:
        infinitive = _far_infinitive(token, receivers[0])
    if infinitive is not None:
        content = span_from(paragraph, infinitive_from(infinitive), infinitive)
        return replace(_made(paragraph, token, asker, receivers, content), firm=True)
    if lemma in _NEED_INFINITIVE:
        return None
    if clause is not None:
        doer = next((one for one in clause.children if one.dep_ in ("nsubj", "nsubjpass")), None)
        if lemma in ("warn", "caution"):
            if not receivers:
                return None
            return _made(paragraph, token, asker, receivers, clause_span(paragraph, clause))
        content = predicate_span(paragraph, clause, doer)
        return _made(paragraph, token, asker, [doer], content)
    thing = receivers[0] if receivers else None
    if thing is None:
        return None
    if lemma in ("warn", "caution", "urge", "press"):
        about = prep_of(token, ("against", "over", "about"))
        if about is None:
            return None
        return _made(paragraph, token, asker, [thing], phrase(paragraph, about, whole=True))
    if lemma in ("demand", "request", "propose", "recommend", "insist", "petition"):
        asked = prep_of(token, ("from", "of", "by")) or prep_of(thing, ("from", "by"))
        content = phrase(paragraph, thing, whole=True)
        return _made(paragraph, token, asker, [asked], content)
    return None


def _far_infinitive(token: Token, receiver: Token | None) -> Token | None:
    """“urged F, after they blocked accounts, to reconsider …”: past a clause between commas."""
    if receiver is None:
        return None
    for one in token.subtree:
        if one.i <= receiver.i or one.dep_ != "aux" or one.lower_ != "to":
            continue
        if one.nbor(-1).text == "," or one.i == receiver.i + 1:
            return one.head
    return None


def _called(
    paragraph: Paragraph,
    token: Token,
    asker: Token | None,
    infinitive: Token | None,
    clause: Token | None,
) -> _Asked | None:
    """“call on Internet platforms to reconsider”, “called for the accounts to be restored”."""
    on = prep_of(token, ("on", "upon"))
    if on is None and any(one.lower_ in ("on", "upon") and one.dep_ in ("prt", "prep")
                          for one in token.children):  # fmt: skip
        on = next((one for one in token.children if one.dep_ == "dobj"), None)
    if on is not None:
        inner = (
            infinitive
            or clause
            or next(
                (one for one in on.children if one.dep_ in ("relcl", "acl") and has_to(one)), None
            )
        )
        if inner is None:
            return None
        return _made(paragraph, token, asker, [on], clause_span(paragraph, inner), extra="on")
    wanted = prep_of(token, ("for",))
    if wanted is not None:
        by = prep_of(wanted, ("by", "from"))
        content = phrase(paragraph, wanted, whole=True)
        return _made(paragraph, token, asker, [by], content, extra="for")
    return None


def _hope(paragraph: Paragraph, token: Token) -> _Asked | None:
    """“hopes for an impartial assessment by …”, “we hope that these accounts will be blocked”."""
    asker = subject(token)
    if asker is None:
        return None
    wanted = prep_of(token, ("for",))
    if wanted is not None:
        by = prep_of(wanted, ("by", "from")) or next(
            (found for one in wanted.subtree if (found := prep_of(one, ("by",))) is not None),
            None,
        )
        content = phrase(paragraph, wanted, whole=True)
        made = _made(paragraph, token, asker, [by], content)
        return replace(made, hope=True)
    clause = next((one for one in token.children if one.dep_ == "ccomp" and one.i > token.i), None)
    if clause is None:
        return None
    passive = any(one.dep_ in ("auxpass", "nsubjpass") for one in clause.children)
    doer = next((one for one in clause.children if one.dep_ in ("nsubj", "nsubjpass")), None)
    if doer is None or not any(
        one.tag_ == "MD" or one.lower_ == "to" for one in clause.children if one.dep_ == "aux"
    ):
        return None
    asked = agent(clause) if passive else doer
    words = [one for one in clause.subtree if one.i >= min(one.i for one in doer.subtree)]
    content = paragraph.between(words[0], words[-1])
    made = _made(paragraph, token, asker, [asked], trimmed_span(paragraph, content))
    return replace(made, hope=True)


def _raised(paragraph: Paragraph, token: Token) -> _Asked | None:
    """“is going to bring up the issue of … at …”."""
    thing = next((one for one in token.children if one.dep_ in ("dobj", "nsubjpass")), None)
    if thing is None or thing.lemma_.lower() not in _RAISED:
        return None
    carrier = token
    while carrier.dep_ == "xcomp":
        carrier = carrier.head
    forum = prep_of(token, ("at", "on", "in", "before", "with", "within"))
    if forum is None:
        forum = next(
            (f for one in thing.subtree if (f := prep_of(one, ("on", "at", "before"))) is not None),
            None,
        )
    members = [forum]
    if forum is not None:
        members = _included(forum) or members
    core = phrase(paragraph, thing, whole=True)
    if forum is not None:
        lead = forum.head
        cut = paragraph.span_of(lead).start
        core = Span(core.start, min(core.end, cut) if cut > core.start else core.end)
    start = min([one for one in carrier.children if one.dep_ in ("aux", "auxpass")] + [carrier],
                key=lambda one: one.i)  # fmt: skip
    last = next((one for one in token.children if one.dep_ == "prt"), token)
    passive = any(one.dep_ == "auxpass" for one in token.children)
    return _Asked(
        trigger=paragraph.between(start, last),
        asker=agent(token) if passive else subject(carrier),
        asked=tuple(one for one in members if one is not None),
        content=trimmed_span(paragraph, core),
        announced=_is_ahead(carrier) or _is_ahead(token),
        diplomatic=True,
    )


def _included(noun: Token) -> list[Token | None]:
    """“on various platforms, including the OSCE”, wherever the parser hangs it."""
    for one in noun.sent:
        if one.i > noun.i and one.lower_ == "including" and one.i - noun.i < 4:
            inner = next((child for child in one.children if child.dep_ == "pobj"), None)
            return [inner] if inner is not None else []
    return []


def _by_noun(paragraph: Paragraph, token: Token, sentence: Words) -> _Asked | None:
    """“issued a warning to four companies over …”, “will send a note to the United States”."""
    if token.pos_ != "NOUN" or token.lemma_.lower() not in _NOUNS:
        return None
    passive = token.dep_ == "nsubjpass"
    if token.dep_ not in ("dobj", "nsubjpass", "conj"):
        return None
    carrier = token.head if token.dep_ != "conj" else token.head.head
    if carrier.lemma_.lower() not in _CONVEYING or any(
        one.dep_ == "neg" for one in carrier.children
    ):
        return None
    receiver = next(
        (found for one in (token, *token.conjuncts, carrier)
         if (found := prep_of(one, ("to",))) is not None), None,
    )  # fmt: skip
    if receiver is None:
        receiver = next((one for one in carrier.children if one.dep_ == "dative"), None)
        receiver = prep_of(receiver, ("to",)) or receiver if receiver is not None else None
    if receiver is not None and receiver.dep_ == "prep":
        receiver = next((one for one in receiver.children if one.dep_ == "pobj"), None)
    if receiver is None:
        return None
    note = token.lemma_.lower() in ("note", "letter", "notice")
    start = min([one for one in carrier.children if one.dep_ in ("aux", "auxpass")] + [carrier],
                key=lambda one: one.i)  # fmt: skip
    trigger = paragraph.between(start, token) if start.i < token.i else paragraph.span_of(token)
    content = _after_colon(paragraph, token, sentence)
    if content is None:
        about = next(
            (found for one in (token, carrier, receiver, *receiver.conjuncts)
             if (found := prep_of(one, tuple(_ABOUT))) is not None), None,
        )  # fmt: skip
        inner = next((one for one in (*token.children, *carrier.children)
                      if one.dep_ in ("acl", "xcomp", "advcl") and has_to(one)), None)  # fmt: skip
        if inner is not None:
            content = clause_span(paragraph, inner)
        elif about is not None:
            content = trimmed_span(paragraph, phrase(paragraph, about, whole=True))
        elif note:
            content = phrase(paragraph, token, whole=True)
        else:
            return None
    return _Asked(
        trigger=trigger,
        asker=agent(carrier) if passive else subject(carrier),
        asked=(receiver, *(one for one in receiver.conjuncts if one.i > receiver.i)),
        content=content,
        announced=_is_ahead(carrier),
        diplomatic=note,
    )


def _after_colon(paragraph: Paragraph, noun: Token, sentence: Words) -> Span | None:
    """“one proposal to the owners: let us …”."""
    doc = paragraph.doc
    colon = next((one for one in sentence if one.text == ":" and one.i > noun.i), None)
    if colon is None or colon.i + 1 >= len(doc):
        return None
    return trimmed_span(paragraph, paragraph.between(doc[colon.i + 1], sentence[-1]))


def _made(
    paragraph: Paragraph,
    token: Token,
    asker: Token | None,
    asked: list[Token | None],
    content: Span,
    extra: str = "",
) -> _Asked:
    end = next((one for one in token.children if extra and one.lower_ == extra), token)
    last = end if end.i == token.i + 1 else token
    receivers = tuple(one for one in asked if one is not None)
    more = tuple(
        other for one in receivers for other in one.conjuncts
        if other.i > one.i and other.pos_ in ("NOUN", "PROPN")
    )  # fmt: skip
    return _Asked(
        trigger=paragraph.between(token, last),
        asker=asker,
        asked=(*receivers, *(one for one in more if one not in receivers)),
        content=content,
        announced=_is_ahead(token),
    )


def _is_ahead(token: Token) -> bool:
    """“will send”, “is going to bring up”, a headline’s “to send”."""
    for child in token.children:
        if child.dep_ == "aux" and child.lower_ in ("will", "’ll", "'ll", "shall"):
            return True
    if token.lemma_.lower() == "go" and token.lower_ == "going":
        return True
    if token.lemma_.lower() in ("plan", "intend", "promise"):
        return True
    return has_to(token) and token.dep_ in ("ROOT", "relcl", "acl")
