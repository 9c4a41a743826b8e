"""Who does what to whom in a clause, by spaCy's dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.documents.grammar import (
    agent,
    direct_object,
    subject,
)

if TYPE_CHECKING:
    from spacy.tokens import Token


def thing_done_to(token: Token, passive: bool) -> Token | None:
    """The object of an active verb, the subject of a passive one, the noun of a participle."""
    if passive:
        if token.dep_ == "acl":
            return token.head
        under = subject(token)
        if (
            under is not None
            and under.lower_ in ("which", "that", "who")
            and (token.dep_ == "relcl")
        ):
            return token.head
        return under
    found = direct_object(token)
    if found is not None and found.lower_ in ("that", "which") and token.dep_ == "relcl":
        return token.head
    if found is None and token.dep_ == "relcl" and subject(token) is not None:
        # “the network that it had removed”, also without “that”.
        return token.head
    return found


def doer_of(token: Token, passive: bool) -> Token | None:
    """Who does an act."""
    if passive:
        return agent(token)
    carrier = carrier_of(token)
    named = next((one for one in token.children if one.dep_ == "nsubj"), None)
    if token.dep_ == "acl" and named is not None:
        return named
    if token.dep_ == "acl" and token.tag_ == "VBN" and direct_object(token) is not None:
        return token.head
    if token.dep_ == "acl" and token.head.pos_ == "NOUN":
        owner = next((one for one in token.head.children if one.dep_ == "poss"), None)
        if owner is not None:
            return owner
        carrying = token.head.head
        return subject(carrying) if token.head.dep_ in ("dobj", "pobj", "attr") else None
    doer = subject(carrier)
    if doer is None and carrier.dep_ == "pcomp":
        above = carrier.head.head
        if above.pos_ == "NOUN":
            owner = next((one for one in above.children if one.dep_ == "poss"), None)
            return owner or (subject(above.head) if above.head.pos_ == "VERB" else None)
        found = next((one for one in above.children if one.dep_ == "dobj"), None)
        # “accused Twitter of blocking”: the one accused did it.
        return found or subject(above)
    if doer is None and carrier.dep_ == "advcl":
        return subject(carrier.head)
    if doer is not None and doer.dep_ == "nsubjpass":
        # “Google was forced to remove …”: the one forced does it.
        return doer if carrier.i != token.i else None
    other = past_the_thing(token, doer)
    return other or doer


def past_the_thing(token: Token, doer: Token | None) -> Token | None:
    """“R says the app is illegal, and has moved to block it”: “it” is the app, so R blocks.

    The parser joins the second verb to the nearer first one; a thing does not act on itself.
    """
    if doer is None:
        return None
    found = direct_object(token)
    if found is None or found.lower_ not in ("it", "them"):
        return None
    owner = doer.head
    if owner.dep_ == "ccomp" and owner.i != token.i and doer.i < token.i:
        return subject(owner.head)
    return None


def carrier_of(token: Token) -> Token:
    """The verb that carries an infinitive: “decided to remove”, “has moved to block”."""
    here = token
    while here.dep_ == "xcomp" and here.head.pos_ in ("VERB", "AUX"):
        here = here.head
    return here


def prep_object(token: Token, preposition: str) -> Token | None:
    """The noun behind a preposition that depends on a word."""
    for child in token.children:
        if child.dep_ in ("prep", "dative") and child.lower_ == preposition:
            return next((one for one in child.children if one.dep_ == "pobj"), None)
    return None
