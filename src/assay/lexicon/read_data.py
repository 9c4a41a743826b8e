"""Reading YAML, by libyaml where it is there: that is much the quicker."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML built without libyaml has no ``CSafeLoader``; both read the same."""


MOST_TIMES = 10
"""As long may be what is read as it is written: more is made by repeating aliases."""
MOST_LEVELS = 100
"""So deep may lists and mappings stand in each other; some 50,000 would end the process."""


class RepeatsItself(yaml.YAMLError):
    """A few lines that repeat each other by aliases or merge keys, perhaps without end."""


def read_yaml(*path: str) -> Any:
    """What a YAML file of the lexicon holds.

    Args:
        path: Its folders and name below ``assay/lexicon``.
    """
    return yaml.load(files("assay.lexicon").joinpath(*path).read_text("utf-8"), Loader=_LOADER)


def load_yaml(text: str) -> Any:
    """What a text in YAML holds: plain values alone, as with ``yaml.safe_load``.

    Raises:
        yaml.YAMLError: It is no YAML, or lists stand in each other too deep;
            :class:`RepeatsItself` where it is more than :data:`MOST_TIMES` as long, written out.
    """
    _check_shape(text)
    return yaml.load(text, Loader=_LOADER)


def _check_shape(text: str) -> None:
    """Look at the signs of a text before values are made of it: these would grow meanwhile.

    Raises:
        yaml.YAMLError: As with :func:`load_yaml`.
    """
    most = MOST_TIMES * len(text)
    lengths: dict[str | None, int | None] = {}
    """Of what has an anchor, written out; None within it."""
    within: list[str | None] = []
    """Anchors of the lists and mappings that are open, the innermost last."""
    before: list[int] = []
    """How long all was when each began."""
    length = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, began = within.pop(), before.pop()
            if anchor is not None:
                lengths[anchor] = length - began
            continue
        began = length
        if isinstance(event, yaml.AliasEvent):
            again = lengths.get(event.anchor, 0)  # of one that is not there the loader tells
            length = most + 1 if again is None else length + again
        elif isinstance(event, yaml.CollectionStartEvent):
            length += 1
            within.append(event.anchor)
            before.append(began)
            if event.anchor is not None:
                lengths[event.anchor] = None
        elif isinstance(event, yaml.ScalarEvent):
            length += 1 + len(event.value)
            if event.anchor is not None:
                lengths[event.anchor] = length - began
        if length > most:
            raise RepeatsItself("it repeats itself by aliases too often; write its lists out")
        if len(within) > MOST_LEVELS:
            told = f"more than {MOST_LEVELS} lists and mappings stand in each other"
            raise yaml.YAMLError(f"{told}\n{event.start_mark}")
