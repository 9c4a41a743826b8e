from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assay.detectors.spread import divisor, is_multiple

NUMBERS = st.integers(1, 2**20) | st.integers(1, 2**64 - 1)
VALUES = st.integers(0, 2**64 - 1)


@given(NUMBERS, VALUES)
def test_multiples_are_those_that_leave_nothing_over(number: int, value: int) -> None:
    below = value - value % number
    of = divisor(number)
    for one in {value, below, max(below - number, 0), min(below + 1, 2**64 - 1)}:
        assert is_multiple(np.uint64(one), of) == (one % number == 0)
