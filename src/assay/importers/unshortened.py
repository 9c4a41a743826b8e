"""A table of short links and where they lead, supplied by the user; nothing is fetched."""

from __future__ import annotations

from pathlib import Path

from assay.errors import InputError
from assay.importers.container import open_container
from assay.text.links import canonical_link


def read_unshortened(path: Path) -> dict[str, str]:
    """Canonical short links to canonical targets, from a table's first two columns.

    Raises:
        InputError: The table has fewer than two columns, or no row holds two links.
    """
    container = open_container(path)
    if len(container.columns) < 2:
        raise InputError(
            "the table of unshortened links needs two columns: short link, target",
            fix="write a header and two columns",
            file=path,
        )
    short_column, target_column = container.columns[:2]
    result: dict[str, str] = {}
    for batch in container.read((short_column, target_column), lambda _: False):
        pairs = zip(
            batch.table[short_column].to_pylist(),
            batch.table[target_column].to_pylist(),
            strict=True,
        )
        for short, target in pairs:
            from_link, to_link = canonical_link(short or ""), canonical_link(target or "")
            if from_link and to_link:
                result[from_link] = to_link
    if not result:
        raise InputError(
            "no row of the table of unshortened links holds two links",
            fix="write short link and target, each with https://",
            file=path,
        )
    return result
