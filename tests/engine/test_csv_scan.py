"""Where CSV records end, at the bound of what one quoted field may hold."""

from __future__ import annotations

import numpy as np
import pytest

from assay.engine.csv_scan import GOOD, MAX_FIELD_BYTES, UNCLOSED, scan_records
from assay.engine.marked_bytes import with_marks


@pytest.mark.parametrize("dialect", [(44, 34, 0), (44, 34, 92)])
@pytest.mark.parametrize("behind", [-1, 0, 1])
def test_two_bytes_that_are_one_sign_may_stand_at_the_bound(
    dialect: tuple[int, int, int], behind: int
) -> None:
    """A scan that went back behind them would close the field there, or never end."""
    pair = b'\\"' if dialect[2] else b'""'
    field = b"x" * (MAX_FIELD_BYTES + behind) + pair
    raw = b'"' + field + b",y\n1,2\n"
    source = with_marks(np.frombuffer(raw, np.uint8), dialect)
    begins, ends, states, stopped = scan_records(source, 0, dialect, 2, True, -1)
    assert states.tolist() == [UNCLOSED, GOOD]
    assert raw[begins[1] : ends[1]] == b"1,2"
    assert stopped == len(raw)
