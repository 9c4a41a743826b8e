"""What is held against what: nothing that may agree is left out, and much that cannot is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.documents.kept_by_features import KeptByFeatures

told = st.tuples(
    st.frozensets(st.sampled_from("ab"), min_size=1),
    st.frozensets(st.integers(0, 4), max_size=2),
    st.frozensets(st.sampled_from("xyz"), max_size=2),
)


def _may_agree(one: tuple[frozenset[object], ...], other: tuple[frozenset[object], ...]) -> bool:
    return all(not a or not b or a & b for a, b in zip(one, other, strict=True))


@given(st.lists(told, max_size=8), told)
def test_whatever_may_agree_is_given_the_last_kept_first(
    kept: list[tuple[frozenset[object], ...]], further: tuple[frozenset[object], ...]
) -> None:
    by_features = KeptByFeatures()
    for number, features in enumerate(kept):
        by_features.keep(number, features)
    given_ = by_features.agreeing(further)
    assert given_ == sorted(set(given_), reverse=True)
    assert {n for n, one in enumerate(kept) if _may_agree(one, further)} <= set(given_)


def test_a_long_list_of_different_things_is_not_gone_through() -> None:
    by_features = KeptByFeatures()
    for number in range(1000):
        by_features.keep(number, ({"removed"}, {number}))
    assert by_features.agreeing(({"removed"}, {7})) == [7]
