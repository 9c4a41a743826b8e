"""Simulate a campaign like a user's data, and say how like it came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assay import __version__
from assay.engine.write import write_json
from assay.errors import UsageError
from assay.laboratory.campaign import Campaign
from assay.laboratory.compared import QUANTILES, Comparison, compare
from assay.laboratory.dataset_folder import dataset_in
from assay.laboratory.like_campaign import background_like, campaign_like
from assay.laboratory.likeness import find_likeness, read_source
from assay.laboratory.simulate import SimulatedCampaign, simulate

DECIDED_BY_DATA = frozenset(
    {
        "accounts", "organic_posts", "days", "starts_at", "platforms", "timezones_h", "topics",
        "homophily", "activity_exponent", "popularity_exponent", "shares_per_story",
        "delay_median_s", "delay_sigma", "speed_sigma", "repost_share", "copy_share",
        "chatter_share", "hashtag_share", "burst_accounts", "burst_median_s", "time_resolution_s",
    }
)  # fmt: skip
"""Parameters of a campaign that mean nothing when the background is drawn like data."""


@dataclass(frozen=True)
class LikeCampaign:
    """A campaign like a user's data, and the statistics of both side by side."""

    sim: SimulatedCampaign
    comparisons: tuple[Comparison, ...]


def simulate_like(campaign: Campaign, folder: Path, given: Sequence[str] = ()) -> LikeCampaign:
    """Simulate a campaign whose background has the statistics of a dataset.

    Args:
        campaign: What is planted; everything else is taken from the data.
        folder: A dataset, or the folder of a run.
        given: Names of the parameters that the user set by hand.

    Raises:
        InputError: There is no dataset, or it has no shares.
        UsageError: A parameter was set by hand that the data decide.
    """
    clash = sorted(DECIDED_BY_DATA & set(given))
    if clash:
        raise UsageError(
            f"--{clash[0].replace('_', '-')} does not go with --like: the data decide it",
            fix="leave it out, or leave out --like",
        )
    source = read_source(dataset_in(folder))
    likeness = find_likeness(source)
    like = campaign_like(campaign, likeness)
    background = background_like(like, likeness)
    return LikeCampaign(simulate(like, background), compare(source.kinds, background.shares))


def write_likeness(path: Path, comparisons: Sequence[Comparison]) -> None:
    """Write the comparison as JSON."""
    write_json(
        path,
        {
            "made_by": f"assay simulate {__version__}",
            "quantiles": list(QUANTILES),
            "statistics": [asdict(comparison) for comparison in comparisons],
        },
    )
