"""From files to a dataset: the function that everything else calls.

Everything grows in a hidden folder beside the target and is moved into place whole. Files that
an interrupted import finished are not read again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from assay import __version__
from assay.engine.derive import PostDeriver, RowRules, open_connection
from assay.engine.derive_shares import ShareDeriver
from assay.engine.read import RawReject
from assay.engine.staging import Assembly, Folder, FolderWriter
from assay.engine.write import file_sha256, write_json
from assay.errors import CheckFailed, InputError, UsageError
from assay.importers.base import Importer, Reading
from assay.importers.container import Container, open_container
from assay.importers.inputs import InputFile, find_inputs, parameters_shown
from assay.importers.mapping import ColumnsMissing
from assay.importers.registry import all_importers, importer_named
from assay.importers.report import FileReport, ImportOptions, ImportSummary
from assay.importers.unshortened import read_unshortened
from assay.model.dataset import Dataset
from assay.model.progress import Progress
from assay.text.dates import LATEST_MARGIN_S, check_zone

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
        UsageError: The options make no sense, or ``out`` is a folder of something else.
        CheckFailed: Rows read are not rows kept plus rows rejected.
    """
    _check_target(out)
    if options.timezone is not None:
        check_zone(options.timezone)
    files, skipped = find_inputs(inputs)
    unshortened = read_unshortened(options.unshortened) if options.unshortened else {}
    work = out.with_name(f".{out.name}.importing")
    work.mkdir(parents=True, exist_ok=True)
    connection = open_connection(
        options.threads, options.memory_bytes or DEFAULT_MEMORY_BYTES, str(work / "spill")
    )
    task = _Task(connection, work, options, unshortened, progress)
    reports: list[FileReport] = []
    folders: list[Folder] = []
    refused: list[ColumnsMissing] = []
    for file in files:
        try:
            report, folder = task.read(file)
        except ColumnsMissing as error:
            if file.named:
                raise
            refused.append(error)
            skipped[file.source] = error.message
            continue
        reports.append(report)
        folders.append(folder)
    if not reports:
        raise refused[0]
    for source, reason in skipped.items():
        progress.note(f"skipped {source}: {reason}")
    summary = _assemble(task, reports, folders, skipped)
    _move_into_place(work / "dataset", out)
    shutil.rmtree(work, ignore_errors=True)
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
    files, _ = find_inputs(inputs)
    return bool(
        told.get("assay_version") == __version__
        and told.get("parameters") == _parameters(options)
        and [(one["source"], one["sha256"]) for one in told["inputs"]]
        == [(file.source, file_sha256(file.path)) for file in files]
    )


@dataclass
class _Task:
    connection: duckdb.DuckDBPyConnection
    work: Path
    options: ImportOptions
    unshortened: dict[str, str]
    progress: Progress

    def read(self, file: InputFile) -> tuple[FileReport, Folder]:
        """One file into its own folder, unless an earlier run did it."""
        size = file.path.stat().st_size
        self.progress.stage(f"checksum of {file.source}", size, "B")
        sha256 = file_sha256(file.path)
        folder = Folder(self.work / _key(file, sha256, self.options))
        finished = folder.finished()
        if finished is not None:
            self.progress.note(f"{file.source}: read before, {finished['kept']} rows kept")
            return FileReport(**finished), folder
        shutil.rmtree(folder.path, ignore_errors=True)
        container = open_container(file.path, self.options.encoding)
        importer = _importer_for(container, self.options)
        reading = importer.open(container, self.options)
        _check_zone_known(reading, self.options, file)
        shown = ", ".join(f"{field} = {column}" for field, column in reading.mapping.items())
        self.progress.note(f"{file.source}: {importer.name}; {shown}")
        self.progress.stage(f"reading {file.source}", size, "B")
        report = self._fill(folder, file, container, reading, importer, sha256)
        folder.finish(asdict(report))
        return report, folder

    def _fill(
        self,
        folder: Folder,
        file: InputFile,
        container: Container,
        reading: Reading,
        importer: Importer,
        sha256: str,
    ) -> FileReport:
        rules = self._rules(file, reading, sha256)
        deriver = (
            ShareDeriver(self.connection, rules, reading.kinds, self.unshortened)
            if reading.kinds
            else PostDeriver(self.connection, rules, self.unshortened)
        )
        tally = _Tally()
        with FolderWriter(folder, file.source) as writer:
            for batch in reading.batches():
                tally.saw(batch.rows.tolist(), batch.rejects)
                writer.reject(batch.rejects)
                if len(batch.rows):
                    derived = deriver.derive(batch.fields, batch.rows)
                    tally.kept += derived.kept
                    writer.write(derived)
                self.progress.advance(container.consumed_bytes() - tally.consumed)
                tally.consumed = container.consumed_bytes()
            tally.check(writer.rejects, file)
            damage = container.damage()
            if damage:
                writer.reject([RawReject(None, None, damage, None)])
        notes = (*reading.notes, *([damage] if damage else []))
        for note in notes:
            self.progress.note(f"{file.source}: {note}")
        return FileReport(
            source=file.source,
            sha256=sha256,
            format=importer.name,
            mapping=dict(reading.mapping),
            read=tally.read,
            kept=tally.kept,
            rejected=tally.read - tally.kept,
            shares=writer.shares,
            time_resolution_s=reading.time.resolution_s,
            timezone=None if reading.time.zoned else rules.timezone,
            notes=notes,
        )

    def _rules(self, file: InputFile, reading: Reading, sha256: str) -> RowRules:
        now = self.options.now or datetime.now(UTC)
        return RowRules(
            source=file.source,
            id_prefix=sha256[:12],
            platform=(self.options.platform or reading.platform).lower(),
            time=reading.time,
            timezone=self.options.timezone or reading.timezone,
            latest=now + timedelta(seconds=LATEST_MARGIN_S),
            infer_reposts=reading.infer_reposts,
        )


