"""Options that several commands share, and how progress is drawn."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from assay.cli.stopping import leave_if_asked
from assay.model.units import parse_bytes, parse_duration_s


class Duration(click.ParamType[float]):
    """``60s``, ``2h``: seconds as a float."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read one duration."""
        return value if isinstance(value, float) else parse_duration_s(str(value))


class Size(click.ParamType[int]):
    """``2GB``: bytes as an int."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read one size."""
        return value if isinstance(value, int) else parse_bytes(str(value))


def with_options(
    command: click.decorators.FC, *options: Callable[[click.decorators.FC], click.decorators.FC]
) -> click.decorators.FC:
    """A command with options that several commands share, listed by its help in this order."""
    for option in reversed(options):
        command = option(command)
    return command


def out_folder(
    what: str, *, required: bool = True
) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """``-o FOLDER``, where results go; ``what`` is its line of help."""
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("-o", "--out", type=kind, required=required, help=what)


def out_file(
    what: str, *, required: bool = True
) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """``-o FILE``, which is written; ``what`` is its line of help."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option("-o", "--out", type=kind, required=required, help=what)


def quiet_option(what: str) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """``-q``; ``what`` is its line of help: whether only progress is left out, or results too."""
    return click.option("-q", "--quiet", is_flag=True, help=what)


def comma_list(text: str) -> list[str]:
    """Split ``a,b`` into its parts, without blanks or empty ones."""
    return [part.strip() for part in text.split(",") if part.strip()]


class TerminalProgress:
    """Draws progress on stderr: one live line on a terminal, a line per stage elsewhere.

    Satisfies :class:`assay.model.progress.Progress`. Quiet shows nothing but errors.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._name = ""
        self._unit = ""
        self._total: float | None = None
        self._done = 0.0
        self._began = self._drawn = time.monotonic()

    def stage(self, name: str, total: float | None = None, unit: str = "") -> None:
        """Begin a stage."""
        leave_if_asked()
        self._clear()
        self._name, self._total, self._unit, self._done = name, total, unit, 0.0
        self._began = self._drawn = time.monotonic()
        if not self._quiet and not self._live:
            click.echo(f"{name} …", err=True)
        self._draw()

    def advance(self, amount: float) -> None:
        """The current stage got further; redraws at most ten times a second."""
        self._done += amount
        now = time.monotonic()
        # Without a terminal a long stage still says every half minute how far it is.
        if now - self._drawn >= (0.1 if self._live else 30.0):
            self._drawn = now
            self._draw(plain=not self._live)

    def note(self, text: str) -> None:
        """Print a line that stays."""
        if not self._quiet:
            self._clear()
            click.echo(text, err=True)

    def finish(self) -> None:
        """Take the live line away."""
        self._clear()

    def _line(self) -> str:
        elapsed_s = time.monotonic() - self._began
        text = f"{self._name}: {_short(self._done)} {self._unit}".rstrip()
        if self._total:
            share = min(self._done / self._total, 1.0)
            text += f" of {_short(self._total)} ({share:.0%})"
            if share > 0 and elapsed_s > 1:
                text += f", {elapsed_s * (1 - share) / share:.0f} s left"
        return text

    def _draw(self, *, plain: bool = False) -> None:
        if self._quiet or not (self._live or plain):
            return
        if plain:
            click.echo("  " + self._line(), err=True)
        else:
            click.echo("\r\x1b[2K" + self._line()[:100], err=True, nl=False)

    def _clear(self) -> None:
        if self._live and not self._quiet:
            click.echo("\r\x1b[2K", err=True, nl=False)


def _short(count: float) -> str:
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= size:
            return f"{count / size:.3g}{unit}"
    return f"{count:.0f}"


def plain(text: str) -> str:
    """Text of a stranger on a terminal: white space as one space, no control characters."""
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))


def print_json(value: Any) -> None:
    """Print one JSON document on stdout, for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str))
