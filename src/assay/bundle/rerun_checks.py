"""The detection made again from the bundle's data, and every figure compared."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import __version__
from assay.bundle.compare import MOST_SHOWN, Compared, compare_records, compare_tables
from assay.bundle.contents import read_json
from assay.bundle.read_me import how_to_install
from assay.bundle.unpacked import Unpacked
from assay.bundle.verdict import FIGURES, Check, first_line
from assay.errors import AssayError, InputError
from assay.model.dataset import Dataset, RunFolder
from assay.model.method import METHOD, method_told
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


def check_rerun(bundle: Unpacked, rerun: Rerun, progress: Progress) -> list[Check]:
    """Run again, and compare every figure of every file.

    A run by another version of the method is not made again: its figures are bound to differ.
    """
    told = _method_of(bundle)
    if told != METHOD:
        return [
            Check(
                FIGURES,
                "not done",
                f"no figure was compared: the run was made by {method_told(told)} of the method, "
                f"with Assay {bundle.description.version}; this is {method_told(METHOD)} (Assay "
                f"{__version__}), whose figures differ by design. For a full check take "
                f"{how_to_install(bundle.description.version)}",
            )
        ]
    with tempfile.TemporaryDirectory(prefix="assay-again-") as scratch:
        again = RunFolder(Path(scratch))
        try:
            record = read_json(bundle.run.run, "run.json")
            rerun(bundle.run.dataset, again, record)
            new_record = read_json(again.run, "run.json")
        except (AssayError, pa.ArrowException) as error:
            return [Check(FIGURES, "different", "the run could not be made again",
                          (first_line(error),))]  # fmt: skip
        progress.stage("Comparing every figure")
        checks = [_check_version(record)]
        for one in _compared(bundle, again, (record, new_record)):
            checks.append(as_check(one, _same_version(record)))
        return checks


def _method_of(bundle: Unpacked) -> object:
    """The version of the method that ``run.json`` tells; None where it tells none."""
    try:
        return read_json(bundle.run.run, "run.json").get("method")
    except InputError:
        # The rerun names what is wrong with it.
        return METHOD


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
        f"version. For a full check take {how_to_install(record.get('version'))}",
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
    yield from _comparisons(bundle, again)
    for name in _table_names(bundle.folder, again.folder):
        in_bundle, new = bundle.folder / name, again.folder / name
        if not in_bundle.is_file() or not new.is_file():
            where = "is not in the bundle" if new.is_file() else "does not come out again"
            yield Check(name, "different", "", (f"{name}: {where}",))
            continue
        try:
            yield compare_tables(name, in_bundle, new, KEYS.get(Path(name).name, ()))
        except (pa.ArrowException, OSError) as error:
            yield Check(name, "different", "", (f"{name}: {first_line(error)}",))


def _comparisons(bundle: Unpacked, again: RunFolder) -> Iterator[Compared | Check]:
    """Findings about names: what was put side by side, put side by side again."""
    pattern = "evidence/*/comparison.json"
    names = {
        path.relative_to(folder).as_posix()
        for folder in (bundle.folder, again.folder)
        for path in folder.glob(pattern)
    }
    for name in sorted(names):
        try:
            yield compare_records(
                name, read_json(bundle.folder / name, name), read_json(again.folder / name, name)
            )
        except InputError as error:
            yield Check(name, "different", "", (error.message,))


def _table_names(*folders: Path) -> list[str]:
    """Result tables and evidence in either folder."""
    names: set[str] = set()
    for folder in folders:
        for pattern in ("*.parquet", "evidence/*/*.parquet"):
            names |= {path.relative_to(folder).as_posix() for path in folder.glob(pattern)}
    return sorted(names)


def as_check(one: Compared | Check, same_version: bool) -> Check:
    """What came of comparing a file, as a check."""
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