@dataclass
class _Tally:
    """Counts rows as the reader numbers them, apart from what the writer counts."""

    read: int = 0
    kept: int = 0
    consumed: int = 0
    _sum: int = 0
    _last: int = 0

    def saw(self, rows: list[int], rejects: list[RawReject]) -> None:
        numbers = [*rows, *(reject.row for reject in rejects if reject.row is not None)]
        self.read += len(numbers)
        self._sum += sum(numbers)
        self._last = max(self._last, max(numbers, default=0))

    def check(self, rejected: int, file: InputFile) -> None:
        """Every row of the file was seen once, and is kept or rejected.

        Raises:
            CheckFailed: Not so.
        """
        each_once = self._last == self.read and self._sum == self.read * (self.read + 1) // 2
        if self.read != self.kept + rejected or not each_once:
            raise CheckFailed(
                f"{self.read} rows read up to row {self._last}, but {self.kept} kept and "
                f"{rejected} rejected",
                fix="please report this; nothing was written",
                file=file.source,
            )


def _assemble(
    task: _Task, reports: list[FileReport], folders: list[Folder], skipped: dict[str, str]
) -> ImportSummary:
    task.progress.stage("sorting and writing the dataset", sum(r.shares for r in reports), "shares")
    target = Dataset(task.work / "dataset")
    shutil.rmtree(target.folder, ignore_errors=True)
    target.folder.mkdir()
    assembly = Assembly(task.connection, folders, target, task.progress)
    assembly.run()
    files = tuple(
        replace(
            report,
            kept=report.kept - assembly.repeated.get(number, 0),
            rejected=report.rejected + assembly.repeated.get(number, 0),
        )
        for number, report in enumerate(reports)
    )
    for report in files:
        task.progress.note(
            f"{report.source}: {report.read} rows read = {report.kept} kept + "
            f"{report.rejected} rejected"
        )
    summary = ImportSummary(
        files=files,
        skipped=skipped,
        posts=assembly.posts,
        accounts=assembly.accounts,
        shares=assembly.share_counts,
        merged_shares=assembly.merged_shares,
        time_resolution_s=max(report.time_resolution_s for report in files),
        parameters=_parameters(task.options),
    )
    write_json(target.manifest, manifest(summary))
    return summary


def manifest(summary: ImportSummary) -> dict[str, Any]:
    """What ``manifest.json`` says about a dataset."""
    return {
        "assay_version": __version__,
        "inputs": [asdict(file) for file in summary.files],
        "skipped": dict(summary.skipped),
        "parameters": dict(summary.parameters),
        "rows": {"read": summary.read, "kept": summary.kept, "rejected": summary.rejected},
        "posts": summary.posts,
        "accounts": summary.accounts,
        "shares": dict(summary.shares),
        "merged_shares": summary.merged_shares,
        "time_resolution_s": summary.time_resolution_s,
        # Nobody has told yet how the data were collected; a query would be named here.
        "collection": None,
    }


def _importer_for(container: Container, options: ImportOptions) -> Importer:
    if options.format:
        return importer_named(options.format)
    importer = next((one for one in all_importers() if one.recognises(container)), None)
    if importer is None:
        raise InputError(
            "the file is in no known format",
            fix="see the list of formats in docs/reference/import.md, or name one with --format",
            file=container.path,
        )
    return importer


def _check_zone_known(reading: Reading, options: ImportOptions, file: InputFile) -> None:
    if reading.time.zoned or options.timezone or reading.timezone:
        return
    raise InputError(
        "the times say no time zone",
        fix="say which one they are in, for example --timezone UTC",
        file=file.path,
        row=1,
        column=reading.mapping.get("created_at"),
    )


def _parameters(options: ImportOptions) -> dict[str, str]:
    told = {
        "mapping": ", ".join(f"{field}={column}" for field, column in options.mapping),
        "platform": options.platform,
        "timezone": options.timezone,
        "time_format": options.time_format,
        "format": options.format,
        "encoding": options.encoding,
        "unshortened": options.unshortened and file_sha256(options.unshortened),
    }
    return parameters_shown(told)


def _key(file: InputFile, sha256: str, options: ImportOptions) -> str:
    """Name of a file's folder: its content and everything that shapes what comes of it."""
    told = json.dumps([__version__, file.source, _parameters(options)], sort_keys=True)
    return f"{sha256[:16]}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


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
