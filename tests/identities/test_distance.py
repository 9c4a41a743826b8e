"""Letter bits never part words that are a few slips apart, and part others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from assay.identities.distance import letter_bits, may_be_near
from assay.identities.glyphs import code_points

WORDS = st.text("abz0é界", max_size=9)


def _near(one: str, other: str, most: int) -> bool:
    bits = [letter_bits(code_points(word), 0, len(word)) for word in (one, other)]
    return may_be_near(bits[0], bits[1], most)


@given(WORDS, WORDS)
def test_words_a_few_slips_apart_stay(one: str, other: str) -> None:
    slips = OSA.distance(one, other)
    assert all(_near(one, other, most) for most in range(slips, 3))


def test_words_of_other_letters_are_parted() -> None:
    assert not _near("morningherald", "morningsender", 2)
    assert not _near("daily", "dairy", 0)
    # A letter more often than it stands in the other word tells as well.
    assert not _near("noon", "on", 0)
    assert _near("noon", "moon", 1)
