"""A finding as one file: packed from a run's folder, and opened again with its hashes checked.

The file is a ZIP laid out as a run's folder, so that a bundle made by ``assay bundle`` is one too.
Whatever is opened may be hostile: it goes through the checks that bundles go through.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.bundle.archive import extract, opened_archive
from assay.cases.evidence import MOST_FILE_BYTES, NewFile
from assay.cases.refused import Refused
from assay.engine.stored_zip import Member, write_archive
from assay.engine.write import file_sha256
from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.report.finding_page import finding_of, finding_page
from assay.report.findings import community_of
from assay.report.resembling import is_resembling, read_findings
from assay.web.finding_foreword import foreword
from assay.web.languages import Language
from assay.web.own_accounts import Subject, named_by

MOST_UNPACKED_BYTES = 16 * MOST_FILE_BYTES
"""Of all members together; a page is made of them while somebody waits."""
MOST_ROWS = 1_000_000
"""Of one table in it."""
_TAKE_ONE = "attach one finding of the run: assay case attach RECORD RUN --finding ID"
_TAKE_ANOTHER = "pack it again from the run that made it, or take the bundle from who made it"


def is_packed(content: bytes) -> bool:
    """Whether a ZIP file holds findings."""
    return content.startswith(b"PK\x03\x04") and b"findings.json" in content


def pack_finding(run: RunFolder, identity: str) -> bytes:
    """One finding of a run with all that its page shows, the same bytes every time.

    Raises:
        InputError: The run has no such finding, or its evidence is missing or another.
    """
    finding = finding_of(run, identity)
    if not _check_hashes(run, finding):
        raise InputError(
            f"evidence of {identity} is missing", fix="run the scan again", file=run.evidence
        )
    members = [
        Member("run.json", run.run),
        Member("findings.json", json.dumps({"schema": 1, "findings": [finding]}).encode()),
    ]
    folders = {(run.folder / str(one["path"])).parent for one in finding.get("evidence") or ()}
    members += [
        Member(path.relative_to(run.folder).as_posix(), path)
        for folder in sorted(folders)
        for path in sorted(folder.iterdir())
        if path.is_file()
    ]
    members += [
        Member(path.relative_to(run.folder).as_posix(), _parquet(table))
        for path, table in _tables(run, finding)
    ]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "finding.zip"
        write_archive(target, members)
        return target.read_bytes()


def findings_in(content: bytes) -> list[str]:
    """The ids of the findings that a packed file holds.

    Raises:
        InputError: It is damaged, or no file that holds findings.
    """
    with _opened(content) as run:
        return [str(one.get("id")) for one in read_findings(run)]


def sentence_and_subjects(content: bytes, identity: str) -> tuple[str, list[Subject]]:
    """What a packed finding says in a sentence, and its accounts by their handles.

    Raises:
        InputError: It is damaged, or holds no such finding.
    """
    with _opened(content) as run:
        finding = finding_of(run, identity)
        subjects = sorted(_subjects(run, finding), key=lambda one: one.handle)
        return str(finding.get("statement", "")), subjects


def checked(file: NewFile) -> NewFile:
    """A packed file with its finding named and its hashes checked; other files as they are.

    Raises:
        InputError: It is damaged, holds another number of findings than one and none is named, or
            evidence in it is not what its finding names; or one is named that it cannot hold.
    """
    if not is_packed(file.content):
        if file.finding is not None:
            raise InputError(
                f"the file holds no findings, and {file.finding} is named", fix=_TAKE_ONE
            )
        return file
    with _opened(file.content) as run:
        known = [str(one.get("id")) for one in read_findings(run)]
        identity = file.finding or (known[0] if len(known) == 1 else None)
        if identity is None:
            raise InputError(
                f"the file holds {len(known)} findings", fix=f"name one of: {', '.join(known[:20])}"
            )
        verified = _check_hashes(run, finding_of(run, identity))
        # Whatever cannot be shown is told now and not to those who look at it later.
        with _as_written():
            finding_page(run, identity)
            _subjects(run, finding_of(run, identity))
    return NewFile(
        file.content,
        file.name,
        file.source,
        file.shows,
        file.for_concerned,
        finding=identity,
        verified=verified,
    )


def accepted(file: NewFile) -> NewFile:
    """:func:`checked` for whoever hands a file in: what is wrong with it is theirs to mend.

    Raises:
        Refused: It is not what it should be.
    """
    try:
        return checked(file)
    except InputError as error:
        raise Refused(error.message, fix=error.fix) from error


def packed_page(content: bytes, identity: str) -> str:
    """The page of a packed finding, for those who decide.

    Raises:
        InputError: The file is damaged.
    """
    with _opened(content) as run, _as_written():
        return finding_page(run, identity)


def own_page(content: bytes, identity: str, addresses: list[str], language: Language) -> str | None:
    """The page for one of the people whom a packed finding is about, without other people's data.

    Args:
        content: The packed file.
        identity: Of the finding.
        addresses: Theirs; None is returned where the finding is about none of them.
        language: In which they are told what a finding is; it is in English itself.

    Raises:
        InputError: The file is damaged.
    """
    with _opened(content) as run, _as_written():
        finding = finding_of(run, identity)
        own = named_by(addresses, _subjects(run, finding))
        before = foreword(language, of_likeness=is_resembling(finding))
        return finding_page(run, identity, own, before) if own else None


def is_about(content: bytes, identity: str, addresses: list[str]) -> bool:
    """Whether a packed finding is about somebody at one of these addresses.

    Raises:
        InputError: The file is damaged.
    """
    with _opened(content) as run, _as_written():
        return bool(named_by(addresses, _subjects(run, finding_of(run, identity))))


@contextmanager
def _as_written() -> Iterator[None]:
    """The report trusts runs that Assay wrote; tables of another shape fail anywhere in it."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, pa.ArrowException) as error:
        raise InputError(
            f"the file is no run that Assay wrote: {type(error).__name__}", fix=_TAKE_ANOTHER
        ) from error


