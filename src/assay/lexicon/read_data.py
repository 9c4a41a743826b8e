"""Reading YAML, by libyaml where it is there: that is much the quicker."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML built without libyaml has no ``CSafeLoader``; both read the same."""


def read_yaml(*path: str) -> Any:
    """What a YAML file of the lexicon holds.

    Args:
        path: Its folders and name below ``assay/lexicon``.
    """
    return load_yaml(files("assay.lexicon").joinpath(*path).read_text("utf-8"))


def load_yaml(text: str) -> Any:
    """What a text in YAML holds: plain values alone, as with ``yaml.safe_load``.

    Raises:
        yaml.YAMLError: It is no YAML.
    """
    return yaml.load(text, Loader=_LOADER)
