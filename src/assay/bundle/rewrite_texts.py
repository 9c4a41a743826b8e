"""Running text without the names in it.

Marked names come first: mentions, links, hashtags, addresses of mail, telephone and other long
numbers are found by their form, whoever they belong to. Then the dataset's own handles, display
names and ids are found wherever they stand bare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from assay.bundle.known_names import KnownNames
from assay.bundle.pseudonyms import Namer
from assay.bundle.rewrite_links import LinkRewriter
from assay.lexicon.social_hosts import social_hosts
from assay.text.links import strip_trailing_punctuation

_WEB = r"(?:https?|ftp)://[^\s\"<>\\^`{|}«»“”]+"
_SITES = "|".join(re.escape(host) for host in sorted(social_hosts().first))
_BARE_SITE = rf"(?<![\w.@/-])(?:www\.|m\.|mobile\.)?(?:{_SITES})/[^\s\"<>\\^`{{|}}«»“”]+"
_MAIL = r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
_FAR = r"(?<![\w@＠])[@＠]\w+(?:[.-]\w+)*@[\w-]+(?:\.[\w-]+)+"
_NEAR = r"(?<![\w@＠/.])[@＠]\w+(?:[.·-]\w+)*"
_USER = r"(?<![\w/])/?u/[\w-]+"
_TAG = r"[#＃]\w+"
_PHONE = r"(?<![\w.])(?:\+|00)\d[\d ()./-]{6,}\d|(?<![\w.])\(?0\d{1,5}\)?[ /-]\d[\d -]{4,}\d(?!\w)"
_NUMBER = r"(?<!\d)\d{5,}(?!\d)"

_SITE_STARTS = tuple(f"{host}/" for host in sorted(social_hosts().first))
_AT = ("@", "＠")


def _form(at: bool, site: bool) -> re.Pattern[str]:
    web = f"{_WEB}|{_BARE_SITE}" if site else _WEB
    addressed = rf"|(?P<far>{_FAR})|(?P<mail>{_MAIL})|(?P<near>{_NEAR})" if at else ""
    return re.compile(
        rf"(?P<web>{web}){addressed}|(?P<user>(?=[/u]){_USER})|(?P<tag>{_TAG})"
        rf"|(?P<phone>(?=[+0(])(?:{_PHONE}))|(?P<number>{_NUMBER})"
    )


_FORMS = {(at, site): _form(at, site) for at in (True, False) for site in (True, False)}
_PERHAPS = re.compile(r"[@＠#＃]|://|u/|\d{5}|[+0(]\d|\.\w+/")


def marked(text: str) -> list[re.Match[str]]:
    """Whatever shows by its form that it may point at a person.

    The forms that hang on a sign which the text lacks are not looked for: trying them at every
    letter takes most of the time.
    """
    if not _PERHAPS.search(text):
        return []
    at = any(sign in text for sign in _AT)
    site = "/" in text and any(start in text for start in _SITE_STARTS)
    return list(_FORMS[at, site].finditer(text))


_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_REMEMBERED = 1 << 17
LONG_NUMBER = 10
"""Numbers of so many digits are ids or telephone numbers, known or not."""


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    replacement: str


class TextRewriter:
    """Rewrites texts.

    Args:
        names: The dataset's names.
        namer: Makes the pseudonyms.
    """

    def __init__(self, names: KnownNames, namer: Namer) -> None:
        self.links = LinkRewriter(names, namer)
        self._names = names
        self._namer = namer
        self._tags: dict[str, bool] = {}

    def rewritten(self, texts: Sequence[str | None], platforms: Sequence[str]) -> list[str | None]:
        """Texts, each of a platform; null stays null, and what names nobody stays as it is."""
        found = self._names.find([text or "" for text in texts])
        by_form = [marked(text) if text else [] for text in texts]
        self._look_at(match for matches in by_form for match in matches)
        result: list[str | None] = []
        for row, (text, platform) in enumerate(zip(texts, platforms, strict=True)):
            if not text:
                result.append(text)
                continue
            pieces = [
                _Piece(span.start, span.end, self._names.pseudonym(span.name))
                for span in found.get(row, ())
            ]
            pieces += self._marked(by_form[row], platform)
            result.append(_replaced(text, pieces) if pieces else text)
        return result

    def text(self, text: str, platform: str = "") -> str:
        """One text."""
        return self.rewritten([text], [platform])[0] or ""

    def look_at_tags(self, tags: Iterable[str]) -> None:
        """Look for names in many hashtags in one go."""
        if len(self._tags) > _REMEMBERED:
            self._tags = {}
        wanted = sorted({tag for tag in tags if tag not in self._tags})
        found = self._names.find([*wanted, *(_HUMPS.sub(" ", tag) for tag in wanted)])
        for row, tag in enumerate(wanted):
            self._tags[tag] = row in found or row + len(wanted) in found

    def tag(self, tag: str) -> str:
        """A hashtag without its sign: as it is, an account's handle, or replaced as a whole.

        On every platform it is the same, as the hashtag is.
        """
        known = tag_key(tag)
        handle = self._names.of_handle(known)
        if handle is not None:
            return handle
        if tag not in self._tags:
            self.look_at_tags([tag])
        return self._namer.name("tag", known) if self._tags[tag] else tag

    def _look_at(self, matches: Iterable[re.Match[str]]) -> None:
        links, tags = set(), set()
        for match in matches:
            if match.lastgroup == "web":
                links.add(strip_trailing_punctuation(match[0]))
            elif match.lastgroup == "tag":
                tags.add(match[0][1:])
        self.links.look_at(links)
        self.look_at_tags(tags)

    def _marked(self, matches: Iterable[re.Match[str]], platform: str) -> list[_Piece]:
        pieces = []
        for match in matches:
            written = match[0]
            if match.lastgroup == "web":
                written = strip_trailing_punctuation(written)
            replacement = self._replacement(match.lastgroup or "", written, platform)
            if replacement != written:
                start = match.start()
                pieces.append(_Piece(start, start + len(written), replacement))
        return pieces

    def _replacement(self, form: str, written: str, platform: str) -> str:
        if form == "web":
            return self.links.written(written)
        if form == "near":
            return "@" + self._names.account(platform, written[1:])
        if form == "far":
            return "@" + self._names.account("", written[1:])
        if form == "user":
            return "u/" + self._names.account(platform, written.rpartition("/")[2])
        if form == "tag":
            return written[0] + self.tag(written[1:])
        if form == "number":
            known = self._names.of_number(platform, written)
            if known or len(written) < LONG_NUMBER:
                return known or written
        if form == "phone":
            return self._namer.name("phone", re.sub(r"\D", "", written))
        return self._namer.name(form, written.casefold())


def tag_key(tag: str) -> str:
    """A hashtag as the table of shares has it."""
    return normalize("NFKC", tag).lower()


def _replaced(text: str, pieces: list[_Piece]) -> str:
    """The text with pieces replaced; of those that overlap, the first, and the longest of these."""
    out, behind = [], 0
    for piece in sorted(pieces, key=lambda one: (one.start, -one.end)):
        if piece.start < behind:
            # What an earlier piece leaves of this one goes too: it is the rest of a name.
            behind = max(behind, piece.end)
            continue
        out += [text[behind : piece.start], piece.replacement]
        behind = piece.end
    return "".join([*out, text[behind:]])
