"""Query parameters that track readers, read once from the data file beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assay.lexicon.read_data import read_yaml


@dataclass(frozen=True)
class TrackingParameters:
    """What may be dropped from a link's query without changing which page it names.

    Attributes:
        names: Lower-case parameter names.
        prefixes: A name beginning with one of these tracks too.
        by_host: Names that track only on a site and its subdomains.
    """

    names: frozenset[str]
    prefixes: tuple[str, ...]
    by_host: dict[str, frozenset[str]]

    def tracks(self, name: str, host: str) -> bool:
        """Whether the parameter tracks on this host."""
        name = name.lower()
        if name in self.names or name.startswith(self.prefixes):
            return True
        site = ".".join(host.rsplit(".", 2)[-2:])
        return name in self.by_host.get(site, ())


@cache
def tracking_parameters() -> TrackingParameters:
    """The lexicon, parsed once per process."""
    raw = read_yaml("tracking_parameters.yaml")
    return TrackingParameters(
        names=frozenset(raw["names"]),
        prefixes=tuple(raw["prefixes"]),
        by_host={site: frozenset(names) for site, names in raw["by_host"].items()},
    )
