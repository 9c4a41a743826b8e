"""From files to a dataset: the function that everything else calls.

Everything grows in a hidden folder beside the target and is moved into place whole. Files that
an interrupted import finished are not read again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from assay import __version__
from assay.engine.account_tables import Connection, append_rejects, merge_profiles
from assay.engine.alone import alone_in
from assay.engine.assembly import Assembly
from assay.engine.byte_source import check_encoding
from assay.engine.connection import open_connection
from assay.engine.staging import DONE_NAME, Folder
from assay.engine.write import file_sha256, write_json
from assay.errors import InputError, UsageError
from assay.importers.accounts import ACCOUNT_FIELDS
from assay.importers.inputs import InputFile, find_inputs
from assay.importers.json_shape import EmptyFile
from assay.importers.mapping import ColumnsMissing
from assay.importers.one_file import FileImport, told_parameters
from assay.importers.report import FileReport, ImportOptions, ImportSummary
from assay.importers.unshortened import read_unshortened
from assay.model.dataset import Dataset
from assay.model.progress import Progress
from assay.text.dates import check_zone

DEFAULT_MEMORY_BYTES = 1_000_000_000
"""What the engine may use when the user says nothing; the rows in flight come on top."""


def import_files(
    inputs: Sequence[str | Path], out: Path, options: ImportOptions, progress: Progress
) -> ImportSummary:
    """Read files of posts or shares into a dataset.

    Args:
        inputs: Files, folders and patterns.
        out: The dataset's folder; an older dataset there is replaced once the new one is whole.
        options: What the user says about the files.
        progress: Told how far the reading is and what was found.

    Raises:
        InputError: A file cannot be used.
        UsageError: The options make no sense, ``out`` is a folder of something else, or another
            import writes into it.
        CheckFailed: Rows read are not rows kept plus rows rejected.
    """
    _check_target(out)
    with alone_in(out, out.with_name(f".{out.name}.lock")):
        return _import_alone(inputs, out, options, progress)


def _import_alone(
    inputs: Sequence[str | Path], out: Path, options: ImportOptions, progress: Progress
) -> ImportSummary:
    if options.timezone is not None:
        check_zone(options.timezone)
    if options.encoding is not None:
        check_encoding(options.encoding)
    files, skipped = find_inputs(inputs, options.accounts)
    unshortened = read_unshortened(options.unshortened) if options.unshortened else {}
    work = out.with_name(f".{out.name}.importing")
    work.mkdir(parents=True, exist_ok=True)
    try:
        task = FileImport(_connection(options, work), work, options, unshortened, progress)
        summary = _read_and_assemble(task, files, skipped)
        _move_into_place(work / "dataset", out)
    except BaseException:
        # What is finished is kept for the next call; an empty shell helps nobody.
        if not any(work.glob(f"*/{DONE_NAME}")):
            shutil.rmtree(work, ignore_errors=True)
        raise
    shutil.rmtree(work, ignore_errors=True)
    return summary


def _connection(options: ImportOptions, work: Path) -> Connection:
    return open_connection(
        options.threads, options.memory_bytes or DEFAULT_MEMORY_BYTES, str(work / "spill")
    )


def _read_and_assemble(
    task: FileImport, files: Sequence[InputFile], skipped: dict[str, str]
) -> ImportSummary:
    """Read every file and make the dataset, not yet in its place."""
    read: list[tuple[FileReport, Folder]] = []
    refused: list[InputError] = []
    passed_over: dict[str, str] = {}
    for file in files:
        try:
            read.append(task.read(file))
        except (ColumnsMissing, EmptyFile) as error:
            if file.named:
                raise
            refused.append(error)
            skipped[file.source] = error.message
            passed_over[file.source] = file_sha256(file.path)
    if not read:
        raise refused[0]
    for source, reason in skipped.items():
        task.progress.note(f"skipped {source}: {reason}")
    _check_account_fields(task.options, read)
    summary = replace(_assemble(task, read), skipped=skipped, passed_over=passed_over)
    write_json(Dataset(task.work / "dataset").manifest, manifest(summary))
    return summary


def dataset_made_from(inputs: Sequence[str | Path], out: Path, options: ImportOptions) -> bool:
    """Whether the dataset in ``out`` was made by this version from these very files and options.

    Raises:
        InputError: An input does not exist.
    """
    made = Dataset(out)
    if not made.manifest.exists():
        return False
    told = json.loads(made.manifest.read_text(encoding="utf-8"))
    files, _ = find_inputs(inputs, options.accounts)
    parts = [(one["source"], one["sha256"]) for one in told["inputs"]]
    known = {*parts, *told.get("passed_over", {}).items()}
    found = [(file.source, file_sha256(file.path)) for file in files]
    return bool(
        told.get("assay_version") == __version__
        and told.get("parameters") == told_parameters(options)
        and set(found) <= known
        and [one for one in found if one in set(parts)] == parts
    )


def _assemble(task: FileImport, read: list[tuple[FileReport, Folder]]) -> ImportSummary:
    """Join the folders of all files; what was skipped is told by the caller."""
    shares = sum(report.shares for report, _ in read)
    task.progress.stage("sorting and writing the dataset", shares, "shares")
    target = Dataset(task.work / "dataset")
    shutil.rmtree(target.folder, ignore_errors=True)
    target.folder.mkdir()
    profiles = [folder for report, folder in read if report.time_resolution_s is None]
    # Tables of accounts alone make a dataset too: one without posts and shares.
    joined = [folder for _, folder in read if folder not in profiles] or profiles
    assembly = Assembly(task.connection, joined, target, task.progress)
    assembly.run()
    accounts = assembly.accounts
    if profiles:
        task.progress.stage("merging the tables of accounts")
        accounts = merge_profiles(task.connection, target, profiles)
        append_rejects(target, [folder for folder in profiles if folder not in joined])
    repeated = {joined[number]: count for number, count in assembly.repeated.items()}
    files = tuple(
        replace(
            report,
            kept=report.kept - repeated.get(folder, 0),
            rejected=report.rejected + repeated.get(folder, 0),
        )
        for report, folder in read
    )
    for report in files:
        task.progress.note(_told(report))
    return ImportSummary(
        files=files,
        skipped={},
        posts=assembly.posts,
        accounts=accounts,
        shares=assembly.share_counts,
        merged_shares=assembly.merged_shares,
        time_resolution_s=max((report.time_resolution_s or 0.0 for report in files), default=0.0),
        parameters=told_parameters(task.options),
    )


def _told(report: FileReport) -> str:
    bare = report.without_shares
    return (
        f"{report.source}: {report.read} rows read = {report.kept} kept + "
        f"{report.rejected} rejected"
        + (f"; {bare} of the kept name nothing to share" if bare else "")
    )


def _check_account_fields(options: ImportOptions, read: list[tuple[FileReport, Folder]]) -> None:
    """What is told of accounts alone must have been used.

    Raises:
        UsageError: No table of accounts was read, or none has the column.
    """
    used = {pair for report, _ in read for pair in report.mapping.items()}
    for field, column in options.mapping:
        if field in ACCOUNT_FIELDS and (field, column) not in used:
            raise UsageError(
                f"no table of accounts has a column {column!r} for {field}",
                fix="name the table with --accounts FILE, and one of its columns",
            )


def manifest(summary: ImportSummary) -> dict[str, Any]:
    """What ``manifest.json`` says about a dataset."""
    return {
        "assay_version": __version__,
        "inputs": [asdict(file) for file in summary.files],
        "skipped": dict(summary.skipped),
        "passed_over": dict(summary.passed_over),
        "parameters": dict(summary.parameters),
        "rows": {"read": summary.read, "kept": summary.kept, "rejected": summary.rejected},
        "without_shares": summary.without_shares,
        "posts": summary.posts,
        "accounts": summary.accounts,
        "shares": dict(summary.shares),
        "merged_shares": summary.merged_shares,
        "time_resolution_s": summary.time_resolution_s,
        # Nobody has told yet how the data were collected; a query would be named here.
        "collection": None,
    }


def _check_target(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file", fix="name a folder for the dataset")
    if out.is_dir() and any(out.iterdir()) and not Dataset(out).manifest.exists():
        raise UsageError(
            f"{out} holds something other than a dataset", fix="name a new or empty folder"
        )


def _move_into_place(made: Path, out: Path) -> None:
    if not out.exists():
        made.replace(out)
        return
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    out.replace(old)
    made.replace(out)
    shutil.rmtree(old)
