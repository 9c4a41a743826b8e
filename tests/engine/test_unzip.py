"""Zip files that cannot be read are refused with a reason, whatever is wrong with them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.unzip import member_pieces, open_zip
from assay.errors import InputError

_LIST, _VERSION, _FLAGS = b"PK\x01\x02", 6, 8
"""Where the list of contents says which version and flags a member needs, from its entry on."""


def made(content: bytes = b"some text " * 200) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", content)
    return sink.getvalue()


def changed(zipped: bytes, place: int, value: int) -> io.BytesIO:
    """One byte of the list of contents set."""
    content = bytearray(zipped)
    content[content.index(_LIST) + place] = value
    return io.BytesIO(bytes(content))


def test_a_member_comes_in_pieces() -> None:
    content = bytes(3 << 20)
    pieces = list(member_pieces(open_zip(io.BytesIO(made(content))), "a.txt"))
    assert b"".join(pieces) == content
    assert len(pieces) == 3


def test_a_version_that_nobody_knows_is_named() -> None:
    with pytest.raises(InputError, match=r"the zip file is packed in a way .* version 9\.9"):
        open_zip(changed(made(), _VERSION, 99))


@pytest.mark.parametrize(("flag", "why"), [(1 << 5, "compressed patched"), (1, ".* encrypted")])
def test_a_way_of_packing_that_is_not_read_is_named(flag: int, why: str) -> None:
    archive = open_zip(changed(made(), _FLAGS, flag))
    with pytest.raises(InputError, match=f"the member is packed in a way that is not read: {why}"):
        list(member_pieces(archive, "a.txt"))


def test_a_path_that_is_no_file_is_not_called_damaged(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.zip"):
        with pytest.raises(InputError, match="the zip file cannot be read"):
            open_zip(path)


@given(place=st.integers(0, 200), value=st.integers(0, 255), cut=st.integers(0, 60))
def test_whatever_is_wrong_is_told(place: int, value: int, cut: int) -> None:
    """Any byte changed and any part cut off: read as it was, or refused with what to do."""
    content = bytearray(made(b"x" * 40))
    content[place % len(content)] = value
    source = io.BytesIO(bytes(content[: len(content) - cut]))
    try:
        with open_zip(source) as archive:
            for info in archive.infolist():
                assert b"".join(member_pieces(archive, info)) == b"x" * 40
    except InputError as error:
        assert error.message.startswith(("damaged", "the member is packed", "the zip file is"))
        assert error.fix
