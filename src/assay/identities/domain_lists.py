"""Lists of domains, links and certificates, piece by piece.

Text has one domain or link a line. Tables and JSON may be what certificate transparency logs are
searched with (crt.sh's JSON and CSV): one certificate a row, with several hosts in a cell. Nothing
is fetched.
"""

from __future__ import annotations

import csv
import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

from assay.engine.byte_source import ByteSource
from assay.engine.json_read import read_elements
from assay.errors import InputError
from assay.identities.domains import domain_of
from assay.identities.readable import readable
from assay.lexicon.columns import folded

PIECE = 50_000
"""Domains that are compared at once."""
EDGE_BYTES = 1 << 16
"""Of a list's beginning and end so many bytes are looked at: whether it is one, and whole."""
HOSTS = frozenset(map(folded, (
    "domain", "domains", "host", "hosts", "hostname", "fqdn", "name_value", "common_name",
    "matching_identities", "dns_names", "all_domains", "san", "sans", "subject_alternative_name",
    "subject_alternative_names", "url", "urls", "link", "links", "website",
)))  # fmt: skip
"""Columns, or keys, that hold hosts or links; all that are there are read."""
_TABLES = {".csv": ",", ".tsv": "\t"}
_LINES = frozenset({".ndjson", ".jsonl"})


def read_domains(path: Path) -> Iterator[list[str]]:
    """Domains or links, in pieces.

    Args:
        path: Text with one a line; CSV or TSV, with a header or the domains in the first column;
            JSON (a list) or NDJSON of certificates or domains.

    Raises:
        InputError: The file is missing, no UTF-8, or not what its name says.
    """
    fix = "name a UTF-8 file with one domain a line, or certificates as JSON or CSV"
    with readable(path, "the domains", fix):
        told = _of_json(path) if path.suffix.lower() == ".json" else _of_text(path)
        texts = chain.from_iterable(told)
        while piece := list(islice(texts, PIECE)):
            yield piece


def _of_text(path: Path) -> Iterator[Iterable[str]]:
    suffix = path.suffix.lower()
    with path.open(encoding="utf-8-sig", newline="") as file:
        if suffix in _TABLES:
            yield from _of_table(csv.reader(file, delimiter=_TABLES[suffix], strict=True))
        elif suffix in _LINES:
            lines = ((line, number) for number, line in enumerate(file, 1) if line.strip())
            yield from (_hosts_of(_json(line, path, row), path, row) for line, row in lines)
        else:
            yield (line.split(",")[0].strip() for line in file if line.strip())


def _of_json(path: Path) -> Iterator[Iterable[str]]:
    """The entries of a list, a block at a time, or the file's one entry."""
    begins, ends = _edges(path)
    if not begins.startswith(b"["):
        yield _hosts_of(_json(path.read_bytes().removeprefix(BOM_UTF8), path, None), path, 1)
        return
    row = 0
    for records in read_elements(ByteSource(path, "utf-8")):
        for reject in records.rejects:
            raise _no_json(reject.reason, path, reject.row)
        for row, text in zip(records.rows, records.texts, strict=True):
            yield _hosts_of(_json(text, path, row), path, row)
    if not ends.endswith(b"]"):
        raise _no_json("the list breaks off", path, row + 1)


def _edges(path: Path) -> tuple[bytes, bytes]:
    """The beginning and the end of a file, without blanks around it."""
    with path.open("rb") as file:
        begins = file.read(EDGE_BYTES).removeprefix(BOM_UTF8).lstrip()
        file.seek(max(path.stat().st_size - EDGE_BYTES, 0))
        return begins, file.read().rstrip()


def _of_table(rows: Iterator[list[str]]) -> Iterator[Iterable[str]]:
    first = next(rows, [])
    wanted = [place for place, name in enumerate(first) if folded(name) in HOSTS]
    if not wanted or any(domain_of(cell) for cell in first):
        wanted, rows = [0], chain([first], rows)
    for row in rows:
        for place in wanted:
            yield _split(row[place]) if place < len(row) else ()


def _json(text: str | bytes, path: Path, number: int | None) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_json(str(error), path, number) from error


def _no_json(why: str, path: Path, number: int | None) -> InputError:
    return InputError(
        f"the list is no JSON: {why}", fix="get it again, or save it as NDJSON or text",
        file=path, row=number,
    )  # fmt: skip


def _hosts_of(told: Any, path: Path, number: int) -> Iterable[str]:
    """Hosts of one certificate or domain of a JSON list."""
    if isinstance(told, str):
        return _split(told)
    cells = [value for key, value in told.items() if folded(key) in HOSTS] if isinstance(
        told, Mapping) else None  # fmt: skip
    if not cells:
        raise InputError(
            "an entry names no host",
            fix="write domains, or objects with domain, common_name, name_value or dns_names",
            file=path,
            row=number,
        )
    listed = chain.from_iterable(one if isinstance(one, list) else [one] for one in cells)
    return chain.from_iterable(_split(one) for one in listed if isinstance(one, str))


def _split(cell: str) -> Iterable[str]:
    """Hosts of a cell: certificates list several, some as ``DNS:`` or with a ``*.`` before them."""
    words = cell.split() if "//" in cell else cell.replace(",", " ").split()
    return (word.removeprefix("DNS:").removeprefix("*.") for word in words)
