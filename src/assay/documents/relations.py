"""How tellings of one act stand to each other in their numbers: equal, sum, rounding, bound …

Nothing is reconciled away: all numbers stay, and the relation says in figures how they differ. Of
tellings with the very same numbers the first one stands for the others: they are equal to it, and
how it stands to a telling, so do they.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice

from assay.documents.name_keys import name_key
from assay.model.record import ClaimKey, Comparator, Count, Measure, Relation, RelationKind

MOST_PARTS = 6
"""Sums are sought among so many tellings; beyond that a sum is found by chance."""


@dataclass(frozen=True)
class Told:
    """A measure with the document that tells it."""

    document: str
    measure: Measure

    @property
    def key(self) -> ClaimKey:
        """What a relation points at."""
        return self.document, self.measure.measure_id, "counts"

    @cached_property
    def figures(self) -> tuple[tuple[float, str, Comparator, float | None], ...]:
        """Its numbers as far as they are compared: two tellings with equal ones compare alike."""
        return tuple(
            (count.n, count.unit, count.comparator, count.most) for count in self.measure.counts
        )

    @cached_property
    def platforms(self) -> frozenset[str]:
        """Keys of the platforms named."""
        return frozenset(name_key(value.value) for value in self.measure.platform if value.value)

    @cached_property
    def totals(self) -> Mapping[str, float]:
        """Numbers by unit; numbers of one unit on several platforms added."""
        found: dict[str, float] = {}
        for count in self.measure.counts:
            found[count.unit] = found.get(count.unit, 0.0) + count.n
        return found

    @property
    def total(self) -> float:
        """All things together, but for what is no target (networks, followers, companies)."""
        return sum(count.n for count in self.measure.counts if count.unit not in APART)


APART = frozenset(("networks", "followers", "companies", "platforms", "outlets", "users"))
"""Units that are not added to accounts and pages."""


def relations(tellings: Sequence[Told]) -> tuple[Relation, ...]:
    """The relations between the numbers of an event's tellings: equal ones last, sums first."""
    alike: dict[Hashable, list[Told]] = {}
    for one in tellings:
        if one.measure.counts:
            alike.setdefault((one.figures, one.platforms), []).append(one)
    firsts = [same[0] for same in alike.values()]
    found = list(sums(firsts))
    summed = {key for relation in found for key in (*relation.left, *relation.right)}
    pairs = (*combinations(firsts, 2), *((same[0], n) for same in alike.values() for n in same[1:]))
    for first, second in pairs:
        relation = compared(first, second)
        if relation is None:
            continue
        if (
            relation.kind in ("contradicts", "subset", "bound")
            and {first.key, second.key} <= summed
        ):
            # 13 and 18 do not contradict each other once 13 + 5 = 18.
            continue
        found.append(relation)
    return tuple(found)


def sums(tellings: Sequence[Told]) -> Iterator[Relation]:
    """Parts told in several documents, or on several platforms, that make another's whole."""
    for whole in tellings:
        for unit, total in whole.totals.items():
            fitting = (
                (one, n)
                for one in tellings
                if one is not whole and (n := _part(one, unit)) and n < total * 1.25
            )
            parts = list(islice(fitting, MOST_PARTS))
            for size in range(2, len(parts) + 1):
                exact = [
                    group for group in combinations(parts, size)
                    if adds_up(sum(n for _, n in group), whole, unit) and _distinct_platforms(group)
                ]  # fmt: skip
                if exact:
                    group = exact[0]
                    told = " + ".join(_figure(n) for _, n in group)
                    said = _of(whole, unit)
                    bound = _is_bound(said)
                    together = sum(n for _, n in group)
                    rest = f" and {_said(said)}" if bound else ""
                    yield Relation(
                        "bound" if bound else "sum_of_parts",
                        "counts",
                        tuple(one.key for one, _ in group),
                        (whole.key,),
                        f"{told} = {_figure(together)}{rest} {unit.replace('+', ' and ')}",
                    )
                    break


def adds_up(together: float, whole: Told, unit: str) -> bool:
    """Whether parts make a whole: exactly, or within a bound and no more than a quarter past it."""
    said = _of(whole, unit)
    if said.comparator == "=":
        return together == said.n
    if not _is_bound(said) or said.comparator == "vague":
        return False
    return _holds(together, said) and together <= said.n * 1.25


def _part(one: Told, unit: str) -> float:
    """How many of a unit; for one number over two kinds, of both together."""
    kinds = unit.split("+")
    if len(kinds) == 1:
        return one.totals.get(unit, 0.0)
    return one.totals.get(unit, 0.0) or sum(one.totals.get(kind, 0.0) for kind in kinds)


def _distinct_platforms(group: Sequence[tuple[Told, float]]) -> bool:
    """Parts of a sum are different parts: two reports of one platform are not added."""
    return all(not a.platforms & b.platforms for (a, _), (b, _) in combinations(group, 2))


