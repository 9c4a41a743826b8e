"""Things kept by what they say, so that a further one is held against those alone that may agree.

For each feature a thing has values, or says nothing of it. Two that may agree share a value of
every feature of which both say something.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence, Set

Features = Sequence[Set[Hashable]]
"""The values of each feature, in an order that is always the same; empty where nothing is said."""


class KeptByFeatures:
    """The numbers of kept things by the values of their features."""

    def __init__(self) -> None:
        self._silent: dict[int, set[int]] = {}
        self._by_value: dict[tuple[int, Hashable], set[int]] = {}

    def keep(self, number: int, features: Features) -> None:
        """Add a thing, or more that it says since."""
        for feature, values in enumerate(features):
            if not values:
                self._silent.setdefault(feature, set()).add(number)
            for value in values:
                self._by_value.setdefault((feature, value), set()).add(number)

    def agreeing(self, features: Features) -> list[int]:
        """Numbers of those that may agree with a thing, the last kept first: no other can.

        Args:
            features: Of the thing; of one at least it says something.
        """
        found = [
            (
                self._silent.get(feature, ()),
                *(self._by_value.get((feature, value), ()) for value in values),
            )
            for feature, values in enumerate(features)
            if values
        ]
        fewest = min(found, key=lambda sets: sum(map(len, sets)))
        return sorted(set().union(*fewest), reverse=True)
