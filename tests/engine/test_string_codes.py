from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assay.engine.string_codes import byte_order, coded, ranked

texts = st.one_of(st.sampled_from(["", "a", "a\0", "ab", "ä", "о", "https://x.org/1"]), st.text())
# Behind what all begin with, these differ in at most eight bytes, or in more.
ids = st.integers(0, 10**9).map(lambda number: f"unknown:user{number % 5}{number}")


@pytest.mark.parametrize("strings", [texts, ids], ids=["texts", "ids"])
def test_ranks_order_distinct_strings_by_their_bytes(strings: st.SearchStrategy[str]) -> None:
    @given(st.lists(strings))
    @example(["a\0", "a", "", "a\0\0"])
    @example(["https://a/12345678", "https://a/1234567", "https://a/123456789"])
    @example(["https://a/12345678", "https://a/1234567", "https://a/", "https://a/12345678"])
    def check(told: list[str]) -> None:
        ranks, distinct = ranked(pa.array(["before", *told], pa.string()).slice(1))
        assert distinct.to_pylist() == sorted(set(told), key=str.encode)
        assert [distinct[rank].as_py() for rank in ranks.tolist()] == told

    check()


@given(st.lists(st.one_of(texts, ids)), st.integers(0, 5))
def test_codes_lead_back_to_the_strings(told: list[str], cut: int) -> None:
    chunks = pa.chunked_array([told[:cut], told[cut:]], pa.string())
    codes, distinct = coded(chunks)

    assert distinct.take(pa.array(codes)).to_pylist() == told
    assert len(set(distinct.to_pylist())) == len(distinct) == len(set(told))


@given(st.lists(texts, unique=True))
def test_distinct_strings_are_put_in_the_order_of_their_bytes(told: list[str]) -> None:
    order = byte_order(pa.array(told, pa.string()))

    assert [told[place] for place in order.tolist()] == sorted(told, key=str.encode)
