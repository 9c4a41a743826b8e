"""Which files an import reads: files, folders and patterns made into one list."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from assay.errors import InputError
from assay.model.dataset import Dataset, RunFolder

_DATA = (".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson", ".parquet", ".pq")
_COMPRESSIONS = (".gz", ".zst", ".zstd")


@dataclass(frozen=True)
class InputFile:
    """One file to read.

    Attributes:
        path: Where it is.
        source: How the dataset cites it; says nothing about this machine's folders.
        named: The user named this very file, so that it must be usable.
        accounts: The user says that it is a table of accounts.
    """

    path: Path
    source: str
    named: bool
    accounts: bool = False


def find_inputs(
    inputs: Sequence[str | Path], accounts: Sequence[Path] = ()
) -> tuple[list[InputFile], dict[str, str]]:
    """The files to read, in a fixed order, and those in folders that are no data.

    Args:
        inputs: Files, folders and patterns.
        accounts: Tables of accounts; one that an input names or holds as well is read once.

    Raises:
        InputError: A name matches nothing, or no data file is left.
    """
    found: list[InputFile] = []
    skipped: dict[str, str] = {}
    for given in inputs:
        path = Path(given)
        if path.is_dir():
            _search(path, found, skipped)
        elif path.exists():
            _check_regular(path)
            found.append(InputFile(path, path.name, named=True))
        else:
            _match(str(given), found, skipped)
    tables = {path.resolve() for path in accounts}
    found = [file for file in found if file.path.resolve() not in tables]
    for path in accounts:
        if not path.is_file():
            raise InputError("no such file", fix="check the name", file=path)
        found.append(InputFile(path, path.name, named=True, accounts=True))
    unique = {file.path.resolve(): file for file in reversed(found)}
    files = [file for file in found if unique[file.path.resolve()] is file]
    if not files:
        names = ", ".join(str(given) for given in inputs)
        raise InputError(
            f"no data file in {names}",
            fix="give CSV, TSV, NDJSON, JSON or Parquet files, plain, .gz or .zst",
        )
    return _told_apart(files), skipped


def _match(pattern: str, found: list[InputFile], skipped: dict[str, str]) -> None:
    """What a pattern matches, Assay's own folders left out.

    Raises:
        InputError: Nothing, or the pattern is of a folder of Assay's own.
    """
    matches = sorted(Path(name) for name in glob.glob(pattern, recursive=True))  # noqa: PTH207 - the pattern may be absolute
    if not matches:
        raise InputError("no such file or folder", fix="check the name", file=Path(pattern))
    named = Path(*takewhile(lambda part: not glob.has_magic(part), Path(pattern).parts))
    _check_no_dataset(named)
    # What lies above the folder that is named says nothing of what is in it.
    folders = {folder for match in matches for folder in (match, *match.parents)}
    own: set[Path] = set()
    for folder in sorted(folders - set(named.parents)):
        if own.isdisjoint(folder.parents) and (told := _made_by_assay(folder)):
            own.add(folder)
            skipped[folder.relative_to(named).as_posix()] = told
    for match in matches:
        if not own.isdisjoint((match, *match.parents)):
            continue
        if match.is_dir():
            _search(match, found, skipped)
        else:
            found.append(InputFile(match, match.name, named=True))


def _search(folder: Path, found: list[InputFile], skipped: dict[str, str]) -> None:
    _check_no_dataset(folder)
    own: set[Path] = set()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or not own.isdisjoint(path.parents):
            continue
        if path.is_dir():
            if told := _made_by_assay(path):
                own.add(path)
                skipped[relative.as_posix()] = told
        elif not path.is_file():
            reason = "a link that leads nowhere" if path.is_symlink() else "not a regular file"
            skipped[relative.as_posix()] = reason
        elif is_data_name(path.name):
            found.append(InputFile(path, relative.as_posix(), named=False))
        else:
            skipped[relative.as_posix()] = "not a data file by its name"


def _check_regular(path: Path) -> None:
    """A file is read several times: a pipe cannot be.

    Raises:
        InputError: It is a pipe or a device.
    """
    if not path.is_file():
        raise InputError("this is no regular file", fix="write it to a file first", file=path)


def _made_by_assay(folder: Path) -> str:
    """What of Assay's own a folder holds; empty where it is an export.

    Read as exports, its tables would count all rows again, and every account would get a double
    that does the same things at the same moments.
    """
    dataset, run = Dataset(folder), RunFolder(folder)
    if all(part.is_file() for part in (dataset.posts, dataset.accounts, dataset.shares)):
        return "a dataset of Assay's own"
    results = ((run.edges, run.edge_tests), (run.run, run.findings))
    if any(all(part.is_file() for part in parts) for parts in results):
        return "results of an earlier run"
    return ""


def _check_no_dataset(folder: Path) -> None:
    """Refuse a folder that is named and holds no exports.

    Raises:
        InputError: The folder holds the parts of a dataset, or the results of a run.
    """
    own = _made_by_assay(folder)
    if not own:
        return
    dataset = Dataset(folder)
    if not dataset.shares.is_file():
        raise InputError(
            f"the folder holds {own}",
            fix="give its folder `dataset`, or the exports it came from",
            file=folder,
        )
    if dataset.manifest.exists():
        raise InputError(
            "the folder is a dataset already",
            fix="give it alone to assay scan or assay detect, or import the exports it came from",
            file=folder,
        )
    raise InputError(
        "the folder holds a dataset without its manifest.json",
        fix="make the dataset again with `assay import`: what it was made from is not told",
        file=folder,
    )


def is_data_name(name: str) -> bool:
    """Whether a file's name says that it holds data."""
    plain = name.lower()
    for ending in _COMPRESSIONS:
        plain = plain.removesuffix(ending)
    return plain.endswith(_DATA)


def _told_apart(files: list[InputFile]) -> list[InputFile]:
    """Sources made unique: two folders may hold files of the same name."""
    seen: dict[str, int] = {}
    result: list[InputFile] = []
    for file in files:
        repeat = seen[file.source] = seen.get(file.source, 0) + 1
        source = file.source if repeat == 1 else f"{file.source} ({repeat})"
        result.append(replace(file, source=source))
    return result


def parameters_shown(parameters: Mapping[str, object]) -> dict[str, str]:
    """Parameters as the manifest holds them; what was not told is left out."""
    return {name: str(value) for name, value in parameters.items() if value not in (None, (), "")}
