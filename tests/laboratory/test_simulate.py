"""A simulated campaign holds what its parameters say, and its truth is true."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from assay.engine.write import content_hash
from assay.laboratory.campaign import BEHAVIOURS, Campaign
from assay.laboratory.simulate import (
    SIM_ACCOUNTS,
    SIM_POSTS,
    SIM_TRUTH,
    SimulatedCampaign,
    simulate,
)

SMALL = Campaign(accounts=300, organic_posts=3000, days=5, burst_accounts=60)


@pytest.fixture(scope="module")
def default() -> SimulatedCampaign:
    return simulate(Campaign())


def epoch_s(table: pa.Table) -> np.ndarray:
    return np.asarray(table["created_at"].cast(pa.int64())) // 1_000_000


def members_of(sim: SimulatedCampaign, group: str) -> set[str]:
    rows = sim.truth.filter(pc.equal(sim.truth["group"], group))
    return set(rows["account_id"].to_pylist())


def co_timed(sim: SimulatedCampaign, column: str, members: set[str], within_s: int) -> int:
    """Objects that at least two of the members shared within so many seconds."""
    posts = sim.posts.filter(pc.is_in(sim.posts["account_id"], pa.array(sorted(members))))
    values = posts[column].to_pylist()
    acts: dict[str, list[tuple[int, str]]] = {}
    for value, at_s, account in zip(
        values, epoch_s(posts), posts["account_id"].to_pylist(), strict=True
    ):
        for item in [value] if isinstance(value, str) else value or []:
            acts.setdefault(item.split("?")[0], []).append((int(at_s), account))
    return sum(
        any(
            second[0] - first[0] <= within_s and first[1] != second[1]
            for first, second in zip(sorted(times), sorted(times)[1:], strict=False)
        )
        for times in acts.values()
    )


def test_default_is_a_demo_of_the_promised_size(default: SimulatedCampaign) -> None:
    assert 18_000 <= default.posts.num_rows <= 22_000
    assert default.accounts.num_rows == 1505
    planted = [group for group in default.groups if not group.declared]
    assert len(planted) == 3
    assert all(6 <= len(group.account_ids) <= 14 for group in planted)
    assert {group.behaviour for group in planted} == {"link", "repost", "text"}


def test_schemas_hold_and_ids_are_unique(default: SimulatedCampaign) -> None:
    assert default.posts.schema == SIM_POSTS
    assert default.accounts.schema == SIM_ACCOUNTS
    assert default.truth.schema == SIM_TRUTH
    for table, key in ((default.posts, "id"), (default.accounts, "account_id")):
        table.validate(full=True)
        assert len(table[key].unique()) == table.num_rows
    for schema in (SIM_POSTS, SIM_ACCOUNTS, SIM_TRUTH):
        table = {SIM_POSTS: default.posts, SIM_ACCOUNTS: default.accounts}.get(
            schema, default.truth
        )
        for field in schema:
            assert field.nullable or table[field.name].null_count == 0, field.name


def test_same_parameters_same_tables_other_seed_other_tables() -> None:
    first, again = simulate(SMALL), simulate(SMALL)
    other = simulate(replace(SMALL, seed=2))
    for name in ("posts", "accounts", "truth"):
        assert content_hash(getattr(first, name)) == content_hash(getattr(again, name))
        assert content_hash(getattr(first, name)) != content_hash(getattr(other, name))


def test_posts_are_in_time_order_within_the_campaign(default: SimulatedCampaign) -> None:
    at_s = epoch_s(default.posts) - int(default.campaign.starts_at.timestamp())
    assert (np.diff(at_s) >= 0).all()
    assert at_s.min() >= 0
    assert at_s.max() < default.campaign.span_s


def test_background_is_the_same_whatever_is_planted() -> None:
    with_groups = simulate(SMALL)
    without = simulate(replace(SMALL, groups=0, feed_accounts=0))
    members = {member for group in with_groups.groups for member in group.account_ids}

    def honest(sim: SimulatedCampaign) -> list[tuple[str, int, bool]]:
        rows = zip(
            sim.posts["account_id"].to_pylist(),
            epoch_s(sim.posts).tolist(),
            sim.posts["repost_of"].is_valid().to_pylist(),
            strict=True,
        )
        return sorted(row for row in rows if row[0] not in members)

    assert honest(with_groups) == honest(without)
    assert len(honest(without)) > 2000
    assert without.groups == ()


def test_reposts_point_to_earlier_posts_of_others_on_the_same_platform(
    default: SimulatedCampaign,
) -> None:
    posts = default.posts
    reposts = posts.filter(posts["repost_of"].is_valid())
    assert reposts.num_rows > 3000
    target = posts.take(pc.index_in(reposts["repost_of"], posts["id"].combine_chunks()))
    assert target["repost_of"].null_count == target.num_rows
    assert pc.all(pc.equal(target["platform"], reposts["platform"])).as_py()
    assert pc.all(pc.not_equal(target["account_id"], reposts["account_id"])).as_py()
    assert (epoch_s(target) <= epoch_s(reposts)).all()
    quoted = pc.binary_join_element_wise("RT @", target["username"], ": ", target["text"], "")
    assert quoted.to_pylist() == reposts["text"].to_pylist()


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_planted_group_shares_its_objects_together(behaviour: str) -> None:
    column = {"link": "urls", "repost": "repost_of", "text": "text", "hashtag": "hashtags"}[
        behaviour
    ]
    sim = simulate(
        replace(SMALL, groups=1, group_behaviours=(behaviour,), group_size_min=8, group_objects=20)
    )
    members = members_of(sim, "group-1")
    assert 8 <= len(members) <= 14
    jitter_s = int(SMALL.group_jitter_s)
    assert co_timed(sim, column, members, jitter_s + 1) >= 20
    strangers = set(sim.accounts["account_id"].to_pylist()[:300]) - members
    crowd = set(sorted(strangers)[: len(members)])
    assert co_timed(sim, column, crowd, jitter_s + 1) <= 5


def test_repost_group_lives_on_one_platform(default: SimulatedCampaign) -> None:
    rows = default.truth.filter(pc.equal(default.truth["group"], "group-2"))
    assert len(rows["platform"].unique()) == 1


def test_members_behave_organically_as_well(default: SimulatedCampaign) -> None:
    planted = default.truth.filter(pc.equal(default.truth["role"], "planted"))
    assert pc.min(planted["organic_posts"]).as_py() >= default.campaign.group_cover_posts
    assert pc.min(planted["joint_posts"]).as_py() > 0
    honest = default.truth.filter(pc.equal(default.truth["role"], "organic"))
    assert pc.max(honest["joint_posts"]).as_py() == 0
    total = pc.sum(default.truth["joint_posts"]).as_py()
    assert total + pc.sum(default.truth["organic_posts"]).as_py() == default.posts.num_rows


def test_feed_is_openly_affiliated_and_within_seconds(default: SimulatedCampaign) -> None:
    feed = members_of(default, "feed")
    assert len(feed) == 5
    openly = default.accounts.filter(default.accounts["declared_affiliation"].is_valid())
    assert set(openly["account_id"].to_pylist()) == feed
    assert openly["publisher"].equals(openly["declared_affiliation"])
    posts = default.posts.filter(pc.is_in(default.posts["account_id"], pa.array(sorted(feed))))
    urls = np.array([url[0].split("?")[0] for url in posts["urls"].to_pylist()])
    at_s = epoch_s(posts)
    assert len(set(urls)) == 60
    for url in set(urls):
        assert (urls == url).sum() == 5
        assert np.ptp(at_s[urls == url]) <= default.campaign.feed_jitter_s


def test_news_link_gets_a_burst_of_honest_attention(default: SimulatedCampaign) -> None:
    urls = [url[0].split("?")[0] if url else "" for url in default.posts["urls"].to_pylist()]
    names, counts = np.unique([url for url in urls if url], return_counts=True)
    hottest = names[counts.argmax()]
    chosen = np.array(urls) == hottest
    assert chosen.sum() >= 250
    at_s = epoch_s(default.posts)[chosen]
    assert np.median(at_s) - at_s.min() < 3600
    honest = default.truth.filter(pc.equal(default.truth["role"], "organic"))
    sharers = set(np.array(default.posts["account_id"].to_pylist())[chosen])
    assert len(sharers & set(honest["account_id"].to_pylist())) > 200


def test_activity_follows_the_local_day() -> None:
    sim = simulate(replace(SMALL, organic_posts=20_000, timezones_h=(0.0,), groups=0))
    hours = epoch_s(sim.posts) // 3600 % 24
    counts = np.bincount(hours, minlength=24)
    assert counts[2:5].sum() * 4 < counts[18:21].sum()


def test_accounts_keep_to_their_topic_by_homophily() -> None:
    def home_share(homophily: float) -> float:
        sim = simulate(replace(SMALL, homophily=homophily, groups=0, burst_accounts=0))
        accounts = np.array(sim.posts["account_id"].to_pylist())
        topics = np.array([text.split("topic ")[1][:2] for text in sim.posts["text"].to_pylist()])
        shares = []
        for account in np.unique(accounts)[:40]:
            own = topics[accounts == account]
            shares.append(np.unique(own, return_counts=True)[1].max() / len(own))
        return float(np.mean(shares))

    assert home_share(1.0) == 1.0
    assert home_share(0.0) < 0.6


def test_nothing_can_be_posted_as_it_is(default: SimulatedCampaign) -> None:
    posts = default.posts
    assert pc.all(
        pc.match_substring_regex(
            posts["text"], r"^(RT @sim_\d{6}: )?sample (text|statement|headline) \d"
        )
    ).as_py()
    assert pc.all(pc.match_substring_regex(posts["username"], r"^sim_\d{6}$")).as_py()
    urls = pc.list_flatten(posts["urls"])
    reserved = r"^https://([a-z0-9]+\.example|newswire\.example\.org)/topic-\d\d/story-\d{6}"
    assert pc.all(pc.match_substring_regex(urls, reserved)).as_py()


def test_only_copied_texts_coincide(default: SimulatedCampaign) -> None:
    original = default.posts.filter(default.posts["repost_of"].is_null())
    texts = np.array(original["text"].to_pylist())
    names, counts = np.unique(texts, return_counts=True)
    assert all(
        name.startswith(("sample statement", "sample headline")) for name in names[counts > 1]
    )
    # Also once digits and hashtags are gone.
    own = [text for text in texts if text.startswith("sample text")]
    bare = {text.split(": ")[1].split(" #")[0] for text in own}
    assert len(bare) == len(own)


def test_times_are_cut_to_the_resolution() -> None:
    sim = simulate(replace(SMALL, time_resolution_s=60))
    assert (epoch_s(sim.posts) % 60 == 0).all()


def test_a_million_posts_take_seconds() -> None:
    began = time.process_time()
    sim = simulate(Campaign(accounts=75_000, organic_posts=1_000_000))
    assert time.process_time() - began < 15
    assert sim.posts.num_rows > 1_000_000


def test_waves_follow_each_other_by_the_same_time() -> None:
    sim = simulate(
        replace(SMALL, groups=1, group_waves=2, group_wave_gap_s=1800.0, group_known_stories=0.0,
                group_participation=1.0, group_cover_posts=0, organic_posts=300)
    )  # fmt: skip
    members = members_of(sim, "group-1")
    posts = sim.posts.filter(pc.is_in(sim.posts["account_id"], pa.array(sorted(members))))
    urls = np.array([(url or [""])[0].split("?")[0] for url in posts["urls"].to_pylist()])
    at_s, accounts = epoch_s(posts), np.array(posts["account_id"].to_pylist())
    joint = {url for url in urls if "outlet" in url}
    assert len(joint) == SMALL.group_objects
    second_waves = set()
    for url in joint:
        since_s = at_s[urls == url] - at_s[urls == url].min()
        late = since_s > 900
        assert (since_s[~late] <= SMALL.group_jitter_s + 1).all()
        assert (abs(since_s[late] - 1800) <= SMALL.group_jitter_s + 1).all()
        second_waves.add(frozenset(accounts[urls == url][late]))
    assert len(second_waves) == 1
    assert len(next(iter(second_waves))) == len(members) // 2


def test_sleepers_wake_in_the_middle_and_nobody_else_changes() -> None:
    plain, asleep = simulate(SMALL), simulate(replace(SMALL, group_sleepers=0.5))
    middle = int(SMALL.starts_at.timestamp()) + SMALL.span_s // 2
    reposted = set(asleep.posts["repost_of"].to_pylist())

    def rows(sim: SimulatedCampaign) -> list[tuple[str, int, str]]:
        return sorted(
            zip(sim.posts["account_id"].to_pylist(), epoch_s(sim.posts).tolist(),
                sim.posts["username"].to_pylist(), strict=True)
        )  # fmt: skip

    members = {one for group in plain.groups if not group.declared for one in group.account_ids}
    assert [row for row in rows(plain) if row[0] not in members] == [
        row for row in rows(asleep) if row[0] not in members
    ]
    before = {
        one for one, at_s, post in zip(
            asleep.posts["account_id"].to_pylist(), epoch_s(asleep.posts).tolist(),
            asleep.posts["id"].to_pylist(), strict=True,
        ) if at_s < middle and post not in reposted
    }  # fmt: skip
    silent = members - before
    assert len(silent) == sum(
        round(0.5 * len(group.account_ids)) for group in asleep.groups if not group.declared
    )
    truth = asleep.truth.filter(pc.is_in(asleep.truth["account_id"], pa.array(sorted(silent))))
    assert pc.min(truth["joint_posts"]).as_py() > 0
