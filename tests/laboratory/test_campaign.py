"""Parameters out of range are refused with the parameter's name; each is documented."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import UsageError
from assay.laboratory.campaign import BEHAVIOURS, Campaign, meanings, parameter_names
from assay.laboratory.simulate import simulate

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "simulate.md"


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("homophily", 1.5),
        ("accounts", 0),
        ("days", 0.0),
        ("days", float("nan")),
        ("delay_sigma", float("inf")),
        ("groups", -1),
        ("speed_sigma", 11.0),
        ("platforms", ()),
        ("starts_at", datetime(2024, 1, 1)),
        ("group_behaviours", ("dance",)),
        ("group_size_min", 20),
        ("burst_accounts", 5000),
        ("repost_share", 0.9),
        ("group_jitter_s", 1e9),
        ("days", 0.001),
    ],
)
def test_impossible_parameters_are_refused(parameter: str, value: Any) -> None:
    with pytest.raises(UsageError):
        Campaign(**{parameter: value})


def test_groups_need_enough_accounts() -> None:
    with pytest.raises(UsageError, match="too few") as raised:
        Campaign(accounts=100, burst_accounts=10)
    assert raised.value.fix


def test_every_parameter_has_a_meaning_and_stands_in_the_docs() -> None:
    page = DOCS.read_text("utf-8")
    for field, meaning in meanings():
        assert meaning
        assert f"`--{field.name.replace('_', '-')}`" in page, field.name
    assert len(meanings()) == len(parameter_names())


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**40),
    posts=st.integers(1, 300),
    days=st.floats(0.2, 40),
    topics=st.integers(1, 12),
    homophily=st.floats(0, 1),
    exponent=st.sampled_from([0.5, 1.0, 1.05, 2.0]),
    groups=st.integers(0, 3),
    jitter_s=st.floats(0, 600),
    sigma=st.sampled_from([0.0, 1.5, 10.0]),
    participation=st.floats(0, 1),
    behaviour=st.sampled_from(BEHAVIOURS),
    feed=st.integers(0, 4),
    platforms=st.integers(1, 3),
)
def test_any_valid_campaign_can_be_made(**drawn: Any) -> None:
    campaign = Campaign(
        seed=drawn["seed"],
        accounts=200,
        organic_posts=drawn["posts"],
        days=drawn["days"],
        topics=drawn["topics"],
        homophily=drawn["homophily"],
        activity_exponent=drawn["exponent"],
        popularity_exponent=drawn["exponent"],
        groups=drawn["groups"],
        group_jitter_s=drawn["jitter_s"],
        delay_sigma=drawn["sigma"],
        group_participation=drawn["participation"],
        group_behaviours=(drawn["behaviour"],),
        group_size_max=8,
        feed_accounts=drawn["feed"],
        burst_accounts=10,
        platforms=tuple(f"net{number}" for number in range(drawn["platforms"])),
    )
    sim = simulate(campaign)
    sim.posts.validate(full=True)
    assert sim.posts.num_rows >= campaign.organic_posts
    assert len(sim.groups) == campaign.groups + (campaign.feed_accounts > 0)
    assert sim.accounts.num_rows == sim.truth.num_rows == 200 + campaign.feed_accounts
