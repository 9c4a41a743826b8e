"""When to pseudonymise: the dataset of a run that is to name nobody, made once and used again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay import __version__
from assay.bundle.pseudonym_key import PseudonymKey
from assay.bundle.pseudonymise import (
    NOTE,
    PseudonymiseOptions,
    pseudonymise,
    whole,
)
from assay.bundle.pseudonyms import Namer
from assay.bundle.pseudonyms_told import pseudonymised_with, pseudonyms_in
from assay.engine.write import file_sha256
from assay.errors import InputError, UsageError, is_a_stop
from assay.importers.inputs import find_inputs
from assay.importers.one_file import told_parameters
from assay.importers.report import ImportOptions, ImportSummary
from assay.importers.run import DEFAULT_MEMORY_BYTES, import_files
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Progress

_NAMELESS = frozenset((".lock", ".work", "history.ndjson"))


@dataclass(frozen=True)
class Pseudonyms:
    """That a run is to be pseudonymised, and how.

    Attributes:
        key: Makes the pseudonyms.
        keep_words: Words that are no names though an account is called so.
        threads: Worker threads.
        memory_bytes: Memory of the sort; None takes a gigabyte.
        look: Called with the dataset that names people, and with the hidden folder in which it
            lies, before the names go; None where nobody needs them.
    """

    key: PseudonymKey
    keep_words: tuple[str, ...] = ()
    threads: int = 1
    memory_bytes: int | None = None
    look: Callable[[Dataset, Path], None] | None = None

    def source(self, name: str) -> str:
        """The pseudonym of an input file, as the tables cite it."""
        return Namer(self.key).name("source", name)


@contextmanager
def named_folder(out: Path, progress: Progress) -> Iterator[Path]:
    """Where data that still name people lie while they are read: beside the output, hidden.

    An interruption leaves it, so that the next run goes on, and says so; whatever else happens
    takes it away.
    """
    folder = out.with_name(f".{out.name}.named")
    try:
        yield folder
    except BaseException as error:
        if not is_a_stop(error):
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.exists():
            progress.note(
                f"What was read lies in {folder}, with names, until the same command has gone on; "
                "if it is not to, delete that folder."
            )
        raise
    shutil.rmtree(folder, ignore_errors=True)


class NamelessProgress:
    """Progress that calls input files by their pseudonyms: what it says may stand in a log.

    Args:
        progress: Told instead.
        pseudonyms: Names the files.
        files: What the input's files are called.
    """

    def __init__(self, progress: Progress, pseudonyms: Pseudonyms, files: Iterable[str]) -> None:
        self._progress = progress
        self._files = {
            one: pseudonyms.source(one) for one in sorted(set(files), key=len, reverse=True)
        }

    def stage(self, name: str, total: float | None = None, unit: str = "") -> None:
        """Begin a stage."""
        self._progress.stage(self._nameless(name), total, unit)

    def advance(self, amount: float) -> None:
        """Pass on how far it is."""
        self._progress.advance(amount)

    def note(self, text: str) -> None:
        """Pass on what a person should read."""
        self._progress.note(self._nameless(text))

    def _nameless(self, text: str) -> str:
        for name, pseudonym in self._files.items():
            text = text.replace(name, pseudonym)
        return text


def input_files(inputs: Sequence[str | Path], importing: ImportOptions) -> list[str]:
    """What the input's files are called, as the tables cite them and as the user does."""
    named = [str(part) for one in inputs for part in (one, Path(one).name)]
    if _is_dataset(inputs):
        return named
    files, skipped = find_inputs(inputs, importing.accounts)
    return [*named, *skipped, *(name for file in files for name in (file.source, str(file.path)))]


def input_told(inputs: Sequence[str | Path], importing: ImportOptions) -> str:
    """Everything that decides what an import reads, as one string.

    Raises:
        InputError: An input does not exist.
    """
    if _is_dataset(inputs):
        return file_sha256(Dataset(Path(inputs[0])).manifest)
    files, _ = find_inputs(inputs, importing.accounts)
    parts = [(file.source, file_sha256(file.path)) for file in files]
    return json.dumps([__version__, parts, told_parameters(importing)], ensure_ascii=False)


