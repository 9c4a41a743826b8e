"""A copy of a house's records in one file, and a store made from it, on either database.

The copy is a ZIP of one NDJSON file for each table, read in one transaction, with the keys and a
manifest that holds the SHA-256 of each part. Sessions are left out: everybody signs in again.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, column, insert, inspect, select, table

from assay import __version__
from assay.cases.clocks import HouseClocks
from assay.cases.key_folder import KeyFolder
from assay.cases.store.case_store import CaseStore, open_store
from assay.cases.store.connect import connect, reading, writing
from assay.cases.store.log_writer import LogWriter
from assay.cases.store.protected_entries import log_earlier
from assay.cases.store.schema import revision, upgrade
from assay.cases.store.tables import FILES, METADATA, PROTECTED_REGISTERS, SESSIONS
from assay.engine.unzip import UNREADABLE
from assay.errors import InputError

FORMAT = "assay-backup-1"
_MANIFEST = "manifest.json"
_AT_ONCE = 2000
_LARGEST = 2**63
_TAKE_ANOTHER = "take another copy; this one is damaged, or something else"


@dataclass(frozen=True)
class Copied:
    """What a copy holds: rows by table, and whether the signing key is among it."""

    rows: Mapping[str, int]
    with_key: bool


def back_up(store: CaseStore, out: Path, *, with_key: bool) -> Copied:
    """Write a copy, whole or not at all, readable by its owner alone.

    Args:
        store: What to copy; people can go on working meanwhile.
        out: The file to write; there is none of this name yet.
        with_key: Whether the signing key is put in, so that the copy alone can be continued.

    Raises:
        InputError: The file is there already, or cannot be written.
    """
    if out.exists():
        raise InputError("there is such a file already", fix="name another", file=out)
    made = out.with_name(f".{out.name}.new")
    try:
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            copied = _write(store, file, with_key=with_key)
            file.flush()
            os.fsync(file.fileno())
        made.replace(out)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise InputError(f"the copy cannot be written: {error.strerror}", file=out) from error
    return copied


def restore(copy: Path, database: str, keys: Path) -> CaseStore:
    """Make a store from a copy.

    Args:
        copy: What :func:`back_up` wrote, of this or an earlier version.
        database: Where to; a file that is not there, or an empty PostgreSQL database.
        keys: The key folder to make; if the copy has no key, the folder that holds it.

    Raises:
        InputError: The copy is damaged, the database is not empty, or there is another key.
    """
    with _said_of(copy), zipfile.ZipFile(copy) as archive:
        manifest = _manifest(archive)
        _check_parts(archive, manifest)
        _put_keys(archive, manifest, KeyFolder(keys))
        _put_rows(archive, manifest, database, KeyFolder(keys))
    return open_store(database, keys)


@contextmanager
def _said_of(copy: Path) -> Iterator[None]:
    """Whatever is wrong with a copy is said of its file."""
    try:
        yield
    except _Damaged as error:
        raise InputError(error.args[0], fix=_TAKE_ANOTHER, file=copy) from error
    except UNREADABLE as error:
        raise InputError("the copy cannot be read", fix=_TAKE_ANOTHER, file=copy) from error


@contextmanager
def _made(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            f"this cannot be written: {error.strerror}", fix="name another place", file=path
        ) from error


class _Damaged(Exception):
    """What is wrong with the content of a copy, in words."""


def _write(store: CaseStore, file: IO[bytes], *, with_key: bool) -> Copied:
    parts: dict[str, str] = {}
    rows: dict[str, int] = {}
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        reading(store.engine) as connection,
    ):
        for one in METADATA.sorted_tables:
            if one is not SESSIONS:
                name = f"tables/{one.name}.ndjson"
                parts[name], rows[one.name] = _write_table(connection, one, archive, name)
        # The folder's checkpoint may be younger than the rows by now; the rows hold their own.
        for path in (store.keys.public, *([store.keys.secret] if with_key else [])):
            name = f"keys/{path.name}"
            parts[name] = _write_part(archive, name, path.read_bytes())
        told = {
            "format": FORMAT,
            "version": __version__,
            "revision": revision(connection),
            "rows": rows,
            "parts": parts,
        }
        archive.writestr(_MANIFEST, json.dumps(told, indent=1, sort_keys=True))
    return Copied(rows, with_key)


def _write_table(
    connection: Connection, one: Table, archive: zipfile.ZipFile, name: str
) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    asked = select(one).execution_options(yield_per=_at_once(one.name))
    with archive.open(name, "w", force_zip64=True) as part:
        for row in connection.execute(asked).mappings():
            line = json.dumps({key: _to_json(value) for key, value in row.items()}).encode() + b"\n"
            digest.update(line)
            part.write(line)
            count += 1
    return digest.hexdigest(), count


def _write_part(archive: zipfile.ZipFile, name: str, content: bytes) -> str:
    archive.writestr(name, content)
    return hashlib.sha256(content).hexdigest()


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        told = json.loads(archive.read(_MANIFEST))
        if told["format"] != FORMAT or not isinstance(told["revision"], str):
            raise ValueError(told["format"])
        known = {one.name for one in METADATA.sorted_tables}
        if not set(told["rows"]) <= known:
            raise ValueError("tables")
        needed = {"keys/public.key", *(f"tables/{name}.ndjson" for name in told["rows"])}
        if not needed <= told["parts"].keys():
            raise ValueError("parts")
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _Damaged("this is no copy of cases") from error
    manifest: dict[str, Any] = told
    return manifest


def _check_parts(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
    for name, expected in manifest["parts"].items():
        try:
            found = _digest(archive, name)
        except KeyError as error:
            raise _Damaged(f"the copy lacks {name}") from error
        if found != expected:
            raise _Damaged(f"{name} in the copy is damaged")


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    """SHA-256 of one part, read piece by piece."""
    digest = hashlib.sha256()
    with archive.open(name) as part:
        while piece := part.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _put_keys(archive: zipfile.ZipFile, manifest: Mapping[str, Any], folder: KeyFolder) -> None:
    """Write the keys of the copy, or make sure that the ones that are there are the right ones."""
    public = archive.read("keys/public.key").decode()
    if folder.public.exists():
        if folder.public.read_text(encoding="utf-8").strip() != public.strip():
            raise InputError(
                "the key folder holds another log's key", fix="name another", file=folder.path
            )
        return
    if "keys/signing.key" not in manifest["parts"]:
        raise InputError(
            "the copy was made without its key", fix="name the folder with --keys", file=folder.path
        )
    for path in (folder.secret, folder.public):
        key = archive.read(f"keys/{path.name}")
        with _made(path):
            folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(key)


def _put_rows(
    archive: zipfile.ZipFile, manifest: Mapping[str, Any], database: str, keys: KeyFolder
) -> None:
    """Everything in one transaction: the schema of then, the rows, and the way up to today's."""
    if "://" not in database:
        with _made(Path(database)):
            Path(database).touch(mode=0o600)
    engine = connect(database)
    try:
        with writing(engine) as connection:
            if inspect(connection).get_table_names():
                raise InputError("the database is not empty", fix="name an empty one")
            upgrade(connection, manifest["revision"])
            there = inspect(connection)
            if unknown := set(manifest["rows"]) - set(there.get_table_names()):
                told = ", ".join(sorted(unknown))
                raise _Damaged(f"the copy has tables that its version lacks: {told}")
            for one in METADATA.sorted_tables:
                if one.name in manifest["rows"]:
                    columns = {column["name"] for column in there.get_columns(one.name)}
                    into = table(one.name, *(column(name) for name in sorted(columns)))
                    for rows in _rows(archive, f"tables/{one.name}.ndjson", columns):
                        connection.execute(insert(into), rows)
            log_earlier(connection, LogWriter(keys, HouseClocks()), upgrade(connection))
    finally:
        engine.dispose()


