"""The key file behind pseudonyms: made once, kept by one person, never part of any output."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from assay.errors import InputError, UsageError

KEY_BYTES = 32
_FIRST_LINE = "assay-pseudonym-key-1"
_MAKE_ONE = "make one with `assay pseudonymise new-key KEYFILE`"


@dataclass(frozen=True, repr=False)
class PseudonymKey:
    """Three independent keys drawn from one secret of 256 bits, so that none tells of another.

    Attributes:
        naming: Makes pseudonyms.
        mapping: Encrypts the mapping table.
        fingerprint: Names the key without telling it; 16 hex digits.
        file: Where the key was read; the mapping lies beside it.
    """

    naming: bytes
    mapping: bytes
    fingerprint: str
    file: Path

    @property
    def mapping_file(self) -> Path:
        """The encrypted table of pseudonyms and what they stand for."""
        return self.file.with_name(self.file.name + ".mapping")


def new_key(path: Path) -> PseudonymKey:
    """Write a new key file that only its owner can read.

    Raises:
        UsageError: There is a file already: writing over a key loses what it can reveal.
        InputError: The file cannot be written.
    """
    text = f"{_FIRST_LINE}\n{secrets.token_hex(KEY_BYTES)}\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError(
            "there is a file already", fix="name a new file; a lost key reveals nothing", file=path
        ) from error
    except OSError as error:
        raise InputError(
            f"the key cannot be written: {error.strerror}", fix="name another place", file=path
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return read_key(path)


def read_key(path: Path) -> PseudonymKey:
    """Read a key file.

    Raises:
        InputError: It is missing, cannot be read, is no key file, or has the wrong length.
    """
    try:
        lines = path.read_text(encoding="ascii").split()
    except FileNotFoundError as error:
        raise InputError("there is no such key file", fix=_MAKE_ONE, file=path) from error
    except OSError as error:
        raise InputError(
            f"the key file cannot be read: {error.strerror}", fix="name a readable file", file=path
        ) from error
    except UnicodeDecodeError as error:
        raise InputError("this is no key file", fix=_MAKE_ONE, file=path) from error
    if len(lines) != 2 or lines[0] != _FIRST_LINE:
        raise InputError("this is no key file", fix=_MAKE_ONE, file=path)
    try:
        secret = bytes.fromhex(lines[1])
    except ValueError as error:
        raise InputError(
            "the key is not written in hex digits", fix=_MAKE_ONE, file=path
        ) from error
    if len(secret) != KEY_BYTES:
        raise InputError(
            f"the key has {8 * len(secret)} bits instead of {8 * KEY_BYTES}",
            fix="restore the file from a copy, or " + _MAKE_ONE,
            file=path,
        )
    return PseudonymKey(
        naming=_derived(secret, "naming"),
        mapping=_derived(secret, "mapping"),
        fingerprint=_derived(secret, "fingerprint").hex()[:16],
        file=path,
    )


def permission_warning(path: Path) -> str | None:
    """What is wrong with who may read the file; None if only its owner may."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return None
    return f"others can read the key file {path.name} (mode {mode:04o}): chmod 600 {path.name}"


def _derived(secret: bytes, purpose: str) -> bytes:
    """One key per purpose: HKDF-Expand (RFC 5869) with a single block."""
    return hmac.digest(secret, f"assay pseudonym {purpose}\x01".encode(), hashlib.sha256)


class KeyedHash:
    """HMAC-SHA256 (RFC 2104) of many messages under one key, whose two blocks are hashed once.

    Args:
        key: At most 64 bytes, SHA-256's block.
    """

    def __init__(self, key: bytes) -> None:
        block = key.ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, message: bytes) -> bytes:
        """The 32 bytes for a message."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()
