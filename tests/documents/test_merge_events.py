import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks.documents_growth import pair_by_pair
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.made_documents import read

from assay.documents.base import Reading
from assay.documents.choices import add_choice, read_choices
from assay.documents.merge_events import EventMerger
from assay.documents.relations import Told, compared, relations
from assay.errors import InputError
from assay.model.record import Count, DatedValue, Document, Measure, Span, Value


def _told(name, n, unit="accounts", comparator="=", platform="Facebook"):
    span = Span(0, 1)
    measure = Measure(
        "M1", (("remove", span),), "past", (Value(platform, span),), (Value(platform, span),), span,
        counts=(Count(n, unit, span, span, comparator),),
    )  # fmt: skip
    return Told(name, measure)


def _events(readings, tmp_path):
    events = EventMerger().merge(readings, tmp_path / "choices.jsonl")
    return {frozenset(document for document, _ in event.members): event for event in events}


def _seedlike():
    """13 + 5 = 18, told by three documents."""
    return [
        read("Facebook and Twitter deleted 18 accounts.", name="both", published="2020-09-03"),
        read("Facebook removed 13 accounts.", name="first", published="2020-09-01"),
        read("Twitter removed five accounts.", name="second", published="2020-09-01"),
    ]


def test_parts_add_up_to_a_number_over_two_platforms(tmp_path):
    events = _events(_seedlike(), tmp_path)
    event = events[frozenset(("both", "first", "second"))]
    (relation,) = event.relations
    assert relation.kind == "sum_of_parts"
    assert relation.why == "13 + 5 = 18 accounts"


def test_one_number_over_two_kinds_is_the_sum_of_the_kinds(tmp_path):
    events = _events(
        [
            read("Facebook removed 273 accounts and pages.", name="a", published="2018-04-05"),
            read("Facebook removed 135 accounts and 138 pages.", name="b", published="2018-04-03"),
        ],
        tmp_path,
    )
    (relation,) = events[frozenset(("a", "b"))].relations
    assert (relation.kind, relation.why) == ("sum_of_parts", "135 + 138 = 273 accounts and pages")


def test_two_acts_of_the_same_size_stay_apart(tmp_path):
    events = _events(
        [
            read("Facebook removed 273 accounts and pages.", name="a", published="2018-04-05"),
            read("Twitter removed 273 accounts.", name="b", published="2018-04-06"),
            read("Facebook removed 273 accounts and pages.", name="c", published="2021-04-05"),
        ],
        tmp_path,
    )
    assert set(events) == {frozenset(("a",)), frozenset(("b",)), frozenset(("c",))}


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (_told("a", 18), _told("b", 18), "equal"),
        (_told("a", 362), _told("b", 360, comparator="~"), "rounding"),
        (_told("a", 1_120), _told("b", 1_000, comparator=">"), "bound"),
        (_told("a", 900), _told("b", 1_000, comparator=">"), "contradicts"),
        (_told("a", 18), _told("b", 19), "contradicts"),
        (_told("a", 470), _told("b", 470, unit="posts"), "equal"),
        (_told("a", 470), _told("b", 12, unit="pages"), "unit_differs"),
        (_told("a", 90, comparator=">"), _told("b", 50, comparator=">"), "bound"),
        (_told("a", 90, comparator=">"), _told("b", 50, comparator="<"), "contradicts"),
    ],
)
def test_relations_of_two_numbers(first, second, kind):
    for pair in ((first, second), (second, first)):
        relation = compared(*pair)
        assert relation is not None and relation.kind == kind


HERE = Span(0, 1)


def _values(names):
    return tuple(Value(name, HERE) for name in names)


def _measure(chance, measure_id="M1", platforms=1):
    names = chance.sample("ABC", chance.randint(0, platforms))
    targets = chance.sample(["Alder Agency", "Birch News", "accounts"], chance.randint(0, 2))
    acted = chance.choice([None, ("--01-09", "day"), ("2020-02", "month")])
    counts = [
        Count(
            chance.choice([18, 96]),
            chance.choice(["accounts", "pages", "accounts+pages"]),
            HERE,
            HERE,
            chance.choice(["=", "=", "~", ">"]),
        )
        for _ in range(chance.choice([0, 0, 1, 1, 2]))
    ]
    return Measure(
        measure_id,
        ((chance.choice(["remove", "remove", "label"]), HERE),),
        chance.choice(["past", "past", "denied"]),
        _values(names),
        _values(names),
        HERE,
        target=_values(targets),
        counts=tuple(counts),
        acted_on=acted and DatedValue("action", *acted, HERE, ""),
    )


def _reading(chance, name):
    day = chance.choice([None, "2020-01-02", "2020-02-20"])
    dates = (DatedValue("published", day, "day", None, ""),) if day else ()
    measures = [_measure(chance, f"M{n}") for n in range(chance.randint(1, 3))]
    return Reading(Document(name, "", "text/plain", "x", dates=dates), measures=measures)


