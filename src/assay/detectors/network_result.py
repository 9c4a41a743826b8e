"""The network in numbers: what findings and evidence build on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.coincidences import PairTable
from assay.detectors.communities import LeidenParameters
from assay.detectors.held_out_network import HeldOutFigures
from assay.detectors.kept_edges import KeptEdges
from assay.detectors.kept_shares import KeptShares
from assay.detectors.stability import Stability


@dataclass(frozen=True)
class NetworkResult:
    """The network, its communities, and the numbers that findings and evidence build on.

    Attributes:
        edges: The kept edges.
        shares: The shares of their accounts.
        pairs: One row per pair and kind, in the order of ``edges.last_row``.
        common: Common objects of each row of ``pairs``, at any time.
        co_timed: Co-timed objects of each row of ``pairs``.
        weight: Co-timed objects of each pair of accounts.
        community: Community of each account.
        found_again: How well communities come out again; None where it was not asked for.
        modularity: As Leiden reports it.
        between: Pairs of accounts that lie in two communities.
        parameters: How the communities were found.
        max_sharers: The cap on popular objects, if the user chose one.
        tested_half: Whether only half of the objects were tested.
        held_out: p and q of accounts and communities on held-out objects.
    """

    edges: KeptEdges
    shares: KeptShares
    pairs: PairTable
    common: np.ndarray
    co_timed: np.ndarray
    weight: np.ndarray
    community: np.ndarray
    found_again: Stability | None
    modularity: float
    between: int
    parameters: LeidenParameters
    max_sharers: int | None
    tested_half: bool
    held_out: HeldOutFigures

    @property
    def stability(self) -> np.ndarray | None:
        """Of each community over redrawn objects, 0 to 1; None where it was not asked for."""
        return None if self.found_again is None else self.found_again.objects

    @property
    def communities(self) -> int:
        """How many there are."""
        return int(self.community.max()) + 1 if len(self.community) else 0
