"""Whether an act was done, is announced, threatened, supposed or denied: told by its grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from assay.documents.grammar import (
    is_passive,
)
from assay.documents.parse import Paragraph
from assay.lexicon.enforcement import EnforcementWords
from assay.lexicon.word_lists import word_list
from assay.model.record import Status

if TYPE_CHECKING:
    from spacy.tokens import Token


Above = Status | Literal["skip"]
"""What the words above a verb make of it; ``skip`` where it tells no measure."""

_MODALS: dict[str, Status] = {
    "will": "announced",
    "'ll": "announced",
    "’ll": "announced",
    "shall": "announced",
    "may": "hypothetical",
    "might": "hypothetical",
    "could": "hypothetical",
    "would": "hypothetical",
    "can": "hypothetical",
    "ca": "hypothetical",
}


_ASKING = word_list("asking")
_COMPELLED = frozenset(("force", "oblige", "compel"))


_PURPOSE = word_list("purpose")
_SAYING = word_list("saying")
_SUPPOSING = frozenset(("should", "had", "were"))
_IMAGINING = frozenset(("imagine", "suppose", "pretend"))
_IN_ERROR = frozenset(("erroneously", "incorrectly", "mistakenly", "wrongly", "falsely"))


def status_of(token: Token, paragraph: Paragraph, words: EnforcementWords) -> Status | None:
    """How surely it was done; None where it is only asked for, hoped for or meant as a purpose."""
    supposed = _opens_with_its_auxiliary(token) or any(
        child.dep_ == "mark" and child.lower_ in ("if", "unless", "until")
        for child in token.children
    )
    if is_negated(token):
        # “If the pages are not restored” supposes; it denies nothing.
        return None if supposed else "denied"
    if _told_in_error(token):
        return "denied"
    own = modal_status(token)
    if own is None and _is_due(token):
        # “should restore”, “must remove”: somebody asks for it.
        return None
    above = told_above(token, words)
    if above == "skip":
        return None
    if above is not None:
        return above
    if own is not None:
        return own
    if any(child.dep_ == "mark" and child.lower_ in ("if", "unless", "whether")
           for child in token.children):  # fmt: skip
        return "hypothetical"
    if token.tag_ in ("VBZ", "VBP") or (token.tag_ == "VBG" and be_before(token)):
        headline = paragraph.role in ("headline", "subtitle", "related_link")
        return "past" if headline and token.tag_ == "VBZ" else "ongoing"
    if is_passive(token) and any(
        child.dep_ == "auxpass" and child.lower_ in ("is", "are", "being")
        for child in token.children
    ):
        return "ongoing" if not any(c.lower_ in ("have", "has", "had") for c in token.children) \
            else "past"  # fmt: skip
    return "past"


def _opens_with_its_auxiliary(token: Token) -> bool:
    """“Should the page not be restored by May, we …”: a supposition without “if”."""
    for child in token.children:
        if child.dep_ in ("aux", "auxpass") and child.lower_ in _SUPPOSING:
            under = next((o for o in token.children if o.dep_ in ("nsubj", "nsubjpass")), None)
            return under is not None and child.i < under.left_edge.i and token.dep_ != "ROOT"
    return False


def _told_in_error(token: Token) -> bool:
    """“The Herald reported erroneously that …”, “falsely claimed that …”: the writer denies it."""
    above = token.head
    return (
        token.dep_ == "ccomp"
        and above.lemma_.lower() in _SAYING
        and any(one.dep_ == "advmod" and one.lower_ in _IN_ERROR for one in above.children)
    )


def be_before(token: Token) -> bool:
    """Whether a form of “be” stands before a word."""
    return any(one.dep_ == "aux" and one.lemma_ == "be" and one.lower_ in ("is", "are", "'s", "’s",
               "am", "been") for one in token.children)  # fmt: skip


def is_negated(token: Token) -> bool:
    """Whether a word is denied."""
    here: Token | None = token
    for _ in range(3):
        assert here is not None
        if any(one.dep_ == "neg" or one.lower_ in ("never", "nor") for one in here.children):
            return True
        for one in here.children:
            if one.dep_ in ("dobj", "nsubjpass") and any(
                child.lower_ == "no" for child in one.children
            ):
                return True
        if here.dep_ in ("xcomp",) and here.head.i != here.i:
            here = here.head
            continue
        return here.dep_ == "pcomp" and here.head.lower_ == "without"
    return False


def modal_status(token: Token) -> Status | None:
    """The status that a modal gives."""
    here = token
    for _ in range(4):
        for child in here.children:
            if child.dep_ == "aux" and child.tag_ == "MD" and child.i < here.i:
                due = child.lower_ in _DUE
                return None if due else _MODALS.get(child.lower_, "hypothetical")
        own_subject = any(child.dep_ in ("nsubj", "nsubjpass") for child in here.children)
        if here.dep_ in ("conj", "xcomp") and not own_subject:
            here = here.head
            continue
        return None
    return None


_DUE = frozenset(("should", "must", "ought"))


def _is_due(token: Token) -> bool:
    return any(
        child.dep_ == "aux" and child.lower_ in _DUE and child.i < token.i
        for child in token.children
    )


def told_above(token: Token, words: EnforcementWords) -> Above | None:
    """What the words above a verb make of it."""
    here = token
    for _ in range(4):
        head = here.head
        lemma = head.lemma_.lower()
        infinitive = any(one.dep_ == "aux" and one.lower_ == "to" for one in here.children)
        if here.dep_ == "xcomp" or (here.dep_ in ("ccomp", "advcl") and infinitive):
            if here.dep_ == "advcl" and lemma not in words.light:
                return "skip" if not telling_purpose(head) else None
            group = words.light.get(lemma)
            if lemma in _COMPELLED and is_passive(head):
                # “we will be forced to restrict …”; “it was forced to remove …” tells that it did.
                return "threatened" if modal_status(head) == "announced" else None
            if lemma == "go" and head.lower_ == "going":
                return "announced"
            if lemma in _ASKING or group == "hypothetical":
                return "skip" if lemma in _ASKING else "hypothetical"
            if group in ("announced", "threatened", "denied"):
                return cast("Status", group)
            if lemma == "be" and infinitive:
                return "announced"
            if group in ("done", "decided"):
                here = head
                if (modal := modal_status(head)) is not None:
                    return modal
                continue
            return None if here.dep_ == "xcomp" and group else "skip"
        if here.dep_ == "ccomp":
            if lemma in _ASKING or lemma in _IMAGINING:
                return "skip"
            return None
        if here.dep_ in ("acl", "relcl") and head.pos_ in ("NOUN", "PROPN") and infinitive:
            group = words.light_nouns.get(lemma)
            if group is None:
                return "skip"
            return _of_noun(group)
        if here.dep_ == "pcomp":
            return gerund_status(here, words)
        if here.dep_ == "conj" and not any(
            one.dep_ in ("nsubj", "nsubjpass") for one in here.children
        ):
            here = head
            continue
        if here.dep_ == "pobj" and here.pos_ == "NOUN":
            if head.head.lemma_.lower() in _ASKING or head.lower_ in ("against",):
                return "skip"
            return None
        if here.dep_ == "dobj" and here.pos_ == "NOUN" and lemma == "order":
            # A court that orders the blocking of a site has decided it.
            return "announced"
        if here.dep_ == "dobj" and lemma in _ASKING:
            return "skip"
        if here.dep_ == "ROOT" and infinitive and here.i > 0:
            return "announced"
        return None
    return None


def telling_purpose(head: Token) -> bool:
    """Whether a head tells what something is for."""
    return head.lemma_.lower() in ("act", "move", "rush", "step")


def _of_noun(group: str) -> Above | None:
    """“its decision to remove” was done, “its plan to remove” announced; a wish is skipped."""
    if group == "done":
        return None
    return "skip" if group == "hypothetical" else cast("Status", group)


def gerund_status(token: Token, words: EnforcementWords) -> Above | None:
    """A verb in -ing after a preposition."""
    preposition = token.head.lower_
    above = token.head.head
    lemma = above.lemma_.lower()
    if lemma in _PURPOSE or preposition in ("from", "at", "toward", "towards", "against"):
        return "skip"
    if preposition == "without":
        return "denied"
    if lemma in words.light_nouns:
        return _of_noun(words.light_nouns[lemma])
    if preposition == "of" and lemma in (
        "policy",
        "practice",
        "possibility",
        "risk",
        "idea",
        "way",
    ):
        return "skip"
    return None
