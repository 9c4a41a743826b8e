"""What no rerun of the detection touches: the other members of a bundle, one by one.

Whoever changes a bundle and makes its checksums fit again can change any file in it. So every
member is made again and compared, or known to the byte, or named as one that nobody can check.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import __version__
from assay.bundle.compare import compare_records
from assay.bundle.contents import (
    CHECKSUMS,
    DATASET_PARTS,
    DESCRIPTION,
    READ_ME,
    checksums,
    read_findings,
    read_json,
)
from assay.bundle.history import history_line, read_history, settings_tried
from assay.bundle.method import method_pages
from assay.bundle.pack import picture_maker, report_assets
from assay.bundle.pseudonyms_told import pseudonymised_with
from assay.bundle.read_me import read_me
from assay.bundle.unpacked import Unpacked
from assay.bundle.verdict import Check, first_line
from assay.engine.write import file_sha256
from assay.errors import AssayError, InputError
from assay.model.dataset import RunFolder
from assay.model.progress import Progress

REPORT = "report.html"
DATA = "dataset/"
"""What the run rests on."""

_PICTURES = "pictures/"
_TOP = (
    DESCRIPTION, CHECKSUMS, READ_ME, REPORT, "run.json", "findings.json", "history.ndjson",
    "identities.json",
)  # fmt: skip
_BESIDE = ("comparison.json", "picture.png", "logo.png")
"""What lies beside tables in the evidence of findings about names."""


def check_members(
    bundle: Unpacked, progress: Progress, *, rerun: bool, same_method: bool
) -> list[Check]:
    """Report and pictures, pages and lists, and what has to be taken as given.

    Args:
        bundle: The bundle.
        progress: Told how far it is.
        rerun: Whether every figure was made again; only then is the report written again.
        same_method: Whether the run is by this version of the method, whose pages are known.
    """
    return [
        _check_report(bundle, progress)
        if rerun
        else Check(
            REPORT,
            "not done",
            "the page and the pictures were not checked: the run that they show was not made again",
        ),
        _check_pages(bundle, same_method),
        _check_evidence_lists(bundle),
        _check_description(bundle),
        _given(bundle),
        *_unaccounted(bundle),
    ]


def _check_report(bundle: Unpacked, progress: Progress) -> Check:
    """The page and its pictures are a function of the files: written again, they must be equal."""
    from assay.report.page import write_report

    if not bundle.run.report.is_file():
        why = "dehydrated" if bundle.description.dehydrated else "it was not written"
        loose = tuple(f"{one}: not checked" for one in sorted(_names(bundle.folder, _PICTURES)))
        return Check(REPORT, "not done", f"the bundle holds no report ({why})", loose)
    if bundle.description.report_assets != report_assets():
        return Check(REPORT, "not done", "the report's script or style is of another build; its "
                     "figures stand in the tables, which were compared. The page and the pictures "
                     "were not checked")  # fmt: skip
    name, own = picture_maker()
    told = bundle.description.packed_with.get(name)
    if told != own:
        return Check(REPORT, "not done", f"the pictures were drawn with {name} {told}, here is "
                     f"{own}: the page and the pictures were not checked")  # fmt: skip
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
            return Check(REPORT, "different", "cannot be written again", (first_line(error),))
        pictures = _names(bundle.folder, _PICTURES) | _names(again.folder, _PICTURES)
        wrong = _differences((bundle.folder, again.folder), (REPORT, *sorted(pictures)))
    detail = f"the page and its {len(pictures)} pictures, written again from the bundle's tables"
    return Check(REPORT, "different" if wrong else "same", detail, tuple(wrong))


def _check_pages(bundle: Unpacked, same_method: bool) -> Check:
    """The pages on the method and ``README.txt`` are known to the byte."""
    name = "Pages on the method, README.txt"
    if bundle.description.version != __version__ or not same_method:
        return Check(name, "not done", "not checked: they are those of another version")
    with tempfile.TemporaryDirectory(prefix="assay-pages-") as scratch:
        known = Path(scratch)
        (known / "method").mkdir()
        for page, path in method_pages().items():
            shutil.copyfile(path, known / page)
        (known / READ_ME).write_text(read_me(bundle.description), encoding="utf-8")
        pages = sorted(_names(bundle.folder, "method/") | _names(known, "method/"))
        wrong = _differences((bundle.folder, known), (READ_ME, *pages))
    detail = f"{len(pages) + 1} pages, to the byte as this version has them"
    return Check(name, "different" if wrong else "same", detail, tuple(wrong))


def _check_evidence_lists(bundle: Unpacked) -> Check:
    """``SHA256SUMS`` of each finding against the files beside it; none may be missing."""
    name = "Lists of checksums in evidence/"
    try:
        findings = read_findings(bundle.run.findings)
    except InputError as error:
        return Check(name, "different", "", (error.message,))
    wrong, lists = [], 0
    for folder in sorted(_evidence_folders(bundle, findings)):
        inside = f"evidence/{folder}/{CHECKSUMS}"
        path = bundle.folder / inside
        # A folder may be called like a list, or like a table.
        if path.is_file():
            lists += 1
            if path.read_bytes() != _wanted_list(path.parent):
                wrong.append(f"{inside}: does not fit the files beside it")
        elif not bundle.description.dehydrated:
            # Packing leaves the lists out of a dehydrated bundle: its evidence was changed.
            wrong.append(f"{inside}: is not in the bundle")
    return Check(name, "different" if wrong else "same", f"{lists:,} lists", tuple(wrong))


def _evidence_folders(bundle: Unpacked, findings: list[dict[str, Any]]) -> set[str]:
    """Folders of evidence: those that are there, and those that findings cite files of."""
    cited = (str(one.get("path")).split("/") for each in findings for one in each["evidence"])
    folders = {parts[1] for parts in cited if parts[0] == "evidence" and len(parts) == 3}
    return folders | {path.name for path in bundle.run.evidence.glob("*") if path.is_dir()}


def _wanted_list(folder: Path) -> bytes:
    """``SHA256SUMS`` of a finding, as it follows from the files beside it."""
    beside = [
        one
        for one in folder.iterdir()
        if one.is_file() and (one.suffix == ".parquet" or one.name in _BESIDE)
    ]
    return checksums([(one.name, file_sha256(one)) for one in beside])


def _check_description(bundle: Unpacked) -> Check:
    """What ``bundle.json`` says of the run, against the run; and whether the history has it."""
    name = "bundle.json and the history tell of this run"
    told = bundle.description
    try:
        record = read_json(bundle.run.run, "run.json")
        history = read_history(bundle.run.history)
    except InputError as error:
        return Check(name, "different", "", (error.message,))
    dehydrated = (bundle.folder / DATA / "hashes.parquet").is_file()
    said: list[tuple[str, Any, Any]] = [
        ("version", told.version, str(record.get("version"))),
        ("runs", told.runs, len(history)),
        ("settings", told.settings, settings_tried(history)),
        ("dehydrated", told.dehydrated, dehydrated),
    ]
    wrong = [
        f"{DESCRIPTION}, {field}: {mine!r}; the bundle itself has {theirs!r}"
        for field, mine, theirs in said
        if mine != theirs
    ]
    wrong += _history_differences(history, history_line(record, bundle.run.dataset))
    return Check(name, "different" if wrong else "same",
                 f"runs: {told.runs:,}; settings: {told.settings:,}", tuple(wrong))  # fmt: skip


def _history_differences(history: list[dict[str, Any]], own: dict[str, Any]) -> list[str]:
    """Where the last line, which is that of the run in the folder, tells of another one."""
    names = ("parameters", "dataset_manifest_sha256")
    last = history[-1] if history else {}
    if any(last.get(name) != own[name] for name in names):
        return ["history.ndjson: the run that is packed does not stand in it as the last one"]
    return [
        f"history.ndjson, last line, {one.column}: {one.in_bundle}; run.json has {one.again}"
        for one in compare_records("history.ndjson", last, own).differences
    ]


def _given(bundle: Unpacked) -> Check:
    """What everything rests on, and what people say: a rerun cannot tell it from another."""
    told = bundle.description
    words = [word for word, said in (("operator", told.operator), ("note", told.note)) if said]
    parts = [
        f"{DATA} (compare with --dataset, or its manifest's SHA-256 with the original files)",
        "earlier lines of history.ndjson",
        f"{DESCRIPTION}: {', '.join([*words, 'packed_with'])}",
        "run.json: command, input and engine",
        *(
            ["identities.json, and pictures in evidence/: the register and what lay beside it"]
            if bundle.run.identities.is_file()
            else ()
        ),
        *(
            ["findings about names of accounts: made before the names were replaced"]
            if bundle.run.identities.is_file() and pseudonymised_with(bundle.run.dataset)
            else ()
        ),
    ]
    return Check("Taken as given, not checked", "given", "; ".join(parts))


def _unaccounted(bundle: Unpacked) -> Iterator[Check]:
    """Members that this version would not have packed."""
    found = sorted(name for name in _names(bundle.folder, "") if not _packed(name))
    if found:
        yield Check(
            "Files that Assay does not pack",
            "not done",
            "nothing says where these come from, and nothing in them was checked",
            tuple(found),
        )


def _packed(name: str) -> bool:
    """Whether Assay packs files of that name; each of them is checked or given above."""
    folder, *inside = name.split("/")
    table = name.endswith(".parquet")
    if not inside:
        return name in _TOP or table
    if folder == "evidence":
        return len(inside) == 2 and (table or inside[1] in (CHECKSUMS, *_BESIDE))
    if folder == "dataset":
        return len(inside) == 1 and inside[0] in (*DATASET_PARTS, "hashes.parquet")
    if folder == "timestamps":
        return len(inside) == 1 and name.endswith(".tsr")
    return folder in ("method", "pictures")


def _names(folder: Path, under: str) -> set[str]:
    """Names of the files in a folder, below a path inside it."""
    return {
        path.relative_to(folder).as_posix()
        for path in (folder / under).rglob("*")
        if path.is_file()
    }


def _differences(folders: tuple[Path, Path], names: Iterable[str]) -> list[str]:
    """Where files of the same name differ, one line each."""
    mine, yours = folders
    found = []
    for name in names:
        if not (mine / name).is_file() or not (yours / name).is_file():
            there = (mine / name).is_file()
            found.append(
                f"{name}: {'does not come out again' if there else 'is not in the bundle'}"
            )
        elif (place := _first_difference(mine / name, yours / name)) is not None:
            found.append(f"{name}: differs from byte {place:,} on")
    return found


def _first_difference(one: Path, other: Path) -> int | None:
    """The first byte in which two files differ; None if they are equal."""
    mine, yours = one.read_bytes(), other.read_bytes()
    if mine == yours:
        return None
    places = (place for place, (x, y) in enumerate(zip(mine, yours, strict=False)) if x != y)
    return next(places, min(len(mine), len(yours)))
