"""What the team has to do on a record: set by somebody, for somebody, and ended by a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assay.cases.awaited import day_of
from assay.cases.refused import refuse_missing
from assay.model.case import Act, Event, Record, Task

_NAMES = ("add_task", "end_task")


def concerns_task(event: Event) -> bool:
    """Whether what an event says belongs to one task, and not to the record."""
    return event.name in _NAMES


def tasks_after(before: Mapping[int, Task], event: Event) -> Mapping[int, Task]:
    """The tasks after an event that concerns one."""
    if event.name == "add_task":
        told = {name: str(event.facts.get(name, "")) for name in ("for_whom", "due_on")}
        one = Task(event.version, (event.fields or {}).get("task_text", ""), **told)
    else:
        one = replace(before[int(event.facts["task"])], done_on=day_of(event.at))
    return {**before, one.number: one}


def check_task(record: Record, act: Act) -> None:
    """Make sure that a task says what is to be done, and that one which ends is open.

    Raises:
        Refused: It says nothing, or there is no such open task.
    """
    if act.name == "add_task" and not act.fields.get("task_text", "").strip():
        refuse_missing("the task", {"task_text": "say what is to be done"})
    if act.name == "end_task":
        open_ones = [number for number, one in record.tasks.items() if not one.done_on]
        if act.facts["task"] not in open_ones:
            told = ", ".join(map(str, open_ones)) or "none is open"
            refuse_missing("this act", {"task": f"give one of: {told}"})
