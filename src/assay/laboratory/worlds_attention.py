"""Worlds in which accounts follow stories: bursts, time zones, shared interests, coarse clocks."""

from __future__ import annotations

import numpy as np

from assay.laboratory.draws import Draws
from assay.laboratory.world_parts import (
    DAY_S,
    Acts,
    Attention,
    Background,
    exponential,
    follow,
)

BURSTS = Attention(
    stories=200, topics=1, homophily=1.0, delay_median_s=900.0, delay_sigma=1.5, zones_h=()
)
ZONES = Attention(stories=200, topics=4, zones_h=(-7, 1, 8))
HOMOPHILY_6 = Attention(accounts=800, shares=10_000, zones_h=(-5, 3), homophily=6.0)
HOMOPHILY_60 = Attention(accounts=800, shares=10_000, zones_h=(-5, 3), homophily=60.0)
MINUTES = Attention(zones_h=(1,))
DAYS = Attention(span_s=500 * DAY_S, delay_median_s=3 * DAY_S, delay_sigma=1.0, zones_h=())

CYCLE_S, COLLECTED_S = 600.0, 120.0
"""The collection of the world ``gaps``: two of every ten minutes."""

SCHEDULED_SHARE = 0.6
"""Part of the acts in the world ``scheduled`` that wait for the next quarter of an hour."""


def bursts(draws: Draws) -> Background:
    """One public, stories that arrive in bursts: half of a story's shares within 15 minutes."""
    return follow(draws, BURSTS)


def zones(draws: Draws) -> Background:
    """Three time zones, each with its daily rhythm."""
    return follow(draws, ZONES)


def homophily_6(draws: Draws) -> Background:
    """Eight topics; stories of one's own are six times likelier. Two time zones."""
    return follow(draws, HOMOPHILY_6)


def homophily_60(draws: Draws) -> Background:
    """Eight topics; stories of one's own are sixty times likelier. Two time zones."""
    return follow(draws, HOMOPHILY_60)


def minutes(draws: Draws) -> Background:
    """One country, times known to the minute."""
    return follow(draws, MINUTES)


def days(draws: Draws) -> Background:
    """Sixteen months, times known to the day."""
    return follow(draws, DAYS)


def gaps(draws: Draws) -> Background:
    """As ``bursts``, with more shares, of which two of every ten minutes were collected."""
    background = follow(
        draws,
        Attention(
            stories=200, topics=1, homophily=1.0, shares=30_000, delay_median_s=3_600.0, zones_h=()
        ),
    )
    acts = background.acts
    return Background(background.accounts, background.objects, acts.only(collected(acts.at_s)))


def collected(at_s: np.ndarray) -> np.ndarray:
    """Whether a moment was in the collection of ``gaps``."""
    inside: np.ndarray = at_s % CYCLE_S < COLLECTED_S
    return inside


def scheduled(draws: Draws) -> Background:
    """Most shares are sent by schedulers at the quarters of the hour, seconds apart."""
    background = follow(draws, Attention(stories=200, topics=4, delay_median_s=5_400.0))
    acts = background.acts
    waits = draws.random(len(acts)) < SCHEDULED_SHARE
    quarter_s = np.ceil(acts.at_s / 900.0) * 900.0 + exponential(draws, 4.0, len(acts))
    acts = Acts(acts.account, acts.object, np.where(waits, quarter_s, acts.at_s))
    return Background(background.accounts, background.objects, acts)


def posts(draws: Draws) -> Background:
    """One evening's event: posts with one to four of its sixty hashtags, in waves."""
    accounts, tags, count, span_s = 400, 60, 2_500, 4 * 3_600.0
    account = np.minimum(exponential(draws, accounts / 4, count).astype(np.int64), accounts - 1)
    waves_s = draws.uniform(0, span_s, 12)
    quick = waves_s[draws.integers(0, len(waves_s), count)] + exponential(draws, 240.0, count)
    at_s = np.where(draws.random(count) < 0.5, quick, draws.uniform(0, span_s, count))
    weight = 1.0 / (np.arange(tags) + 3.0)
    order = np.argsort(exponential(draws, 1.0, (count, tags)) / weight, axis=1)
    carries = np.arange(tags)[None, :4] < draws.integers(1, 5, count)[:, None]
    post, place = np.nonzero(carries)
    return Background(accounts, tags, Acts(account[post], order[post, place], at_s[post]))
