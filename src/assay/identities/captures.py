"""Positive proof from supplied captures of a body's own site: which accounts it names as its own.

``trust.txt`` (JournalList's specification and draft-org-trust-relationship-protocol),
``.well-known/atproto-did``, the TXT record of ``_atproto.HOST``, and pages, in which ``rel=me``,
schema.org's ``sameAs`` and plain links count. Where they lie says
:mod:`assay.identities.capture_files`. Nothing is ever fetched.
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

from assay.identities.capture_files import Captured, captured_files
from assay.identities.register import platform_name
from assay.lexicon.social_hosts import social_hosts
from assay.text.links import registered_domain

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
        file: The capture, relative to the folder of captures; in a WARC file with ``#`` and its
            address.
        sha256: Of that file; of the whole WARC.
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

    Args:
        folder: A folder for each site, WARC files, or both.

    Raises:
        InputError: The folder is missing, holds no site, or a file cannot be read.
    """
    newest: dict[str, tuple[str, list[Proof]]] = {}
    for told in captured_files(folder):
        where = told.address or told.file
        # A site may have named other accounts once: of several captures the newest counts.
        if where not in newest or newest[where][0] <= told.at:
            proofs = [Proof(told.site, *named, told.file, told.sha256) for named in _read(told)]
            newest[where] = told.at, proofs
    best: dict[tuple[str, str, str], Proof] = {}
    for proof in (one for _, proofs in newest.values() for one in proofs):
        key = proof.site, proof.platform, proof.handle
        if key not in best or HOWS.index(proof.how) < HOWS.index(best[key].how):
            best[key] = proof
    return tuple(best[key] for key in sorted(best))


def _read(told: Captured) -> Iterator[tuple[str, str, str]]:
    text = told.text
    if told.kind == "trust.txt":
        for link in _SOCIAL.findall(text):
            yield from _named(link, "trust.txt")
    elif told.kind == "atproto-did":
        did = _DID.fullmatch(text.strip())
        if did:
            yield "bluesky", did.group(), "atproto-did"
    elif told.kind == "DNS TXT":
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
