"""The straight line as functions: files → dataset → edges → network → findings → report.

Read this first. Each function takes what the one before it left on disk, so that every result can
be made again from the one before. What is done with a finished run (packed, verified, contested)
stands in :mod:`assay.handover`, the line of documents in :mod:`assay.reading`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from assay import __version__
from assay.bundle.history import append_history
from assay.bundle.pseudonyms_told import check_named, pseudonyms_told
from assay.engine.alone import alone_in
from assay.engine.registry import engine_or_none
from assay.engine.room import engine_memory_bytes, run_memory_bytes
from assay.engine.write import write_json
from assay.identities.run import check_since, clear_names, hold_against, read_asked
from assay.importers.opened import dataset_counts, open_dataset
from assay.model.dataset import Dataset, RunFolder
from assay.model.method import METHOD
from assay.model.progress import Progress

if TYPE_CHECKING:
    from assay.bundle.held_names import HeldNames
    from assay.bundle.pseudonymised_dataset import Pseudonyms
    from assay.detectors.base import DetectorContext
    from assay.detectors.coaction_parameters import Coaction
    from assay.identities.asked import Protect
    from assay.identities.protect import Found
    from assay.identities.protected import Protected
    from assay.importers.report import ImportOptions
    from assay.report.page import ReportSummary


@dataclass(frozen=True)
class RunOptions:
    """What a run may use and how it is carried out; none of it changes a figure.

    Attributes:
        engine: Where the network is made: ``memory``, ``duckdb`` or ``spark``.
        memory_bytes: Memory of the whole run; None takes 70 % of the machine.
        threads: Worker threads.
        spill_dir: Where it spills to; None for a hidden folder inside the output.
        report: Whether to write ``report.html`` and the pictures.
        edges_only: Whether a detection ends with its edges, without the tests beyond pairs.
        command: How the run is told to others, so that they can give it again.
        pseudonyms: How everything that names a person is replaced first; None leaves names.
        identities: A register to hold accounts and links against; None looks for no likeness.
    """

    engine: str = "memory"
    memory_bytes: int | None = None
    threads: int = 2
    spill_dir: Path | None = None
    report: bool = True
    edges_only: bool = False
    command: str | None = None
    pseudonyms: Pseudonyms | None = None
    identities: Protect | None = None


@dataclass(frozen=True)
class RunSummary:
    """A finished run.

    Attributes:
        record: What ``run.json`` holds.
        findings: Sentences, one for each finding.
        report: What was written of the report; None if it was not wanted.
    """

    record: Mapping[str, Any]
    findings: tuple[str, ...]
    report: ReportSummary | None


def scan(
    inputs: Sequence[str | Path],
    run: RunFolder,
    importing: ImportOptions,
    coaction: Coaction,
    options: RunOptions,
    progress: Progress,
) -> RunSummary:
    """Everything that the data allow, from files of posts to the report.

    An interrupted run goes on where it was when the same command is given again.

    Args:
        inputs: Files, folders and patterns, or one dataset.
        run: Where to.
        importing: What the user says about the files.
        coaction: What to look for.
        options: What the run may use.
        progress: Told how far it is.

    Raises:
        InputError: The input cannot be used.
        UsageError: Options make no sense, or another run writes into the same folder.
    """
    protected = _read_identities(run, options)
    with alone_in(run.folder):
        importing = replace(importing, memory_bytes=run_memory_bytes(options.memory_bytes))
        held = _held_names(run, options, protected, progress)
        if options.pseudonyms is None:
            dataset = open_dataset(inputs, run, importing, progress)
        else:
            pseudonyms = replace(options.pseudonyms, look=None if held is None else held.look)
            dataset = open_pseudonymised(inputs, run, importing, pseudonyms, progress)
        if protected is not None and held is None:
            check_named(dataset)
        # Results of an earlier run must not stand beside this one's, should it be stopped.
        for stale in (run.run, run.findings, run.report):
            stale.unlink(missing_ok=True)
        clear_names(run, options.identities)
        record = detect_coaction(dataset, run, coaction, options, progress)
        record |= _asked(inputs, dataset, options)
        sentences = explain(dataset, run, record, progress)
        if held is not None:
            sentences += _of_names(dataset, run, record, (held.protected, held.place()), progress)
        elif protected is not None:
            sentences += _of_names(dataset, run, record, (protected, None), progress)
        write_json(run.run, record)
        append_history(run, dataset, record)
        written = None
        if options.report:
            from assay.report.page import write_report

            written = write_report(run, progress)
        shutil.rmtree(run.folder / ".work", ignore_errors=True)
        return RunSummary(record, sentences, written)


def _held_names(
    run: RunFolder, options: RunOptions, protected: Protected | None, progress: Progress
) -> HeldNames | None:
    """What compares names before pseudonyms replace them; None where they stay, or none is asked.

    Args:
        run: Where to.
        options: Whether names are replaced.
        protected: The register; None compares no name.
        progress: Told how far it is.
    """
    if protected is None or options.pseudonyms is None:
        return None
    from assay.bundle.held_names import HeldNames

    return HeldNames(run, protected, options.pseudonyms.key, progress)


def _of_names(
    dataset: Dataset,
    run: RunFolder,
    record: dict[str, Any],
    protected: tuple[Protected, Found | None],
    progress: Progress,
) -> tuple[str, ...]:
    """Hold accounts and links against a register; the findings' sentences, the rest in the record.

    Args:
        dataset: What the run works on.
        run: Where to.
        record: The run's record, which is added to.
        protected: The register, and what was found of the accounts while they had names.
        progress: Told how far it is.
    """
    register, found = protected
    names = hold_against(dataset, run, register, progress, found)
    record["identities"] = dict(names.record)
    record["results"]["findings"] += len(names.findings)
    return tuple(finding.statement for finding in names.findings)


def _asked(inputs: Sequence[str | Path], dataset: Dataset, options: RunOptions) -> dict[str, Any]:
    """What the record says of the question: names of the inputs, the command, the pseudonyms."""
    # Names only: where the files lay is nobody's business and no part of the result.
    names = [Path(one).name or str(one) for one in inputs]
    if options.pseudonyms is not None:
        names = [options.pseudonyms.source(name) for name in names]
    told = pseudonyms_told(dataset)
    return {"input": names, "command": options.command} | (
        {} if told is None else {"pseudonymised": told}
    )


def _read_identities(run: RunFolder, options: RunOptions) -> Protected | None:
    """Read a register, or refuse it, before hours are spent; None where none is asked for.

    Raises:
        InputError: The register, or what was supplied beside it, cannot be used.
        UsageError: It does not go with the other options.
    """
    asked = options.identities
    if asked is None:
        return None
    check_since(asked, run)
    protected = read_asked(asked)
    if options.pseudonyms is not None and asked.since is not None:
        from assay.bundle.pseudonymised_dataset import check_key

        check_key(RunFolder(asked.since), options.pseudonyms.key)
    return protected


def open_pseudonymised(
    inputs: Sequence[str | Path],
    run: RunFolder,
    importing: ImportOptions,
    pseudonyms: Pseudonyms,
    progress: Progress,
) -> Dataset:
    """As :func:`open_dataset`, and nothing in the run's folder names a person.

    Raises:
        InputError: The input cannot be used.
        UsageError: The folder holds files of another sort.
    """
    from assay.bundle.pseudonymised_dataset import (
        NamelessProgress,
        check_output,
        input_files,
        input_told,
        named_folder,
        pseudonymised_dataset,
    )

    check_output(run, pseudonyms.key)
    look = pseudonyms.look
    nameless = NamelessProgress(progress, pseudonyms, input_files(inputs, importing))
    with named_folder(run.folder, progress) as hidden:

        def read() -> Dataset:
            return open_dataset(inputs, RunFolder(hidden), importing, nameless)

        if look is not None:
            look(read(), hidden)
        return pseudonymised_dataset(
            input_told(inputs, importing),
            read,
            run.dataset,
            replace(pseudonyms, threads=importing.threads, memory_bytes=importing.memory_bytes),
            nameless,
        )


def detect_coaction(
    dataset: Dataset, run: RunFolder, coaction: Coaction, options: RunOptions, progress: Progress
) -> dict[str, Any]:
    """Find co-acting pairs and test them; leaves ``edges.parquet`` and ``edge_tests.parquet``.

    Returns:
        The record of the stage for ``run.json``.
    """
    # Here, not above: reading documents needs no detector, and their kernels take seconds to load.
    from assay.detectors.coaction import CoactionDetector

    run.folder.mkdir(parents=True, exist_ok=True)
    work = run.folder / ".work" / _work_key(dataset, coaction)
    work.mkdir(parents=True, exist_ok=True)
    with detector_context(dataset, run, work, options, progress) as context:
        record = CoactionDetector().run(coaction, context)
    return {
        "version": __version__,
        "method": METHOD,
        "detector": CoactionDetector.name,
        "engine": options.engine,
        **record,
        "data": record["data"] | dataset_counts(dataset),
    }


@contextmanager
def detector_context(
    dataset: Dataset, run: RunFolder, work: Path, options: RunOptions, progress: Progress
) -> Iterator[DetectorContext]:
    """What a detector runs in, with an engine that is closed at the end.

    Args:
        dataset: What it reads.
        run: Where it writes.
        work: An existing folder for what it may need again.
        options: What it may use.
        progress: Told how far it is.
    """
    from assay.detectors.base import DetectorContext

    memory_bytes = run_memory_bytes(options.memory_bytes)
    rows = pq.ParquetFile(dataset.shares).metadata.num_rows
    with engine_or_none(
        options.engine,
        memory_bytes=engine_memory_bytes(memory_bytes, rows),
        threads=options.threads,
        spill_dir=options.spill_dir or work,
    ) as engine:
        yield DetectorContext(
            dataset,
            run,
            work,
            engine,
            memory_bytes,
            options.threads,
            progress,
            edges_only=options.edges_only,
        )


def explain(
    dataset: Dataset, run: RunFolder, record: dict[str, Any], progress: Progress
) -> tuple[str, ...]:
    """From tested edges to network, communities, findings and frozen evidence.

    Adds the counts of the network to the record's ``results``, and what of their firmness was
    passed over.

    Returns:
        The findings' sentences.
    """
    # Here, not above: these pull in packages that a run without a single edge never needs.
    from assay.detectors.findings import FindingContext, write_findings
    from assay.detectors.firmness import GateOfRun, firmness_told
    from assay.detectors.network import NetworkParameters, build_network

    progress.stage("Joining kept edges into a network")
    parameters = record["parameters"]
    network = build_network(
        run,
        dataset,
        NetworkParameters(
            max_sharers=parameters["max_sharers"], tested_half=record["window_auto"] is not None
        ),
    )
    progress.stage("Weighing the findings, freezing the evidence")
    findings = write_findings(
        run,
        dataset,
        FindingContext(
            network=network,
            fdr=parameters["fdr"],
            parameters=parameters,
            gate=GateOfRun.from_record(record),
            reactions=record["reactions"]["windows"],
        ),
    )
    record["firmness"] = firmness_told(findings)
    record["results"] |= {
        "accounts": len(network.edges.accounts),
        "communities": network.communities,
        "findings": len(findings),
    }
    return tuple(finding.statement for finding in findings)


def _work_key(dataset: Dataset, coaction: Coaction) -> str:
    """Names the folder of half-done work: it is used again only for the very same run."""
    shares = dataset.shares.stat()
    told = [__version__, METHOD, asdict(coaction), shares.st_size, shares.st_mtime_ns]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
