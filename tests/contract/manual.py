"""Write ``docs/reference/commands.md`` from the commands themselves (``make manual``).

The page is committed, so that it can be read without building anything; a test compares it with
what the commands say today.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from assay.cli.main import cli

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md"
HEAD = """# Commands

Written by `make manual` from the commands themselves; `assay COMMAND --help` says the same.
Durations, sizes, exit codes: [Settings](settings.md).
"""


def all_commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command below ``assay`` with its full name, groups before their members."""

    def below(
        name: str, group: click.Group, parent: click.Context
    ) -> Iterator[tuple[str, click.Command, click.Context]]:
        for short in group.list_commands(parent):
            command = group.get_command(parent, short)
            assert command is not None, short
            context = click.Context(command, info_name=short, parent=parent)
            yield f"{name} {short}", command, context
            if isinstance(command, click.Group):
                yield from below(f"{name} {short}", command, context)

    yield from below("assay", cli, click.Context(cli, info_name="assay"))


def option_rows(command: click.Command, context: click.Context) -> Iterator[str]:
    """One row of the table for each option that the help shows."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is None or isinstance(parameter, click.Argument) or "--help" in parameter.opts:
            continue
        forms, meaning = (" ".join(part.split()).replace("|", "\\|") for part in record)
        yield f"| `{forms}` | {meaning} |"


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, command, context in all_commands():
        usage = " ".join(command.collect_usage_pieces(context))
        text = inspect.cleandoc(command.help or "").replace("\b\n", "")
        parts.append(f"## {name}\n\n```\n{name} {usage}\n```\n\n{text}\n")
        rows = list(option_rows(command, context))
        if rows:
            parts.append("\n".join(["| Option | Meaning |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    click.echo(f"wrote {PAGE}")