def compared(first: Told, second: Told) -> Relation | None:
    """The relation of two tellings' numbers; None where they share nothing to compare."""
    shared = sorted(set(first.totals) & set(second.totals))
    if not shared:
        return _joined_units(first, second)
    kinds: list[tuple[RelationKind, str]] = []
    for unit in shared:
        one, other = _of(first, unit), _of(second, unit)
        kinds.append(_numbers(one, other, unit))
    order: tuple[RelationKind, ...] = ("contradicts", "bound", "rounding", "subset", "equal")
    worst = min(kinds, key=lambda one: order.index(one[0]))
    only_one = set(first.totals) ^ set(second.totals)
    if worst[0] == "equal" and only_one:
        less, more = (first, second) if set(first.totals) < set(second.totals) else (second, first)
        said = ", ".join(sorted(only_one))
        return Relation(
            "subset", "counts", (less.key,), (more.key,), f"{worst[1]}; one also tells of {said}"
        )
    return Relation(worst[0], "counts", (first.key,), (second.key,), worst[1])


def same_numbers(first: Told, second: Told) -> set[str]:
    """Units of which both tell the same exact number."""
    return {
        unit
        for unit in set(first.totals) & set(second.totals)
        if first.totals[unit] == second.totals[unit]
        and _of(first, unit).comparator == _of(second, unit).comparator == "="
    }


def close_bound(first: Told, second: Told) -> bool:
    """“more than 1,000” beside 1,120: a bound that newsrooms would give for that number."""
    shared = set(first.totals) & set(second.totals)
    for unit in shared:
        one, other = _of(first, unit), _of(second, unit)
        bound, exact = (one, other) if _is_bound(one) else (other, one)
        if not _is_bound(bound) or _is_bound(exact) or bound.comparator == "vague":
            return False
        if not _holds(exact.n, bound) or abs(exact.n - bound.n) > _NEAR_BOUND * bound.n:
            return False
    return bool(shared)


_NEAR_BOUND = 0.25


def _of(told: Told, unit: str) -> Count:
    """One number for a unit: what platforms share is added."""
    same = [count for count in told.measure.counts if count.unit == unit]
    if len(same) == 1:
        return same[0]
    first = same[0]
    return Count(told.totals[unit], unit, first.span, first.phrase, first.comparator)


def _numbers(one: Count, other: Count, unit: str) -> tuple[RelationKind, str]:
    told = f"{_said(one)} and {_said(other)} {unit.replace('+', ' and ')}"
    if one.n == other.n and one.comparator == other.comparator and one.most == other.most:
        return "equal", told
    # Of two bounds one need only leave room for the other: “over 90” beside “more than 50”.
    bounds = [(a, b) for a, b in ((one, other), (other, one)) if _is_bound(b)]
    if bounds:
        fits = any(_holds(a.n, bound) for a, bound in bounds)
        return ("bound" if fits else "contradicts"), told
    if one.n == other.n:
        return "equal", told
    if "~" in (one.comparator, other.comparator) or _is_round(one.n, other.n):
        near = abs(one.n - other.n) <= 0.1 * max(one.n, other.n)
        return ("rounding" if near else "contradicts"), told
    return "contradicts", told


def _is_bound(count: Count) -> bool:
    return count.comparator in (">", ">=", "<", "<=", "range", "vague")


def _holds(n: float, bound: Count) -> bool:
    if bound.comparator == ">":
        return n > bound.n
    if bound.comparator in (">=", "vague"):
        return n >= bound.n
    if bound.comparator == "<":
        return n < bound.n
    if bound.comparator == "<=":
        return n <= bound.n
    return bound.n <= n <= (bound.most if bound.most is not None else bound.n)


def _is_round(one: float, other: float) -> bool:
    """Whether the rounder of two numbers is the other one, rounded to its own digits."""
    for rough, fine in ((one, other), (other, one)):
        for digits in (10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0):
            if rough >= digits * 10 and rough % digits == 0 and round(fine / digits) * digits == (
                rough
            ):  # fmt: skip
                return True
    return False


def _joined_units(first: Told, second: Told) -> Relation | None:
    """One number over two kinds beside the kinds apart: 273 accounts and pages = 135 + 138."""
    for whole, parts in ((first, second), (second, first)):
        for unit, total in whole.totals.items():
            kinds = unit.split("+")
            if len(kinds) < 2:
                continue
            apart = [count.n for count in parts.measure.counts if count.unit in kinds]
            if len(apart) > 1 and sum(apart) == total:
                told = " + ".join(_figure(n) for n in apart)
                return Relation(
                    "sum_of_parts", "counts", (parts.key,), (whole.key,),
                    f"{told} = {_figure(total)} {unit.replace('+', ' and ')}",
                )  # fmt: skip
    units = f"{', '.join(sorted(first.totals))} and {', '.join(sorted(second.totals))}"
    if first.total and second.total and _close(first.total, second.total):
        return Relation(
            "rounding" if first.total != second.total else "equal",
            "counts", (first.key,), (second.key,),
            f"{_figure(first.total)} and {_figure(second.total)} in all ({units})",
        )  # fmt: skip
    return Relation("unit_differs", "counts", (first.key,), (second.key,), units)


def _close(one: float, other: float) -> bool:
    return one == other or _is_round(one, other)


def _said(count: Count) -> str:
    words = {">": "more than ", ">=": "at least ", "<": "less than ", "<=": "at most ",
             "~": "about ", "vague": "some "}  # fmt: skip
    figure = _figure(count.n)
    if count.most is not None:
        figure = f"{figure} to {_figure(count.most)}"
    return words.get(count.comparator, "") + figure


def _figure(n: float) -> str:
    return f"{int(n):,}" if float(n).is_integer() else f"{n:,}"
