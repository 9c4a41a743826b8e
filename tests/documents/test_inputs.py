"""Files and archives in hand: order, names, bounds."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents.inputs import RawFile, opened, raw_files
from assay.documents.limits import Limits
from assay.documents.page import Refused
from assay.errors import InputError, UsageError

NOBODY = 65534
"""The user whom Debian and its like give no files."""
SMALL = Limits(file_bytes=1 << 20, members=50)


def _zip(members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _open(name: str, data: bytes, limits: Limits = SMALL) -> list[RawFile | Refused]:
    return list(opened(RawFile(name, data), limits))


def test_a_folder_is_walked_in_a_fixed_order_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/two.txt", "a.txt", ".hidden", "b/one.txt"):
        (tmp_path / name).write_text("words")
    names = [one.document for one in raw_files([tmp_path], SMALL)]
    assert names == ["a.txt", "b/one.txt", "b/two.txt"]


def test_a_link_to_a_folder_above_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("words")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    assert [one.document for one in raw_files([tmp_path / "in"], SMALL)] == ["a.txt"]


def test_a_path_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        list(raw_files([tmp_path / "gone.txt"], SMALL))
    assert "gone.txt" in str(error.value)


def test_what_is_no_file_is_told_and_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.warc")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.warc").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "folder.warc").mkdir()
    (tmp_path / "folder.warc" / "a.txt").write_text("words")
    read, *refused = raw_files([tmp_path], SMALL)
    assert read == RawFile("folder.warc/a.txt", b"words")
    assert [one.document for one in refused] == ["gone.warc", "pipe.txt", "pipe.warc", "round"]
    assert all(isinstance(one, Refused) and "no file" in one.reason for one in refused)
    (alone,) = raw_files([tmp_path / "pipe.warc"], SMALL)
    assert alone == replace(refused[2], document="pipe.warc")


def test_the_folder_that_is_written_to_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "out" / "text").mkdir(parents=True)
    (tmp_path / "out" / "text" / "b.txt").write_text("words")
    (tmp_path / "again").symlink_to("out")
    for out in (tmp_path / "out", tmp_path / "again"):
        assert [one.document for one in raw_files([tmp_path], SMALL, out)] == ["a.txt"]
    with pytest.raises(UsageError, match="read and written to"):
        list(raw_files([tmp_path / "out"], SMALL, tmp_path / "again"))


@contextmanager
def _an_ordinary_user() -> Iterator[None]:
    """Root may read anything; for a moment it is nobody in particular."""
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if was_root:
            os.seteuid(0)


def test_a_file_that_may_not_be_read_is_refused_and_the_others_are_read() -> None:
    # Not tmp_path: the folder around it is closed to all but the one who runs the tests.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "a.txt").write_text("words")
        (folder / "b.txt").write_text("words")
        (folder / "a.warc").write_bytes(b"WARC/1.0")
        (folder / "closed").mkdir()
        (folder / "far.txt").symlink_to(folder / "closed" / "a.txt")
        for closed in ("a.txt", "a.warc", "closed"):
            (folder / closed).chmod(0)
        with _an_ordinary_user():
            *refused, read = sorted(raw_files([folder], SMALL), key=_is_read)
        (folder / "closed").chmod(0o755)
    assert isinstance(read, RawFile) and read.document == "b.txt"
    assert [one.document for one in refused] == ["a.txt", "a.warc", "closed", "far.txt"]
    for one in refused:
        assert isinstance(one, Refused) and "Permission denied" in one.reason


def _is_read(one: RawFile | Refused) -> bool:
    return isinstance(one, RawFile)


def test_members_of_archives_carry_their_path() -> None:
    inner = _zip({"deep/page.html": b"<p>x"})
    found = _open("all.zip", _zip({"one.txt": b"a", "more.zip": inner}))
    assert [one.document for one in found] == ["all.zip#more.zip#deep/page.html", "all.zip#one.txt"]


def test_gzip_is_opened_and_loses_its_suffix() -> None:
    (found,) = _open("page.txt.gz", gzip.compress(b"words"))
    assert found == RawFile("page.txt", b"words")


def test_a_zip_bomb_is_refused_and_its_harmless_member_read() -> None:
    bomb = _zip({"a.txt": b"words", "zeros.txt": b"\0" * (30 << 20)})
    read, refused = _open("bomb.zip", bomb)
    assert isinstance(read, RawFile) and read.data == b"words"
    assert isinstance(refused, Refused) and "unpacks to more" in refused.reason


def test_a_gzip_bomb_is_refused() -> None:
    (refused,) = _open("bomb.gz", gzip.compress(b"\0" * (30 << 20)))
    assert isinstance(refused, Refused)


def test_archives_within_archives_without_end_are_refused() -> None:
    data = b"words"
    for _ in range(6):
        data = _zip({"again.zip": data})
    (refused,) = _open("matryoshka.zip", data)
    assert isinstance(refused, Refused) and "deep" in refused.reason


def test_a_member_cannot_leave_the_archive() -> None:
    (found,) = _open("x.zip", _zip({"../../etc/passwd": b"words"}))
    # A name is only a name: nothing is written anywhere.
    assert found == RawFile("x.zip#../../etc/passwd", b"words")


def test_office_documents_are_refused_with_what_to_do() -> None:
    (refused,) = _open("a.docx", _zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b""}))
    assert isinstance(refused, Refused) and "PDF" in refused.fix


def test_too_many_members_are_refused() -> None:
    (refused,) = _open("many.zip", _zip({f"{n}.txt": b"x" for n in range(60)}))
    assert isinstance(refused, Refused)


@pytest.mark.parametrize("cut", [10, 30, -30, -1])
def test_damaged_archives_are_refused_not_raised(cut: int) -> None:
    for packed in (_zip({"a.txt": b"words" * 100}), gzip.compress(os.urandom(300))):
        for one in _open("cut", packed[:cut]):
            assert isinstance(one, Refused | RawFile)


@given(st.binary(max_size=300))
def test_any_bytes_behind_a_zip_mark_are_refused_or_read(data: bytes) -> None:
    for mark in (b"PK\x03\x04", b"\x1f\x8b\x08"):
        for one in _open("any", mark + data):
            assert isinstance(one, Refused | RawFile)


def test_a_way_of_packing_that_is_not_known_is_named_and_the_other_members_read() -> None:
    packed = bytearray(_zip({"a.txt": b"words", "b.txt": b"words"}))
    # The number of the way of packing stands at 8 in a member's head and at 10 in the list.
    packed[8] = packed[packed.index(b"PK\x01\x02") + 10] = 97
    refused, read = _open("x.zip", bytes(packed))
    assert isinstance(refused, Refused) and isinstance(read, RawFile)
    assert (refused.document, read.document) == ("x.zip#a.txt", "x.zip#b.txt")
    assert "packed in a way that is not read" in refused.reason
    assert "ordinary zip" in refused.fix


PACKED = [
    _zip({"a.txt": b"words " * 40, "b.txt": bytes(range(256))}, packing)
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
]


@given(st.sampled_from(PACKED), st.integers(4), st.integers(0, 255))
def test_a_wrong_byte_anywhere_in_a_zip_is_refused_or_read(
    packed: bytes, place: int, byte: int
) -> None:
    damaged = bytearray(packed)
    damaged[4 + place % (len(packed) - 4)] = byte
    for one in _open("x.zip", bytes(damaged)):
        assert isinstance(one, Refused | RawFile)
