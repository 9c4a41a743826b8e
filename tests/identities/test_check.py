"""The holes of a register, at the size that a register may have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from time import process_time

import pytest

from assay.identities.check import check_register
from assay.identities.register import Body, Handle

MANY = 6000
TODAY = date(2026, 1, 31)


def cost_s(bodies: list[Body]) -> float:
    began = process_time()
    check_register(bodies, TODAY)
    return process_time() - began


def chained(number: int) -> Body:
    return Body(str(number), f"Office {number}", parent=str(number + 1))


def namesake(number: int) -> Body:
    others = () if number else tuple(map(str, range(MANY)))
    return Body(str(number), "Office of Examples", sisters=others)


@pytest.mark.parametrize("related", [chained, namesake])
def test_relations_cost_no_more_with_each_body(related: Callable[[int], Body]) -> None:
    plain = [Body(str(number), f"Office {number}") for number in range(MANY)]
    cost_s(plain)  # what is read once, and remembered of each name
    assert cost_s([related(number) for number in range(MANY)]) < 8 * cost_s(plain)


def test_each_who_shares_a_handle_or_domain_is_told_with_whom() -> None:
    shared = [
        Body(one, f"Office {one * 3}", handles=(Handle("", "face"),), domains=("a.example",) * 2)
        for one in "abc"
    ]
    told = {(hole.body, hole.told) for hole in check_register(shared, TODAY)}
    for body, other in (("a", "b"), ("b", "a"), ("c", "a")):
        assert (body, f"the handle face also stands with {other}") in told
        assert (body, f"the domain a.example also stands with {other}") in told
    assert not [hole for hole in check_register(shared[:1], TODAY) if "stands with" in hole.told]


def test_who_stands_on_the_way_to_a_circle_is_not_in_it() -> None:
    parents = {"a": "b", "b": "c", "c": "b", "d": "d", "e": "nobody", "f": "e"}
    holes = check_register(
        [Body(one, f"Office {one * 3}", parent=parent) for one, parent in parents.items()], TODAY
    )
    assert [hole.body for hole in holes if hole.told == "it is its own parent"] == ["b", "c", "d"]


def test_namesakes_are_held_against_each_other_and_not_the_first_alone() -> None:
    bodies = [
        Body("a", "Office", sisters=("b", "c")),
        Body("b", "Office"),
        Body("c", "Office"),
        Body("d", "Office", sisters=("a", "c")),
    ]
    told = [hole for hole in check_register(bodies, TODAY) if "bears a name" in hole.told]
    assert [(hole.body, hole.told) for hole in told] == [
        ("c", "it bears a name of b too"),
        ("d", "it bears a name of b too"),
    ]
