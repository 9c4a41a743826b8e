"""What several contracts look at."""

from __future__ import annotations

from tests.contract.hidden_case import hidden

__all__ = ["hidden"]
