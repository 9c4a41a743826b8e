"""A bound on processor time that holds even where the first word of it is passed over."""

from __future__ import annotations

import contextlib
import time

import pytest

from assay.documents.time_limit import TookTooLong, at_most


def _for_ever() -> None:
    while True:
        sum(range(1000))


def test_a_library_that_passes_the_end_over_is_told_again() -> None:
    with pytest.raises(TookTooLong), at_most(0.05):
        with contextlib.suppress(Exception):
            _for_ever()
        _for_ever()


def test_what_ends_in_time_is_left_alone_and_so_is_what_follows() -> None:
    with at_most(0.05):
        pass
    began = time.process_time()
    while time.process_time() - began < 0.15:
        sum(range(1000))
