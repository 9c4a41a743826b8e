"""What the workflow answers when it does not allow an act, in words that say what to do."""

from __future__ import annotations

from assay.errors import UsageError


class Refused(UsageError):
    """The workflow does not allow this act now, by this person, or with what was said.

    Attributes:
        lacking: What is missing or wrong, by name, and what to do about each.
    """

    def __init__(
        self, message: str, *, fix: str | None = None, lacking: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, fix=fix)
        self.lacking = lacking or {}

    @property
    def faults(self) -> dict[str, str]:
        """What stands beside a form: by name, or under "" where it concerns the whole."""
        return dict(self.lacking) or {"": f"{self.message}. {self.fix or ''}"}


class NoSuchRecord(Refused):
    """There is no such record, or not for this viewer: both are told alike."""

    def __init__(self) -> None:
        super().__init__("there is no such record", fix="check the id")


def refuse_missing(what: str, missing: dict[str, str]) -> None:
    """Refuse an act that lacks something.

    Args:
        what: The act or thing, as the refusal calls it.
        missing: What is missing, by name, and what to do about each; none passes.

    Raises:
        Refused: Something is missing.
    """
    if missing:
        told = "; ".join(f"{name}: {text}" for name, text in missing.items())
        raise Refused(f"{what} lacks {', '.join(missing)}", fix=told, lacking=missing)
