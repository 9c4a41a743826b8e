"""Who a phrase or a pronoun is found to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.model.record import Value

PartyKind = Literal[
    "platform", "authority", "country", "outlet", "researcher", "person", "name", "other"
]


@dataclass(frozen=True)
class Party:
    """Who a phrase means.

    Attributes:
        kind: ``name`` is a name that no list knows; ``other`` a common noun.
        values: Canonical names with where they stand; a phrase itself where nobody is named.
        generic: A phrase such as “the company” or a pronoun, not a name.
    """

    kind: PartyKind
    values: tuple[Value, ...]
    generic: bool = False
