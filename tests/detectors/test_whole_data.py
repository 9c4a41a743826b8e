"""The whole data against surrogates: what is counted, what passes, what stays silent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.detectors.made_shares import Row, arrays_of, first_shares, share_rows, slow_pairs
from tests.detectors.test_held_out import PEOPLE, SECOND_US, grid_of, honest, planted

from assay.detectors.coaction_parameters import FEWEST_SURROGATES
from assay.detectors.whole_data import (
    MOST,
    WholeDataParameters,
    affordable,
    co_timed_keys,
    group_test,
    threshold_check,
)
from assay.detectors.whole_data_words import threshold_sentences, whole_data_sentences

PARAMETERS = WholeDataParameters(shrinkage=5.0, min_shared=2, seed=1, surrogates=39)


@given(share_rows())
def test_keys_are_the_co_timed_pairs(rows: list[Row]) -> None:
    first = first_shares(arrays_of(rows))
    told = np.unique(co_timed_keys(first, 5_000_000), return_counts=True)
    found = {
        (int(key) >> 32, int(key) & 0xFFFFFFFF): int(count)
        for key, count in zip(*told, strict=True)
    }
    slow = slow_pairs(first, 5_000_000)
    assert found == {pair: len(one.first_both) for pair, one in slow.items() if one.first_both}


def test_a_planted_group_shows_in_the_whole() -> None:
    shares = arrays_of(honest(1) + planted(1, 8, 4, 20), PEOPLE + 8)
    told = group_test({"link": shares}, grid_of(), PARAMETERS)
    assert told["close"]["jittered"]["p_value"] == pytest.approx(1 / 40)
    assert told["repeated"]["found"] >= 28


def test_honest_data_stay_silent() -> None:
    p_values = [
        group_test({"link": arrays_of(honest(seed), PEOPLE)}, grid_of(), PARAMETERS)
        for seed in range(12)
    ]
    for name, way in (("close", "jittered"), ("repeated", "jittered"), ("repeated", "dealt")):
        assert sum(told[name][way]["p_value"] <= 0.05 for told in p_values) <= 3


def test_bursts_alone_do_not_make_the_same_accounts_meet_again() -> None:
    """Everybody shares within the first minute: close timing, but nobody meets anybody oftener."""
    rng = np.random.default_rng(3)
    rows = [
        (obj, int(account), (obj * 7_200 + int(rng.exponential(40))) * SECOND_US)
        for obj in range(150)
        for account in rng.choice(40, 6, replace=False)
    ]
    told = group_test({"link": arrays_of(rows, 40)}, grid_of(), PARAMETERS)
    assert told["close"]["jittered"]["p_value"] <= 0.05
    assert told["repeated"]["dealt"]["p_value"] > 0.05


def test_surrogates_count_the_false_pairs_at_a_threshold() -> None:
    shares = arrays_of(honest(4, 600, 10), PEOPLE)
    strict, lax = (
        threshold_check({"link": shares}, grid_of(), np.array([limit, limit / 2]), PARAMETERS)
        for limit in (1e-9, 0.05)
    )
    assert strict["mean_false"] == 0 < lax["mean_false"]
    assert strict["fdr"] == pytest.approx(0.5)
    assert (strict["passed"], strict["threshold"]) == (2, 1e-9)


def test_the_number_of_surrogates_hangs_on_the_data_alone() -> None:
    shares = {"link": arrays_of(honest(5), PEOPLE)}
    assert affordable(shares, 60 * SECOND_US, 10.0) == MOST
    assert affordable(shares, 60 * SECOND_US, 1e-3) == 0
    few = affordable(shares, 60 * SECOND_US, 0.03)
    assert few == 0 or few >= FEWEST_SURROGATES


def test_sentences_say_what_they_do_not_say() -> None:
    shares = arrays_of(honest(1) + planted(1, 8, 4, 20), PEOPLE + 8)
    whole = {"window_s": 60.0, "delta_s": 600.0} | group_test(
        {"link": shares}, grid_of(), PARAMETERS
    )
    record = {"results": {"kept": 0}, "surrogates": {"whole": [whole], "threshold": []}}
    told = " ".join(whole_data_sentences(record))
    assert "No pair can be named" in told
    assert "names nobody" in told
    assert not threshold_sentences(record)
    assert not whole_data_sentences({"results": {"kept": 3}, "surrogates": {"whole": []}})
