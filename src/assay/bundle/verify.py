"""Check a bundle: files unchanged, every figure made again from the data, evidence in its place."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay import __version__
from assay.bundle.compare import compare_tables
from assay.bundle.contents import CHECKSUMS, DATASET_PARTS, read_findings
from assay.bundle.dehydrate import TAKEN_OUT, dehydrate_dataset
from assay.bundle.history import read_history, told_run
from assay.bundle.integrity import check_files
from assay.bundle.members import check_members
from assay.bundle.rerun_checks import Rerun, as_check, check_rerun
from assay.bundle.stamp_checks import check_stamps
from assay.bundle.unpacked import Unpacked
from assay.bundle.verdict import FIGURES, Check, Verdict, first_line
from assay.engine.write import file_sha256
from assay.errors import InputError
from assay.model.dataset import Dataset
from assay.model.progress import Progress


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
        bundle: From :func:`assay.bundle.unpacked.unpacked`.
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
    figures = check_rerun(bundle, rerun, progress)
    checks += figures
    stopped = [one.outcome for one in figures if one.name == FIGURES]
    checks += check_members(
        bundle, progress, rerun=not stopped, same_method="not done" not in stopped
    )
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
            wrong.append(f"{one.path}: cannot be read as a table: {first_line(error)}")
    return Check(name, "different" if wrong else "same", f"{len(tables)} tables by content hash",
                 tuple(wrong))  # fmt: skip


def _check_references(bundle: Unpacked) -> Check:
    """Each finding's evidence: the file is there, with the hash and rows that it cites."""
    name = "Findings cite the evidence that is there"
    try:
        findings = read_findings(bundle.run.findings)
    except InputError as error:
        return Check(name, "different", "", (error.message,))
    wrong, cited, by_hash = [], 0, 0
    for finding in findings:
        for reference in finding["evidence"]:
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
    """Rows of a table; a file that is no table counts as one."""
    if path.suffix != ".parquet":
        return 1
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        # Told as "None rows" against those cited; the checks of content name the reason.
        return None


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
                wrong = f"dataset/{part}: {first_line(error)}"
                checks.append(Check(name, "different", "", (wrong,)))
            else:
                checks.append(as_check(compared, same_version=True))
    return checks


def _tried(bundle: Unpacked) -> tuple[str, ...]:
    """One line for each run in the history."""
    try:
        runs = read_history(bundle.run.history)
    except InputError as error:
        return (error.message,)
    return tuple(told_run(number, run) for number, run in enumerate(runs, 1))
