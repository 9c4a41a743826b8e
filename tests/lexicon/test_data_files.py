"""The lexicon's data files: nothing in them is lost when they are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

LEXICON = Path(__file__).parents[2] / "src" / "assay" / "lexicon"
FILES = sorted(LEXICON.rglob("*.yaml"))


def _repeated(node: yaml.Node) -> Iterator[str]:
    """Keys that a mapping holds twice, with their line: YAML keeps the last one silently."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, held in node.value:
            if key.value in seen:
                yield f"line {key.start_mark.line + 1}: {key.value}"
            seen.add(key.value)
            yield from _repeated(held)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _repeated(one)


def _keys_twice(text: str) -> list[str]:
    return list(_repeated(yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_key_stands_twice(path: Path) -> None:
    assert _keys_twice(path.read_text("utf-8")) == []


def test_a_key_that_stands_twice_is_seen() -> None:
    assert _keys_twice("a:\n  - {b: 1, c: 2, b: 3}\n") == ["line 2: b"]
