"""Tasks stand with their record until somebody ends them; marks say who may be told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.cases.fold import fold
from assay.cases.refused import Refused
from assay.cases.workflow import decide
from tests.cases.made import ANNA, BEN, CLOCKS, DORA, EVE, Desk, act

DO = {"task_text": "Ask the archive for the page of 12 January."}


def test_a_task_stands_until_it_is_ended_and_leaves_the_record_alone() -> None:
    desk = Desk()
    notice = desk.triaged()
    task = act("add_task", fields=DO, for_whom="ben", due_on="2026-02-10")
    set_ = desk.do(notice, task, ANNA)
    (one,) = set_.tasks.values()
    assert (one.text, one.for_whom, one.due_on, one.done_on) == (
        DO["task_text"],
        "ben",
        "2026-02-10",
        "",
    )
    same = (set_.facts, set_.fields, set_.state, set_.due_at, set_.took_part)
    assert same == (notice.facts, notice.fields, "triaged", notice.due_at, notice.took_part)
    for number in (one.number + 1, one.number - 1):
        with pytest.raises(Refused, match="give one of"):
            desk.do(set_, act("end_task", task=number), BEN)
    done = desk.do(set_, act("end_task", task=one.number), BEN)
    assert done.tasks[one.number].done_on == desk.at.date().isoformat()
    assert done.took_part == notice.took_part
    with pytest.raises(Refused, match="none is open"):
        desk.do(done, act("end_task", task=one.number), BEN)


def test_a_task_says_what_is_to_be_done_and_its_text_can_be_erased() -> None:
    desk = Desk()
    notice = desk.triaged()
    with pytest.raises(Refused, match="task_text"):
        desk.do(notice, act("add_task"), ANNA)
    with pytest.raises(Refused, match="is no date"):
        desk.do(notice, act("add_task", fields=DO, due_on="soon"), ANNA)
    event = decide(notice, act("add_task", fields=DO), by=ANNA, at=desk.at)
    erased = fold(notice, replace(event, why=None, fields=None), CLOCKS)
    assert [one.text for one in erased.tasks.values()] == [""]


@pytest.mark.parametrize(
    ("mark", "invited"),
    [
        ("red", False),
        ("amber_strict", False),
        ("amber", True),
        ("green", True),
        ("clear", True),
    ],
)
def test_what_stays_in_the_house_is_assessed_by_nobody_outside(mark: str, invited: bool) -> None:
    desk = Desk()
    notice = desk.do(desk.restricted_by_two(), act("mark_sharing", tlp=mark, pap="amber"), ANNA)
    assert (notice.facts["tlp"], notice.facts["pap"]) == (mark, "amber")
    invite = act("invite", about=notice.id, assessor="paul", fields={"asked": "Does it carry?"})
    if invited:
        assert desk.open("assessment", invite, ANNA, notice).state == "invited"
    else:
        with pytest.raises(Refused, match="nobody outside the house"):
            desk.open("assessment", invite, ANNA, notice)


def test_marks_and_tasks_make_nobody_a_party() -> None:
    desk = Desk()
    notice = desk.restricted_by_two()
    marked = desk.do(notice, act("mark_sharing", tlp="green"), DORA)
    marked = desk.do(marked, act("add_task", fields=DO), DORA)
    lodge = act("lodge", about=marked.id, fields={"grounds": "x"})
    appeal = desk.do(desk.open("appeal", lodge, EVE, marked), act("admit"), DORA, marked)
    assert desk.do(appeal, act("assign", assignee="dora"), DORA, marked).state == "assigned"
