"""A dossier without the names of its account, for runs under pseudonyms.

Names are what was compared, so they are at hand until the verdict stands; then they go. What the
register says of the protected body stays: it is public, and it is what was resembled. With the
names goes what is only shown beside them: where two names differ, the bio, the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from assay.identities.avatars import PictureHash
from assay.identities.copies import Copy
from assay.identities.dossiers import Dossier
from assay.identities.histories import SeenName
from assay.identities.pictures import PictureSeen
from assay.identities.population import readings
from assay.identities.register import Body
from assay.identities.weigh import Account
from assay.lexicon.ordinary_words import ordinary_words

LEAST_DIGITS = 5
"""Digits from which a number may be an account's."""


class Renaming(Protocol):
    """Gives pseudonyms, as the dataset has them."""

    def account(self, account_id: str) -> str:
        """Of an account's id."""

    def post(self, post_id: str) -> str:
        """Of a post's id."""

    def other(self, sort: str, name: str) -> str:
        """Of anything else of a sort."""


def nameless(dossier: Dossier, renaming: Renaming) -> Dossier:
    """A dossier as it may leave a run under pseudonyms."""
    account = _renamed(dossier.account, renaming)
    veil = _Veil(dossier, account.account_id.rpartition(":")[2])
    said, proof, seen = dossier.said, dossier.proof, dossier.picture
    return replace(
        dossier,
        account=account,
        said=replace(said, reasons=tuple(map(veil.over, said.reasons))),
        proof=replace(proof, told=veil.over(proof.told)),
        signs=tuple(replace(one, told=veil.over(one.told)) for one in dossier.signs),
        # The body's own accounts are told as the register lists them.
        genuine=(),
        history=tuple(
            SeenName(one.day, *(part and renaming.other("name", part)
                                for part in (one.handle, one.display_name)))
            for one in dossier.history
        ),
        picture=None if seen is None else PictureSeen(PictureHash(), seen.match, None, seen.logo),
        copies=tuple(_copy(one, renaming) for one in dossier.copies),
        nameless=True,
    )  # fmt: skip


def nameless_row(row: Mapping[str, Any], renaming: Renaming) -> dict[str, Any]:
    """What an earlier run said of an account, as this run would say it under pseudonyms.

    Args:
        row: Of its ``impersonation.parquet``. Its reasons cite names, and go: only verdicts and
            names are compared.
        renaming: Gives pseudonyms.
    """
    account_id = renaming.account(row["account_id"])
    bare = account_id.rpartition(":")[2]
    names = {name: row.get(name) and bare for name in ("handle", "display_name")}
    return {**row, **names, "account_id": account_id, "reasons": []}


def _renamed(account: Account, renaming: Renaming) -> Account:
    account_id = renaming.account(account.account_id)
    bare = account_id.rpartition(":")[2]
    return account._replace(
        account_id=account_id,
        handle=account.handle and bare,
        display_name=account.display_name and bare,
        bio="",
        url="",
        avatar="",
        # The table that it counts in names people, and is not handed on.
        row=0,
    )


def _copy(copy: Copy, renaming: Renaming) -> Copy:
    return replace(
        copy,
        post_id=renaming.post(copy.post_id),
        account_id=renaming.account(copy.account_id),
        original_post_id=renaming.post(copy.original_post_id),
        original_account_id=renaming.account(copy.original_account_id),
        text=renaming.other("text", copy.text),
    )


class _Veil:
    """Replaces an account's names in sentences about it, and leaves those of the body.

    Args:
        dossier: With names.
        pseudonym: Stands for each of them.
    """

    def __init__(self, dossier: Dossier, pseudonym: str) -> None:
        account = dossier.account
        called = {account.account_id, account.account_id.rpartition(":")[2], account.display_name,
                  account.handle, account.handle.lstrip("@")}  # fmt: skip
        called |= {name for one in dossier.history for name in (one.handle, one.display_name)}
        beside = {account.bio, account.url, account.avatar} - {""}
        self._public = {one.casefold() for one in _with_words(_public(dossier.body))}
        self._pseudonym = pseudonym
        # Cited whole, a name is one also where it is an ordinary word.
        whole = {one for one in called if not _is_short_number(one)} - {""}
        # The longest first: a body's name inside an account's goes with it, and the reverse stays.
        words = sorted(_with_words(called) | whole | beside | self._public, key=len, reverse=True)
        any_word = "|".join(map(re.escape, words))
        self._any = re.compile(rf"(?<!\w)(?:{any_word})(?!\w)", re.IGNORECASE)

    def over(self, sentence: str) -> str:
        """The sentence without the account's names."""
        return self._any.sub(self._said, sentence)

    def _said(self, found: re.Match[str]) -> str:
        return found[0] if found[0].casefold() in self._public else self._pseudonym


def _public(body: Body) -> set[str]:
    addresses = {f"{one.platform}:{one.handle}" for one in body.handles}
    return {*body.names, *(one.handle for one in body.handles), *addresses, *body.domains}


def _with_words(names: Iterable[str]) -> set[str]:
    """Names, their words, and their words run together, as reasons may cite them.

    Ordinary words and short numbers by themselves are no names, as in texts under pseudonyms.
    """
    found = set()
    for name in names:
        words = readings(name)
        found |= {name, "".join(words), " ".join(words), *words}
    numbers = set(filter(_is_short_number, found))
    return found - ordinary_words() - numbers - {""}


def _is_short_number(name: str) -> bool:
    return name.isdigit() and len(name) < LEAST_DIGITS
