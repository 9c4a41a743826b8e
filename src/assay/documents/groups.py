"""Things joined two by two into groups, some of which must not come together."""

from __future__ import annotations

from collections.abc import Iterable


class Groups:
    """Groups of the numbers from 0 on; each number begins as a group of its own."""

    def __init__(self, size: int) -> None:
        self._group = [[number] for number in range(size)]
        """The group of each number: one list for all of its members."""
        self._apart: dict[int, set[int]] = {}

    def keep_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """From now on no join brings two of these together."""
        for one, other in pairs:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def together(self, numbers: Iterable[int]) -> bool:
        """Whether numbers are all of one group."""
        return len({id(self._group[number]) for number in numbers}) <= 1

    def join(self, one: int, other: int) -> None:
        """Make one group of two, unless that brings together what is kept apart."""
        # The smaller list moves, so that a number moves no more often than groups can double.
        small, large = sorted((self._group[one], self._group[other]), key=len)
        if small is large:
            return
        barred = (barred for number in small for barred in self._apart.get(number, ()))
        if any(self._group[number] is large for number in barred):
            return
        large += small
        for number in small:
            self._group[number] = large

    def all(self) -> list[list[int]]:
        """Every group in the order of its first number, its numbers in their order."""
        return [sorted(group) for group in {id(group): group for group in self._group}.values()]
