"""Archives: the same bytes every time, nothing hostile comes out of one."""

from __future__ import annotations

import copy
import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.bundle.archive import extract, opened_archive
from assay.engine.stored_zip import Member, write_archive
from assay.errors import InputError

names = st.from_regex(r"[d-k][a-z0-9_]{0,8}(/[d-k][a-z0-9_]{0,8}){0,2}", fullmatch=True)
"""None begins as the names do that some systems keep for devices (aux, con, lpt1, nul, prn)."""


@given(st.dictionaries(names, st.binary(max_size=200), max_size=6))
def test_what_goes_in_comes_out_and_the_bytes_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, contents: dict[str, bytes]
) -> None:
    # A name that is another one's folder cannot exist on a disk.
    contents = {
        name: content
        for name, content in contents.items()
        if not any(other.startswith(name + "/") for other in contents)
    }
    folder = tmp_path_factory.mktemp("zip")
    members = [Member(name, content) for name, content in contents.items()]
    write_archive(folder / "a.zip", members)
    write_archive(folder / "b.zip", reversed(members))
    assert (folder / "a.zip").read_bytes() == (folder / "b.zip").read_bytes()
    (folder / "x").mkdir()
    with opened_archive(folder / "a.zip") as archive:
        assert extract(archive, folder / "x", folder / "a.zip") == []
    assert {name: (folder / "x" / name).read_bytes() for name in contents} == contents


def made_zip(path: Path, name: str, content: bytes = b"x", mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, content)
    return path


@pytest.mark.parametrize(
    "name",
    ["../out", "/etc/x", "a/../../b", "a\\b", "C:x", "a//b", "./a", "con", "nul.txt", "a.", "a/"],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    path = made_zip(tmp_path / "x.zip", name)
    with (
        pytest.raises(InputError, match=r"lead outside|no regular file"),
        opened_archive(path),
    ):
        pass


@given(st.text(min_size=1, max_size=20))
def test_no_name_at_all_gets_out_of_the_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    try:
        path = made_zip(folder / "x.zip", name)
    except (ValueError, UnicodeEncodeError):
        return
    target = folder / "in"
    target.mkdir()
    try:
        with opened_archive(path) as archive:
            extract(archive, target, path)
    except (InputError, OSError):
        pass
    inside = {one.resolve() for one in target.rglob("*")}
    assert all(one.is_relative_to(target.resolve()) for one in inside)
    assert {one.name for one in folder.iterdir()} == {"x.zip", "in"}


def test_symbolic_links_are_refused(tmp_path: Path) -> None:
    path = made_zip(tmp_path / "x.zip", "link", b"/etc/passwd", stat.S_IFLNK | 0o777)
    with pytest.raises(InputError, match="no regular file"), opened_archive(path):
        pass


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"1")
        archive.writestr("A", b"2")
    with pytest.raises(InputError, match="twice"), opened_archive(path):
        pass


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    with pytest.raises(InputError, match="would unpack to"), opened_archive(path):
        pass


def test_parts_that_overlap_are_refused(tmp_path: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a", bytes(50_000))
        twin = copy.copy(archive.getinfo("a"))
        # A second entry in the list of contents that points at the very same bytes.
        twin.filename = "b"
        archive.filelist.append(twin)
        archive.NameToInfo["b"] = twin
    path = tmp_path / "x.zip"
    path.write_bytes(sink.getvalue())
    with pytest.raises(InputError, match="overlap"), opened_archive(path):
        pass


def test_what_is_no_zip_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for content, why in (
        (b"", "empty"),
        (b"hello" * 10, "no zip"),
        (b"PK\x03\x04abc", "cut short"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=why), opened_archive(path):
            pass
    with pytest.raises(InputError, match="no such bundle"), opened_archive(tmp_path / "none.zip"):
        pass


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"12345")

    class Shrinks(Member):
        @property
        def size(self) -> int:
            return 10

    with pytest.raises((InputError, RuntimeError)):
        write_archive(tmp_path / "x.zip", [Shrinks("a", source)])
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
