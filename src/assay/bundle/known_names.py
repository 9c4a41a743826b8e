"""The names that a dataset knows, and whom each belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.bundle.name_finder import LEAST_DIGITS, NameFinder, Span
from assay.bundle.pseudonyms import Namer
from assay.lexicon.ordinary_words import ordinary_words
from assay.text.folding import folded

MOST_DIGITS = 19
"""Whole numbers of so many digits fit 64 bits."""


@dataclass(frozen=True)
class AccountNames:
    """What an account is called: its id with platform, its handle and display name."""

    account_id: str
    handle: str | None
    display_name: str | None


class KnownNames:
    """All names of a dataset.

    Args:
        namer: Makes the pseudonyms.
        accounts: Every account.
        post_numbers: Whole numbers that are ids of posts, sorted.
        keep_words: Words that are no names though an account is called so.

    Attributes:
        platforms: The platforms that accounts are on.
    """

    def __init__(
        self,
        namer: Namer,
        accounts: Iterable[AccountNames],
        post_numbers: npt.NDArray[np.uint64],
        keep_words: Iterable[str] = (),
    ) -> None:
        self._namer = namer
        self._post_numbers = post_numbers
        self._kept = ordinary_words() | set(map(folded, keep_words))
        self.platforms: set[str] = set()
        self._ids: set[str] = set()
        self._by_handle: dict[str, str] = {}
        self._by_bare_handle: dict[str, str] = {}
        self._by_fold: dict[str, str] = {}
        for account in accounts:
            self._add(account)
        self._finder = NameFinder(self._by_fold)

    def account(self, platform: str, handle: str) -> str:
        """The pseudonym of whom a handle addresses, known or not, without the platform."""
        key = f"{platform}:{handle.casefold()}"
        known = self._by_handle.get(key)
        if known is not None:
            return known
        # A stranger's handle may look like somebody else's number.
        return self._namer.name("account", "@" + key if key in self._ids else key)

    def of_handle(self, handle: str) -> str | None:
        """The pseudonym of the account with this handle, in small letters, on any platform."""
        return self._by_bare_handle.get(handle)

    def of_number(self, platform: str, digits: str) -> str | None:
        """The pseudonym of the account or post that has this number as its id."""
        if self.is_post_number(digits):
            return self._by_fold.get(digits) or self._namer.name("post", f"{platform}:{digits}")
        return self._by_fold.get(digits)

    def is_number(self, digits: str) -> bool:
        """Whether the number is the id of an account or a post."""
        return digits in self._by_fold or self.is_post_number(digits)

    def is_post_number(self, digits: str) -> bool:
        """Whether the number is the id of a post."""
        if not (LEAST_DIGITS <= len(digits) <= MOST_DIGITS and digits.isascii()):
            return False
        number = np.uint64(int(digits))
        place = int(self._post_numbers.searchsorted(number))
        return place < len(self._post_numbers) and bool(self._post_numbers[place] == number)

    def pseudonym(self, name: str) -> str:
        """The pseudonym of a folded name that :meth:`find` found."""
        return self._by_fold[name]

    def find(self, texts: Sequence[str]) -> Mapping[int, list[Span]]:
        """The names in each text that holds any, by its number."""
        return self._finder.find(texts)

    def _add(self, account: AccountNames) -> None:
        platform, _, raw = account.account_id.partition(":")
        pseudonym = self._namer.name("account", account.account_id)
        self.platforms.add(platform)
        self._ids.add(account.account_id)
        handle = account.handle or raw
        self._by_handle.setdefault(f"{platform}:{handle.casefold()}", pseudonym)
        if not handle.isdigit():
            self._by_bare_handle.setdefault(handle.casefold(), pseudonym)
        for name in {raw, account.handle or "", account.display_name or ""}:
            plain = folded(name)
            if plain in self._kept and " " not in name.strip():
                continue
            taken = self._by_fold.setdefault(plain, pseudonym)
            if taken != pseudonym:
                # Several are called so: the name alone says no more than that.
                self._by_fold[plain] = self._namer.name("name", plain)
