"""A single changed byte is named exactly; two are never called one."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.bundle.locate import find_changed_byte


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("locate") / "file"


@given(st.data())
def test_one_changed_byte_is_found(path: Path, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.binary(min_size=1, max_size=5000)))
    place = data.draw(st.integers(0, len(content) - 1))
    change = data.draw(st.integers(1, 255))
    was, digest, crc = content[place], hashlib.sha256(content).hexdigest(), zlib.crc32(content)
    content[place] ^= change
    path.write_bytes(content)
    found = find_changed_byte(path, crc, digest)
    assert found is not None
    assert (found.offset, found.is_now, found.was) == (place, was ^ change, was)


@given(st.binary(min_size=2, max_size=2000), st.data())
def test_two_changed_bytes_are_not_one(path: Path, content: bytes, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(content) - 1), min_size=2, max_size=5,
                                unique=True))  # fmt: skip
    changed = bytearray(content)
    for place in places:
        changed[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    digest = hashlib.sha256(content).hexdigest()
    assert find_changed_byte(path, zlib.crc32(content), digest) is None


def test_a_large_file_is_walked_in_pieces(path: Path) -> None:
    content = bytearray(range(256)) * 20_000
    digest, crc = hashlib.sha256(content).hexdigest(), zlib.crc32(content)
    content[3_333_333] ^= 1
    path.write_bytes(content)
    found = find_changed_byte(path, crc, digest)
    assert found is not None
    assert str(found).startswith("byte 3,333,333 ")
