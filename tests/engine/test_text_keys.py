"""The keys of texts, hashed side by side, against SHA-256 of the standard library, one by one."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.text_keys import text_keys
from assay.text.normalise import text_key


@given(st.lists(st.text(max_size=90), max_size=70))
def test_keys_are_those_of_each_text_alone(texts: list[str]) -> None:
    keys = text_keys(pa.array(texts, pa.string()))
    assert keys.to_pylist() == [text_key(text) for text in texts]


def test_every_length_around_the_ends_of_blocks() -> None:
    texts = ["é" * (count // 2) + "x" * (count % 2) for count in range(400)]
    keys = text_keys(pa.array(texts))
    assert keys.to_pylist() == [text_key(text) for text in texts]


def test_part_of_a_column() -> None:
    texts = pa.array([f"text number {number}" for number in range(200)])
    assert text_keys(texts.slice(33, 71)).equals(text_keys(texts).slice(33, 71))
