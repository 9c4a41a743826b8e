"""Reading the lexicon's YAML files, by libyaml where it is there: it is much the quicker."""

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
    text = files("assay.lexicon").joinpath(*path).read_text("utf-8")
    return yaml.load(text, Loader=_LOADER)
