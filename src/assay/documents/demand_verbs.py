"""Demands that a verb makes: “urged F and T to reconsider”, “called for”, “hopes that”."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assay.documents.clause_spans import (
    clause_span,
    has_to,
    infinitive_from,
    predicate_span,
    prep_of,
    span_from,
    trimmed_span,
)
from assay.documents.demand_forms import Asked, is_ahead, made
from assay.documents.grammar import agent, phrase, subject
from assay.documents.parse import Paragraph
from assay.lexicon.word_lists import word_list
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_VERBS = word_list("demand_verbs")
_NEED_INFINITIVE = word_list("demand_needs_infinitive")
_HOPES = word_list("hope_verbs")
_RAISING = word_list("raising_verbs")
_RAISED = word_list("raised_nouns")


def by_verb(paragraph: Paragraph, token: Token) -> Asked | None:
    """The demand that a verb makes; None if it makes none."""
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
    if lemma == "give":
        return _deadline(paragraph, token)
    if lemma == "want":
        return _wanted(paragraph, token)
    if lemma not in _VERBS:
        duty = _duty(token)
        return None if duty is None else _due(paragraph, token, duty)
    return _request(paragraph, token, lemma)


def _request(paragraph: Paragraph, token: Token, lemma: str) -> Asked | None:
    """“urged F to stop”, “was asked by F to stop”, “insists that it stop”, “demanded an answer”."""
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
        if inner is not None:
            content = span_from(paragraph, infinitive_from(infinitive), infinitive)
            return made(paragraph, token, asker, [inner], content)
    if infinitive is None and receivers and clause is None:
        infinitive = _far_infinitive(token, receivers[0])
    if infinitive is not None:
        content = span_from(paragraph, infinitive_from(infinitive), infinitive)
        own = passive and asker is None and _is_now(token)
        return replace(made(paragraph, token, asker, receivers, content), firm=True, own=own)
    if lemma in _NEED_INFINITIVE:
        return None
    if clause is not None:
        return _with_clause(paragraph, token, asker, receivers, clause)
    thing = receivers[0] if receivers else None
    return None if thing is None else _with_thing(paragraph, token, asker, thing)


def _is_now(token: Token) -> bool:
    """“are asked”, “is asked”: whoever writes it asks."""
    return any(one.dep_ == "auxpass" and one.lower_ in ("are", "is") for one in token.children)


def _with_clause(
    paragraph: Paragraph,
    token: Token,
    asker: Token | None,
    receivers: list[Token | None],
    clause: Token,
) -> Asked | None:
    """“insists that it stop”, “warned F that it would be fined”."""
    if token.lemma_.lower() in ("warn", "caution"):
        if not receivers:
            return None
        return made(paragraph, token, asker, receivers, clause_span(paragraph, clause))
    if not _is_asked_for(clause):
        return None
    doer = next((one for one in clause.children if one.dep_ in ("nsubj", "nsubjpass")), None)
    return made(paragraph, token, asker, [doer], predicate_span(paragraph, clause, doer))


def _with_thing(
    paragraph: Paragraph, token: Token, asker: Token | None, thing: Token
) -> Asked | None:
    """“warned F against it”, “demanded an answer from F”."""
    lemma = token.lemma_.lower()
    if lemma in ("warn", "caution", "urge", "press"):
        about = prep_of(token, ("against", "over", "about"))
        if about is None:
            return None
        return made(paragraph, token, asker, [thing], phrase(paragraph, about, whole=True))
    if lemma in ("demand", "request", "propose", "recommend", "insist", "petition"):
        asked = prep_of(token, ("from", "of", "by")) or prep_of(thing, ("from", "by"))
        content = phrase(paragraph, thing, whole=True)
        return made(paragraph, token, asker, [asked], content)
    return None


def _is_asked_for(clause: Token) -> bool:
    """“insists that it stop” asks; “insists that it stopped” claims."""
    helpers = [one.lower_ for one in clause.children if one.dep_ in ("aux", "auxpass")]
    if clause.tag_ == "VB" or "be" in helpers:
        return True
    return bool({"should", "must", "shall", "to"} & set(helpers)) or (
        not helpers and (clause.tag_ == "VBP" and clause.lower_ == clause.lemma_)
    )


def _wanted(paragraph: Paragraph, token: Token) -> Asked | None:
    """“wants Tukan to disclose who paid”."""
    clause = next((one for one in token.children if one.dep_ == "ccomp" and has_to(one)), None)
    if clause is None:
        return None
    doer = next((one for one in clause.children if one.dep_ == "nsubj"), None)
    if doer is None or doer.i < token.i:
        return None
    content = span_from(paragraph, infinitive_from(clause), clause)
    return replace(made(paragraph, token, subject(token), [doer], content), firm=True)


def _deadline(paragraph: Paragraph, token: Token) -> Asked | None:
    """“gave both platforms until 1 February to unblock the channels”, “24 hours to remove”."""
    receiver = next((one for one in token.children if one.dep_ in ("dative", "dobj")), None)
    inner = next(
        (one for one in token.subtree if one.i > token.i and one.tag_ == "VB" and has_to(one)
         and one.dep_ in ("xcomp", "acl", "relcl", "advcl")), None,
    )  # fmt: skip
    if receiver is None or inner is None:
        return None
    between = [one.lower_ for one in token.subtree if token.i < one.i < inner.i]
    if not set(between) & _TERM:
        return None
    content = span_from(paragraph, infinitive_from(inner), inner)
    return replace(made(paragraph, token, subject(token), [receiver], content), firm=True)


_TERM = frozenset(("until", "till", "by", "hours", "hour", "days", "day", "weeks", "week",
                   "month", "months", "deadline"))  # fmt: skip


def _duty(token: Token) -> Token | None:
    """The “must” or “should” of a verb whose doer stands before it; questions have none."""
    if token.tag_ != "VB" or any(one.dep_ == "auxpass" for one in token.children):
        return None
    modal = next(
        (one for one in token.lefts if one.dep_ == "aux" and one.lower_ in ("must", "should")), None
    )
    doer = next((one for one in token.lefts if one.dep_ == "nsubj"), None)
    if modal is None or doer is None or doer.i > modal.i or token.dep_ not in _ASSERTED:
        return None
    return modal if doer.pos_ in ("NOUN", "PROPN") else None


_ASSERTED = frozenset(("ROOT", "conj", "ccomp"))


def _due(paragraph: Paragraph, token: Token, modal: Token) -> Asked | None:
    """“Platforms should publish the domains that they block.”"""
    doer = next(one for one in token.lefts if one.dep_ == "nsubj")
    first = next(one for one in token.subtree if one.i > modal.i)
    told = made(paragraph, token, None, [doer], span_from(paragraph, first, token))
    return replace(told, trigger=paragraph.span_of(modal), firm=True, own=True)


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
) -> Asked | None:
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
        content = clause_span(paragraph, inner)
        return replace(made(paragraph, token, asker, [on], content, extra="on"), firm=True)
    wanted = prep_of(token, ("for",))
    if wanted is not None:
        by = prep_of(wanted, ("by", "from"))
        content = phrase(paragraph, wanted, whole=True)
        return made(paragraph, token, asker, [by], content, extra="for")
    return None


def _hope(paragraph: Paragraph, token: Token) -> Asked | None:
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
        return replace(made(paragraph, token, asker, [by], content), hope=True)
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
    told = made(paragraph, token, asker, [asked], trimmed_span(paragraph, content))
    return replace(told, hope=True)


def _raised(paragraph: Paragraph, token: Token) -> Asked | None:
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
    return Asked(
        trigger=paragraph.between(start, last),
        asker=agent(token) if passive else subject(carrier),
        asked=tuple(one for one in members if one is not None),
        content=trimmed_span(paragraph, core),
        announced=is_ahead(carrier) or is_ahead(token),
        diplomatic=True,
    )


def _included(noun: Token) -> list[Token | None]:
    """“on various platforms, including the OSCE”, wherever the parser hangs it."""
    for one in noun.sent:
        if one.i > noun.i and one.lower_ == "including" and one.i - noun.i < 4:
            inner = next((child for child in one.children if child.dep_ == "pobj"), None)
            return [inner] if inner is not None else []
    return []
