from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from assay.text import normalise
from assay.text.normalise import is_repost, normalised, normalised_text, text_key, without_links


def test_what_copies_have_in_common() -> None:
    assert normalised_text("RT @foo: Ｈello  World\u00a0x https://a.b/c @me") == "hello world x"
    assert normalised_text("ПРИВЕТ,\n\tмир") == "привет, мир"
    assert normalised_text("see https://t.co/abc #Tag") == "see #tag"


def test_nulls_stay_null_and_order_is_kept() -> None:
    texts = pa.array(["A  b", None, "", "ÄÖ @x", "plain"])
    assert normalised(without_links(texts)).to_pylist() == ["a b", None, "", "äö", "plain"]


def test_reposts_say_so() -> None:
    texts = pa.array(["RT @a: x", "rt @b x", "ART @a: x", "no", None])
    assert is_repost(texts).to_pylist() == [True, True, False, False, None]


@given(st.lists(st.one_of(st.none(), st.text(max_size=60)), max_size=8))
def test_a_column_is_normalised_as_each_text_alone(texts: list[str | None]) -> None:
    column = normalised(without_links(pa.array(texts, pa.string()))).to_pylist()
    assert column == [None if text is None else normalised_text(text) for text in texts]


@given(st.text(alphabet=st.sampled_from("aAéßŞİǅﬁ１ \n\t　@#rRtT:ＲＴ＠x/htps"), max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalised_text(text)
    assert normalised_text(once) == once


def test_key_has_128_bits() -> None:
    assert text_key("hello") == "2cf24dba5fb0a30e26e83b2ac5b9e29e"


@given(st.lists(st.one_of(st.none(), st.text("aЙйёѾ«»–—„“…№½ﬁ\u0306\u0301 Ａ@é", max_size=12))))
def test_the_look_at_bytes_passes_over_nothing_that_changes(texts: list[str | None]) -> None:
    column = pc.utf8_lower(pa.array(["x", *texts], pa.string())).slice(1)

    changed = [
        one and normalise._compatible(pa.array([one]))[0].as_py() for one in column.to_pylist()
    ]
    perhaps = normalise._perhaps_incompatible(column).to_pylist()
    for before, after, looked_at in zip(column.to_pylist(), changed, perhaps, strict=True):
        assert before == after or looked_at
