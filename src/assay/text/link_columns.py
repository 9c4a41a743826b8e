"""Canonical links for whole columns: the common shapes at once, the rest one by one.

The results are those of :func:`assay.text.links.canonical_link` for each link by itself, the
sentence's punctuation after it taken away; a test compares both.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay.lexicon.tracking import tracking_parameters
from assay.text.links import (
    MAYBE_AMP,
    REDIRECTOR_HOSTS,
    canonical_link,
    host_of,
    registered_domain,
    strip_trailing_punctuation,
    without_tracking,
)

_COMMON = (
    r"^https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}"
    r"/(?:[A-Za-z0-9_~-][A-Za-z0-9_~.-]*/)*(?:[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)?"
    r"(?:\?[A-Za-z0-9_.~=&-]+)?$"
)
"""Links with nothing encoded in them; only their scheme and parameters are to be looked at."""
_NOWHERE = "//-/"
"""Taken apart in place of links that are not common."""


@dataclass(frozen=True)
class LinkColumn:
    """Links in their canonical form.

    Attributes:
        canonical: As :func:`canonical_link` makes them; null where the text is no web link.
        domains: What somebody registered of each link's host.
    """

    canonical: pa.Array
    domains: pa.Array


def canonical_links(written: pa.Array, unshortened: dict[str, str]) -> LinkColumn:
    """The canonical form and the domain of each link.

    Args:
        written: Distinct links as they stand in texts, none null.
        unshortened: Canonical short links to their canonical targets.
    """
    common = pc.match_substring_regex(written, _COMMON)
    hosts, paths, queries = _parts(pc.if_else(common, written, _NOWHERE))
    hosts = pc.if_else(common, hosts, pa.scalar(None, pa.string()))
    encoded = hosts.dictionary_encode()
    redirects = pc.is_in(encoded.dictionary, value_set=pa.array(sorted(REDIRECTOR_HOSTS)))
    # Redirectors name their target in the query; an AMP copy may be told by one word of it.
    common = pc.and_(
        common,
        pc.invert(
            pc.or_(
                pc.or_(pc.match_substring_regex(written, MAYBE_AMP), pc.ends_with(written, ".")),
                pc.and_(redirects.take(encoded.indices), pc.not_equal(queries, "")),
            )
        ),
    )
    common = pc.fill_null(common, False)
    canonical = pc.binary_join_element_wise(
        "https:/",
        hosts,
        pc.binary_join_element_wise(paths, _kept_parameters(encoded, queries), ""),
        "/",
    )
    domains = pa.array(
        [registered_domain(host) for host in encoded.dictionary.to_pylist()], pa.string()
    ).take(encoded.indices)
    if unshortened:
        common = pc.and_(common, pc.invert(pc.is_in(canonical, pa.array(list(unshortened)))))
    if pc.all(common).as_py():
        return LinkColumn(canonical, domains)
    rest = pc.invert(common)
    slow = [_canonical(link, unshortened) for link in written.filter(rest).to_pylist()]
    slow_domains = [None if link is None else registered_domain(host_of(link)) for link in slow]
    return LinkColumn(
        pc.replace_with_mask(canonical, rest, pa.array(slow, pa.string())),
        pc.replace_with_mask(domains, rest, pa.array(slow_domains, pa.string())),
    )


def _parts(links: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Host, path without its first slash, and query of each link; the query may be empty."""
    pieces = pc.split_pattern(links, "/", max_splits=3)
    behind = pc.binary_join_element_wise(pc.list_element(pieces, 3), "", "?")
    ends = pc.split_pattern(behind, "?", max_splits=1)
    queries = pc.utf8_rtrim(pc.list_element(ends, 1), "?")
    return pc.list_element(pieces, 2), pc.list_element(ends, 0), queries


def _kept_parameters(hosts: pa.DictionaryArray, queries: pa.Array) -> pa.Array:
    """Each query without the parameters that track, a question mark before those that are left."""
    special = tracking_parameters().by_host
    sites = [".".join(host.rsplit(".", 2)[-2:]) for host in hosts.dictionary.to_pylist()]
    told = pa.array([site if site in special else "" for site in sites], pa.string())
    keys = pc.binary_join_element_wise(told.take(hosts.indices), queries, "?").dictionary_encode()
    kept = []
    for key in keys.dictionary.to_pylist():
        site, _, query = key.partition("?")
        rest = without_tracking(query.split("&"), site) if query else ""
        kept.append("?" + rest if rest else "")
    return pa.array(kept, pa.string()).take(keys.indices)


def _canonical(written: str, unshortened: dict[str, str]) -> str | None:
    link = canonical_link(strip_trailing_punctuation(written))
    return None if link is None else unshortened.get(link, link)
