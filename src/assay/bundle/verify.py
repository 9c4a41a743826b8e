"""Check a bundle: files unchanged, every figure made again from the data, evidence in its place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay import __version__
from assay.bundle.archive import extract, opened_archive
from assay.bundle.compare import MOST_SHOWN, Compared, compare_records, compare_tables
from assay.bundle.contents import (
    CHECKSUMS,
    DATASET_PARTS,
    DESCRIPTION,
    Description,
    read_description,
    read_json,
)
from assay.bundle.dehydrate import TAKEN_OUT, dehydrate_dataset
from assay.bundle.history import read_history
from assay.bundle.integrity import check_files
from assay.bundle.stamp_checks import check_stamps
from assay.bundle.verdict import Check, Verdict
from assay.engine.write import file_sha256
from assay.errors import AssayError, InputError
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Progress

Rerun = Callable[[Dataset, RunFolder, Mapping[str, Any]], None]
"""Runs the detection with the parameters of a ``run.json`` and leaves a finished run."""

_PAIR = ("account_a", "account_b")
KEYS: dict[str, tuple[str, ...]] = {
    "edges.parquet": ("kind", "window_s", *_PAIR),
    "edge_tests.parquet": ("kind", "window_s", *_PAIR, "delta_s"),
    "network.parquet": _PAIR,
    "network_accounts.parquet": ("account_id",),
    "communities.parquet": ("community",),
}
"""By which columns the rows of a table are told apart."""

NOT_RESULTS = frozenset({"command", "input", "engine", "version"})
"""Parts of ``run.json`` that tell how the run was called. The version is compared by itself."""

EVIDENCE_BYTES = frozenset({"findings[].evidence[].sha256", "findings[].method.version"})
"""The bytes of evidence files differ between versions of the Parquet writer; their content is
compared, and the bundle's own files against these very hashes."""


@dataclass(frozen=True)
class Unpacked:
    """A bundle unpacked into a folder of its own.

    Attributes:
        path: The archive.
        folder: Where its files lie, as a run folder does.
        description: ``bundle.json``.
        crc32: The archive's own checksums, by name.
        damaged: Members that could not be unpacked, and why.
    """

    path: Path
    folder: Path
    description: Description
    crc32: Mapping[str, int]
    damaged: tuple[tuple[str, str], ...]

    @property
    def run(self) -> RunFolder:
        """The results in it."""
        return RunFolder(self.folder)


@contextmanager
def unpacked(path: Path, progress: Progress) -> Iterator[Unpacked]:
    """Unpack a bundle that may be hostile into a temporary folder.

    Raises:
        InputError: It is no bundle, or one that this version cannot read.
    """
    with tempfile.TemporaryDirectory(prefix="assay-bundle-") as scratch:
        folder = Path(scratch) / "bundle"
        folder.mkdir()
        with opened_archive(path) as archive:
            if DESCRIPTION not in archive.namelist():
                raise InputError(
                    f"the archive holds no {DESCRIPTION}: it is no bundle of Assay",
                    fix="name a file made by `assay bundle`",
                    file=path,
                )
            progress.stage("Unpacking")
            damaged = extract(archive, folder, path)
            crc32 = {info.filename: info.CRC for info in archive.infolist()}
        yield Unpacked(path, folder, read_description(folder), crc32, tuple(damaged))


@dataclass(frozen=True)
class Against:
    """What the user holds and the bundle is checked against.

    Attributes:
        dataset: Data, to be compared with the bundle's; needed to check what a dehydrated bundle
            leaves out.
        certificates: A PEM file with the certificates of authorities whose time stamps count.
    """

    dataset: Dataset | None = None
    certificates: Path | None = None


def verify(bundle: Unpacked, rerun: Rerun, against: Against, progress: Progress) -> Verdict:
    """Every check of a bundle, none stopped by the failure of another.

    Args:
        bundle: From :func:`unpacked`.
        rerun: Runs the detection.
        against: What the user holds.
        progress: Told how far it is.
    """
    progress.stage("Comparing checksums")
    checks = [
        check_files(bundle.folder, bundle.description, dict(bundle.crc32), list(bundle.damaged))
    ]
    checks.append(_check_content(bundle))
    checks.append(_check_references(bundle))
    progress.stage("Running the detection again")
    checks += _check_rerun(bundle, rerun, progress)
    checks += _check_dataset(bundle, against.dataset)
    checks += check_stamps(bundle.folder, against.certificates)
    return Verdict(
        description=bundle.description,
        version=__version__,
        checks=tuple(checks),
        tried=_tried(bundle),
        fingerprint=(
            file_sha256(bundle.folder / CHECKSUMS) if (bundle.folder / CHECKSUMS).is_file() else ""
        ),
    )


