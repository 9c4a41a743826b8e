"""What is done with a finished run: packed for a third person, verified, contested, made nameless.

Each function makes the run again where it must, by :mod:`assay.workbench`, from nothing but what
``run.json`` and the dataset hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assay.engine.alone import alone_in
from assay.engine.read_back import json_back
from assay.errors import InputError
from assay.importers.report import ImportOptions
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Progress, Silent
from assay.workbench import RunOptions, detector_context, scan

if TYPE_CHECKING:
    from assay.bundle.contest import ContestOptions
    from assay.bundle.pack import PackOptions, PackSummary
    from assay.bundle.pseudonymised_dataset import Pseudonyms
    from assay.bundle.rerun_checks import Rerun
    from assay.bundle.sheet_files import Sheet
    from assay.bundle.verdict import Verdict
    from assay.bundle.verify import Against
    from assay.detectors.coaction_parameters import Coaction
    from assay.detectors.left_out import LeftOutRuns
    from assay.identities.asked import Protect


def bundle_run(
    run: RunFolder, dataset: Dataset | None, out: Path, options: PackOptions, progress: Progress
) -> PackSummary:
    """Pack a finished run and its data into one file; see :mod:`assay.bundle.pack`.

    Args:
        run: A finished run.
        dataset: What it read; None takes the one inside the run's folder.
        out: The file to write.
        options: How.
        progress: Told how far it is.

    Raises:
        InputError: The run or its dataset is not whole.
        UsageError: A run writes into the folder at this moment.
    """
    from assay.bundle.pack import pack

    if not run.folder.is_dir():
        raise InputError("there is no such run", fix="name the folder of a run", file=run.folder)
    with alone_in(run.folder):
        return pack(run, dataset or run.dataset, out, options, progress)


def verify_bundle(path: Path, against: Against, options: RunOptions, progress: Progress) -> Verdict:
    """Check a bundle and run it again; see :mod:`assay.bundle.verify`.

    Raises:
        InputError: It is no bundle that this version can read.
    """
    from assay.bundle.unpacked import unpacked
    from assay.bundle.verify import verify

    with unpacked(path, progress) as bundle:
        return verify(bundle, rerun_with(options, progress), against, progress)


def contest_bundle(
    path: Path,
    asked: ContestOptions,
    writing: tuple[Path | None, bool],
    options: RunOptions,
    progress: Progress,
) -> Sheet:
    """Write the defence sheet of one account; see :mod:`assay.bundle.contest`.

    Args:
        path: A bundle.
        asked: Whose sheet, and how much to work out.
        writing: The folder to write into (None names one for the account), and whether a PDF is
            wanted.
        options: What the detections made again may use.
        progress: Told how far it is.

    Raises:
        InputError: It is no bundle, or the account or finding is not in it.
    """
    from assay.bundle.contents import read_json
    from assay.bundle.contest import contest
    from assay.bundle.sheet_files import write_sheet
    from assay.bundle.unpacked import unpacked

    out, pdf = writing
    with unpacked(path, progress) as bundle:
        coaction = coaction_of(read_json(bundle.run.run, "run.json"))
        with left_out_runs(bundle.run.dataset, coaction, options) as runs:
            sheet = contest(bundle, asked, runs, progress)
        return write_sheet(sheet, out, pdf=pdf)


@contextmanager
def left_out_runs(
    dataset: Dataset, coaction: Coaction, options: RunOptions
) -> Iterator[LeftOutRuns]:
    """What makes a detection again without some of its shares, for as long as it is needed.

    Args:
        dataset: The data.
        coaction: The parameters of the run.
        options: What the detections may use.
    """
    from assay.detectors.left_out import LeftOutRuns

    with TemporaryDirectory(prefix="assay-without-") as scratch:
        nowhere = RunFolder(Path(scratch))
        with detector_context(dataset, nowhere, nowhere.folder, options, Silent()) as context:
            yield LeftOutRuns(context, coaction)


def rerun_with(options: RunOptions, progress: Progress) -> Rerun:
    """A function that runs a dataset again with the parameters of an earlier ``run.json``."""
    from assay.bundle.held_names import carry_names
    from assay.bundle.pseudonyms_told import pseudonymised_with

    def rerun(dataset: Dataset, run: RunFolder, record: Mapping[str, Any]) -> None:
        made = RunFolder(dataset.folder.parent)
        nameless = bool(record.get("identities")) and pseudonymised_with(dataset) is not None
        asked = replace(
            options,
            command=record.get("command"),
            report=False,
            identities=None if nameless else _identities_of(record, made),
        )
        coaction = coaction_of(record)
        scan([dataset.folder], run, ImportOptions(), coaction, asked, progress)
        if nameless:
            carry_names(made, run)

    return rerun


def _identities_of(record: Mapping[str, Any], run: RunFolder) -> Protect | None:
    """The register of an earlier run, with all that lay beside it, as its folder keeps it.

    Raises:
        InputError: The day that it held dates against cannot be read.
    """
    told = record.get("identities")
    if not told:
        return None
    from assay.identities.asked import Protect

    try:
        today = date.fromisoformat(str(told["today"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "run.json does not say on which day the register was held against accounts",
            fix="get the bundle again from who made it",
            file="run.json",
        ) from error
    return Protect(run.identities, today)


@contextmanager
def pseudonymised_run(
    run: RunFolder,
    dataset: Dataset | None,
    pseudonyms: Pseudonyms,
    options: RunOptions,
    progress: Progress,
) -> Iterator[RunFolder]:
    """A finished run made again under pseudonyms, for as long as something is derived from it.

    Args:
        run: A finished run; one under this very key is used as it is.
        dataset: What it read; None takes the one inside the run's folder.
        pseudonyms: How.
        options: What the detection made again may use.
        progress: Told how far it is.

    Raises:
        InputError: The run or its dataset is not whole.
    """
    from assay.bundle.pseudonymised_history import carry_history
    from assay.bundle.pseudonyms_told import pseudonymised_with

    dataset = dataset or run.dataset
    if pseudonymised_with(dataset) == pseudonyms.key.fingerprint:
        yield run
        return
    if not (run.run.exists() and dataset.manifest.exists()):
        raise InputError(
            "the folder holds no finished run with its dataset",
            fix="scan the data again with --pseudonymise",
            file=run.folder,
        )
    record = json_back(run.run)
    coaction = coaction_of(record)
    with TemporaryDirectory(prefix=".pseudonymised-", dir=run.folder.parent) as folder:
        nameless = RunFolder(Path(folder) / "run")
        asked = replace(
            options,
            pseudonyms=pseudonyms,
            command=None,
            identities=_identities_of(record, run),
        )
        importing = ImportOptions(threads=options.threads)
        scan([dataset.folder], nameless, importing, coaction, asked, progress)
        carry_history(run, dataset, nameless, pseudonyms)
        yield nameless


def coaction_of(record: Mapping[str, Any]) -> Coaction:
    """The detector's parameters as ``run.json`` holds them.

    Raises:
        InputError: They are not those of this version's detector.
    """
    from assay.detectors.coaction_parameters import Coaction

    told = record.get("parameters")
    names = {field.name for field in fields(Coaction)}
    if not isinstance(told, dict) or not set(told) <= names:
        unknown = sorted(set(told) - names) if isinstance(told, dict) else ["none at all"]
        raise InputError(
            f"run.json has parameters that this version does not know: {', '.join(unknown)}",
            fix=f"use Assay {record.get('version')}, which made it",
            file="run.json",
        )
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    try:
        return Coaction(**values)
    except TypeError as error:
        raise InputError(
            f"run.json has damaged parameters: {error}",
            fix="get the bundle again from who made it",
            file="run.json",
        ) from error
