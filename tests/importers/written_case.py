"""A file as a platform or a tool writes it, and what is to come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
LONG = "a text that is long enough to be the same as another text"


@dataclass(frozen=True)
class Case:
    """One file and what is to come of it; shares of kinds that are not named are not looked at."""

    content: str | list[Any] | dict[str, Any]
    format: str
    accounts: list[str]
    kinds: list[str]
    shares: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str | None] | None = None
    rejected: list[str] = field(default_factory=list)
    times: list[str] | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def written(self) -> str:
        if isinstance(self.content, str):
            return self.content
        if isinstance(self.content, list):
            return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in self.content)
        return json.dumps(self.content, ensure_ascii=False)
