"""Groups of accounts that share the same links within a minute, seeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

BEGIN_US = int(datetime(2024, 3, 4, 6, tzinfo=UTC).timestamp()) * 1_000_000
WINDOW_US = 60_000_000


@dataclass(frozen=True)
class Plan:
    """How large a run to make."""

    seed: int = 7
    groups: tuple[int, ...] = (14, 9, 6)
    objects_per_group: int = 24
    edges_wanted: int | None = None
    share_table: bool = False
    affiliated: tuple[int, ...] = ()
    """Groups whose accounts declare one publisher."""


USUAL = Plan()
"""Three groups, all their edges."""


@dataclass
class Group:
    members: np.ndarray
    times_us: np.ndarray  # members x objects; -1 where not shared
    objects: list[str]


def make_groups(plan: Plan, rng: np.random.Generator) -> list[Group]:
    groups, first = [], 0
    for number, size in enumerate(plan.groups):
        count = plan.objects_per_group
        began = BEGIN_US + rng.integers(0, 20 * 86_400, count) * 1_000_000
        delay = rng.integers(0, 45, (size, count)) * 1_000_000
        late = rng.random((size, count)) < 0.12
        times = began + delay + late * rng.integers(1800, 30_000, (size, count)) * 1_000_000
        times[rng.random((size, count)) < 0.25] = -1
        objects = [
            f"https://news-{number}.example/story/{k}?ref=<b>&amp;x={k * 7}" for k in range(count)
        ]
        groups.append(Group(np.arange(first, first + size), times, objects))
        first += size
    return groups


def group_pairs(
    group: Group, rng: np.random.Generator, wanted: int | None
) -> list[tuple[int, int, dict[str, Any]]]:
    size = len(group.members)
    left, right = np.triu_indices(size, 1)
    if wanted is not None and wanted < len(left):
        chosen = np.sort(rng.choice(len(left), wanted, replace=False))
        left, right = left[chosen], right[chosen]
    found = []
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        both = (group.times_us[i] >= 0) & (group.times_us[j] >= 0)
        gap = np.abs(group.times_us[i] - group.times_us[j])
        near = both & (gap <= WINDOW_US)
        if near.sum() < 2:
            continue
        counts = {
            "i": i,
            "j": j,
            "both": both,
            "near": int(near.sum()),
            "common": int(both.sum()),
            "near_at": np.nonzero(near)[0],
            "gap_s": float(np.median(gap[near]) / 1e6),
            "first": int(group.times_us[i][near].min()),
            "last": int(group.times_us[i][near].max()),
        }
        found.append((int(group.members[i]), int(group.members[j]), counts))
    return found
