"""A dataset under pseudonyms: the one from which everything that leaves is derived.

Counts, times and structure stay as they are, so detection gives the same figures; ids, handles,
names, links and mentions become pseudonyms that only the holder of key and mapping can turn back.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.bundle.known_names import MOST_DIGITS, AccountNames, KnownNames
from assay.bundle.pseudonym_key import PseudonymKey
from assay.bundle.pseudonym_mapping import open_mapping
from assay.bundle.pseudonymise_objects import ObjectRewriter, rewritten_shares
from assay.bundle.pseudonymise_tables import TableRewriter, rewritten_manifest, row_count
from assay.bundle.pseudonyms import Namer
from assay.bundle.pseudonyms_told import pseudonymised_with
from assay.bundle.rewrite_texts import TextRewriter
from assay.engine.parquet_rows import row_batches
from assay.engine.reordered_shares import SortingRoom, write_reordered
from assay.engine.write import write_json
from assay.errors import UsageError
from assay.model.dataset import Dataset
from assay.model.progress import Progress

NOTE = (
    "Pseudonyms hide names, not people: texts can be searched for on the web, and times, counts "
    "and who shared what with whom can be matched with other copies of the data. Where texts may "
    "not be passed on, pack the run with `assay bundle --dehydrate`."
)
"""What pseudonyms do not protect against; said with every run and in every manifest."""

_POST_IDS = ("post_id", "in_reply_to", "repost_of", "quote_of")


@dataclass(frozen=True)
class PseudonymiseOptions:
    """How a dataset is pseudonymised.

    Attributes:
        keep_words: Words that are no names though an account is called so.
        threads: Worker threads of the sort.
        memory_bytes: Memory of the sort.
        made_from: A pseudonym of the input, by which a later run knows the dataset again.
    """

    keep_words: tuple[str, ...] = ()
    threads: int = 1
    memory_bytes: int = 1_000_000_000
    made_from: str | None = None


def pseudonymise(
    source: Dataset,
    target: Dataset,
    key: PseudonymKey,
    options: PseudonymiseOptions,
    progress: Progress,
) -> dict[str, Any]:
    """Write a dataset again under pseudonyms; an older one in ``target`` is replaced at the end.

    Args:
        source: Names people.
        target: Names nobody.
        key: Makes the pseudonyms; the mapping beside it takes the names.
        options: How.
        progress: Told of rows.

    Returns:
        The new manifest.

    Raises:
        UsageError: The dataset is pseudonymised already, or ``target`` is something else.
        CheckFailed: Two names have the same pseudonym.
    """
    already = pseudonymised_with(source)
    if already is not None:
        raise UsageError(
            f"the dataset is pseudonymised already, with the key {already}",
            fix="use it as it is, without --pseudonymise",
            file=source.folder,
        )
    if target.folder.exists() and not target.manifest.exists() and any(target.folder.iterdir()):
        raise UsageError(
            f"{target.folder} holds something other than a dataset", fix="name a new folder"
        )
    work = target.folder.with_name(f".{target.folder.name}.pseudonymising")
    shutil.rmtree(work, ignore_errors=True)
    made = Dataset(work)
    work.mkdir(parents=True)
    try:
        with open_mapping(key, create=True) as mapping:
            namer = Namer(key, mapping.record)
            manifest = _write(source, made, namer, options, progress)
        _move(work, target.folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _write(
    source: Dataset, made: Dataset, namer: Namer, options: PseudonymiseOptions, progress: Progress
) -> dict[str, Any]:
    progress.stage("Reading the names")
    names = KnownNames(namer, _accounts(source), _post_numbers(source.posts), options.keep_words)
    texts = TextRewriter(names, namer)
    objects = ObjectRewriter(names, namer, texts)
    tables = TableRewriter(namer, texts, objects, progress)
    progress.stage("Replacing names", row_count(source), "rows")
    tables.accounts(source.accounts, made.accounts)
    posts = tables.posts(source.posts, made.posts)
    tables.rejects(source.rejects, made.rejects)
    room = SortingRoom(options.threads, options.memory_bytes, made.folder / ".sorting")
    shares = rewritten_shares(source.shares, objects, posts_recorded=posts > 0)
    write_reordered(shares, made.shares, room, progress)
    told = json.loads(source.manifest.read_text(encoding="utf-8"))
    manifest = rewritten_manifest(told, tables) | {
        "pseudonymised": {
            "key": namer.fingerprint,
            "made_from": options.made_from,
            "note": NOTE,
        }
    }
    write_json(made.manifest, manifest)
    return manifest


def _accounts(dataset: Dataset) -> Iterator[AccountNames]:
    columns = ("account_id", "handle", "display_name")
    for _, batch in row_batches(dataset.accounts, columns):
        values = (batch[name].to_pylist() for name in columns)
        for account_id, handle, display_name in zip(*values, strict=True):
            yield AccountNames(account_id, handle, display_name)


def _post_numbers(posts: Path) -> npt.NDArray[np.uint64]:
    """Ids of posts that are whole numbers, sorted."""
    found = [np.empty(0, np.uint64)]
    for _, batch in row_batches(posts, _POST_IDS):
        for column in batch.columns:
            digits = pc.replace_substring_regex(column.drop_null(), "^[^:]*:", "")
            whole = digits.filter(pc.match_substring_regex(digits, rf"^\d{{1,{MOST_DIGITS}}}$"))
            # Nineteen digits always fit 64 bits; longer ones are no ids of any platform.
            found.append(np.unique(whole.to_numpy(zero_copy_only=False).astype(np.uint64)))
    return np.unique(np.concatenate(found))


def _move(made: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    made.replace(target)
    shutil.rmtree(old, ignore_errors=True)


def whole(dataset: Dataset) -> bool:
    """Whether every table of the dataset is there and can be opened."""
    try:
        for path in (dataset.posts, dataset.accounts, dataset.shares, dataset.rejects):
            pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        # Missing or damaged alike: both are made anew.
        return False
    return True
