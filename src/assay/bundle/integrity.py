"""Whether the files of an unpacked bundle are those that were packed, to the byte."""

from __future__ import annotations

from pathlib import Path

from assay.bundle.contents import (
    CHECKSUMS,
    DESCRIPTION,
    STAMPS,
    Description,
    Listed,
    checksums,
)
from assay.bundle.locate import find_changed_byte
from assay.bundle.verdict import Check
from assay.engine.write import file_sha256

_NAME = "Files are as they were packed"


def check_files(
    folder: Path, description: Description, crc32: dict[str, int], damaged: list[tuple[str, str]]
) -> Check:
    """Compare every file with both lists of checksums, and the lists with each other.

    Args:
        folder: Where the bundle was unpacked.
        description: Its ``bundle.json``.
        crc32: Checksums that the archive itself keeps, by name: they tell a changed byte of
            ``bundle.json``, which nothing else lists.
        damaged: Members that could not be unpacked, and why.
    """
    found = [f"{name}: cannot be unpacked: {why}" for name, why in damaged]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    known = {one.path for one in description.files} | {DESCRIPTION, CHECKSUMS}
    found += [f"{name}: is not listed in {DESCRIPTION}" for name in sorted(there - known)
              if not name.startswith(STAMPS)]  # fmt: skip
    found += [f"{name}: is missing" for name in sorted(known - there)]
    wrong_lists = _check_lists(folder, description, crc32) if not known - there else []
    for one in description.files:
        path = folder / one.path
        if one.path in there:
            what = _changed(path, one)
            if what:
                found.append(f"{one.path}: {what}")
    found += wrong_lists
    return Check(
        _NAME,
        "different" if found else "same",
        f"{len(description.files):,} files against SHA-256, both lists against each other",
        tuple(found),
    )


def _changed(path: Path, one: Listed) -> str | None:
    size = path.stat().st_size
    if size != one.bytes:
        return f"has {size:,} bytes and had {one.bytes:,}"
    if file_sha256(path) == one.sha256:
        return None
    changed = find_changed_byte(path, one.crc32, one.sha256)
    return str(changed) if changed else "was changed in more than one byte"


def _check_lists(folder: Path, description: Description, crc32: dict[str, int]) -> list[str]:
    """``SHA256SUMS`` against what ``bundle.json`` says, line by line."""
    own = file_sha256(folder / DESCRIPTION)
    hashes = [(one.path, one.sha256) for one in description.files]
    wanted = checksums([*hashes, (DESCRIPTION, own)]).splitlines()
    found = (folder / CHECKSUMS).read_bytes().splitlines()
    if (
        wanted == found
        and checksums([*hashes, (DESCRIPTION, own)]) == (folder / CHECKSUMS).read_bytes()
    ):
        return []
    of_description = [line for line in found if line.endswith(f"  {DESCRIPTION}".encode())]
    others_agree = [line for line in found if line not in of_description] == [
        line for line in wanted if not line.endswith(f"  {DESCRIPTION}".encode())
    ]
    if others_agree and len(of_description) == 1:
        listed = of_description[0].split()[0].decode("ascii", "replace")
        changed = find_changed_byte(folder / DESCRIPTION, crc32.get(DESCRIPTION, 0), listed)
        if changed:
            return [f"{DESCRIPTION}: {changed}"]
    return _byte_lines(b"\n".join(wanted) + b"\n", (folder / CHECKSUMS).read_bytes())


def _byte_lines(wanted: bytes, found: bytes) -> list[str]:
    """Where ``SHA256SUMS`` leaves what ``bundle.json`` says."""
    places = [place for place in range(min(len(wanted), len(found)))
              if wanted[place] != found[place]]  # fmt: skip
    if len(wanted) == len(found) and len(places) == 1:
        place = places[0]
        return [
            f"{CHECKSUMS}: byte {place:,} (counted from 0) is 0x{found[place]:02x} and was "
            f"0x{wanted[place]:02x}; no other byte differs"
        ]
    line = found[: places[0] if places else min(len(wanted), len(found))].count(b"\n") + 1
    return [f"{CHECKSUMS}: does not agree with {DESCRIPTION} from line {line} on"]
