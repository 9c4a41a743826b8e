"""A finished run and its data as one file that a stranger can check and rerun."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assay.bundle.contents import (
    CHECKSUMS,
    DATASET_PARTS,
    DESCRIPTION,
    READ_ME,
    Description,
    Listed,
    checksums,
    list_file,
)
from assay.bundle.dehydrate import TAKEN_OUT, dehydrate_dataset, dehydrate_posts
from assay.bundle.history import read_history, settings_tried
from assay.bundle.method import method_pages
from assay.bundle.read_me import read_me
from assay.engine.read_back import json_back
from assay.engine.stored_zip import Member, write_archive
from assay.errors import InputError
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Progress

_NEEDED = ("run", "edges", "edge_tests", "network", "network_accounts", "communities", "findings")


PICTURE_MAKER = "resvg-py"
"""Draws the pictures: the same version gives the same bytes on every machine."""


@dataclass(frozen=True)
class PackOptions:
    """How a bundle is packed.

    Attributes:
        operator: Who ran it, as they wish to be named; never taken from the machine.
        note: What whoever packs it wants to say; shown by ``assay verify``.
        dehydrate: Leave out texts and names; keep ids and hashes.
    """

    operator: str | None = None
    note: str | None = None
    dehydrate: bool = False


@dataclass(frozen=True)
class PackSummary:
    """What was packed.

    Attributes:
        path: The bundle.
        bytes: Its size.
        sha256: Of ``SHA256SUMS`` inside it: one number that stands for all files, to be told to
            others or stamped.
        files: Files in it.
        description: Its ``bundle.json``.
    """

    path: Path
    bytes: int
    sha256: str
    files: int
    description: Description


def pack(
    run: RunFolder, dataset: Dataset, out: Path, options: PackOptions, progress: Progress
) -> PackSummary:
    """Write a bundle, whole or not at all; nothing is held in memory but pieces of files.

    The same run, options and installation give the same bytes.

    Args:
        run: A finished run.
        dataset: The data that it read.
        out: The file to write.
        options: How.
        progress: Told how far it is.

    Raises:
        InputError: The run or its dataset is not whole, or cannot be dehydrated.
    """
    record = _finished(run, dataset)
    if options.dehydrate and run.identities.exists():
        raise InputError(
            "the run has findings about names; these cannot do without names, which --dehydrate "
            "takes out",
            fix="pack it whole, or scan into another folder without --identities and pack that",
            file=run.identities,
        )
    history = read_history(run.history)
    with tempfile.TemporaryDirectory(prefix=".assay-", dir=_folder_of(out)) as scratch:
        sources = dict(_sources(run, dataset, options, Path(scratch), progress))
        progress.stage("Checksums", sum(path.stat().st_size for path in sources.values()), "B")
        listed: list[Listed] = []
        for name, path in sorted(sources.items()):
            listed.append(list_file(name, path))
            progress.advance(listed[-1].bytes)
        description = Description(
            version=str(record.get("version")),
            operator=options.operator,
            dehydrated=options.dehydrate,
            note=options.note,
            runs=len(history),
            settings=settings_tried(history),
            packed_with=_versions(),
            report_assets=report_assets() if run.report.name in sources else None,
            files=tuple(listed),
        )
        written: dict[str, bytes] = {READ_ME: read_me(description).encode()}
        description = _with_read_me(description, written[READ_ME])
        written[DESCRIPTION] = description.as_bytes()
        hashes = [(one.path, one.sha256) for one in description.files]
        hashes.append((DESCRIPTION, list_file(DESCRIPTION, written[DESCRIPTION]).sha256))
        written[CHECKSUMS] = checksums(hashes)
        progress.stage("Packing", sum(one.bytes for one in listed), "B")
        members = [Member(name, source) for name, source in sources.items()]
        members += [Member(name, content) for name, content in written.items()]
        write_archive(out, members)
    return PackSummary(
        path=out,
        bytes=out.stat().st_size,
        sha256=list_file(CHECKSUMS, written[CHECKSUMS]).sha256,
        files=len(members),
        description=description,
    )


def _with_read_me(description: Description, text: bytes) -> Description:
    files = sorted((*description.files, list_file(READ_ME, text)), key=lambda one: one.path)
    return replace(description, files=tuple(files))


def _folder_of(out: Path) -> Path:
    folder = out.absolute().parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _finished(run: RunFolder, dataset: Dataset) -> dict[str, object]:
    """``run.json`` of a run that is whole.

    Raises:
        InputError: A part is missing.
    """
    missing = [getattr(run, name).name for name in _NEEDED if not getattr(run, name).is_file()]
    if missing:
        raise InputError(
            f"the folder holds no finished run: it lacks {', '.join(missing)}",
            fix="run `assay scan … -o OUT` to its end, and name that OUT",
            file=run.folder,
        )
    lacking = [name for name in DATASET_PARTS if not (dataset.folder / name).is_file()]
    if lacking:
        raise InputError(
            f"the run's dataset is not here: {', '.join(lacking)} is missing",
            fix="if the run was made from a dataset of `assay import`, name it with --dataset",
            file=dataset.folder,
        )
    return json_back(run.run)


def _sources(
    run: RunFolder, dataset: Dataset, options: PackOptions, scratch: Path, progress: Progress
) -> Iterator[tuple[str, Path]]:
    """Names in the bundle, and the files that go there."""
    yield from method_pages().items()
    yield from _run_files(run, options.dehydrate)
    for name in DATASET_PARTS:
        yield f"dataset/{name}", dataset.folder / name
    if options.dehydrate:
        progress.stage("Taking texts and names out")
        target = Dataset(scratch / "dataset")
        dehydrate_dataset(dataset, target)
        for name in TAKEN_OUT:
            yield f"dataset/{name}.parquet", getattr(target, name)
        yield "dataset/hashes.parquet", target.folder / "hashes.parquet"
        for posts in sorted(run.evidence.glob("*/posts.parquet")):
            name = f"evidence/{posts.parent.name}/posts.parquet"
            dehydrate_posts(posts, scratch / name)
            yield name, scratch / name


def _run_files(run: RunFolder, dehydrate: bool) -> Iterator[tuple[str, Path]]:
    """What a run left; a dehydrated bundle has neither pages nor pictures, which show texts."""
    for path in sorted(run.folder.glob("*.parquet")):
        yield path.name, path
    for path in (run.run, run.findings, run.history, run.identities):
        if path.exists():
            yield path.name, path
    for path in sorted(run.evidence.rglob("*")):
        # Checksums of the files as they were would not fit what is left of them.
        if path.is_file() and not (dehydrate and path.name == CHECKSUMS):
            yield f"evidence/{path.relative_to(run.evidence).as_posix()}", path
    if dehydrate:
        return
    if run.report.exists():
        yield run.report.name, run.report
    for path in sorted(run.pictures.glob("*")):
        if path.is_file():
            yield f"pictures/{path.name}", path


def _versions() -> dict[str, str]:
    """Of Assay and of what computes its figures."""
    import platform
    from importlib import metadata

    names = (
        "assay",
        "duckdb",
        "graspologic-native",
        "ibis-framework",
        "numba",
        "numpy",
        "pyarrow",
        PICTURE_MAKER,
    )
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in names}


def picture_maker() -> tuple[str, str]:
    """Name and version of what draws pictures here."""
    from importlib import metadata

    return PICTURE_MAKER, metadata.version(PICTURE_MAKER)


def report_assets() -> str:
    """SHA-256 of the report's script and style, which decide the bytes of the page."""
    import hashlib

    from assay.report import assets

    return hashlib.sha256((assets.script() + "\0" + assets.style()).encode()).hexdigest()
