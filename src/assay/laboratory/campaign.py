"""What a simulated campaign is made of: every parameter, its default, unit and meaning."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from assay.errors import UsageError

BEHAVIOURS: tuple[str, ...] = ("link", "repost", "text", "hashtag")
"""What the members of a planted group may do together."""


FIRST_MOMENT = datetime(2024, 3, 4, tzinfo=UTC)


def _meaning(default: Any, text: str) -> Any:
    return field(default=default, metadata={"meaning": text})


@dataclass(frozen=True)
class Campaign:
    """Parameters of a campaign with known truth; the same parameters give the same bytes.

    Every attribute carries its meaning in the field's metadata, which is also the help of
    ``assay simulate`` (see :func:`meanings`).

    Raises:
        UsageError: A parameter is out of range, or two do not fit together.
    """

    seed: int = _meaning(1, "seed of every draw")
    accounts: int = _meaning(1500, "organic accounts, planted members included")
    organic_posts: int = _meaning(18_500, "posts by organic behaviour, cover traffic apart")
    days: float = _meaning(14.0, "length in days")
    starts_at: datetime = field(
        default=FIRST_MOMENT, metadata={"meaning": "first moment, in UTC if no zone is given"}
    )
    platforms: tuple[str, ...] = _meaning(("simnet-a", "simnet-b"), "invented platforms")
    timezones_h: tuple[float, ...] = _meaning(
        (0.0, 8.0), "offsets from UTC in hours that accounts live in"
    )
    topics: int = _meaning(8, "communities of interest; each account has one")
    homophily: float = _meaning(0.8, "probability that an account takes a story of its own topic")
    activity_exponent: float = _meaning(1.05, "Zipf exponent of accounts' activity")
    popularity_exponent: float = _meaning(1.1, "Zipf exponent of stories' popularity")
    shares_per_story: float = _meaning(8.0, "organic posts for each story, on average")
    delay_median_s: float = _meaning(7200.0, "median seconds from a story's birth to a share")
    delay_sigma: float = _meaning(1.5, "sigma of the lognormal delay")
    speed_sigma: float = _meaning(
        0.5, "how much accounts differ in speed: sigma of a lognormal factor"
    )
    repost_share: float = _meaning(0.3, "share of organic posts that repost another's post")
    copy_share: float = _meaning(0.04, "share of organic posts that copy a circulating text")
    chatter_share: float = _meaning(0.25, "share of organic posts with nothing shared but hashtags")
    hashtag_share: float = _meaning(0.3, "share of original posts that carry a hashtag")
    burst_accounts: int = _meaning(250, "accounts that honestly share one news link at once")
    burst_median_s: float = _meaning(900.0, "median seconds from that news to its shares")
    groups: int = _meaning(3, "planted groups")
    group_size_min: int = _meaning(6, "fewest members of a planted group")
    group_size_max: int = _meaning(14, "most members of a planted group")
    group_objects: int = _meaning(25, "objects that a group shares together")
    group_behaviours: tuple[str, ...] = _meaning(
        ("link", "repost", "text"), "what groups share, group after group: " + ", ".join(BEHAVIOURS)
    )
    group_participation: float = _meaning(
        0.8, "probability that a member takes part in a joint act"
    )
    group_jitter_s: float = _meaning(20.0, "joint acts fall uniformly within so many seconds")
    group_waves: int = _meaning(1, "waves in which a group's members share each object")
    group_wave_gap_s: float = _meaning(3600.0, "seconds from one wave to the next")
    group_sleepers: float = _meaning(
        0.0, "share of a group's members that are silent for the first half of the campaign"
    )
    group_known_stories: float = _meaning(0.5, "share of a group's links that others share as well")
    group_cover_posts: int = _meaning(15, "organic posts that each member adds as cover")
    feed_accounts: int = _meaning(5, "accounts of one publisher, openly affiliated")
    feed_links: int = _meaning(60, "links that the publisher's accounts all post")
    feed_jitter_s: float = _meaning(5.0, "the feed's posts of one link fall within so many seconds")
    time_resolution_s: int = _meaning(1, "times are cut to multiples of so many seconds")

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        self._check_ranges()
        self._check_fit()

    def _check_ranges(self) -> None:
        at_least_one = (
            "accounts", "organic_posts", "topics", "group_size_min", "group_objects",
            "time_resolution_s", "group_waves",
        )  # fmt: skip
        above_zero = (
            "days", "activity_exponent", "popularity_exponent", "shares_per_story",
            "delay_median_s", "burst_median_s",
        )  # fmt: skip
        for name in parameter_names():
            value = getattr(self, name)
            if isinstance(value, tuple):
                if not value:
                    raise UsageError(f"{name} is empty", fix="give at least one")
                continue
            if isinstance(value, datetime):
                if value.tzinfo is None:
                    raise UsageError(f"{name} has no time zone", fix="write it with Z or an offset")
                continue
            wrong = not value >= 0 or value == float("inf")
            wrong |= name in at_least_one and value < 1
            wrong |= name in above_zero and value <= 0
            wrong |= name in PROBABILITIES and value > 1
            # Beyond that a lognormal factor overflows, and long before it means nothing.
            wrong |= name.endswith("_sigma") and value > 10
            if wrong:
                raise UsageError(f"{name} cannot be {value}", fix=MEANINGS_HINT)

    def _check_fit(self) -> None:
        unknown = sorted(set(self.group_behaviours) - set(BEHAVIOURS))
        if unknown:
            raise UsageError(
                f"no behaviour is called {unknown[0]!r}", fix="use " + ", ".join(BEHAVIOURS)
            )
        if self.group_size_min > self.group_size_max:
            raise UsageError(
                "group_size_min exceeds group_size_max", fix="lower the first or raise the second"
            )
        if (
            self.groups * self.group_size_max * len(self.platforms) * 2 > self.accounts
            and self.groups
        ):
            raise UsageError(
                f"{self.accounts} accounts are too few for {self.groups} groups of up to "
                f"{self.group_size_max} among honest accounts on {len(self.platforms)} platforms",
                fix="raise accounts, or plant fewer or smaller groups",
            )
        if self.span_s < 3600:
            raise UsageError(f"days cannot be {self.days}", fix="simulate an hour at least")
        for name in ("group_jitter_s", "feed_jitter_s", "time_resolution_s"):
            if getattr(self, name) > self.span_s / 2:
                raise UsageError(
                    f"{name} exceeds half of the campaign", fix="lower it, or raise days"
                )
        if self.group_jitter_s + (self.group_waves - 1) * self.group_wave_gap_s > self.span_s / 2:
            raise UsageError(
                "the waves of a joint act exceed half of the campaign",
                fix="lower group_waves or group_wave_gap_s, or raise days",
            )
        if self.burst_accounts > self.accounts:
            raise UsageError("burst_accounts exceeds accounts", fix="raise accounts")
        if self.repost_share + self.copy_share + self.chatter_share > 1:
            raise UsageError(
                "repost_share, copy_share and chatter_share exceed 1 together",
                fix="lower one of them: what is left of 1 is posts with links",
            )

    @property
    def span_s(self) -> int:
        """Length in whole seconds."""
        return int(self.days * 86400)


PROBABILITIES = frozenset(
    {
        "homophily",
        "repost_share",
        "copy_share",
        "chatter_share",
        "hashtag_share",
        "group_participation",
        "group_known_stories",
        "group_sleepers",
    }
)
MEANINGS_HINT = "docs/reference/simulate.md says what each parameter means"


def parameter_names() -> tuple[str, ...]:
    """The names of all parameters, in order."""
    return tuple(item.name for item in fields(Campaign))


def meanings() -> tuple[tuple[Field[Any], str], ...]:
    """Each parameter with its meaning, for the command's help and the docs' test."""
    return tuple((item, str(item.metadata["meaning"])) for item in fields(Campaign))
