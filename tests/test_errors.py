"""Errors say what happened, where, and what to do; each kind has its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay import errors
from assay.errors import AssayError, InputError


def all_kinds() -> list[type[AssayError]]:
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, AssayError)
    ]


def test_message_alone_is_one_line() -> None:
    assert str(AssayError("nothing was read")) == "nothing was read"


def test_place_and_remedy_follow_the_message() -> None:
    error = InputError(
        "no time", fix="map a column to created_at", file=Path("a.csv"), row=14, column="when"
    )
    assert str(error).splitlines() == [
        "no time",
        "  where: a.csv, row 14, column 'when'",
        "  what to do: map a column to created_at",
    ]


def test_a_row_without_a_file_is_still_told() -> None:
    assert "where: row 0" in str(InputError("broken", row=0))


@pytest.mark.parametrize("kind", all_kinds())
def test_every_kind_is_documented_and_carries_its_parts(kind: type[AssayError]) -> None:
    error = kind("what", fix="do", file="f", row=1, column="c")
    assert (error.message, error.fix, error.file, error.row, error.column) == (
        "what",
        "do",
        "f",
        1,
        "c",
    )
    assert kind.__doc__


def test_exit_codes_are_those_of_the_contract() -> None:
    assert {kind.__name__: kind.exit_code for kind in all_kinds()} == {
        "AssayError": 4,
        "UsageError": 2,
        "InputError": 3,
        "StepFailed": 4,
        "CheckFailed": 4,
    }
