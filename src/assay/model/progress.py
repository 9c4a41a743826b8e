"""How long work tells how far it is; the command line draws it, tests ignore it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives stages and how far each one is."""

    def stage(self, name: str, total: float | None = None, unit: str = "") -> None:
        """Begin a stage; ``total`` in ``unit`` (rows, bytes) if it is known."""

    def advance(self, amount: float) -> None:
        """The current stage got ``amount`` further."""

    def note(self, text: str) -> None:
        """Something that the person should read (a mapping, a prediction, a warning)."""


class Silent:
    """Progress that nobody watches."""

    def stage(self, name: str, total: float | None = None, unit: str = "") -> None:
        """Ignore."""

    def advance(self, amount: float) -> None:
        """Ignore."""

    def note(self, text: str) -> None:
        """Ignore."""
