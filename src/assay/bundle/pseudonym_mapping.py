"""The mapping that turns pseudonyms back: a file beside the key, encrypted under it.

Each row is a pseudonym and the name behind it, encrypted in the manner of SIV (Rogaway and
Shrimpton 2006): the pseudonym, a keyed hash of the name, is the synthetic initial value, and
HMAC-SHA256 over it and a counter makes the keystream. Whoever decrypts checks the pseudonym
against the name, so a row cannot be changed unseen. No library beyond Python's own is needed.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assay.bundle.pseudonym_key import KeyedHash, PseudonymKey
from assay.bundle.pseudonyms import PSEUDONYM, Namer
from assay.errors import CheckFailed, InputError

_BLOCK_BYTES = hashlib.sha256().digest_size
_LOT = 100_000
"""Names that wait to be written, sorted, in one go."""
_CACHE_KB = 100_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS names (pseudonym TEXT PRIMARY KEY, name BLOB NOT NULL) WITHOUT ROWID;
"""


class Mapping:
    """An open mapping. Use :func:`open_mapping`."""

    def __init__(self, connection: sqlite3.Connection, key: PseudonymKey) -> None:
        self._connection = connection
        self._key = key
        self._hash = KeyedHash(key.mapping)
        self._waiting: dict[str, str] = {}

    def record(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Keep pseudonyms with the names behind them; :meth:`flush` makes them last.

        Raises:
            CheckFailed: One pseudonym stands for two names.
        """
        for pseudonym, name in pairs:
            if self._waiting.setdefault(pseudonym, name) != name:
                raise self._collision()
        if len(self._waiting) > _LOT:
            self.flush()

    def flush(self) -> None:
        """Write what waits.

        Raises:
            CheckFailed: One pseudonym stands for two names.
        """
        rows = (
            (one, self._crypt(one, name.encode())) for one, name in sorted(self._waiting.items())
        )
        try:
            self._connection.executemany(
                # The same name under the same key is the same row; anything else is a collision.
                "INSERT INTO names VALUES (?, ?) ON CONFLICT (pseudonym) DO UPDATE"
                " SET name = CASE WHEN name = excluded.name THEN name END"
                " WHERE name <> excluded.name",
                rows,
            )
        except sqlite3.IntegrityError as error:
            raise self._collision() from error
        self._waiting = {}

    def _collision(self) -> CheckFailed:
        return CheckFailed(
            "two names have the same pseudonym",
            fix="pseudonymise with a new key; nothing was written",
            file=self._key.mapping_file,
        )

    def reveal(self, pseudonym: str) -> str:
        """The name behind a pseudonym.

        Raises:
            InputError: The mapping does not hold it, or the row was damaged.
        """
        found = self._connection.execute(
            "SELECT name FROM names WHERE pseudonym = ?", (pseudonym,)
        ).fetchone()
        if found is None:
            looks = PSEUDONYM.fullmatch(pseudonym)
            raise InputError(
                f"{pseudonym!r} is in no output made with this key"
                if looks
                else f"{pseudonym!r} does not look like a pseudonym",
                fix="use the key named by the manifest's fingerprint; this one's is "
                f"{self._key.fingerprint}"
                if looks
                else "give it whole, such as account-7f3k2m9q0c4xwz1t",
                file=self._key.mapping_file,
            )
        name = self._crypt(pseudonym, found[0]).decode(errors="replace")
        if Namer(self._key).name(pseudonym.rpartition("-")[0], name) != pseudonym:
            raise InputError(
                f"the row of {pseudonym!r} is damaged",
                fix="restore the mapping from a copy",
                file=self._key.mapping_file,
            )
        return name

    def find(self, asked: str) -> list[str]:
        """The pseudonyms of accounts of that id, with its platform or without."""
        self.flush()
        wanted = asked.removeprefix("@").casefold()
        rows = self._connection.execute("SELECT pseudonym, name FROM names ORDER BY pseudonym")
        found = []
        for pseudonym, hidden in rows:
            if pseudonym.startswith("account-"):
                name = self._crypt(pseudonym, hidden).decode(errors="replace").casefold()
                if wanted in (name, name.rpartition(":")[2]):
                    found.append(pseudonym)
        return found

    def _crypt(self, pseudonym: str, text: bytes) -> bytes:
        """Encrypt or decrypt: the same keystream, exclusive or."""
        stream = self._hash.digest(f"{pseudonym}\0{0}".encode())
        for block in range(1, -(-len(text) // _BLOCK_BYTES)):
            stream += self._hash.digest(f"{pseudonym}\0{block}".encode())
        stream = stream[: len(text)]
        mixed = int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")
        return mixed.to_bytes(len(text), "big")


@contextmanager
def open_mapping(key: PseudonymKey, *, create: bool) -> Iterator[Mapping]:
    """Open the mapping beside the key; what is recorded is kept if nothing goes wrong.

    Args:
        key: Whose.
        create: Whether to begin a new one where there is none.

    Raises:
        InputError: There is none, it cannot be read, or it belongs to another key.
    """
    path = key.mapping_file
    if not path.exists():
        if not create:
            raise InputError(
                "the key has no mapping beside it",
                fix=f"put {path.name} beside the key file; it was written when the data were "
                "pseudonymised",
                file=path,
            )
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(_SCHEMA)
            _check_owner(connection, key)
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            mapping = Mapping(connection, key)
            yield mapping
            mapping.flush()
            connection.commit()
    except sqlite3.Error as error:
        raise InputError(
            f"the mapping cannot be used: {error}", fix="restore it from a copy", file=path
        ) from error


def _check_owner(connection: sqlite3.Connection, key: PseudonymKey) -> None:
    """Claim a new mapping for the key, or refuse another key's."""
    connection.execute(
        "INSERT INTO about VALUES ('key', ?) ON CONFLICT DO NOTHING", (key.fingerprint,)
    )
    owner = connection.execute("SELECT value FROM about WHERE name = 'key'").fetchone()[0]
    if owner != key.fingerprint:
        raise InputError(
            f"the mapping belongs to the key {owner}, and this is {key.fingerprint}",
            fix="put the right key beside it",
            file=Path(key.mapping_file),
        )