def _is_dataset(inputs: Sequence[str | Path]) -> bool:
    return len(inputs) == 1 and Dataset(Path(inputs[0])).manifest.exists()


def check_output(run: RunFolder, key: PseudonymKey) -> None:
    """Refuse a folder that holds anything else than results under this very key.

    Raises:
        UsageError: It does; names would stay beside the pseudonyms.
    """
    if not run.folder.exists():
        return
    held = {path.name for path in run.folder.iterdir()} - _NAMELESS
    if not held or key.fingerprint in (pseudonymised_with(run.dataset), _run_key(run)):
        return
    raise UsageError(
        f"{run.folder} holds files that were not pseudonymised with this key",
        fix="name a new folder with -o: names in old files would stay beside the pseudonyms",
    )


def check_key(earlier: RunFolder, key: PseudonymKey) -> None:
    """Refuse to compare a run with one whose accounts are called otherwise.

    Raises:
        UsageError: The earlier run has names, or pseudonyms under another key.
    """
    if _run_key(earlier) != key.fingerprint:
        raise UsageError(
            "the run of --since is not under this key: its accounts could not be told again",
            fix="name a run that was pseudonymised with the same key",
        )


def _run_key(run: RunFolder) -> str | None:
    """The fingerprint that a finished run tells."""
    if not run.run.exists():
        return None
    told = pseudonyms_in(run.run)
    return None if told is None else told["key"]


def pseudonymised_dataset(
    asked: str,
    read: Callable[[], Dataset],
    target: Dataset,
    pseudonyms: Pseudonyms,
    progress: Progress,
) -> Dataset:
    """The dataset under pseudonyms: the one already made of the same input, or a new one.

    Args:
        asked: Tells the input and everything that shapes what is read of it.
        read: Reads the input into a dataset that names people.
        target: Where to.
        pseudonyms: How.
        progress: Told of rows and of what pseudonyms do not protect against.

    Raises:
        InputError: The input is pseudonymised with another key.
        CheckFailed: Two names have the same pseudonym.
    """
    key = pseudonyms.key
    made_from = Namer(key).name(
        "object", json.dumps([asked, pseudonyms.keep_words], ensure_ascii=False)
    )
    if pseudonymised_with(target) == key.fingerprint and whole(target):
        told = json.loads(target.manifest.read_text(encoding="utf-8"))["pseudonymised"]
        if told.get("made_from") == made_from:
            progress.note(f"{target.folder} was made from these very files; it is used again.")
            return target
    source = read()
    already = pseudonymised_with(source)
    if already == key.fingerprint:
        progress.note("The dataset is pseudonymised with this key already; it is used as it is.")
        return source
    if already is not None:
        raise InputError(
            f"the dataset is pseudonymised already, with the key {already}",
            fix="use it as it is, without --pseudonymise",
            file=source.folder,
        )
    options = PseudonymiseOptions(
        pseudonyms.keep_words,
        pseudonyms.threads,
        pseudonyms.memory_bytes or DEFAULT_MEMORY_BYTES,
        made_from,
    )
    pseudonymise(source, target, key, options, progress)
    progress.note(NOTE)
    return target


def import_pseudonymised(
    inputs: Sequence[str | Path],
    out: Path,
    importing: ImportOptions,
    pseudonyms: Pseudonyms,
    progress: Progress,
) -> ImportSummary:
    """Read files into a dataset that names nobody; what was read of each file is told as usual.

    Raises:
        InputError: A file cannot be used.
        UsageError: ``out`` is a folder of something else.
    """
    told = NamelessProgress(progress, pseudonyms, input_files(inputs, importing))
    with named_folder(out, progress) as hidden:
        summary = import_files(inputs, hidden / "dataset", importing, told)
        options = PseudonymiseOptions(
            pseudonyms.keep_words,
            importing.threads,
            importing.memory_bytes or DEFAULT_MEMORY_BYTES,
        )
        pseudonymise(Dataset(hidden / "dataset"), Dataset(out), pseudonyms.key, options, told)
    progress.note(NOTE)
    return summary
