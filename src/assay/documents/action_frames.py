"""A word of enforcement with what stands around it: who, to what, by which words.

A verb (“removed”, “took action against”), a relation that is ended, a designation with its label,
or a noun (“the removal of 40 pages”). Whether it was done, and whether it is a measure at all, is
asked elsewhere (:mod:`act_status`, :mod:`actions`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.documents.grammar import content_heads, direct_object, is_passive, subject
from assay.documents.parse import Paragraph
from assay.documents.sentence_roles import doer_of, prep_object, thing_done_to
from assay.lexicon.enforcement import EnforcementWords
from assay.model.record import Action, Span

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass
class Frame:
    """A verb of enforcement with what stands around it."""

    verb: Token
    action: Action
    span: Span
    objects: tuple[Token, ...] = ()
    actor: Token | None = None
    passive: bool = False
    label: Span | None = None


_LABEL = re.compile(
    r"foreign[\s-]agents?|extremist|terrorist|undesirable|state[\s-](?:affiliated|controlled|run)"
    r"|propaganda|gatekeeper|foreign mission|illegal|unlawful|enemy|disinformation|illicit",
    re.IGNORECASE,
)
_SEARCH = re.compile(r"\b(?:search|results?|index|rankings?)\b", re.IGNORECASE)
_ADS = re.compile(r"\badvert|\bads\b", re.IGNORECASE)


def verb_frame(paragraph: Paragraph, token: Token, words: EnforcementWords) -> Frame | None:
    """A verb of enforcement with its object and its doer."""
    if not (token.tag_.startswith("VB") or (token.pos_ == "NOUN" and token.dep_ == "ROOT")):
        return None
    if token.dep_ == "amod":
        return None
    particle = next((one for one in token.children if one.dep_ == "prt"), None)
    lemma = token.lemma_.lower()
    if particle is None and token.i + 1 < len(token.doc):
        following = token.nbor(1)
        if f"{lemma} {following.lower_}" in words.verbs:
            particle = following
    whole = f"{lemma} {particle.lower_}" if particle is not None else lemma
    passive = is_passive(token) or (
        token.tag_ == "VBN"
        and token.dep_ == "acl"
        and not any(one.dep_ == "nsubj" for one in token.children)
        # A participle takes no object: “X first suspended and later deleted …” is a sentence.
        and direct_object(token) is None
    )
    done_to = thing_done_to(token, passive)
    span = _trigger_span(paragraph, token, particle)
    if whole in words.relation_verbs:
        ended = direct_object(token)
        if ended is not None and ended.lemma_.lower() in words.relation_objects:
            return _ended(paragraph, token, ended, passive)
    if lemma in ADVERTISING_VERBS:
        refused = _advertising_refused(paragraph, token, passive)
        if refused is not None:
            return refused
    done = _with_object(paragraph, token, done_to, words)
    if done is not None:
        return done
    if lemma in words.designating:
        return _designation(paragraph, token, done_to, passive)
    if lemma == "take" and done_to is not None and done_to.lemma_.lower() == "action":
        against = prep_object(done_to, "against") or prep_object(token, "against")
        if against is None:
            return None
        return Frame(token, "other", paragraph.between(token, done_to), tuple(
            content_heads(against)), doer_of(token, passive), passive)  # fmt: skip
    action = words.verbs.get(whole) or (words.verbs.get(lemma) if particle is None else None)
    if action is None or done_to is None:
        return None
    if done_to.lemma_.lower() == "access":
        done_to = prep_object(done_to, "to") or prep_object(token, "to") or done_to
    return Frame(
        token,
        _finer(action, token, done_to),
        span,
        tuple(content_heads(done_to)),
        doer_of(token, passive),
        passive,
    )


ADVERTISING_VERBS = frozenset(("accept", "sell", "run", "allow", "take", "carry", "show"))


def _advertising_refused(paragraph: Paragraph, token: Token, passive: bool) -> Frame | None:
    """“will no longer accept advertisements from …”."""
    thing = direct_object(token)
    if thing is None or not _ADS.search(thing.text):
        return None
    before = [one for one in token.subtree if one.i < token.i]
    longer = next((one for one in before if one.lower_ == "longer"), None)
    never = next((one for one in token.lefts if one.dep_ == "neg"), None)
    if longer is None and never is None:
        return None
    source = prep_object(thing, "from") or prep_object(token, "from") or prep_object(thing, "by")
    first = longer.nbor(-1) if longer is not None and longer.i > 0 else (longer or never)
    assert first is not None
    return Frame(
        token,
        "ad_ban",
        paragraph.between(first, thing),
        tuple(content_heads(source)) if source is not None else (thing,),
        doer_of(token, passive),
        passive,
    )


def _with_object(
    paragraph: Paragraph, token: Token, thing: Token | None, words: EnforcementWords
) -> Frame | None:
    """“reduced the distribution of …”, “added labels to …”, “will pause political ads”."""
    if thing is None:
        return None
    action = words.with_object.get((token.lemma_.lower(), thing.lemma_.lower()))
    if action is None:
        return None
    passive = is_passive(token)
    behind = next(
        (
            found
            for word in ("of", "to", "on", "from", "for", "by")
            for one in (thing, token)
            if (found := prep_object(one, word)) is not None
        ),
        None,
    )
    if behind is None and action != "ad_ban":
        return None
    first, last = sorted((token, thing), key=lambda one: one.i)
    objects = tuple(content_heads(behind)) if behind is not None else (thing,)
    span = paragraph.between(first, last)
    return Frame(token, action, span, objects, doer_of(token, passive), passive)


def _trigger_span(paragraph: Paragraph, token: Token, particle: Token | None) -> Span:
    if particle is not None and particle.i == token.i + 1:
        return paragraph.between(token, particle)
    return paragraph.span_of(token)


def _finer(action: Action, token: Token, done_to: Token) -> Action:
    """Search results and advertising make it another action."""
    parts = [child for child in token.children if child.dep_ == "prep"]
    parts += [child for child in done_to.children if child.dep_ == "prep"]
    for part in parts:
        said = " ".join(one.text for one in part.subtree)
        if part.lower_ == "from" and action in ("block", "remove"):
            if _SEARCH.search(said):
                return "de_index"
            if _ADS.search(said):
                return "ad_ban"
    if action in ("block", "suspend") and done_to.lemma_.lower() in ("ad", "advert", "advertising"):
        return "ad_ban"
    return action


def _ended(paragraph: Paragraph, token: Token, ended: Token, passive: bool) -> Frame:
    if ended.lemma_.lower() == "advertising":
        source = next(
            (one for word in ("by", "from", "for", "with")
             if (one := prep_object(ended, word) or prep_object(token, word)) is not None), None,
        )  # fmt: skip
        objects = tuple(content_heads(source)) if source is not None else (ended,)
        span = paragraph.between(token, ended)
        return Frame(token, "ad_ban", span, objects, doer_of(token, passive), passive)
    other = prep_object(ended, "with") or prep_object(token, "with")
    objects = tuple(content_heads(other)) if other is not None else ()
    span = paragraph.between(token, ended)
    return Frame(token, "end_business", span, objects, doer_of(token, passive), passive)


def _designation(
    paragraph: Paragraph, token: Token, done_to: Token | None, passive: bool
) -> Frame | None:
    """“branded a foreign agent by the ministry”: somebody, a label, and who gave it."""
    if done_to is None:
        return None
    rest = [one for one in token.subtree if one.i > token.i and one.i - token.i < 14]
    if not rest:
        return None
    stretch = paragraph.between(rest[0], rest[-1])
    text = paragraph.text
    first = stretch.start - paragraph.span.start
    match = _LABEL.search(text, first, stretch.end - paragraph.span.start)
    if match is None:
        return None
    if not passive and done_to.i > token.i and match.start() < done_to.idx:
        # “declared extremist organisations …” as a modifier tells nobody's designation.
        return None
    label = Span(paragraph.span.start + match.start(), paragraph.span.start + match.end())
    return Frame(
        token,
        "designate",
        paragraph.span_of(token),
        tuple(content_heads(done_to)),
        doer_of(token, passive),
        passive,
        label,
    )


_TOLD_BY_DOER = frozenset(
    ("announce", "report", "confirm", "disclose", "reveal", "order", "decide", "impose", "lift")
)
"""Verbs whose subject did what their object names: “announced the removal of 40 pages”."""


def noun_frame(paragraph: Paragraph, token: Token, words: EnforcementWords) -> Frame | None:
    """“Facebook’s removal of 273 accounts”."""
    if token.pos_ != "NOUN":
        return None
    action = words.nouns.get(token.lemma_.lower())
    if action is None:
        return None
    done_to = prep_object(token, "of")
    if done_to is not None and done_to.lemma_.lower() == "access":
        done_to = prep_object(done_to, "to") or prep_object(token, "to") or done_to
    owner = next((one for one in token.children if one.dep_ == "poss"), None)
    by = prep_object(token, "by") or (prep_object(done_to, "by") if done_to is not None else None)
    doer = by or owner
    if done_to is None:
        return None
    if doer is None:
        above = token.head
        if above.pos_ == "VERB" and above.lemma_.lower() in _TOLD_BY_DOER:
            doer = subject(above)
    return Frame(token, action, paragraph.span_of(token), tuple(content_heads(done_to)), doer)