def _check_content(bundle: Unpacked) -> Check:
    """The content hash of each table, which does not depend on how its file was written."""
    from assay.engine.content import parquet_content_hash

    name = "Tables say what they said"
    wrong = []
    tables = [one for one in bundle.description.files if one.content_sha256 is not None]
    for one in tables:
        path = bundle.folder / one.path
        if not path.is_file():
            continue
        try:
            if parquet_content_hash(path) != one.content_sha256:
                wrong.append(f"{one.path}: its content is not the one that was packed")
        except (pa.ArrowException, OSError) as error:
            wrong.append(f"{one.path}: cannot be read as a table: {_first_line(error)}")
    return Check(name, "different" if wrong else "same", f"{len(tables)} tables by content hash",
                 tuple(wrong))  # fmt: skip


def _check_references(bundle: Unpacked) -> Check:
    """Each finding's evidence: the file is there, with the hash and rows that it cites."""
    name = "Findings cite the evidence that is there"
    try:
        findings = read_json(bundle.run.findings, "findings.json").get("findings") or []
    except InputError as error:
        return Check(name, "different", "", (str(error.message),))
    wrong, cited, by_hash = [], 0, 0
    for finding in findings:
        for reference in finding.get("evidence") or ():
            cited += 1
            path = bundle.folder / str(reference.get("path"))
            if not path.is_file() or not path.resolve().is_relative_to(bundle.folder.resolve()):
                wrong.append(f"{reference.get('path')}: is cited and not there")
                continue
            rows = _rows(path)
            if rows != reference.get("rows"):
                wrong.append(f"{reference['path']}: {rows} rows; the finding cites "
                             f"{reference.get('rows')}")  # fmt: skip
            elif bundle.description.dehydrated and path.name == "posts.parquet":
                by_hash += 1
            elif file_sha256(path) != reference.get("sha256"):
                wrong.append(f"{reference['path']}: is not the file that the finding cites")
    detail = f"{cited:,} tables of evidence behind {len(findings):,} findings"
    if by_hash:
        detail += f"; {by_hash:,} of them without their texts, by number of rows alone"
    return Check(name, "different" if wrong else "same", detail, tuple(wrong))


def _rows(path: Path) -> int | None:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        return None


def _check_rerun(bundle: Unpacked, rerun: Rerun, progress: Progress) -> list[Check]:
    """Run again, and compare every figure of every file."""
    name = "Every figure comes out again"
    with tempfile.TemporaryDirectory(prefix="assay-again-") as scratch:
        again = RunFolder(Path(scratch))
        try:
            record = read_json(bundle.run.run, "run.json")
            rerun(bundle.run.dataset, again, record)
            new_record = read_json(again.run, "run.json")
        except (AssayError, pa.ArrowException) as error:
            return [Check(name, "different", "the run could not be made again",
                          (_first_line(error),))]  # fmt: skip
        progress.stage("Comparing every figure")
        checks = [_check_version(record)]
        for one in _compared(bundle, again, (record, new_record)):
            checks.append(_as_check(one, _same_version(record)))
        checks.append(_check_report(bundle, progress))
        return checks


def _same_version(record: Mapping[str, Any]) -> bool:
    return record.get("version") == __version__


def _check_version(record: Mapping[str, Any]) -> Check:
    name = "Version of Assay"
    if _same_version(record):
        return Check(name, "same", f"{__version__}, then and now")
    return Check(
        name,
        "not done",
        f"the bundle was made with {record.get('version')}, this is {__version__}: figures are "
        "compared within 12 significant digits, and a difference may come from the change of "
        f"version. For a full check: pip install assay=={record.get('version')}",
    )


def _compared(
    bundle: Unpacked, again: RunFolder, records: tuple[dict[str, Any], dict[str, Any]]
) -> Iterator[Compared | Check]:
    record, new_record = records
    left = {name: value for name, value in record.items() if name not in NOT_RESULTS}
    right = {name: value for name, value in new_record.items() if name not in NOT_RESULTS}
    yield compare_records("run.json", left, right)
    try:
        findings = read_json(bundle.run.findings, "findings.json")
    except InputError as error:
        yield Check("findings.json", "different", "", (error.message,))
    else:
        yield compare_records(
            "findings.json", findings, read_json(again.findings, "findings.json"), EVIDENCE_BYTES
        )
    for name in _table_names(bundle.folder, again.folder):
        in_bundle, new = bundle.folder / name, again.folder / name
        if not in_bundle.is_file() or not new.is_file():
            where = "is not in the bundle" if new.is_file() else "does not come out again"
            yield Check(name, "different", "", (f"{name}: {where}",))
            continue
        try:
            yield compare_tables(name, in_bundle, new, KEYS.get(Path(name).name, ()))
        except (pa.ArrowException, OSError) as error:
            yield Check(name, "different", "", (f"{name}: {_first_line(error)}",))


def _table_names(*folders: Path) -> list[str]:
    """Result tables and evidence in either folder."""
    names: set[str] = set()
    for folder in folders:
        for pattern in ("*.parquet", "evidence/*/*.parquet"):
            names |= {path.relative_to(folder).as_posix() for path in folder.glob(pattern)}
    return sorted(names)


