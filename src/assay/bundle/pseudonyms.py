"""Pseudonyms: the same name gets the same one under one key, and nothing without the key.

A pseudonym is the first 80 bits of HMAC-SHA256 (RFC 2104) over the sort of thing and its name, in
Crockford's base 32, behind a word for a reader: ``account-7f3k2m9q0c4xwz1t``. Among a hundred
million names the chance of any collision is below 10⁻⁸; the mapping checks for one all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np

from assay.bundle.pseudonym_key import KeyedHash, PseudonymKey

PSEUDONYM_BYTES = 10
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
SORTS: tuple[str, ...] = (
    "account",
    "avatar",
    "bio",
    "image",
    "link",
    "mail",
    "name",
    "number",
    "object",
    "page",
    "phone",
    "post",
    "publisher",
    "source",
    "tag",
    "text",
)
"""What a pseudonym can stand for; the word that it begins with."""

PSEUDONYM = re.compile(rf"(?:{'|'.join(SORTS)})-[{ALPHABET}]{{16}}")
"""What a pseudonym looks like."""

_DIGITS = np.frombuffer(ALPHABET.encode(), np.uint8)
_DIGIT_BITS = 5
_LENGTH = 8 * PSEUDONYM_BYTES // _DIGIT_BITS


class Namer:
    """Makes pseudonyms and tells each new one to a recorder.

    Args:
        key: Whose.
        record: Told of pseudonyms with the names behind them, in lots; None keeps no record.
    """

    def __init__(
        self,
        key: PseudonymKey,
        record: Callable[[Iterable[tuple[str, str]]], None] | None = None,
    ) -> None:
        self.fingerprint = key.fingerprint
        self._hash = KeyedHash(key.naming)
        self._record = record
        self._one = lru_cache(maxsize=1 << 16)(self._named_and_recorded)

    def name(self, sort: str, original: str) -> str:
        """The pseudonym of one thing."""
        return self._one(sort, original)

    def names(self, sort: str, originals: Iterable[str], *, recorded: bool = True) -> list[str]:
        """The pseudonyms of many things of one sort; those recorded can be revealed later."""
        prefix = sort + "-"
        begin = sort.encode() + b"\0"
        originals = list(originals)
        digest = self._hash.digest
        digests = [digest(begin + original.encode())[:PSEUDONYM_BYTES] for original in originals]
        made = [prefix + digits for digits in _in_digits(digests)]
        if recorded and self._record is not None:
            self._record(zip(made, originals, strict=True))
        return made

    def _named_and_recorded(self, sort: str, original: str) -> str:
        return self.names(sort, (original,))[0]


def _in_digits(digests: list[bytes]) -> list[str]:
    """Each of them in base 32: pairs of digits, the one of the lowest bits first."""
    bits = np.unpackbits(np.frombuffer(b"".join(digests), np.uint8))
    numbers = np.packbits(bits.reshape(-1, _DIGIT_BITS), axis=1) >> (8 - _DIGIT_BITS)
    pairs = numbers.reshape(-1, _LENGTH // 2, 2)[:, ::-1]
    text = _DIGITS[pairs].tobytes().decode("ascii")
    return [text[begin : begin + _LENGTH] for begin in range(0, len(text), _LENGTH)]
