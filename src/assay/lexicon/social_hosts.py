"""Sites whose addresses name accounts, read once from the data file beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assay.lexicon.read_data import read_yaml


@dataclass(frozen=True)
class SocialHosts:
    """Which sites' addresses name accounts, and how.

    Attributes:
        first: Registered domain to platform, where a path begins with the handle.
        subdomain: Registered domains where each account has a subdomain.
        opaque: Registered domains that name accounts or posts in other ways.
        reserved: Beginnings of paths that are no handles.
    """

    first: dict[str, str]
    subdomain: frozenset[str]
    opaque: frozenset[str]
    reserved: frozenset[str]


@cache
def social_hosts() -> SocialHosts:
    """The lexicon, parsed once per process."""
    raw = read_yaml("social_hosts.yaml")
    return SocialHosts(
        first=raw["first"],
        subdomain=frozenset(raw["subdomain"]),
        opaque=frozenset(raw["opaque"]),
        reserved=frozenset(raw["reserved"]),
    )
