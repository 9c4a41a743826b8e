"""The folder beside the database: the signing key, its public half, the newest checkpoint.

It is kept apart from the database so that whoever changes the database by hand can neither sign
again nor make the log end earlier unnoticed.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assay.cases.signed_note import (
    Checkpoint,
    PublicKey,
    SigningKey,
    new_signing_key,
    open_checkpoint,
    read_public_key,
    read_signing_key,
)
from assay.errors import InputError

_RESTORE = "restore the key folder from a copy, or name it with --keys"


@dataclass(frozen=True)
class KeyFolder:
    """Where a log's keys and its newest checkpoint lie."""

    path: Path

    @property
    def secret(self) -> Path:
        """The signing key, readable by its owner alone."""
        return self.path / "signing.key"

    @property
    def public(self) -> Path:
        """The verifier key, for everyone."""
        return self.path / "public.key"

    @property
    def checkpoint(self) -> Path:
        """The newest signed checkpoint."""
        return self.path / "checkpoint"

    def make(self, name: str | None) -> SigningKey:
        """Make a key, and never over one that exists.

        Raises:
            InputError: There is a key already, or the folder cannot be written.
        """
        key = new_signing_key(name)
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise InputError(
                "there is a key already, of another database",
                fix="name another --keys folder",
                file=self.secret,
            ) from error
        except OSError as error:
            raise InputError(
                f"the key cannot be written: {error.strerror}",
                fix="name another --keys folder",
                file=self.path,
            ) from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(key.text + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._replace(self.public, key.public.text + "\n")
        return key

    def signing_key(self) -> SigningKey:
        """The key that signs."""
        return read_signing_key(self._text(self.secret).strip())

    def public_key(self) -> PublicKey:
        """The key that checks."""
        return read_public_key(self._text(self.public))

    def newest(self) -> Checkpoint | None:
        """What the log had when its checkpoint was last kept here; None before the first."""
        if not self.checkpoint.exists():
            return None
        return open_checkpoint(self._text(self.checkpoint), self.public_key())

    def keep(self, note: str) -> None:
        """Keep a signed checkpoint if it is newer; the old one is replaced whole or not at all.

        Processes take turns, so that a slower one does not put an older checkpoint in place.

        Raises:
            InputError: The note is not signed by this log's key.
        """
        checkpoint = open_checkpoint(note, self.public_key())
        with (self.path / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            newest = self.newest()
            if newest is None or newest.size < checkpoint.size:
                self._replace(self.checkpoint, note)

    def _text(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                "this file of the log cannot be read", fix=_RESTORE, file=path
            ) from error

    def _replace(self, path: Path, text: str) -> None:
        descriptor, name = tempfile.mkstemp(dir=self.path, prefix=".new-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
