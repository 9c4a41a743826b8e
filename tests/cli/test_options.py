"""Options that several commands share, and how progress is drawn."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from assay.cli.options import Duration, Size, TerminalProgress, comma_list, print_json
from assay.errors import UsageError


@click.command()
@click.option("--window", type=Duration(), default="60s")
@click.option("--memory", type=Size(), default=None)
def probe(window: float, memory: int | None) -> None:
    """Say what was understood."""
    print_json({"window": window, "memory": memory})


@pytest.mark.parametrize(
    ("arguments", "window", "memory"),
    [
        ([], 60.0, None),
        (["--window", "2h"], 7200.0, None),
        (["--window", "0.5", "--memory", "2GB"], 0.5, 2 * 10**9),
    ],
)
def test_human_forms(arguments: list[str], window: float, memory: int | None) -> None:
    result = CliRunner().invoke(probe, arguments)
    assert json.loads(result.output) == {"window": window, "memory": memory}


def test_nonsense_is_a_usage_error_with_a_remedy() -> None:
    result = CliRunner().invoke(probe, ["--window", "soon"])
    assert isinstance(result.exception, UsageError)
    assert result.exception.fix is not None


@given(st.lists(st.text(alphabet="abc -_", min_size=1).map(str.strip).filter(bool)))
def test_a_comma_list_comes_back(parts: list[str]) -> None:
    assert comma_list(" , ".join(parts)) == parts
    assert comma_list(",".join([*parts, "", " "])) == parts


def test_json_keeps_letters_and_sorts_keys() -> None:
    result = CliRunner().invoke(
        click.Command("p", callback=lambda: print_json({"b": "Δ", "a": [1]}))
    )
    assert result.output.index('"a"') < result.output.index('"b"')
    assert "Δ" in result.output


def test_progress_without_a_terminal_is_a_line_per_stage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = TerminalProgress()
    progress.stage("reading", 100, "rows")
    progress.advance(100)
    progress.note("100 rows read")
    progress.finish()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "reading …\n100 rows read\n"


def test_quiet_progress_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = TerminalProgress(quiet=True)
    progress.stage("reading")
    progress.advance(1)
    progress.note("note")
    progress.finish()
    assert capsys.readouterr().err == ""


def test_the_live_line_tells_share_and_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now_s = [0.0]
    monkeypatch.setattr("assay.cli.options.time.monotonic", lambda: now_s[0])
    monkeypatch.setattr("assay.cli.options.sys.stderr.isatty", lambda: True, raising=False)
    progress = TerminalProgress()
    progress.stage("reading", 2_000_000, "rows")
    now_s[0] = 10.0
    progress.advance(500_000)
    shown = capsys.readouterr().err
    assert "reading: 500k rows of 2M (25%), 30 s left" in shown
