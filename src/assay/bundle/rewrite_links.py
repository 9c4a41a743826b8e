"""Links without the names in them; two different links never become the same.

A link that names nobody stays as it is: it says what was shared. On sites where addresses name
accounts or posts everything behind the host is replaced, known or not. Elsewhere a link is
replaced behind its host where a name of the dataset stands in it, percent-encoded or in punycode
too, and the host as well where the name stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, unquote_plus

from assay.bundle.known_names import KnownNames
from assay.bundle.pseudonyms import Namer
from assay.lexicon.social_hosts import social_hosts
from assay.text.links import canonical_link, host_of, registered_domain

_NOWHERE = "invalid"
"""RFC 2606: a host of this domain exists nowhere."""
_STATUS = re.compile(r"/(?P<handle>[A-Za-z0-9_]+)/status(?:es)?/(?P<id>\d+)")
_PROFILE = re.compile(r"/(?P<handle>@?[\w.-]+)")
_MAIL = re.compile(r"[^\s/@:?&=]+@[^\s/@:?&=]+\.\w+")
_DIGITS = re.compile(r"\d{5,}")
_REMEMBERED = 1 << 17
_PUNYCODE = re.compile(r"(?i)xn--([a-z0-9-]+)")
_HANDLE = re.compile(r"(?:^|/)(?:@|u/|user/|users/|profile/|author/|~)[^/]+")


class LinkRewriter:
    """Rewrites links.

    Args:
        names: The dataset's names.
        namer: Makes the pseudonyms.
    """

    def __init__(self, names: KnownNames, namer: Namer) -> None:
        self._names = names
        self._namer = namer
        self._social = social_hosts()
        self._looked_at: dict[str, bool] = {}
        self.rewritten = lru_cache(maxsize=1 << 16)(self._rewritten)

    def look_at(self, links: Iterable[str]) -> None:
        """Look for names in many links in one go, which is much quicker than in each alone."""
        known = {link for link in links if link not in self._looked_at}
        known |= {link for link in map(canonical_link, known) if link}
        wanted = sorted(known)
        plain = list(map(_decoded, wanted))
        found = self._names.find([*plain, *map(_spaced, plain)])
        if len(self._looked_at) > _REMEMBERED:
            self._looked_at = {}
        for row, (link, text) in enumerate(zip(wanted, plain, strict=True)):
            named = row in found or row + len(plain) in found
            self._looked_at[link] = named or self._points_at_somebody(text)

    def written(self, raw: str) -> str:
        """A link as it stands in a text."""
        link = canonical_link(raw)
        if link is None:
            return self._namer.name("link", raw) if "/" in raw or ":" in raw else raw
        result = self.rewritten(link)
        # Tracking parameters and the like may hold a name as well.
        return raw if result == link and not self._tells(raw) else result

    def domain(self, domain: str) -> str:
        """A registered domain."""
        if not self._tells(domain):
            return domain
        return f"{self._namer.name('page', domain)}.{_NOWHERE}"

    def address(self, raw: str) -> str:
        """A link that belongs to somebody whatever it says, such as a profile's own page."""
        return f"https://{self._namer.name('page', raw)}.{_NOWHERE}"

    def _rewritten(self, link: str) -> str:
        """A canonical link."""
        host = host_of(link)
        domain = registered_domain(host)
        rest = link.split("/", 3)[3]
        if domain in self._social.first and rest:
            return self._social_link(link, host, self._social.first[domain])
        hidden = domain in self._social.opaque and rest
        personal_host = domain in self._social.subdomain and host not in (domain, "www." + domain)
        if not (hidden or personal_host or self._tells(link)):
            return link
        page = self._namer.name("page", link)
        if self._tells(domain):
            return f"https://{self.domain(domain)}/{page}"
        return f"https://{domain if personal_host or self._tells(host) else host}/{page}"

    def _social_link(self, link: str, host: str, platform: str) -> str:
        """``/handle`` and ``/handle/status/id`` keep their form; the rest shows whose it is."""
        path = "/" + link.split("/", 3)[3]
        first = path[1:].split("/")[0].split("?")[0]
        handle = first.removeprefix("@")
        page = self._namer.name("page", link)
        if not _PROFILE.fullmatch("/" + first) or first.lower() in self._social.reserved:
            return f"https://{host}/{page}"
        account = self._names.account(platform, handle)
        if path == "/" + handle.lower():
            return f"https://{host}/{account}"
        status = _STATUS.fullmatch(path)
        if status and handle == handle.lower() and "/status/" in path:
            post = self._namer.name("post", f"{platform}:{status['id']}")
            return f"https://{host}/{account}/status/{post}"
        return f"https://{host}/{account}/{page}"

    def _tells(self, link: str) -> bool:
        """Whether a name, a number of an account or post, or an address of mail stands in it."""
        known = self._looked_at.get(link)
        if known is None:
            self.look_at([link])
            known = self._looked_at[link]
        return known

    def _points_at_somebody(self, plain: str) -> bool:
        """Whether a link tells of a person by its form or by a known number."""
        if "@" in plain and _MAIL.search(plain):
            return True
        path = plain.split("://", 1)[-1].partition("/")[2]
        if path and _HANDLE.search(path):
            return True
        return any(map(self._names.is_number, _DIGITS.findall(plain)))


def _decoded(link: str) -> str:
    """What a reader sees: percent-encoding, twice over if need be, and punycode undone."""
    return _PUNYCODE.sub(_label, unquote_plus(unquote(link)))


def _label(found: re.Match[str]) -> str:
    # Not by IDNA's rules: a label that breaks them may hold a name as well.
    try:
        return found[1].encode("ascii").decode("punycode")
    except UnicodeError:
        # It only looks like punycode: a reader sees it as it stands.
        return found[0]


def _spaced(text: str) -> str:
    """Blanks between the humps of compound words, so that short names in them are words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\d)(?=\D)|(?<=\D)(?=\d)", " ", text)
