"""Sites whose addresses name accounts, read once from the data file beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


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
    text = resources.files("assay.lexicon").joinpath("social_hosts.yaml").read_text("utf-8")
    raw = yaml.safe_load(text)
    return SocialHosts(
        first=raw["first"],
        subdomain=frozenset(raw["subdomain"]),
        opaque=frozenset(raw["opaque"]),
        reserved=frozenset(raw["reserved"]),
    )
