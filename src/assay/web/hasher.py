"""Hashes of passwords, few at a time: each takes 64 MiB, and whoever asks decides how many."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Literal

from argon2 import PasswordHasher

_AT_ONCE = 2
_TURNS = BoundedSemaphore(_AT_ONCE)


class FewAtOnce(PasswordHasher):
    """argon2id with the library's parameters; of many threads all but two wait for their turn."""

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """A hash of a new password."""
        with _TURNS:
            return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        """Whether a password fits a hash.

        Raises:
            VerificationError: It does not.
        """
        with _TURNS:
            return super().verify(hash, password)
