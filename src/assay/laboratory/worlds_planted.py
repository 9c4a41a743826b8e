"""Plant groups that act together into a world of calibration, with the truth about them.

A group shares a handful of objects together: half of them stories that others share as well, at a
moment when somebody else shares them, half of its own, at moments when others are active. Each
member's share falls uniformly within the jitter after the group's moment. Members are ordinary
accounts that go on doing what they did; where the world has too few of them they are accounts of
their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.laboratory.draws import Draws
from assay.laboratory.world_parts import NOBODY, Acts, Background, Floats, Ints, joined

ROOM = 4
"""Members are ordinary accounts if the world has so many times as many."""

KNOWN_SHARERS = 3
"""A story that a group joins was shared so often at least."""


@dataclass(frozen=True)
class Planting:
    """What is planted.

    Attributes:
        jitter_s: Members' shares of one object lie within so many seconds.
        sizes: Accounts of each group.
        objects: Objects that each group shares together.
    """

    jitter_s: float
    sizes: tuple[int, ...] = (3, 6, 12, 25)
    objects: int = 8


@dataclass(frozen=True)
class PlantedWorld:
    """A world with its truth.

    Attributes:
        background: Accounts, objects and all acts.
        group: For each account its group's number, or ``NOBODY``.
        sizes: Accounts of each group.
    """

    background: Background
    group: Ints
    sizes: tuple[int, ...]


def plant(draws: Draws, background: Background, planting: Planting) -> PlantedWorld:
    """Plant one group of each size."""
    background, members = _members(draws, background, sum(planting.sizes))
    group: Ints = np.full(background.accounts, NOBODY, np.int64)
    honest = background.acts
    popular = np.flatnonzero(np.bincount(honest.object, minlength=1) >= KNOWN_SHARERS)
    objects = background.objects
    joint: list[Acts] = []
    begin = 0
    for number, size in enumerate(planting.sizes):
        own = members[begin : begin + size]
        begin += size
        group[own] = number
        known = popular[draws.some_of(len(popular), planting.objects // 2)]
        fresh = np.arange(objects, objects + planting.objects - len(known))
        objects += len(fresh)
        moments_s = np.concatenate(
            (
                _moments_of(draws, background.acts, known),
                background.acts.at_s[draws.integers(0, len(background.acts), len(fresh))],
            )
        )
        shared = np.concatenate((known, fresh))
        # Who shares a story with the group does not share it once more for himself.
        honest = honest.only(~(np.isin(honest.account, own) & np.isin(honest.object, known)))
        delay_s = draws.uniform(0.0, planting.jitter_s, size * len(shared))
        joint.append(
            Acts(
                np.tile(own, len(shared)),
                np.repeat(shared, size),
                np.repeat(moments_s, size) + delay_s,
            )
        )
    whole = Background(
        background.accounts, objects, joined(honest, *joint), background.publishers()
    )
    return PlantedWorld(whole, group, planting.sizes)


def _members(draws: Draws, background: Background, count: int) -> tuple[Background, Ints]:
    free = np.flatnonzero(background.publishers() == NOBODY)
    if len(free) >= ROOM * count:
        return background, free[draws.some_of(len(free), count)]
    more = np.full(count, NOBODY, np.int64)
    larger = Background(
        background.accounts + count,
        background.objects,
        background.acts,
        np.concatenate((background.publishers(), more)),
    )
    return larger, np.arange(background.accounts, larger.accounts)


def _moments_of(draws: Draws, acts: Acts, objects: Ints) -> Floats:
    """For each object the time of one of its shares."""
    times = [np.flatnonzero(acts.object == one) for one in objects.tolist()]
    picks = [rows[draws.integer(0, len(rows))] for rows in times]
    return acts.at_s[np.array(picks, np.int64)]
