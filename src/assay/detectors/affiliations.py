"""Which accounts openly say that they belong to one publisher or organisation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

from assay.detectors.kept_edges import codes_of

DECLARATIONS = ("publisher", "declared_affiliation")


@dataclass(frozen=True)
class Affiliation:
    """The declaration that most accounts of a community have in common.

    Attributes:
        declares: ``publisher`` or ``declared_affiliation``; None if nobody declares anything.
        name: As the first account by id has it; input text, to be shown as text only.
        accounts: How many accounts declare it.
        declaring: How many accounts declare anything at all.
    """

    declares: str | None
    name: str | None
    accounts: int
    declaring: int


def read_affiliations(path: Path, accounts: pa.Array, community: np.ndarray) -> list[Affiliation]:
    """The commonest declaration of each community.

    Names are compared without regard to case and spacing.

    Args:
        path: The dataset's accounts.
        accounts: Sorted account ids.
        community: The community of each of them, from 0.
    """
    table = ds.dataset(path).to_table(
        columns=["account_id", *DECLARATIONS],
        filter=ds.field("account_id").isin(accounts)
        & (ds.field(DECLARATIONS[0]).is_valid() | ds.field(DECLARATIONS[1]).is_valid()),
    )
    table = table.sort_by("account_id")
    groups = community[codes_of(table["account_id"], accounts)].tolist()
    count = int(community.max()) + 1 if len(community) else 0
    said: list[Counter[tuple[str, str]]] = [Counter() for _ in range(count)]
    declaring = [0] * count
    shown: dict[tuple[int, str, str], str] = {}
    for group, row in zip(groups, table.to_pylist(), strict=True):
        names = {
            (column, " ".join(row[column].casefold().split())): row[column]
            for column in DECLARATIONS
            if row[column] and row[column].strip()
        }
        said[group].update(names.keys())
        declaring[group] += bool(names)
        for key, name in names.items():
            shown.setdefault((group, *key), name)
    return [_commonest(group, said[group], declaring[group], shown) for group in range(count)]


def _commonest(
    group: int,
    said: Counter[tuple[str, str]],
    declaring: int,
    shown: dict[tuple[int, str, str], str],
) -> Affiliation:
    if not said:
        return Affiliation(None, None, 0, 0)
    # Among equally common ones the publisher stands first, then the alphabet decides.
    declares, name = min(said, key=lambda key: (-said[key], DECLARATIONS.index(key[0]), key[1]))
    return Affiliation(declares, shown[group, declares, name], said[declares, name], declaring)
