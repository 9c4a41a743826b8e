"""Names that a document's grammar puts in a platform's place: who removed accounts, or says so.

“Kadrik, which belongs to Ann Roe, said on Friday that it had suspended 90 accounts”: whatever
stands between, Kadrik did it to what lives on platforms, and no list needs to know it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assay.documents.grammar import content_heads, is_passive, subject
from assay.documents.parse import Parsed
from assay.documents.sentence_roles import doer_of, thing_done_to
from assay.lexicon.enforcement import enforcement_words
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_ITS = frozenset(("it", "they"))
_OWN = frozenset(("his", "her", "my"))
_WHICH = frozenset(("which", "that", "who"))
_HIGHEST = 4
"""Verbs above the act among which the name that a pronoun means is sought."""
_NOT_BY_PLATFORMS_ALONE = frozenset(("identify",))
"""Researchers find accounts as well."""


def acting_names(parsed: Parsed) -> Iterator[tuple[str, Span]]:
    """Each name of one word that acts as platforms do, with where it stands."""
    verbs = enforcement_words().verbs
    alone = {one.split()[0] for one in verbs}
    for paragraph in parsed.paragraphs:
        for token in paragraph.doc:
            lemma = token.lemma_.lower()
            if not token.tag_.startswith("VB") or lemma not in alone:
                continue
            if verbs.get(lemma) in _NOT_BY_PLATFORMS_ALONE or not _on_platforms(token):
                continue
            for name in _actors(token):
                if not any(one.dep_ == "compound" for one in name.children):
                    yield name.text, paragraph.span_of(name)


def _on_platforms(verb: Token) -> bool:
    """Whether it is done to accounts, pages …, and not to somebody's own."""
    thing = thing_done_to(verb, is_passive(verb))
    online = enforcement_words().online_nouns
    return thing is not None and any(
        one.lemma_.lower() in online and not any(child.lower_ in _OWN for child in one.children)
        for one in content_heads(thing)
    )


def _actors(verb: Token) -> Iterator[Token]:
    """Whoever does it, by name: the subject, or whom its pronoun means."""
    doer = doer_of(verb, is_passive(verb))
    if doer is not None and doer.lower_ in _WHICH and doer.head.dep_ == "relcl":
        doer = doer.head.head
    above = verb
    for _ in range(_HIGHEST):
        if doer is None or doer.lower_ not in _ITS or above.head.i == above.i:
            break
        above = above.head
        if above.pos_ == "VERB":
            found = subject(above)
            doer = found if found is not None and found.i != doer.i else doer
    if doer is None:
        return
    for one in (doer, *doer.conjuncts):
        if one.pos_ == "PROPN":
            yield one
