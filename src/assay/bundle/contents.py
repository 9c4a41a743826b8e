"""What a bundle holds and how it describes itself: ``bundle.json`` and ``SHA256SUMS``."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.engine.content import parquet_content_hash
from assay.engine.read_back import listed_findings
from assay.errors import InputError

SCHEMA = 1
KIND = "assay.bundle"
DESCRIPTION = "bundle.json"
CHECKSUMS = "SHA256SUMS"
READ_ME = "README.txt"
STAMPS = "timestamps/"
"""Time stamps are made of ``SHA256SUMS`` and added later, so it cannot list them."""

HASHES = ("posts", "accounts", "rejects")
"""Tables of a dataset whose texts a dehydrated bundle replaces by hashes."""

DATASET_PARTS = (
    "manifest.json",
    "posts.parquet",
    "accounts.parquet",
    "shares.parquet",
    "rejects.parquet",
)
MOST_JSON_BYTES = 200_000_000
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Listed:
    """A file as ``bundle.json`` lists it.

    Attributes:
        path: Inside the bundle, with forward slashes.
        bytes: Its size.
        crc32: By which a single changed byte can be found.
        sha256: Of its bytes.
        content_sha256: Of a table's content (:mod:`assay.engine.content`); None for others.
    """

    path: str
    bytes: int
    crc32: int
    sha256: str
    content_sha256: str | None = None


@dataclass(frozen=True)
class Description:
    """``bundle.json``.

    Attributes:
        version: Of Assay, by which the run was made.
        operator: Who ran it, in their own words; None if they did not say.
        dehydrated: Whether texts and names were replaced by hashes.
        note: What whoever packed it wants to say; None for nothing.
        runs: How many runs the history holds.
        settings: How many different settings there are among them.
        packed_with: Versions of what it was packed with.
        report_assets: SHA-256 of the page's script and style, with which ``report.html`` was made.
        files: Every file but ``bundle.json``, ``SHA256SUMS`` and time stamps.
    """

    version: str
    operator: str | None
    dehydrated: bool
    note: str | None
    runs: int
    settings: int
    packed_with: Mapping[str, str]
    report_assets: str | None
    files: tuple[Listed, ...]

    def as_bytes(self) -> bytes:
        """The file."""
        told = {"schema": SCHEMA, "kind": KIND} | asdict(self)
        return (json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def list_file(name: str, source: Path | bytes) -> Listed:
    """Look at a file, in pieces.

    Raises:
        InputError: It is called a table and is none.
    """
    digest, crc, size = hashlib.sha256(), 0, 0
    for chunk in _chunks(source):
        digest.update(chunk)
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
    content = None
    if isinstance(source, Path) and name.endswith(".parquet"):
        try:
            content = parquet_content_hash(source)
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"the table cannot be read: {error}", fix="run the scan again", file=source
            ) from error
    return Listed(name, size, crc, digest.hexdigest(), content)


def _chunks(source: Path | bytes) -> Any:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def checksums(listed: list[tuple[str, str]]) -> bytes:
    """``SHA256SUMS`` for ``sha256sum -c``, from names and digests."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(listed)).encode()


def read_json(path: Path, what: str) -> dict[str, Any]:
    """A JSON object that may come from anyone.

    Raises:
        InputError: It is missing, too large, or no JSON object.
    """
    fix = "get the bundle again from who made it"
    if not path.is_file():
        raise InputError(f"the bundle lacks {what}", fix=fix, file=path.name)
    if path.stat().st_size > MOST_JSON_BYTES:
        raise InputError(f"{what} is too large to be one", fix=fix, file=path.name)
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{what} is damaged: {error}", fix=fix, file=path.name) from error
    if not isinstance(value, dict):
        raise InputError(f"{what} is no JSON object", fix=fix, file=path.name)
    return value


def read_findings(path: Path) -> list[dict[str, Any]]:
    """The findings of a run that may come from anyone.

    Raises:
        InputError: The file is missing or damaged.
    """
    try:
        return listed_findings(read_json(path, path.name))
    except ValueError as error:
        raise InputError(f"{path.name} is damaged: {error}",
                         fix="get the bundle again from who made it",
                         file=path.name) from error  # fmt: skip


def read_description(folder: Path) -> Description:
    """Read ``bundle.json`` of an unpacked bundle.

    Raises:
        InputError: There is none, it is damaged, or another version wrote it.
    """
    path = folder / DESCRIPTION
    told = read_json(path, DESCRIPTION)
    if told.get("kind") != KIND or told.get("schema") != SCHEMA:
        raise InputError(
            f"the bundle has schema {told.get('schema')!r}; this version reads schema {SCHEMA}",
            fix=f"use the version of Assay that made it ({told.get('version') or 'not told'}), or "
            "a later one",
            file=DESCRIPTION,
        )
    try:
        files = tuple(_listed(one) for one in told["files"])
        return Description(
            version=str(told["version"]),
            operator=_text_or_none(told["operator"]),
            dehydrated=bool(told["dehydrated"]),
            note=_text_or_none(told["note"]),
            runs=int(told["runs"]),
            settings=int(told["settings"]),
            packed_with={str(name): str(value) for name, value in told["packed_with"].items()},
            report_assets=_text_or_none(told["report_assets"]),
            files=files,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"the bundle's description is damaged: {type(error).__name__}: {error}",
            fix="get the bundle again from who made it",
            file=DESCRIPTION,
        ) from error


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)


def _listed(one: Mapping[str, Any]) -> Listed:
    return Listed(
        path=str(one["path"]),
        bytes=int(one["bytes"]),
        crc32=int(one["crc32"]),
        sha256=str(one["sha256"]),
        content_sha256=_text_or_none(one["content_sha256"]),
    )