def _rows(archive: zipfile.ZipFile, name: str, columns: Set[str]) -> Iterator[list[dict[str, Any]]]:
    with archive.open(name) as part:
        parsed = (
            _row(line, f"row {number} of {name}", columns) for number, line in enumerate(part, 1)
        )
        while batch := list(islice(parsed, _at_once(Path(name).stem))):
            yield batch


def _at_once(name: str) -> int:
    """How many rows of a table are held at a time; files and whole registers are large."""
    return 1 if name in (FILES.name, PROTECTED_REGISTERS.name) else _AT_ONCE


def _to_json(value: Any) -> Any:
    return {"hex": bytes(value).hex()} if isinstance(value, bytes | memoryview) else value


def _row(line: bytes, place: str, columns: Set[str]) -> dict[str, Any]:
    """A row as the table of its version has it."""
    try:
        row = {name: _from_json(value) for name, value in json.loads(line).items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _Damaged(f"{place} in the copy cannot be read") from error
    if row.keys() != columns:
        wrong = ", ".join(sorted(row.keys() ^ columns))
        raise _Damaged(f"{place} in the copy has other columns than its version: {wrong}")
    return row


def _from_json(value: Any) -> Any:
    """A value of a row.

    Raises:
        ValueError: No table holds such a value.
    """
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    if isinstance(value, str):
        value.encode()  # half of a surrogate pair is no text
        return value
    if value is None or (isinstance(value, int) and abs(value) < _LARGEST):
        return value
    raise ValueError(value)