@contextmanager
def _opened(content: bytes) -> Iterator[RunFolder]:
    """The packed file as a run's folder, gone at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "finding.zip"
        path.write_bytes(content)
        target = Path(folder) / "run"
        target.mkdir()
        with opened_archive(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED_BYTES:
                most = MOST_UNPACKED_BYTES >> 20
                raise InputError(
                    f"the file would unpack to more than {most} MB",
                    fix=_TAKE_ONE,
                )
            damaged = extract(archive, target, path)
        if damaged:
            raise InputError(f"{damaged[0][0]} in the file is damaged", fix=_TAKE_ANOTHER)
        for table in sorted(target.rglob("*.parquet")):
            _check_size(table)
        yield RunFolder(target)


def _check_size(path: Path) -> None:
    """Refuse a table that would take more room in memory than its file says."""
    try:
        told = pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name} in the file is damaged", fix=_TAKE_ANOTHER) from error
    groups = [told.row_group(place).total_byte_size for place in range(told.num_row_groups)]
    if sum(groups) > MOST_UNPACKED_BYTES or told.num_rows > MOST_ROWS:
        raise InputError(f"{path.name} in the file is too large to be shown", fix=_TAKE_ONE)


def _check_hashes(run: RunFolder, finding: dict[str, Any]) -> bool:
    """Whether all evidence that a finding names is there; what is there must be the same.

    Raises:
        InputError: A file is another one, or lies outside.
    """
    whole = True
    for reference in finding.get("evidence") or ():
        path = run.folder / str(reference.get("path", ""))
        try:
            within, there = path.resolve().is_relative_to(run.folder.resolve()), path.is_file()
        except (OSError, ValueError) as error:
            raise InputError(
                f"finding {finding.get('id')} refers to what is the name of no file",
                fix=_TAKE_ANOTHER,
            ) from error
        if not within:
            raise InputError(
                f"finding {finding.get('id')} refers to a file outside the run", fix=_TAKE_ANOTHER
            )
        if not there:
            whole = False
        elif file_sha256(path) != reference.get("sha256"):
            raise InputError(
                f"{reference['path']} is not the file that the finding names", fix=_TAKE_ANOTHER
            )
    return whole


def _tables(run: RunFolder, finding: dict[str, Any]) -> Iterator[tuple[Path, pa.Table]]:
    """The rows of the run's tables that are about the finding's accounts."""
    subjects = pa.array([str(one) for one in finding.get("subjects") or ()], pa.string())
    community = community_of(finding)
    for path, columns in (
        (run.network_accounts, ("account_id",)),
        (run.network, ("account_a", "account_b")),
        (run.dataset.accounts, ("account_id",)),
    ):
        if path.is_file():
            table = pq.read_table(path)
            for name in columns:
                table = table.filter(pc.is_in(table[name], subjects))
            yield path, table
    if community is not None and run.communities.is_file():
        table = pq.read_table(run.communities)
        yield run.communities, table.filter(pc.equal(table["community"], community))


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _subjects(run: RunFolder, finding: dict[str, Any]) -> list[Subject]:
    """Whom a finding is about, with what the run knows of where they are."""
    ids = [str(one) for one in finding.get("subjects") or ()]
    if not run.dataset.accounts.is_file():
        return [Subject(one) for one in ids]
    columns = ["account_id", "handle", "url"]
    table = pq.read_table(run.dataset.accounts, columns=columns)
    rows = table.filter(pc.is_in(table["account_id"], pa.array(ids, pa.string()))).to_pylist()
    told = {
        row["account_id"]: ((row["handle"] or "").lstrip("@"), row["url"] or "") for row in rows
    }
    return [Subject(one, *told.get(one, ())) for one in ids]
