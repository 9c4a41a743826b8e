"""The command ``assay``: loads a group of commands only when it is called, so help is quick."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from assay import __version__
from assay.cli.stopping import stops_that_are_heard
from assay.errors import EXIT_FAILED, EXIT_INTERRUPTED, AssayError

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("scan", "assay.cli.scan:scan", "Find everything the data allow, and write the report."),
    ("import", "assay.cli.import_:import_command", "Read exports of posts into a dataset."),
    ("read", "assay.cli.read:read", "Read documents into a record with its sources."),
    ("review", "assay.cli.review:review", "Accept, correct or reject what was read."),
    ("detect", "assay.cli.detect:detect", "Run one detector alone."),
    (
        "identities",
        "assay.cli.identities:identities",
        "Check a register of protected identities.",
    ),
    (
        "complaint",
        "assay.cli.complaint:complaint",
        "Write complaints in the words of a platform's own rule.",
    ),
    ("report", "assay.cli.report:report", "Write the report of a finished run again."),
    ("export", "assay.cli.export:export", "Write a run's tables in another format."),
    ("bundle", "assay.cli.bundle:bundle", "Pack a run so that a stranger can check it."),
    ("verify", "assay.cli.verify:verify", "Check a bundle and run it again."),
    ("stamp", "assay.cli.stamp:stamp", "Time stamps of a bundle (RFC 3161)."),
    ("contest", "assay.cli.contest:contest", "What a bundle holds against one account."),
    ("case", "assay.cli.case:case", "Notices, decisions and appeals, in a log anyone can check."),
    ("serve", "assay.cli.serve:serve", "The web application of notices, decisions and appeals."),
    ("simulate", "assay.cli.simulate:simulate", "Make a campaign with known truth."),
    ("power", "assay.cli.power:power", "Measure how small a network could hide in your data."),
    ("calibrate", "assay.cli.calibrate:calibrate", "Measure how often the tests err."),
    (
        "pseudonymise",
        "assay.cli.pseudonymise:pseudonymise",
        "Make a key for pseudonyms, or turn them back.",
    ),
    ("compat", "assay.cli.compat:compat", "Peers' rules, for those who move over."),
    ("doctor", "assay.cli.doctor:doctor", "Say what this machine has and lacks."),
)
"""Name, where it lives, and the line that help shows without loading it."""


class LazyGroup(click.Group):
    """A click group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of :data:`COMMANDS`."""
        return [name for name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        for name, target, _ in COMMANDS:
            if name == cmd_name:
                module, attribute = target.split(":")
                command: click.Command = getattr(importlib.import_module(module), attribute)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the registry, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, _, line in COMMANDS])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="assay")
def cli() -> None:
    """Find accounts that act as one, show the evidence, let anyone check it.

    Assay analyses data that you supply. It never fetches, logs in or acts on an account; a
    person decides. Start with `assay scan POSTS -o OUT` and open OUT/report.html.
    """


def _foreign_errors() -> tuple[type[BaseException], ...]:
    """Errors of the machine and of libraries that no part of Assay foresaw: said in one line.

    Libraries that were never loaded cannot have raised anything, so none is imported here.
    """
    known: list[type[BaseException]] = [OSError, MemoryError]
    for module, name in (("pyarrow", "ArrowException"), ("duckdb", "Error")):
        if module in sys.modules:
            known.append(getattr(sys.modules[module], name))
    return tuple(known)


def _foreign_told(error: BaseException) -> tuple[str, str]:
    """What such an error is called, and what to do."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return (
            f"the disk is full ({error})",
            "make room, then give the same command again: it goes on from whatever was kept",
        )
    return (
        f"{type(error).__name__}: {error}",
        "check the disk's room and rights, and the input files",
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every expected error becomes a message and an exit code."""
    try:
        with stops_that_are_heard():
            result: Any = cli.main(args=arguments, prog_name="assay", standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except AssayError as error:
        click.echo(f"assay: {error}", err=True)
        code = error.exit_code
    except ModuleNotFoundError as error:
        from assay.cli.missing_package import missing_package

        told = missing_package(error)
        if told is None:
            raise
        click.echo(f"assay: {told}", err=True)
        code = told.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except _foreign_errors() as error:
        what, fix = _foreign_told(error)
        click.echo(f"assay: {what}\n  what to do: {fix}", err=True)
        code = EXIT_FAILED
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            "assay: stopped. Give the same command again: it goes on from whatever was kept.",
            err=True,
        )
        code = EXIT_INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