def _as_check(one: Compared | Check, same_version: bool) -> Check:
    if isinstance(one, Check):
        return one
    rows = "" if one.rows is None else f"{one.rows:,} rows, "
    if one.same_hash:
        how = "every value equal" if one.rows is None else "the same content hash"
        return Check(one.file, "same", f"{rows}{how}")
    detail = f"{rows}compared value by value"
    if one.last_digit:
        detail += f"; {one.last_digit:,} figures differ in the twelfth digit alone"
    if len(one.differences) == MOST_SHOWN:
        detail += f"; the first {MOST_SHOWN} differences are shown"
    if not same_version and one.differences:
        detail += "; another version of Assay was used"
    return Check(one.file, "different" if one.differences else "same", detail,
                 tuple(map(str, one.differences)))  # fmt: skip


def _check_report(bundle: Unpacked, progress: Progress) -> Check:
    """The page and its drawings are a function of the files: written again, they must be equal."""
    from assay.bundle.pack import report_assets
    from assay.report.page import write_report

    name = "report.html"
    if not bundle.run.report.is_file():
        why = "dehydrated" if bundle.description.dehydrated else "it was not written"
        return Check(name, "not done", f"the bundle holds no report ({why})")
    if bundle.description.report_assets != report_assets():
        return Check(name, "not done", "the report's script or style is of another build; its "
                     "figures stand in the tables, which were compared")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="assay-report-", dir=bundle.folder.parent) as scratch:
        again = RunFolder(Path(scratch) / "run")
        # Second names, not copies: the folders lie on one disk. What is written again must have
        # none, or the new drawing would take the place of the one it is compared with.
        written_again = shutil.ignore_patterns(again.report.name, "pictures")
        shutil.copytree(bundle.folder, again.folder, ignore=written_again, copy_function=os.link)
        try:
            write_report(again, progress)
        except (AssayError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
            # The page reads JSON that anyone may have written; whatever it stumbles over is told.
            return Check(name, "different", "cannot be written again", (_first_line(error),))
        wrong = [
            f"{one}: differs from byte {place:,} on"
            for one in ("report.html", *_drawings(bundle.folder, again.folder))
            if (place := _first_difference(bundle.folder / one, again.folder / one)) is not None
        ]
    detail = "the page and its drawings, written again from the bundle's tables"
    return Check(name, "different" if wrong else "same", detail, tuple(wrong))


def _drawings(*folders: Path) -> list[str]:
    """Names of the vector drawings in either folder."""
    return sorted(
        {f"pictures/{path.name}" for one in folders for path in one.glob("pictures/*.svg")}
    )


def _first_difference(one: Path, other: Path) -> int | None:
    """The first byte in which two files differ; None if they are equal."""
    if not one.is_file() or not other.is_file():
        return 0
    mine, yours = one.read_bytes(), other.read_bytes()
    if mine == yours:
        return None
    places = (place for place, (x, y) in enumerate(zip(mine, yours, strict=False)) if x != y)
    return next(places, min(len(mine), len(yours)))


def _check_dataset(bundle: Unpacked, dataset: Dataset | None) -> list[Check]:
    """The bundle's data against those that the user holds."""
    name = "Data are those that you hold"
    if dataset is None:
        if not bundle.description.dehydrated:
            return []
        return [
            Check(
                "Texts and names",
                "not done",
                "this bundle is dehydrated: the detection was run again on its shares, but texts "
                "and names are known by their hashes alone, and the rows of evidence were compared "
                "without them. With the data at hand: --dataset FOLDER",
            )
        ]
    checks = []
    with tempfile.TemporaryDirectory(prefix="assay-data-") as scratch:
        held, parts = dataset.folder, [name for name in DATASET_PARTS if name.endswith(".parquet")]
        places = {part: held / part for part in parts}
        if bundle.description.dehydrated:
            target = Dataset(Path(scratch))
            dehydrate_dataset(dataset, target)
            places |= {f"{one}.parquet": getattr(target, one) for one in TAKEN_OUT}
            places["hashes.parquet"] = target.folder / "hashes.parquet"
        for part, path in places.items():
            try:
                compared = compare_tables(f"dataset/{part}", bundle.folder / "dataset" / part, path)
            except (pa.ArrowException, OSError) as error:
                wrong = f"dataset/{part}: {_first_line(error)}"
                checks.append(Check(name, "different", "", (wrong,)))
            else:
                checks.append(_as_check(compared, same_version=True))
    return checks


def _tried(bundle: Unpacked) -> tuple[str, ...]:
    """One line for each run in the history."""
    try:
        runs = read_history(bundle.run.history)
    except InputError as error:
        return (error.message,)
    return tuple(told_run(number, run) for number, run in enumerate(runs, 1))


def told_run(number: int, run: Mapping[str, Any]) -> str:
    """A line of the history in words."""
    parameters = run.get("parameters") or {}
    results = run.get("results") or {}
    windows = ", ".join(f"{value:g} s" for value in parameters.get("windows_s") or ())
    return (
        f"run {number}: window {windows or 'not told'}, at least "
        f"{parameters.get('min_shared')} objects, threshold {parameters.get('fdr')}, kinds "
        f"{', '.join(parameters.get('kinds') or ())}: {results.get('kept')} pairs kept, "
        f"{results.get('findings')} findings"
    )


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
