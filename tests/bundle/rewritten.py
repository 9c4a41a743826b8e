"""Bundles that somebody changed, and sealed again if they knew how."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from assay.bundle.contents import CHECKSUMS, DESCRIPTION, checksums, list_file
from assay.engine.stored_zip import Member, write_archive


def rewritten(case: Path, out: Path, change: Callable[[Path], None], *, seal: bool) -> Path:
    """The bundle with files changed; sealed, its lists of checksums are made to fit again."""
    folder = out.parent / (out.name + ".folder")
    with zipfile.ZipFile(case) as archive:
        archive.extractall(folder)
    change(folder)
    if seal:
        told = json.loads((folder / DESCRIPTION).read_bytes())
        tables = {one["path"] for one in told["files"] if one["content_sha256"] is not None}
        told["files"] = [
            vars(list_file(name, folder / name if name in tables else (folder / name).read_bytes()))
            for name in sorted(
                path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
            )
            if name not in (DESCRIPTION, CHECKSUMS)
        ]
        text = json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / DESCRIPTION).write_text(text, encoding="utf-8")
        hashes = [(one["path"], one["sha256"]) for one in told["files"]]
        hashes.append((DESCRIPTION, hashlib.sha256(text.encode()).hexdigest()))
        (folder / CHECKSUMS).write_bytes(checksums(hashes))
    files = [path for path in folder.rglob("*") if path.is_file()]
    write_archive(out, [Member(path.relative_to(folder).as_posix(), path) for path in files])
    return out


def appended(path: Path) -> None:
    """Make a file longer by a blank."""
    path.write_bytes(path.read_bytes() + b" ")