@pytest.mark.parametrize("seed", range(0, 600, 100))
def test_looking_at_alike_tellings_once_joins_what_every_pair_would_join(seed):
    """No sums here: each telling names one platform at most."""
    joined = 0
    for number in range(seed, seed + 100):
        chance = random.Random(number)
        readings = [_reading(chance, f"d{n}") for n in range(chance.randint(2, 9))]
        wanted = pair_by_pair(readings)
        events = EventMerger().merge(readings, Path("no-choices.jsonl"))
        assert sorted(event.members for event in events) == wanted
        joined += sum(len(members) > 1 for members in wanted)
    assert joined > 50


@pytest.mark.parametrize("seed", range(40))
def test_the_first_of_alike_tellings_stands_for_the_others(seed):
    chance = random.Random(seed)
    told = [Told(f"d{n}", _measure(chance, platforms=2)) for n in range(chance.randint(2, 9))]
    twice = [*told, *(Told(f"again-{one.document}", one.measure) for one in told)]
    once, both = relations(told), relations(twice)
    copies = [one for one in both if one not in once]
    assert [one for one in both if one in once] == list(once)
    assert all(one.kind == "equal" for one in copies)
    assert len(copies) == sum(bool(one.measure.counts) for one in told)


@given(st.lists(st.integers(1, 500), min_size=2, max_size=4))
def test_a_sum_is_found_and_no_part_contradicts_it(parts):
    names = ["Facebook", "Twitter", "YouTube", "Reddit"]
    told = [_told(f"d{n}", size, platform=names[n]) for n, size in enumerate(parts)]
    whole = _told("whole", sum(parts), platform="X")
    found = relations([whole, *told])
    sums = [one for one in found if one.kind == "sum_of_parts" and one.right == (whole.key,)]
    assert sums
    about_whole = [one for one in found if whole.key in (*one.left, *one.right)]
    parts_named = {key for one in sums for key in one.left}
    assert not any(
        one.kind == "contradicts" and {*one.left, *one.right} <= {whole.key, *parts_named}
        for one in about_whole
    )


def test_people_split_and_join_and_a_rerun_keeps_it(tmp_path):
    path = tmp_path / "choices.jsonl"
    readings = _seedlike()
    members = [((one.document.document, "M1"), one.measures[0].span.start) for one in readings]
    at = datetime(2026, 1, 2, tzinfo=UTC)
    add_choice(path, "split", members[:2], "ada", at)
    split = _events(readings, tmp_path)
    assert frozenset(("both", "first", "second")) not in split
    assert not any({"both", "first"} <= group for group in split)
    add_choice(path, "join", members[:2], "ada", at)
    joined = _events(readings, tmp_path)
    event = next(event for group, event in joined.items() if {"both", "first"} <= group)
    assert event.joined_by == "ada"
    assert [one.choice for one in read_choices(path)] == ["split", "join"]


def test_a_broken_line_of_choices_is_named(tmp_path):
    path = tmp_path / "choices.jsonl"
    path.write_text('{"choice": "join"}\n', "utf-8")
    with pytest.raises(InputError) as raised:
        read_choices(path)
    assert raised.value.row == 1
    with pytest.raises(InputError):
        add_choice(path, "join", [(("a", "M1"), 0)], "ada", datetime(2026, 1, 2, tzinfo=UTC))


def test_a_name_that_is_no_clean_text_does_not_break_the_file(tmp_path):
    path = tmp_path / "choices.jsonl"
    members = [(("a\u2028b.txt", "M1"), 3), (("c\udcff.txt", "M2"), 5)]
    add_choice(path, "join", members, "Ada", datetime(2024, 1, 1, tzinfo=UTC))
    (choice,) = read_choices(path)
    assert choice.members == tuple(member for member, _ in members)
    with path.open("ab") as file:
        file.write(b"\xff\xfe\n")
    with pytest.raises(InputError, match="no choice") as told:
        read_choices(path)
    assert told.value.row == 2


def test_what_one_document_tells_twice_is_joined_through_another():
    same = [_told("", 18).measure, replace(_told("", 18).measure, measure_id="M2")]
    pages = [Document(name, "", "text/plain", "x") for name in ("a", "b")]
    readings = [Reading(pages[0], measures=same), Reading(pages[1], measures=same[:1])]
    (event,) = EventMerger().merge(readings, Path("no-choices.jsonl"))
    assert event.members == (("a", "M1"), ("a", "M2"), ("b", "M1"))
    alone = EventMerger().merge(readings[:1], Path("no-choices.jsonl"))
    assert [one.members for one in alone] == [(("a", "M1"),), (("a", "M2"),)]
