"""Word classes from tags: what spaCy's attribute ruler says of a word, remembered.

The ruler matches some 180 patterns against every token, a third of all the time that parsing takes.
All but a handful look at one token's tag, form and dependency alone, and at the form only of words
that they name. So its answer is asked for once for each such three and remembered; words that no
pattern names share one answer. Of the patterns over two tokens one matters here (“there is” is a
verb of its own); the others spell out “gonna” and the like and are left out.

Lemmas are remembered as well: the model's lemmatiser looks at a word's form, class and morphology
alone, so that each such three is asked for once, in the same pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc

if TYPE_CHECKING:
    from spacy.pipeline import AttributeRuler, Lemmatizer
    from spacy.tokens import Token

NAME = "assay_word_classes"
_IS = frozenset(("is", "are", "was", "were", "'s", "'re"))
_MOST_REMEMBERED = 200_000


class WordClasses:
    """A pipe that sets part of speech, morphology and lemmas, and remembers them.

    Args:
        ruler: The model's own attribute ruler.
        lemmatizer: The model's own lemmatiser.
    """

    def __init__(self, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        self._ruler = ruler
        self._lemmatizer = lemmatizer
        self._lemmas: dict[tuple[int, int, int], int] = {}
        self._named = frozenset(_named_forms(ruler.patterns))
        self._forms: dict[int, int] = {}
        self._known: dict[tuple[int, int, int], tuple[int, int, int]] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the classes of every token."""
        known, forms = self._known, self._forms
        expl = doc.vocab.strings["expl"]
        there = False
        for token in doc:
            form = forms.get(token.orth)
            if form is None:
                form = self._form(token)
            key = (token.tag, form, token.dep)
            found = known.get(key)
            if found is None:
                if len(known) >= _MOST_REMEMBERED:
                    known.clear()
                found = known[key] = self._ask(token)
            pos, morph, lemma = found
            token.pos = pos
            token.set_morph(morph)  # type: ignore[attr-defined]  # spaCy's stubs lack it
            if there and token.lower_ in _IS:
                token.pos_ = "VERB"
                pos = token.pos
            if not lemma:
                key = token.orth, pos, morph
                lemma = self._lemmas.get(key) or self._lemma(token, key)
            token.lemma = lemma
            there = token.dep == expl
        return doc

    def _lemma(self, token: Token, key: tuple[int, int, int]) -> int:
        if len(self._lemmas) >= _MOST_REMEMBERED:
            self._lemmas.clear()
        lemma = token.vocab.strings.add(self._lemmatizer.lemmatize(token)[0])
        self._lemmas[key] = lemma
        return lemma

    def _form(self, token: Token) -> int:
        """A word's own form if a pattern may look at it, else 0 for all of them."""
        named = token.lower_ in self._named or not token.lower_.isalpha()
        if len(self._forms) >= _MOST_REMEMBERED:
            self._forms.clear()
        form = self._forms[token.orth] = token.orth if named else 0
        return form

    def _ask(self, token: Token) -> tuple[int, int, int]:
        alone = Doc(
            token.vocab,
            words=[token.text],
            tags=[token.tag_],
            deps=[token.dep_ or "dep"],
            heads=[0],
        )
        answered: Any = self._ruler(alone)[0]
        return answered.pos, answered.morph.key, answered.lemma


def _named_forms(patterns: Iterable[Any]) -> Iterator[str]:
    """Lower-case forms that the patterns name; those by regular expression hold an apostrophe."""
    for rule in patterns:
        for pattern in rule["patterns"]:
            for token in pattern:
                form = token.get("LOWER")
                if isinstance(form, str):
                    yield form
                elif form is not None:
                    yield from form.get("IN", ())


def quicken(model: Language) -> Language:
    """Put the remembering pipe in the place of ruler and lemmatiser."""
    if not {"attribute_ruler", "lemmatizer"} <= set(model.pipe_names):
        return model
    ruler: Any = model.get_pipe("attribute_ruler")
    lemmatizer: Any = model.get_pipe("lemmatizer")
    Language.component(NAME, func=WordClasses(ruler, lemmatizer))
    model.replace_pipe("attribute_ruler", NAME)
    model.remove_pipe("lemmatizer")
    return model
