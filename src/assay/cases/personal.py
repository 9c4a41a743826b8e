"""Names, handles and addresses that a record holds, found again in what everyone is to read.

This finds what the record itself names. Whom a text describes without naming it, a person must see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from assay.lexicon.ordinary_words import ordinary_words
from assay.lexicon.word_lists import word_list
from assay.model.case import PUBLIC_BODY_KINDS, Record

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@/.])@\w{2,}")
_PHONE = re.compile(r"\+\d[\d ()/-]{6,}\d")
_ANYWHERE = (
    (_EMAIL, "e-mail address"),
    (_WEB, "web address"),
    (_HANDLE, "handle"),
    (_PHONE, "telephone number"),
)
_OWN_PAGES = frozenset(
    [
        "account",
        "accounts",
        "channel",
        "channels",
        "c",
        "groups",
        "i",
        "in",
        "m",
        "pages",
        "people",
        "photo",
        "post",
        "posts",
        "profile",
        "profile.php",
        "r",
        "reel",
        "s",
        "search",
        "status",
        "t",
        "u",
        "user",
        "users",
        "video",
        "watch",
        "web",
    ]
)
"""Parts of addresses that platforms put before a name or a number; no names themselves."""
_SHORTEST = 3


def personal_in(text: str, record: Record, *, is_address: bool = False) -> list[str]:
    """What of a text is personal: what the record names, and addresses of any sort.

    A word of a name counts where it is written with a capital (or in a script without any);
    whole names, handles, numbers and addresses count however they are written.

    Args:
        text: What everyone is to read.
        record: Whose names, handles and addresses must not stand there.
        is_address: Whether a web address is what was asked for, so that it alone is no fault.
    """
    patterns = [entry for entry in _ANYWHERE if not is_address or entry[0] is _EMAIL]
    found = [
        f"{told} {one.group()}" for pattern, told in patterns for one in pattern.finditer(text)
    ]
    bare = _bare(text)
    found += [term for term in sorted(set(_terms(record))) if _occurrences(term, bare)]
    for word in sorted(set(_name_words(record))):
        if any(not one[0].islower() for one in _occurrences(word, bare)):
            found.append(word)
    return list(dict.fromkeys(found))


def _terms(record: Record) -> Iterator[str]:
    """Whole names, addresses, and what addresses call accounts and posts."""
    yield from _names(record)
    yield from _emails(record)
    for url in record.fields.get("urls", "").split():
        yield url
        yield from _of_address(url)


def _emails(record: Record) -> list[str]:
    """Of the sender, and of everybody concerned."""
    people = [record.fields, *(one.fields for one in record.concerned.values())]
    names = ("sender_email", "concerned_email")
    found = (fields.get(name, "").strip() for fields in people for name in names)
    return list(dict.fromkeys(filter(None, found)))


def _names(record: Record) -> Iterator[str]:
    """Names as they are written; a public body's is told in public anyway."""
    lines = record.fields.get("keep_out", "").splitlines()
    if record.facts.get("notice_kind") not in PUBLIC_BODY_KINDS:
        lines.append(record.fields.get("sender_name", ""))
    yield from (" ".join(line.split()) for line in lines if line.strip())


def _name_words(record: Record) -> Iterator[str]:
    """Words of names that are no everyday ones."""
    written = list(_names(record))
    written += [email.partition("@")[0] for email in _emails(record)]
    for word in re.findall(r"[^\W\d_]+", " ".join(written)):
        if len(word) >= _SHORTEST and not _everyday(word):
            yield word


def _of_address(url: str) -> Iterator[str]:
    """The names and numbers of accounts and posts in an address."""
    parts = urlsplit(url)
    pieces = [unquote(piece) for piece in parts.path.split("/")]
    pieces += [unquote(value.partition("=")[2]) for value in parts.query.split("&")]
    for piece in pieces:
        handle = piece.lstrip("@")
        known = handle.casefold() in _OWN_PAGES or _everyday(handle)
        if len(handle) >= _SHORTEST and not known:
            yield handle


def _everyday(word: str) -> bool:
    folded = _bare(word).casefold()
    return folded in ordinary_words() or folded in word_list("authority_nouns")


def _occurrences(term: str, bare: str) -> list[str]:
    """The places of a term in a text without marks, as whole words."""
    return re.findall(rf"(?<!\w){re.escape(_bare(term))}(?!\w)", bare, re.IGNORECASE)


def _bare(text: str) -> str:
    """Width and marks put aside: ``José`` is written like ``Jose``."""
    spread = unicodedata.normalize("NFKD", text)
    return " ".join("".join(one for one in spread if not unicodedata.combining(one)).split())
