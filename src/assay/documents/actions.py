"""Acts of enforcement in a sentence: the verb or noun that tells it, who, to what, and how surely.

A verb of enforcement alone is none: it needs something that lives on platforms, or a body that
enforces. What is asked for, hoped for or meant as a purpose is not told as done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assay.documents.act_status import modal_status, status_of
from assay.documents.action_frames import ADVERTISING_VERBS, Frame, noun_frame, verb_frame
from assay.documents.grammar import (
    phrase,
    subject,
)
from assay.documents.lowered import lowered
from assay.documents.parse import Paragraph
from assay.documents.parties import Parties
from assay.documents.party import Party
from assay.lexicon.enforcement import EnforcementWords, enforcement_words
from assay.model.record import Action, Span, Status, Value

if TYPE_CHECKING:
    from spacy.tokens import Span as Words
    from spacy.tokens import Token


@dataclass(frozen=True)
class Act:
    """One act as one clause tells it.

    Attributes:
        steps: What was done, each with the words that say it.
        status: Whether it was done.
        actor: Who did it; None where the clause does not say.
        objects: The nouns that it was done to.
        verb: The word that carries it.
        paragraph: Where.
        sentence: Its sentence.
        label: For a designation, what somebody was called.
    """

    steps: tuple[tuple[Action, Span], ...]
    status: Status
    actor: Party | None
    objects: tuple[Token, ...]
    verb: Token
    paragraph: Paragraph
    sentence: Words
    label: Span | None = None


_TRIGGER = re.compile(
    r"remov|delet|eras|suspend|suspens|block|ban(?:s|ned|ning)?\b|bar(?:s|red|ring)?\b|restrict|"
    r"censor|tak(?:e|es|en|ing) (?:down|off|action)|took|takedown|take-down|take[sn]? [\w ,]{0,60}"
    r"(?:down|off)\b|pull|purg|shut|clos|"
    r"terminat|disabl|deactivat|deplatform|demot|downrank|label|flag|demoneti[sz]|delist|de-list|"
    r"geo-?block|throttl|restor|reinstat|unblock|unban|identif|detect|discover|uncover|found|find|"
    r"expos|unmask|designat|brand|deem|declar|recogni[sz]|classif|outlaw|relinquish|sever|end(?:s|ed"
    r"|ing)?\b|cut |froze|freez|lock|limit|disrupt|dismantl|expel|kick|blacklist|scrub|axe|bring"
    r"|brought|list(?:s|ed)\b|eliminat|crack|filter|de-?index|deamplif|shadow-?ban|downgrad|deprioriti|unlock|"
    r"seiz|slow|reduc|append|attach|appl(?:y|ied|ies)|add(?:s|ed|ing)?\b|puts?\b|paus|halt|prohibit|"
    r"den(?:y|ied|ies)|curb|lower|withdr|with(?:he|ho)ld|disallow|affix|"
    r"re-?activat|stop|cancel|broke|break"
)
"""Looked for in small letters."""
_STRONG = frozenset(("suspend", "block", "label", "demonetise", "restore", "geo_block", "demote"))


def may_act(text: str, span: Span) -> bool:
    """Whether a stretch of text has any word of enforcement: cheap, before the grammar."""
    return _TRIGGER.search(lowered(text), span.start, span.end) is not None


def acts_in(paragraph: Paragraph, sentence: Words, parties: Parties) -> Iterator[Act]:
    """The acts that a sentence tells, in its order."""
    words = enforcement_words()
    used: set[int] = set()
    for token in sentence:
        if token.i in used:
            continue
        frame = verb_frame(paragraph, token, words) or noun_frame(paragraph, token, words)
        if frame is None:
            continue
        status = status_of(frame.verb, paragraph, words)
        if frame.action == "ad_ban" and frame.verb.lemma_.lower() in ADVERTISING_VERBS:
            # The negation is the measure: “no longer accept” is a ban, not a ban denied.
            status = modal_status(frame.verb) or "past"
        if status is None:
            continue
        act = _act(frame, status, paragraph, sentence, parties)
        if act is None:
            continue
        act, more = _with_joined(act, frame, paragraph, words)
        used.update(more)
        yield act


def _act(
    frame: Frame, status: Status, paragraph: Paragraph, sentence: Words, parties: Parties
) -> Act | None:
    """The frame as an act, if who and what fit together."""
    actor = parties.party(paragraph, frame.actor) if frame.actor is not None else None
    if actor is not None and frame.actor is not None:
        actor = _past_the_dateline(paragraph, frame, parties) or actor
    if frame.actor is None and not frame.passive and frame.verb.tag_ != "VBG":
        actor = _named_before(paragraph, frame.verb, parties)
    objects = tuple(one for one in frame.objects if one.i != frame.verb.i)
    online = [one for one in objects if _is_online(one) or _is_them(one, paragraph, parties)]
    acted = Act(
        ((frame.action, frame.span),), status, actor, objects, frame.verb, paragraph, sentence,
        frame.label,
    )  # fmt: skip
    if _is_policy(frame, status, objects):
        return None
    if frame.action == "designate":
        return acted if actor is None or actor.kind != "person" else None
    if frame.action in ("end_business", "ad_ban") and frame.verb.lemma_.lower() not in (
        "ban", "bar", "block"
    ):  # fmt: skip
        return acted if actor is not None and actor.kind in ("platform", "name") else None
    if frame.action == "identify":
        return _identified(acted, frame, online, parties)
    if actor is not None and frame.actor is not None and _is_machinery(frame.actor, online):
        return replace(acted, actor=None)
    if actor is None:
        # Nobody named: only what clearly lives on platforms, told as done to it.
        if frame.verb.pos_ == "NOUN":
            # “the blocking of accounts” is a topic; “the removal of 40 pages” tells an act.
            return acted if any(_has_number(one) for one in online) else None
        clear = [one for one in online if _counted_or_plural(one) or one.pos_ == "PRON"]
        return acted if clear and frame.passive else None
    if actor.kind in ("platform", "authority", "country"):
        return acted if _fits(frame, objects, online, actor, paragraph, parties) else None
    if actor.kind == "name" and online and not any(_owned(one) for one in online):
        counted = any(_counted_or_plural(one) for one in online)
        return acted if counted or frame.action in _STRONG else None
    return None


_MACHINERY = frozenset(("system", "systems", "algorithm", "filter", "tool", "software", "error",
                        "moderation", "classifier", "automation", "bug", "process"))  # fmt: skip


def _is_machinery(doer: Token, online: list[Token]) -> bool:
    """“an automated system suspended 2,140 accounts”: whose it is stands elsewhere."""
    return doer.lemma_.lower() in _MACHINERY and any(_has_number(one) for one in online)


def _is_policy(frame: Frame, status: Status, objects: tuple[Token, ...]) -> bool:
    """“We remove posts that …”, “we would remove any post”: what is done as a rule, by nobody now.

    A number, a name or a definite thing makes it an act; so does whoever complains of it.
    """
    if status not in ("ongoing", "hypothetical") or frame.verb.pos_ == "NOUN":
        return False
    doer = frame.actor
    relative = frame.verb.dep_ in ("relcl", "acl")
    own = doer is not None and doer.lower_ in ("we", "they", "it", "that", "which", "who")
    if not (own or relative) or frame.verb.tag_ == "VBG":
        return False
    return not any(
        one.pos_ == "PROPN"
        or _has_number(one)
        or any(child.lower_ in ("this", "these", "those") for child in one.children)
        for one in objects
    )


_DATELINE = re.compile(r"[A-Z][^–—\n]{1,70}\s[–—-]\s")


def _past_the_dateline(paragraph: Paragraph, frame: Frame, parties: Parties) -> Party | None:
    """“CITY – Lumio and Tukan suspended …”: the parser may take the city for the subject."""
    lead = _DATELINE.match(paragraph.text)
    assert frame.actor is not None
    if lead is None or frame.actor.idx >= lead.end() or frame.verb.idx < lead.end():
        return None
    start = paragraph.span.start
    named = parties.platforms_inside(Span(start + lead.end(), start + frame.verb.idx))
    if not named:
        return None
    return Party("platform", tuple(Value(one.name.value, one.span) for one in named))


_HELPERS = ("AUX", "ADV", "PART")


def _named_before(paragraph: Paragraph, verb: Token, parties: Parties) -> Party | None:
    """“After the inquiry Kadrik removed …”: the name before the verb, whatever the parser says."""
    first = verb
    while first.i > 0 and first.nbor(-1).pos_ in _HELPERS and first.nbor(-1).text.islower():
        first = first.nbor(-1)
    if first.i == 0 or verb.dep_ in ("acl", "relcl"):
        return None
    named = [
        one for one in parties.names_at(paragraph.span_of(first.nbor(-1)).start)
        if one in parties.platforms_inside(one.span)
    ]  # fmt: skip
    return (
        Party("platform", tuple(Value(one.name.value, one.span) for one in named))
        if named
        else None
    )


def _fits(
    frame: Frame,
    objects: tuple[Token, ...],
    online: list[Token],
    actor: Party,
    paragraph: Paragraph,
    parties: Parties,
) -> bool:
    """Whether a platform or a body may have done this to that."""
    words = enforcement_words()
    softer = frame.action in ("label", "demote", "demonetise", "ad_ban")
    if (
        actor.kind == "platform"
        and softer
        and any(one.lemma_.lower() in ("outlet", "publisher", "article", "page") for one in objects)
    ):
        return True
    if online and not (actor.kind != "platform" and all(_owned(one) for one in online)):
        return True
    for one in objects:
        if one.lemma_.lower() in words.objects or one.lower_ in words.objects:
            return True
        kinds = {name.name.kind for name in parties.names_at(paragraph.span_of(one).start)}
        if any(child.dep_ == "compound" and child.pos_ == "PROPN" for child in one.children):
            # “Radio Accra” is no country's seat.
            kinds.discard("country")
        if kinds & {"outlet", "platform", "company", "operator"}:
            return True
        if one.lower_ in ("it", "them"):
            return frame.action not in ("identify", "remove") or actor.kind == "platform"
        if one.pos_ == "PROPN" and frame.action in ("suspend", "block", "label", "restore",
                                                    "demonetise", "ad_ban", "remove"):  # fmt: skip
            return not kinds & {"country"} and actor.kind == "platform"
        if one.lemma_.lower() in ("organization", "organisation", "operation"):
            return True
    return False


def _identified(act: Act, frame: Frame, online: list[Token], parties: Parties) -> Act | None:
    """Accounts found by the platform itself; what researchers find is no measure."""
    if not online or (frame.passive and act.actor is None):
        return None
    if act.verb.dep_ in ("acl", "relcl"):
        # “networks discovered by X in August” describes something else.
        return None
    if act.actor is not None and act.actor.kind == "platform":
        return act
    doer = frame.actor
    if doer is not None and doer.lemma_.lower() in ("investigation", "review", "sweep", "analysis"):
        whole = phrase(act.paragraph, doer, whole=True)
        if doer.i > frame.verb.i:
            return None
        named = parties.platforms_inside(whole)
        inner = [one for one in doer.subtree if one.dep_ in ("pobj", "poss")]
        for one in inner:
            party = parties.party(act.paragraph, one)
            if party.kind == "platform":
                return replace(act, actor=party)
        return act if named else None
    return None


def _with_joined(
    act: Act, frame: Frame, paragraph: Paragraph, words: EnforcementWords
) -> tuple[Act, list[int]]:
    """“blocked and then deleted …”: further steps on the same objects."""
    steps = list(act.steps)
    used: list[int] = []
    objects = act.objects
    for other in frame.verb.conjuncts:
        if other.i < frame.verb.i or not other.tag_.startswith("VB"):
            continue
        joined = verb_frame(paragraph, other, words)
        if joined is None:
            continue
        own = subject(other)
        if own is not None and own.head.i == other.i and joined.passive == frame.passive:
            continue
        same = {one.i for one in joined.objects} == {one.i for one in objects}
        if same:
            steps.append((joined.action, joined.span))
            used.append(other.i)
    told = [step for step in steps if step[0] != "identify"] or steps
    return replace(act, steps=tuple(told)), used


def _is_online(noun: Token) -> bool:
    words = enforcement_words()
    # “the channel Morning Bell”: the noun stands beside the name.
    beside = [one for one in noun.children if one.dep_ in ("compound", "nmod", "appos")]
    said = [noun, *(beside if noun.pos_ == "PROPN" else ())]
    return any(
        one.lemma_.lower() in words.online_nouns or one.lower_.rstrip("s") in words.online_nouns
        for one in said
    )


def _is_them(pronoun: Token, paragraph: Paragraph, parties: Parties) -> bool:
    """“38 of them”: online things, if what was counted before is."""
    number = pronoun.head.head if pronoun.dep_ == "pobj" else pronoun
    if pronoun.lower_ not in ("them", "which") or number.tag_ != "CD":
        return False
    online = enforcement_words().online_nouns.values()
    place = paragraph.span_of(number).start
    return any(one.span.start <= place < one.span.end and one.unit in online
               for one in parties.reading.counts)  # fmt: skip


def _owned(noun: Token) -> bool:
    """“deleted his account”: somebody’s own."""
    return any(
        child.dep_ == "poss" and child.lower_ in ("his", "her", "their", "its", "my", "our", "your")
        for child in noun.children
    )


def _has_number(noun: Token) -> bool:
    return any(child.dep_ == "nummod" or child.tag_ == "CD" for child in noun.children)


def _counted_or_plural(noun: Token) -> bool:
    return noun.tag_ in ("NNS", "NNPS") or any(
        child.dep_ == "nummod" or child.tag_ == "CD" for child in noun.children
    )
