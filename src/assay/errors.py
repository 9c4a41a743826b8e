"""Every error that Assay raises on purpose, and the exit code that each one stands for.

An error says what happened, where (file, row, column) and what to do about it. The command
line prints :meth:`AssayError.__str__` and nothing else; a traceback reaching the user is a bug.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

EXIT_DONE = 0
EXIT_USAGE = 2
EXIT_INPUT = 3
EXIT_FAILED = 4
EXIT_INTERRUPTED = 130


class AssayError(Exception):
    """Base of all errors raised by Assay.

    Args:
        message: What happened, in one sentence, without a final full stop.
        fix: What the user can do about it.
        file: The file at fault, if one is.
        row: 1-based row of the data (the header does not count), or line for NDJSON.
        column: The column at fault.
    """

    exit_code = EXIT_FAILED

    def __init__(
        self,
        message: str,
        *,
        fix: str | None = None,
        file: Path | str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.file = None if file is None else str(file)
        self.row = row
        self.column = column

    def __str__(self) -> str:
        """The message, where it happened, and what to do, each on its own line."""
        place = [
            part
            for part in (
                self.file,
                None if self.row is None else f"row {self.row}",
                None if self.column is None else f"column {self.column!r}",
            )
            if part
        ]
        lines = [self.message]
        if place:
            lines.append("  where: " + ", ".join(place))
        if self.fix:
            lines.append("  what to do: " + self.fix)
        return "\n".join(lines)


class UsageError(AssayError):
    """The command was called with options that do not fit together or make no sense."""

    exit_code = EXIT_USAGE


class InputError(AssayError):
    """The input cannot be used: missing, empty, unreadable, or lacking a needed column."""

    exit_code = EXIT_INPUT


class StepFailed(AssayError):
    """A named step of a pipeline failed on its engine; the cause is chained."""


class CheckFailed(AssayError):
    """An invariant that Assay checks about its own output does not hold."""


def to_install(extra: str) -> str:
    """The command that adds an extra to this very Assay.

    By the interpreter's own pip: no package index has Assay, and another pip would look there. For
    who works on this machine; a page for others does not tell where its interpreter lies.
    """
    return f"{shlex.quote(sys.executable)} -m pip install 'assay[{extra}]'"


def is_a_stop(error: BaseException | None) -> bool:
    """Whether an error is a stop (Ctrl-C, SIGTERM), or what compiled code made of one.

    A Numba kernel that returns wraps the interrupt in a ``SystemError``; DuckDB 2.0 drops it and
    has only its own words.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "InterruptException":
            return True
        if type(error) is RuntimeError and str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__
    return False
