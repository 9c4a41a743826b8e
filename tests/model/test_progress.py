"""Progress that nobody watches can stand in for progress that somebody does."""

from __future__ import annotations

import inspect

from assay.cli.options import TerminalProgress
from assay.model.progress import Progress, Silent


def test_silent_and_terminal_have_the_protocol_signatures() -> None:
    for name in ("stage", "advance", "note"):
        wanted = inspect.signature(getattr(Progress, name))
        for kind in (Silent, TerminalProgress):
            assert inspect.signature(getattr(kind, name)) == wanted, (kind, name)


def test_silent_says_nothing(capsys) -> None:
    progress: Progress = Silent()
    progress.stage("reading", 10, "rows")
    progress.advance(5)
    progress.note("halfway")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
