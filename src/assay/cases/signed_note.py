"""Checkpoints of a log as C2SP signed notes with Ed25519, as Go's checksum database uses them.

A checkpoint is three lines, the log's origin, its size and its root in base64; a signed note is a
text, an empty line and a line for each signature (c2sp.org/tlog-checkpoint,
c2sp.org/signed-note).
Keys are written as Go's ``golang.org/x/mod/sumdb/note`` writes them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assay.cases.merkle import HASH_BYTES
from assay.errors import InputError
from assay.text.sentence import Sentence

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+]+")
_MEND = "give the file as Assay wrote it, with its last line break"


@dataclass(frozen=True)
class Checkpoint:
    """What a log had at one moment.

    Attributes:
        origin: The log's name, the same as its key's.
        size: How many entries it had.
        root: The root of the tree over them, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True)
class PublicKey:
    """The name of a log and the key that its checkpoints are checked with."""

    name: str
    key: bytes

    @property
    def hash(self) -> bytes:
        """Four bytes that tell which key a signature is by."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    @property
    def text(self) -> str:
        """The verifier key in one line."""
        return f"{self.name}+{self.hash.hex()}+{_base64(_ED25519 + self.key)}"


@dataclass(frozen=True, repr=False)
class SigningKey:
    """The key that signs a log's checkpoints; its seed is never shown."""

    name: str
    seed: bytes

    @property
    def public(self) -> PublicKey:
        """The half that everyone may have."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return PublicKey(self.name, key.public_bytes_raw())

    @property
    def text(self) -> str:
        """The signer key in one line: a secret."""
        return f"{_PRIVATE}{self.name}+{self.public.hash.hex()}+{_base64(_ED25519 + self.seed)}"


def new_signing_key(name: str | None = None) -> SigningKey:
    """A fresh key; without a name it is called after itself.

    Raises:
        InputError: The name is empty, or holds a blank or a plus.
    """
    seed = secrets.token_bytes(HASH_BYTES)
    if name is None:
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        name = "assay/" + hashlib.sha256(public).hexdigest()[:16]
    if not _NAME.fullmatch(name):
        raise InputError(
            f"a log cannot be called {name!r}", fix="use letters, digits, dots, dashes and slashes"
        )
    return SigningKey(name, seed)


def read_signing_key(text: str) -> SigningKey:
    """Read a signer key.

    Raises:
        InputError: It is none, or was damaged.
    """
    if not text.startswith(_PRIVATE):
        raise InputError("this is no signing key", fix=_MEND)
    name, mark, seed = _read_key(text.removeprefix(_PRIVATE), "signing key")
    key = SigningKey(name, seed)
    if key.public.hash != mark:
        raise InputError("the signing key is damaged", fix="restore it from a copy")
    return key


def read_public_key(text: str) -> PublicKey:
    """Read a verifier key.

    Raises:
        InputError: It is none, or was damaged.
    """
    name, mark, raw = _read_key(text, "public key")
    key = PublicKey(name, raw)
    if key.hash != mark:
        raise InputError("the public key is damaged", fix="fetch it again from its owner")
    return key


def sign(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The checkpoint as a signed note."""
    private = Ed25519PrivateKey.from_private_bytes(key.seed)
    signature = private.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {key.name} {_base64(key.public.hash + signature)}\n"


def open_checkpoint(note: str, key: PublicKey) -> Checkpoint:
    """Check the signature of a note by ``key`` and read what it says.

    Signatures by other keys (witnesses) are passed over, as the standard asks.

    Raises:
        InputError: It is no signed checkpoint of this log, or the signature is wrong.
    """
    text, gap, signatures = note.rpartition("\n\n")
    if not gap:
        raise InputError(Sentence("this is no signed checkpoint"), fix=_MEND)
    text += "\n"
    if not any(_signed_by(key, text, line) for line in signatures.splitlines()):
        raise InputError(
            Sentence("the checkpoint is not signed by %(key)s", key=key.name),
            fix="use the public key of the log that made it",
        )
    checkpoint = _read_checkpoint(text)
    if checkpoint.origin != key.name:
        raise InputError(
            Sentence(
                "the checkpoint is of %(origin)s, not of %(key)s",
                origin=checkpoint.origin,
                key=key.name,
            ),
            fix="use a checkpoint of this log",
        )
    return checkpoint


def _signed_by(key: PublicKey, text: str, line: str) -> bool:
    """Whether a signature line is by this key and right."""
    found = re.fullmatch(r"— (\S+) (\S+)", line)
    if found is None or found[1] != key.name:
        return False
    raw = _unbase64(found[2])
    if raw is None or raw[:4] != key.hash:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(raw[4:], text.encode())
    except InvalidSignature:
        return False
    return True


def _read_checkpoint(text: str) -> Checkpoint:
    lines = text.split("\n")
    tree_root = _unbase64(lines[2]) if len(lines) >= 4 else None
    # Only plain digits without leading zeros: one number has one spelling.
    if tree_root is None or len(tree_root) != HASH_BYTES or not _is_count(lines[1]):
        raise InputError(Sentence("the signed text is no checkpoint"), fix=_MEND)
    return Checkpoint(lines[0], int(lines[1]), tree_root)


def _is_count(text: str) -> bool:
    return re.fullmatch(r"0|[1-9][0-9]{0,18}", text) is not None


def _read_key(text: str, what: str) -> tuple[str, bytes, bytes]:
    """Name, key hash and 32 bytes of a key line."""
    found = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)\s*", text)
    raw = _unbase64(found[3]) if found else None
    if found is None or raw is None or raw[:1] != _ED25519 or len(raw) != 1 + HASH_BYTES:
        raise InputError(f"this is no {what} for Ed25519", fix=_MEND)
    return found[1], bytes.fromhex(found[2]), raw[1:]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _unbase64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
