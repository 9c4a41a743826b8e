"""One canonical form for a link, so that two shares of the same page are the same object.

The form follows RFC 3986 section 6 (case of scheme and host, default ports, dot segments,
percent-encoding) and drops what does not say which page is meant: tracking parameters, user
information, fragments, the difference between ``http`` and ``https``, redirectors that carry
their target in the address, and AMP copies. Nothing is ever fetched.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from assay.lexicon.tracking import tracking_parameters

if TYPE_CHECKING:
    from tldextract import TLDExtract

_MAX_UNWRAPS = 20
_REDIRECTORS: dict[str, tuple[str, str]] = {
    # host -> (path prefix, parameter that holds the target)
    "l.facebook.com": ("/l.php", "u"),
    "lm.facebook.com": ("/l.php", "u"),
    "www.facebook.com": ("/l.php", "u"),
    "facebook.com": ("/l.php", "u"),
    "m.facebook.com": ("/l.php", "u"),
    "l.instagram.com": ("/", "u"),
    "l.messenger.com": ("/l.php", "u"),
    "www.google.com": ("/url", "url q"),
    "google.com": ("/url", "url q"),
    "www.youtube.com": ("/redirect", "q"),
    "youtube.com": ("/redirect", "q"),
    "away.vk.com": ("/away.php", "to"),
    "vk.com": ("/away.php", "to"),
    "out.reddit.com": ("/", "url"),
    "t.umblr.com": ("/redirect", "z"),
    "slack-redir.net": ("/link", "url"),
}
REDIRECTOR_HOSTS = frozenset(_REDIRECTORS)
"""Hosts some of whose links hold another link."""
_AMP_CACHE = re.compile(r"^/(?:[civrwa]/)?(?:s/)?(?P<target>[^/]+\.[^/]+(?:/.*)?)$")
_GOOGLE_AMP = re.compile(r"^/amp/(?P<secure>s/)?(?P<target>.+)$")
_PLAIN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)*/?"
)
"""A link without a query is canonical already but for its scheme: most links in posts."""
_PLAIN_QUERY = re.compile(
    r"https?://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})"
    r"(?P<path>/(?:[A-Za-z0-9_~-][A-Za-z0-9_~.-]*/)*(?:[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)?)"
    r"\?(?P<query>[A-Za-z0-9_.~=&-]+)"
)
"""A link whose query holds nothing that is encoded: only its parameters are to be looked at."""
_NEEDS_NO_QUOTING = re.compile(r"[A-Za-z0-9/:@!$'()*+,;=._~-]*")
MAYBE_AMP = r"//amp\.|[/.]amp(?:[/?.#]|$)|ampproject"
"""Where a link may be an AMP copy."""
_MAYBE_AMP = re.compile(MAYBE_AMP)
_UNRESERVED_PATH = "/:@!$&'()*+,;=~-._"
_UNRESERVED_QUERY = "/?:@!$'()*+,;~-._"
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")
_TRAILING = re.compile(r"""[.,;:!?'"»”’…*\]}>]+$""")
_PERMALINK = re.compile(
    r"^https://(?:(?:www|mobile|m)\.)?(?:twitter\.com|x\.com)"
    r"/(?:statuses|(?:[^/?#]+|i/web)/status(?:es)?)/(?P<id>\d+)"
)

POST_ADDRESS = r"(?:twitter|x)\.com/(?:[^/]+/status(?:es)?|statuses)/(?P<id>\d+)"
"""The address of a post as sources write it; RE2's syntax."""


def canonical_link(link: str) -> str | None:
    """The canonical form of a link, or None if the text is no web link.

    Idempotent: the canonical form of a canonical link is itself.

    >>> canonical_link("HTTP://WWW.Example.org:80/a?utm_source=x&b=1#top")
    'https://www.example.org/a?b=1'
    """
    return _quickly(link) or _step_by_step(link)


def _quickly(link: str) -> str | None:
    """The canonical form of a link with nothing unusual in it; None where it takes more."""
    if "amp" in link and _MAYBE_AMP.search(link):
        return None
    if "?" not in link:
        if "/" not in link[8:] or not _PLAIN.fullmatch(link):
            return None
        return link if link.startswith("https") else "https" + link[4:]
    found = _PLAIN_QUERY.fullmatch(link)
    if found is None or found["host"] in _REDIRECTORS:
        return None
    query = without_tracking(found["query"].split("&"), found["host"])
    return f"https://{found['host']}{found['path']}{'?' + query if query else ''}"


def _step_by_step(link: str) -> str | None:
    current = _clean(link)
    for _ in range(_MAX_UNWRAPS):
        settled = _canonical_once(current)
        if settled is None:
            return None
        target = _wrapped_target(settled)
        if target is None or target == settled:
            return settled
        current = target
    return None


def strip_trailing_punctuation(link: str) -> str:
    """A link cut out of running text, without the sentence's punctuation after it.

    A closing bracket stays only if the link itself opens it.
    """
    if link[-1:].isalnum() or link[-1:] == "/":
        return link
    while True:
        shorter = _TRAILING.sub("", link)
        if shorter.endswith(")") and shorter.count("(") < shorter.count(")"):
            shorter = shorter[:-1]
        if shorter == link:
            return link
        link = shorter


def host_of(canonical: str) -> str:
    """The host of a canonical link."""
    place = canonical.split("/", 3)[2]
    return place if ":" not in place else re.sub(r":\d+$", "", place)


@lru_cache(maxsize=1 << 16)
def registered_domain(host: str) -> str:
    """The domain that somebody registered (``bbc.co.uk`` of ``news.bbc.co.uk``).

    Uses the public suffix list bundled with tldextract and never fetches. A host without a
    known suffix (an IP address, an intranet name) stands for itself.
    """
    parts = _extractor()(host)
    return parts.top_domain_under_public_suffix or host


def permalink_post_id(canonical: str) -> str | None:
    """The platform's own id of the post that a permalink leads to; None for other links."""
    if "/status" not in canonical:
        return None
    match = _PERMALINK.match(canonical)
    return match.group("id") if match else None


@cache
def _extractor() -> TLDExtract:
    import tldextract  # here: it loads an HTTP client that is never used

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def _clean(link: str) -> str:
    if " " in link or not link.isprintable():
        link = re.sub(r"[\s\x00-\x1f]+", "", link)
    link = link.replace("&amp;", "&")
    if _SCHEME.match(link) or "@" in link.split("/", 1)[0]:
        return link  # an address of mail has no scheme of the web, and gets none
    return "https:" + link if link.startswith("//") else "https://" + link


def _canonical_once(link: str) -> str | None:
    try:
        parts = urlsplit(link)
        scheme, port = parts.scheme.lower(), parts.port
        host = _canonical_host(parts.hostname or "")
    except (ValueError, UnicodeError):
        return None
    if scheme not in ("http", "https") or host is None:
        return None
    # http and https count as one, and so do their ports.
    shown_port = "" if port in (None, 80, 443) else f":{port}"
    path = _canonical_path(parts.path)
    query = _canonical_query(parts.query, host)
    # A fragment names a place on the page, except where it is the page (#! and #/ routes).
    fragment = (
        "#" + _requote(parts.fragment, _UNRESERVED_PATH + "?")
        if (parts.fragment.startswith(("!", "/")))
        else ""
    )
    return f"https://{host}{shown_port}{path}{'?' + query if query else ''}{fragment}"


@lru_cache(maxsize=1 << 16)
def _canonical_host(host: str) -> str | None:
    host = host.rstrip(".").lower()
    if not host or " " in host:
        return None
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
        except idna.IDNAError:
            return None
    if ":" in host:
        return f"[{host}]"
    return host if re.fullmatch(r"[a-z0-9._-]+", host) and "." in host.strip(".") else None


def _canonical_path(path: str) -> str:
    if "/." not in path and path.startswith("/"):
        return _requote(path, _UNRESERVED_PATH)
    kept: list[str] = []
    segments = path.split("/")
    for position, segment in enumerate(segments):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
        if position == len(segments) - 1 and segment in (".", ".."):
            kept.append("")
    joined = _requote("/".join(kept), _UNRESERVED_PATH)
    return joined if joined.startswith("/") else "/" + joined


def _canonical_query(query: str, host: str) -> str:
    if not query:
        return ""
    parts = (_requote(part, _UNRESERVED_QUERY + "=") for part in query.split("&"))
    return without_tracking(list(parts), host)


def without_tracking(parts: list[str], host: str) -> str:
    """Parameters (``name=value``) joined in the order of their names, but for those that track."""
    named = [(part.split("=", 1)[0], part) for part in parts if part]
    if len(named) > 1:
        named.sort(key=itemgetter(0))
    site = ".".join(host.rsplit(".", 2)[-2:])
    if site not in tracking_parameters().by_host:
        site = ""  # what tracks on other sites only is looked up once for all of them
    return "&".join([part for name, part in named if not _tracks(name, site)])


@lru_cache(maxsize=1 << 14)
def _tracks(name: str, site: str) -> bool:
    return tracking_parameters().tracks(unquote(name), site)


def _requote(text: str, safe: str) -> str:
    """Percent-encode what must be, decode what need not be, upper-case the hex digits."""
    if _NEEDS_NO_QUOTING.fullmatch(text):
        return text
    out = re.sub(
        r"%([0-9a-fA-F]{2})",
        lambda match: _decoded_if_unreserved(match.group(1)),
        text,
    )
    return quote(out, safe=safe + "%", encoding="utf-8", errors="replace")


def _decoded_if_unreserved(digits: str) -> str:
    character = chr(int(digits, 16))
    unreserved = character.isascii() and (character.isalnum() or character in "-._~")
    return character if unreserved else "%" + digits.upper()


def _wrapped_target(canonical: str) -> str | None:
    """The link inside a redirector or an AMP copy, or None."""
    if host_of(canonical) not in _REDIRECTORS and not _MAYBE_AMP.search(canonical):
        return None
    parts = urlsplit(canonical)
    host = parts.hostname or ""
    if host in _REDIRECTORS:
        prefix, names = _REDIRECTORS[host]
        if parts.path.startswith(prefix):
            values = dict(parse_qsl(parts.query))
            found = next((values[name] for name in names.split() if name in values), "")
            if found.startswith(("http://", "https://", "//", "www.")):
                return _clean(found)
        google = _GOOGLE_AMP.match(parts.path) if host.endswith("google.com") else None
        return "https://" + google.group("target") if google else None
    if host.endswith(".cdn.ampproject.org") or host == "cdn.ampproject.org":
        cached = _AMP_CACHE.match(parts.path)
        return "https://" + cached.group("target") if cached else None
    return _without_amp(parts.scheme, parts.netloc, parts.path, parts.query)


def _without_amp(scheme: str, netloc: str, path: str, query: str) -> str | None:
    """The page of which this is the publisher's own AMP copy, or None."""
    if netloc.startswith("amp.") and netloc.count(".") >= 2:
        netloc = "www." + netloc[4:]
    elif re.search(r"/amp/?$", path) and path.rstrip("/") != "/amp":
        path = re.sub(r"/amp/?$", "", path)
    elif path.endswith(".amp.html"):
        path = path.removesuffix(".amp.html") + ".html"
    elif path.endswith(".amp") and len(path) > len("/x.amp"):
        path = path.removesuffix(".amp")
    else:
        return None
    return f"{scheme}://{netloc}{path}{'?' + query if query else ''}"
