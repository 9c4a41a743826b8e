"""WACZ: the frozen evidence of a run as a web archive that says that it is none of a site.

WACZ 1.1.1 (specs.webrecorder.net/wacz/1.1.1) around one WARC 1.1 file: a page about the whole and
one for each finding, the evidence files as they lie, and each row of posts by itself. Every record
is a ``resource`` under a URN of Assay's; no record looks like the answer of a server.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from assay.engine.parquet_rows import row_batches
from assay.engine.read_back import findings_back, json_back
from assay.engine.stored_zip import Member, write_archive
from assay.engine.write import file_sha256
from assay.errors import InputError
from assay.exchange.wacz_pages import NOTICE, about_page, finding_page
from assay.exchange.warc_records import NO_TIME, WarcFile, sha256_of
from assay.model.dataset import RunFolder

VERSION = "1.1.1"
WARC_NAME = "data.warc"
ROW_FILES = ("posts.parquet", "copied_posts.parquet", "shares.parquet")
"""Evidence files whose rows become records of their own."""

MEDIA_TYPES = {
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    "": "text/plain; charset=us-ascii",
}
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Wacz:
    """One WACZ with the evidence behind every finding."""

    name: str = "wacz"
    suffix: str = ".wacz"
    summary: str = "the frozen evidence for tools of web archives (WACZ)"

    def write(self, run: RunFolder, out: Path) -> list[Path]:
        """Write the archive, whole or not at all; the same run gives the same bytes.

        Raises:
            InputError: The run is not whole, or its evidence is not what the run froze.
            UsageError: The package warcio is not installed.
        """
        record, findings = json_back(run.run), findings_back(run.findings)
        held = run.dataset.manifest.exists()
        manifest = json_back(run.dataset.manifest) if held else {}
        names = Names(f"urn:assay:{file_sha256(run.findings)[:16]}")
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".assay-", dir=out.parent) as scratch:
            archived = Path(scratch) / WARC_NAME
            with archived.open("wb") as stream:
                warc = WarcFile(stream, WARC_NAME, _info(record))
                warc.add(names.about, HTML, about_page(record, findings, manifest, names))
                warc.add(f"{names.prefix}:findings.json", "application/json", run.findings)
                warc.add(f"{names.prefix}:run.json", "application/json", run.run)
                for finding in findings:
                    _add_finding(warc, run, finding, names)
            write_archive(out, _members(archived, warc.index, _pages(findings, names), record))
        return [out]


@dataclass(frozen=True)
class Names:
    """URNs of what the archive holds; the prefix is made of the findings, so no two runs share it.

    ``assay`` is no registered namespace (RFC 8141): the names lead nowhere, on purpose.
    """

    prefix: str

    @property
    def about(self) -> str:
        """The page about the whole."""
        return f"{self.prefix}:about"

    def finding(self, finding_id: str) -> str:
        """The page of a finding."""
        return f"{self.prefix}:finding:{quote(finding_id, safe='')}"

    def file(self, finding_id: str, name: str) -> str:
        """An evidence file."""
        return f"{self.prefix}:evidence:{quote(finding_id, safe='')}:{quote(name, safe='')}"

    def row(self, finding_id: str, name: str, number: int) -> str:
        """A row of an evidence file, from 0."""
        return f"{self.file(finding_id, name)}:{number}"


def _info(record: Mapping[str, Any]) -> dict[str, str]:
    return {
        "software": _software(record),
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": NOTICE,
    }


def _software(record: Mapping[str, Any]) -> str:
    return f"Assay {record.get('version')}"


def _add_finding(warc: WarcFile, run: RunFolder, finding: Mapping[str, Any], names: Names) -> None:
    """Write a finding's page, its evidence files and the rows in them."""
    finding_id = str(finding["id"])
    files = _evidence_files(run, finding)
    warc.add(names.finding(finding_id), HTML, finding_page(finding, names))
    for path in files:
        uri = names.file(finding_id, path.name)
        warc.add(uri, MEDIA_TYPES.get(path.suffix, "application/octet-stream"), path)
    for path in files:
        if path.name not in ROW_FILES:
            continue
        for number, row in _rows(path):
            warc.add(names.row(finding_id, path.name, number), "application/json", row)


def _evidence_files(run: RunFolder, finding: Mapping[str, Any]) -> list[Path]:
    """The files of a finding's folder, those that it refers to held against their SHA-256.

    Raises:
        InputError: One is missing or was changed.
    """
    for reference in finding["evidence"]:
        path = run.folder / str(reference["path"])
        if not path.is_file() or file_sha256(path) != reference["sha256"]:
            raise InputError(
                f"evidence of {finding['id']} is "
                f"{'not what the run froze' if path.is_file() else 'missing'}",
                fix="run the scan again",
                file=path,
            )
    return sorted(path for path in (run.evidence / str(finding["id"])).glob("*") if path.is_file())


def _rows(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each row with its number, as JSON: fields in the table's order, times ISO 8601 with Z."""
    import pyarrow.parquet as pq

    for first, batch in row_batches(path, pq.read_schema(path).names):
        for offset, row in enumerate(batch.to_pylist()):
            text = json.dumps(row, ensure_ascii=False, default=_time_text)
            yield first + offset, text.encode()


def _time_text(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} in a row")
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _pages(findings: Iterable[Mapping[str, Any]], names: Names) -> bytes:
    """``pages.jsonl``: where a reader begins."""
    lines: list[dict[str, str]] = [
        {"format": "json-pages-1.0", "id": "pages", "title": "Findings and their evidence"},
        {"id": "about", "url": names.about, "ts": NO_TIME, "title": "What this archive holds"},
    ]
    for finding in findings:
        finding_id = str(finding["id"])
        lines.append({
            "id": finding_id,
            "url": names.finding(finding_id),
            "ts": NO_TIME,
            "title": f"{finding_id}: {finding['statement']}",
        })  # fmt: skip
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _members(
    warc: Path, index: list[str], pages: bytes, record: Mapping[str, Any]
) -> Iterator[Member]:
    """The files of the archive, the package last, since it lists the others."""
    listed = [
        Member(f"archive/{WARC_NAME}", warc),
        Member("indexes/index.cdxj", "".join(sorted(index)).encode()),
        Member("pages/pages.jsonl", pages),
    ]
    yield from listed
    about = json.loads(pages.splitlines()[1])["url"]
    package = _json_bytes({
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": "Findings of Assay and their evidence",
        "description": NOTICE,
        "software": _software(record),
        "mainPageUrl": about,
        "mainPageDate": NO_TIME,
        "resources": [
            {
                "name": Path(member.name).name,
                "path": member.name,
                "hash": f"sha256:{sha256_of(member.source)}",
                "bytes": member.size,
            }
            for member in listed
        ],
    })  # fmt: skip
    yield Member("datapackage.json", package)
    digest = f"sha256:{sha256_of(package)}"
    yield Member(
        "datapackage-digest.json", _json_bytes({"path": "datapackage.json", "hash": digest})
    )


def _json_bytes(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
