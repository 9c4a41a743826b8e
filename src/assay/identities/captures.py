"""Positive proof from supplied captures of a body's own site: which accounts it names as its own.

A folder holds one folder for each site, named by its host, with the files as the site serves them:
``trust.txt`` or ``.well-known/trust.txt`` (JournalList's specification and
draft-org-trust-relationship-protocol), ``.well-known/atproto-did``, ``_atproto.txt`` (the TXT
record of ``_atproto.HOST`` as any DNS tool prints it), and pages as ``*.html``, in which
``rel=me``, schema.org's ``sameAs`` and plain links count. Nothing is ever fetched.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assay.engine.write import file_sha256
from assay.errors import InputError
from assay.identities.register import platform_name
from assay.lexicon.social_hosts import social_hosts
from assay.text.links import registered_domain

LARGEST_BYTES = 5_000_000
HOWS = ("trust.txt", "rel=me", "sameAs", "atproto-did", "DNS TXT", "link")
"""From the strongest to the weakest; a plain link may also lead to somebody else."""
_DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[A-Za-z0-9.:%-]+)")
_SOCIAL = re.compile(r"^\s*social\s*=\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Proof:
    """That a site names an account as its own.

    Attributes:
        site: Host of the captured site.
        platform: As a register writes it.
        handle: Small letters; a DID for ``atproto-did`` and ``DNS TXT``.
        how: Of :data:`HOWS`.
        file: The capture, relative to the folder of captures.
        sha256: Of that file.
    """

    site: str
    platform: str
    handle: str
    how: str
    file: str
    sha256: str

    @property
    def told(self) -> str:
        """In words."""
        return f"{self.site} names {self.platform}:{self.handle} ({self.how}, {self.file})"


def read_captures(folder: Path) -> tuple[Proof, ...]:
    """All accounts that captured sites name.

    Raises:
        InputError: The folder is missing, holds no site, or a file cannot be read.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder of captures",
            fix="name a folder with one folder for each site, such as herald.example/trust.txt",
            file=folder,
        )
    sites = sorted(one for one in folder.iterdir() if one.is_dir() and "." in one.name)
    if not sites:
        raise InputError(
            "the folder holds no site", fix="name each folder in it by the site's host", file=folder
        )
    found = [
        Proof(site.name.lower(), *one, path.relative_to(folder).as_posix(), file_sha256(path))
        for site in sites
        for path in sorted(site.rglob("*"))
        if path.is_file()
        for one in _read(path)
    ]
    best: dict[tuple[str, str, str], Proof] = {}
    for proof in found:
        key = proof.site, proof.platform, proof.handle
        if key not in best or HOWS.index(proof.how) < HOWS.index(best[key].how):
            best[key] = proof
    return tuple(best[key] for key in sorted(best))


def _read(path: Path) -> Iterator[tuple[str, str, str]]:
    name = path.name.lower()
    if name not in {"trust.txt", "atproto-did", "_atproto.txt"} and not name.endswith(
        (".html", ".htm", ".xhtml")
    ):
        return
    text = _text(path)
    if name == "trust.txt":
        for link in _SOCIAL.findall(text):
            yield from _named(link, "trust.txt")
    elif name == "atproto-did":
        did = _DID.fullmatch(text.strip())
        if did:
            yield "bluesky", did.group(), "atproto-did"
    elif name == "_atproto.txt":
        dids = {one.group() for one in _DID.finditer(text)}
        # Two different records make the handle invalid, says the protocol.
        if len(dids) == 1:
            yield "bluesky", dids.pop(), "DNS TXT"
    else:
        page = _Page()
        # Python's parser gives up with it at a section such as <![x[; what came before stands.
        with contextlib.suppress(AssertionError):
            page.feed(text)
            page.close()
        for link, how in page.links():
            yield from _named(link, how)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError(
                f"the capture is larger than {LARGEST_BYTES:,} bytes",
                fix="keep the page that names the accounts, and leave the others out",
                file=path,
            )
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the capture is no UTF-8", fix="save it as UTF-8", file=path) from error
    except OSError as error:
        raise InputError(
            f"the capture cannot be read: {error.strerror or error}",
            fix="make the file readable, or take it out of the folder of captures",
            file=path,
        ) from error


def _named(link: str, how: str) -> Iterator[tuple[str, str, str]]:
    profile = profile_of(link)
    if profile is not None:
        yield *profile, how


def profile_of(link: str) -> tuple[str, str] | None:
    """Platform and handle that a profile's address names; None for any other address."""
    try:
        parts = urlsplit(link.strip() if "//" in link else "//" + link.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    path = [part for part in parts.path.split("/") if part]
    site = registered_domain(host)
    platform = social_hosts().first.get(site)
    if platform is not None and len(path) == 1 and path[0].lower() not in social_hosts().reserved:
        return _profile(platform, path[0])
    if site == "youtube.com" and path and path[0].startswith("@"):
        return _profile("youtube", path[0])
    if site == "youtube.com" and len(path) > 1 and path[0] in {"user", "c"}:
        return _profile("youtube", path[1])
    if site == "bsky.app" and len(path) > 1 and path[0] == "profile":
        return _profile("bluesky", path[1])
    if len(path) == 1 and path[0].startswith("@") and site not in social_hosts().opaque:
        return _profile("mastodon", f"{path[0]}@{host}")
    return None


def _profile(platform: str, handle: str) -> tuple[str, str] | None:
    found = re.fullmatch(r"@?[A-Za-z0-9_.:-]{1,100}(?:@[a-z0-9.-]+)?", handle)
    return (platform_name(platform), handle.lstrip("@").lower()) if found else None


class _Page(HTMLParser):
    """Collects what a page says of accounts elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[tuple[str, str]] = []
        self._json = False
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        link = told.get("href", "")
        if tag in {"a", "link", "area"} and link:
            me = "me" in told.get("rel", "").lower().split()
            same = told.get("itemprop", "").lower() == "sameas"
            if me or same or tag == "a":
                self._found.append((link, "rel=me" if me else "sameAs" if same else "link"))
        self._json = tag == "script" and told.get("type", "").lower() == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._json:
            self._json = False
            # A page with broken data still has its links.
            with contextlib.suppress(ValueError, RecursionError):
                told = json.loads("".join(self._text))
                self._found += [(one, "sameAs") for one in _same_as(told)]
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._json:
            self._text.append(data)

    def links(self) -> list[tuple[str, str]]:
        """Addresses and how the page names each."""
        return self._found


def _same_as(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        told = value.get("sameAs")
        yield from (one for one in (told if isinstance(told, list) else [told])
                    if isinstance(one, str))  # fmt: skip
        for other in value.values():
            yield from _same_as(other)
    elif isinstance(value, list):
        for other in value:
            yield from _same_as(other)
