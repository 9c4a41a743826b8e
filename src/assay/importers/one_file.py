"""One input file read into a folder of its own: posts, shares or accounts, and rejects."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from assay import __version__
from assay.engine.account_tables import Connection, ProfileDeriver, ProfileWriter
from assay.engine.behind import ahead
from assay.engine.derive import PostDeriver
from assay.engine.derive_shares import ShareDeriver
from assay.engine.derived import Derived, RowRules
from assay.engine.read import RawReject
from assay.engine.staging import Folder, FolderWriter
from assay.engine.write import file_sha256
from assay.errors import CheckFailed, InputError
from assay.importers.accounts import AccountTable, tells_posts, without_account_fields
from assay.importers.base import FieldBatch, Importer, Reading
from assay.importers.container import Container, open_container
from assay.importers.inputs import InputFile, parameters_shown
from assay.importers.object_rows import derive_objectless, split_objectless
from assay.importers.registry import all_importers, importer_named
from assay.importers.report import FileReport, ImportOptions
from assay.model.progress import Progress
from assay.text.dates import LATEST_MARGIN_S

Taker = Callable[[FieldBatch], Callable[[], int]]
"""Derives what a batch gives, and returns what writes it and tells how many rows were kept."""


@dataclass
class FileImport:
    """Reads input files one by one, each into its own folder.

    Attributes:
        connection: From :func:`assay.engine.connection.open_connection`.
        work: Where the folders grow.
        options: What the user says about the files.
        unshortened: Canonical short links to their canonical targets.
        progress: Told how far the reading is.
    """

    connection: Connection
    work: Path
    options: ImportOptions
    unshortened: dict[str, str]
    progress: Progress

    def read(self, file: InputFile) -> tuple[FileReport, Folder]:
        """One file into its own folder, unless an earlier run did it."""
        try:
            size = file.path.stat().st_size
            self.progress.stage(f"checksum of {file.source}", size, "B")
            sha256 = file_sha256(file.path)
        except OSError as error:
            raise InputError(
                f"the file cannot be read ({error.strerror})",
                fix="check that it is there and that you may read it",
                file=file.path,
            ) from error
        folder = Folder(self.work / _key(file, sha256, self.options))
        finished = folder.finished()
        if finished is not None:
            self.progress.note(f"{file.source}: read before, {finished['kept']} rows kept")
            return FileReport(**finished), folder
        shutil.rmtree(folder.path, ignore_errors=True)
        container = open_container(file.path, self.options.encoding)
        importer = _importer_for(container, file, self.options)
        told = self.options
        reading = importer.open(
            container,
            told
            if importer.name == AccountTable.name
            else without_account_fields(told, container.columns),
        )
        _check_zone_known(reading, self.options, file)
        shown = ", ".join(f"{field} = {column}" for field, column in reading.mapping.items())
        self.progress.note(f"{file.source}: {importer.name}; {shown}")
        self.progress.stage(f"reading {file.source}", size, "B")
        tally, notes, shares = self._fill(folder, file, container, reading, sha256)
        report = FileReport(
            source=file.source,
            sha256=sha256,
            format=importer.name,
            mapping=dict(reading.mapping),
            read=tally.read,
            kept=tally.kept,
            rejected=tally.read - tally.kept,
            shares=shares,
            time_resolution_s=None if reading.accounts else reading.time.resolution_s,
            timezone=None if reading.time.zoned else self.options.timezone or reading.timezone,
            notes=notes,
            without_shares=tally.without_shares,
        )
        folder.finish(asdict(report))
        return report, folder

    def _fill(
        self, folder: Folder, file: InputFile, container: Container, reading: Reading, sha256: str
    ) -> tuple[_Tally, tuple[str, ...], int]:
        """All rows of the file; what was counted, what a person should know, shares."""
        tally = _Tally()
        with ExitStack() as stack:
            writer = stack.enter_context(FolderWriter(folder, file.source))
            take = self._taker(reading, self._rules(file, reading, sha256), writer, tally)
            if reading.accounts:
                profiles = stack.enter_context(ProfileWriter(folder))
                deriver = ProfileDeriver(
                    self.connection, self._rules(file, reading, sha256), reading.other_time
                )
                take = _profile_taker(deriver, writer, profiles)
            batches = stack.enter_context(closing(ahead(reading.batches())))
            # One thread reads, one derives, this one writes.
            pieces = ((one, take(one) if len(one.rows) else _nothing) for one in batches)
            for batch, write in stack.enter_context(closing(ahead(pieces))):
                tally.saw(batch.rows, batch.rejects)
                writer.reject(batch.rejects)
                tally.kept += write()
                self.progress.advance(container.consumed_bytes() - tally.consumed)
                tally.consumed = container.consumed_bytes()
            tally.check(writer.rejects, file)
            damage = container.damage()
            if damage:
                writer.reject([RawReject(None, None, damage, None)])
        notes = (*container.notes, *reading.notes, *tally.notes(), *([damage] if damage else []))
        for note in notes:
            self.progress.note(f"{file.source}: {note}")
        return tally, notes, writer.shares

    def _taker(
        self, reading: Reading, rules: RowRules, writer: FolderWriter, tally: _Tally
    ) -> Taker:
        """What derives posts or shares from a batch."""
        if not reading.kinds:
            posts = PostDeriver(self.connection, rules, self.unshortened)

            def take_posts(batch: FieldBatch) -> Callable[[], int]:
                derived = posts.derive(batch.fields, batch.rows)

                def write() -> int:
                    writer.write(derived)
                    tally.without_shares += derived.kept - _sharing(derived)
                    tally.days_alone += _days_alone(derived, rules)
                    return derived.kept

                return write

            return take_posts
        shares = ShareDeriver(self.connection, rules, reading.kinds, self.unshortened)
        named = {name: column for name, column in rules.columns.items() if "object_" not in name}
        bare = ShareDeriver(self.connection, replace(rules, columns=named), ("object",))

        def take_shares(batch: FieldBatch) -> Callable[[], int]:
            objectless = None
            if reading.wide:
                batch, objectless = split_objectless(batch, len(reading.kinds))
            # After the split a batch may be empty: each of its rows names no object.
            found = [shares.derive(batch.fields, batch.rows)] if len(batch.rows) else []
            without = [] if objectless is None else [derive_objectless(bare, objectless)]

            def write() -> int:
                for derived in (*found, *without):
                    writer.write(derived)
                tally.without_shares += sum(derived.kept for derived in without)
                return sum(derived.kept for derived in (*found, *without))

            return write

        return take_shares

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
            columns=reading.columns or reading.mapping,
        )


def _nothing() -> int:
    """What a batch of rejects alone writes and keeps."""
    return 0


def _sharing(derived: Derived) -> int:
    """How many rows gave a share at least."""
    rows = derived.shares["row"].to_numpy()
    if not len(rows):
        return 0
    seen = np.zeros(int(rows.max() - rows.min()) + 1, np.bool_)
    seen[rows - rows.min()] = True
    return int(np.count_nonzero(seen))


def _days_alone(derived: Derived, rules: RowRules) -> int:
    """How many posts tell only the day or the minute where the file's others tell more."""
    coarse = pc.greater(derived.posts["time_resolution_s"], rules.time.resolution_s)
    return int(pc.sum(coarse).as_py() or 0)


