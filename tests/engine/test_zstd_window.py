"""Zstandard with long windows, as ``zstd --long=31`` packs them."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest
from backports.zstd import CompressionParameter, ZstdCompressor

from assay.engine.byte_source import ByteSource
from assay.engine.zstd_window import MAGIC, window_bytes
from assay.errors import InputError

TEXT = b"".join(b"line %d\n" % number for number in range(20_000))
TWO_GIB = 1 << 31


def wide_frame(content: bytes, window_log: int = 31) -> bytes:
    """A frame with a window of its own, its content in blocks as they are (RFC 8878)."""
    parts = [content[place : place + 100_000] for place in range(0, len(content), 100_000)]
    blocks = [
        (len(part) << 3 | (number == len(parts))).to_bytes(3, "little") + part
        for number, part in enumerate(parts, start=1)
    ]
    return MAGIC + bytes([0, (window_log - 10) << 3]) + b"".join(blocks)


def read(path: Path, content: bytes) -> tuple[bytes, ByteSource]:
    path.write_bytes(content)
    source = ByteSource(path)
    return b"".join(source.blocks(50_000)), source


@pytest.mark.parametrize("log", [10, 20, 27, 28, 31])
def test_the_window_is_told_as_zstd_writes_it(log: int) -> None:
    packer = ZstdCompressor(options={CompressionParameter.window_log: min(log, 20)})
    # Without the size of the content the window is the one that was asked for.
    head = packer.compress(TEXT, ZstdCompressor.FLUSH_BLOCK)[:18]
    assert window_bytes(head) == 1 << min(log, 20)
    assert window_bytes(wide_frame(TEXT, log)[:18]) == 1 << log
    assert window_bytes(b"\x1f\x8b" + bytes(16)) == window_bytes(MAGIC) == 0


@pytest.mark.parametrize("size", [5, 300, 70_000])
def test_a_single_segment_is_its_own_window(size: int) -> None:
    assert window_bytes(ZstdCompressor().compress(bytes(size), ZstdCompressor.FLUSH_FRAME)) == size


def test_a_long_window_is_unpacked_and_told(tmp_path: Path) -> None:
    packed = wide_frame(TEXT) + wide_frame(b"the end", 20)
    whole, source = read(tmp_path / "posts.zst", packed)
    assert whole == TEXT + b"the end"
    assert source.damage is None
    assert source.window_bytes == TWO_GIB
    assert source.consumed_bytes() == len(packed)


@pytest.mark.parametrize("lost", [1, 60_000])
def test_what_is_whole_of_a_cut_off_file_is_read(tmp_path: Path, lost: int) -> None:
    found, source = read(tmp_path / "posts.zst", wide_frame(TEXT)[:-lost])
    assert TEXT.startswith(found)
    assert len(found) >= len(TEXT) - lost - 100_000
    assert source.damage is not None


def test_bytes_that_zstd_did_not_write_are_damage(tmp_path: Path) -> None:
    found, source = read(tmp_path / "posts.zst", wide_frame(TEXT) + b"no frame at all")
    assert found == TEXT
    assert source.damage is not None


def test_a_long_window_behind_a_plain_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a later part") as refused:
        read(tmp_path / "posts.zst", wide_frame(TEXT, 20) + wide_frame(TEXT))
    assert refused.value.fix == "unpack it first: zstd -d --long=31 posts.zst"


def test_without_the_package_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "backports.zstd", None)
    with pytest.raises(InputError, match="is not installed") as refused:
        read(tmp_path / "posts.zst", wide_frame(TEXT))
    assert "pip install 'assay[zstd]'" in str(refused.value)


def test_too_little_memory_for_the_window_is_told(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with Path("/proc/self/statm").open() as statm:
        used = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30), before[1]))
    try:
        with pytest.raises(InputError, match="too little memory"):
            read(tmp_path / "posts.zst", wide_frame(TEXT))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
