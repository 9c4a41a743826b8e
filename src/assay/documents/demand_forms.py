"""A demand as one clause makes it: which word asks, who asks whom, for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.documents.clause_spans import has_to
from assay.documents.parse import Paragraph
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True)
class Asked:
    """A demand as one clause makes it, in words of the parse.

    Attributes:
        trigger: The word that asks.
        asker: Who asks.
        asked: Of whom.
        content: What for.
        hope: Whether it is only hoped for.
        announced: Whether it will be asked.
        diplomatic: Whether it is raised between states or in a note.
        firm: Whether it asks somebody to do something.
        own: Whether it is made in the document's own voice (“you are required to”).
        empty: Whether nothing is said of what is asked.
    """

    trigger: Span
    asker: Token | None
    asked: tuple[Token, ...]
    content: Span
    hope: bool = False
    announced: bool = False
    diplomatic: bool = False
    firm: bool = False
    own: bool = False
    empty: bool = False


def made(
    paragraph: Paragraph,
    token: Token,
    asker: Token | None,
    asked: Sequence[Token | None],
    content: Span,
    extra: str = "",
) -> Asked:
    """A demand of a verb; everybody joined to the asked is asked too."""
    end = next((one for one in token.children if extra and one.lower_ == extra), token)
    last = end if end.i == token.i + 1 else token
    receivers = tuple(one for one in asked if one is not None)
    more = tuple(
        other for one in receivers for other in one.conjuncts
        if other.i > one.i and other.pos_ in ("NOUN", "PROPN")
    )  # fmt: skip
    return Asked(
        trigger=paragraph.between(token, last),
        asker=asker,
        asked=(*receivers, *(one for one in more if one not in receivers)),
        content=content,
        announced=is_ahead(token),
    )


def is_ahead(token: Token) -> bool:
    """“will send”, “is going to bring up”, a headline’s “to send”."""
    for child in token.children:
        if child.dep_ == "aux" and child.lower_ in ("will", "’ll", "'ll", "shall"):
            return True
    if token.lemma_.lower() == "go" and token.lower_ == "going":
        return True
    if token.lemma_.lower() in ("plan", "intend", "promise"):
        return True
    return has_to(token) and token.dep_ in ("ROOT", "relcl", "acl")