def _profile_taker(deriver: ProfileDeriver, writer: FolderWriter, profiles: ProfileWriter) -> Taker:
    """What types the accounts of a batch."""

    def take(batch: FieldBatch) -> Callable[[], int]:
        derived = deriver.derive(batch.fields, batch.rows)

        def write() -> int:
            profiles.write(derived.table)
            writer.reject(derived.rejects)
            return len(derived.table)

        return write

    return take


@dataclass
class _Tally:
    """Counts rows as the reader numbers them, apart from what the writer counts."""

    read: int = 0
    kept: int = 0
    consumed: int = 0
    without_shares: int = 0
    days_alone: int = 0
    _sum: int = 0
    _last: int = 0

    def saw(self, rows: npt.NDArray[np.int64], rejects: list[RawReject]) -> None:
        rejected = [reject.row for reject in rejects if reject.row is not None]
        self.read += len(rows) + len(rejected)
        self._sum += int(rows.sum()) + sum(rejected)
        self._last = max(self._last, int(rows.max(initial=0)), max(rejected, default=0))

    def notes(self) -> tuple[str, ...]:
        """What a person should know of the rows."""
        if not self.days_alone:
            return ()
        return (
            f"{self.days_alone:,} rows tell their time more coarsely than the rest of the file; "
            "they are kept as posts and give no shares",
        )

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


def _importer_for(container: Container, file: InputFile, options: ImportOptions) -> Importer:
    if file.accounts:
        return AccountTable()
    if options.format:
        return importer_named(options.format)
    known = [
        one
        for one in all_importers()
        # What the user says of a column goes before what the columns look like.
        if not (one.name == AccountTable.name and tells_posts(container.columns, options.mapping))
    ]
    importer = next((one for one in known if one.recognises(container)), None)
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
        "the letters of the times' zone have several meanings"
        if reading.time.letters
        else "the times say no time zone",
        fix="say which one they are in, for example --timezone UTC",
        file=file.path,
        row=1,
        column=reading.mapping.get("created_at"),
    )


def told_parameters(options: ImportOptions) -> dict[str, str]:
    """What the user said, as the manifest holds it."""
    told = {
        "mapping": ", ".join(f"{field}={column}" for field, column in options.mapping),
        "platform": options.platform,
        "timezone": options.timezone,
        "time_format": options.time_format,
        "format": options.format,
        "encoding": options.encoding,
        "accounts": ", ".join(path.name for path in options.accounts),
        "unshortened": options.unshortened and file_sha256(options.unshortened),
    }
    return parameters_shown(told)


def _key(file: InputFile, sha256: str, options: ImportOptions) -> str:
    """Name of a file's folder: its content and everything that shapes what comes of it."""
    told = json.dumps(
        [__version__, file.source, file.accounts, told_parameters(options)], sort_keys=True
    )
    return f"{sha256[:16]}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
