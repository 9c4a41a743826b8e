"""Posts, accounts, rejects and the manifest of a dataset under pseudonyms, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.bundle.pseudonymise_objects import ObjectRewriter
from assay.bundle.pseudonyms import Namer
from assay.bundle.rewrite_texts import TextRewriter
from assay.engine.parquet_rows import TableStream, row_batches
from assay.engine.write import write_table
from assay.model.dataset import Dataset
from assay.model.progress import Progress
from assay.model.tables import ACCOUNTS, POSTS, REJECTS

_BATCH_ROWS = 1 << 14
_POST_IDS = ("in_reply_to", "repost_of", "quote_of")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|“[^”]*”")


@dataclass(frozen=True)
class TableRewriter:
    """Rewrites the tables of one dataset.

    Attributes:
        namer: Makes pseudonyms.
        texts: Rewrites texts.
        objects: Makes pseudonyms of ids.
        progress: Told of rows.
    """

    namer: Namer
    texts: TextRewriter
    objects: ObjectRewriter
    progress: Progress

    def posts(self, source: Path, target: Path) -> int:
        """Write the posts again, in their order; how many there are."""
        with TableStream(target, POSTS) as stream:
            for _, batch in row_batches(source, POSTS.names, _BATCH_ROWS):
                stream.write(self._posts(batch))
                self.progress.advance(len(batch))
        return stream.rows

    def accounts(self, source: Path, target: Path) -> int:
        """Write the accounts again, in the order of their new ids."""
        parts = [
            self._accounts(batch) for _, batch in row_batches(source, ACCOUNTS.names, _BATCH_ROWS)
        ]
        table = pa.concat_tables(parts) if parts else ACCOUNTS.empty_table()
        return len(write_table(target, table, ACCOUNTS, ["account_id"]))

    def rejects(self, source: Path, target: Path) -> None:
        """Write the rejects again, without what stood in the rows."""
        with TableStream(target, REJECTS) as stream:
            for _, batch in row_batches(source, REJECTS.names, _BATCH_ROWS):
                columns = dict(zip(REJECTS.names, batch.columns, strict=True))
                columns["source"] = self._sources(batch["source"])
                columns["column"] = self.objects.each(batch["column"], self._plain)
                columns["reason"] = self.objects.each(batch["reason"], self._plain)
                columns["raw"] = pa.nulls(len(batch), pa.string())
                stream.write(pa.table(columns))

    def source(self, name: str) -> str:
        """The pseudonym of an input file."""
        return self.namer.name("source", name)

    def told(self, text: str) -> str:
        """A note about the input: without its names, and without what it quotes."""
        return self.texts.text(_QUOTED.sub("…", text))

    def _posts(self, batch: pa.RecordBatch) -> pa.Table:
        columns = dict(zip(POSTS.names, batch.columns, strict=True))
        platforms = batch["platform"].to_pylist()
        columns["post_id"] = self.objects.posts(batch["post_id"], recorded=True)
        columns["account_id"] = self.objects.accounts(batch["account_id"])
        for name in _POST_IDS:
            columns[name] = self.objects.posts(batch[name], recorded=True)
        for name in ("text", "title"):
            texts = self.texts.rewritten(batch[name].to_pylist(), platforms)
            columns[name] = pa.array(texts, pa.string())
        columns["media"] = self._media(batch["media"])
        columns["url"] = self.objects.each(batch["url"], self._links)
        columns["client"] = self.objects.each(batch["client"], self._plain)
        columns["source"] = self._sources(batch["source"])
        return pa.table(columns)

    def _accounts(self, batch: pa.RecordBatch) -> pa.Table:
        columns = dict(zip(ACCOUNTS.names, batch.columns, strict=True))
        ids = self.objects.accounts(batch["account_id"])
        columns["account_id"] = ids
        bare = pa.array([one.rpartition(":")[2] for one in ids.to_pylist()], pa.string())
        for name in ("handle", "display_name"):
            columns[name] = _where_present(batch[name], bare)
        for name, sort in (("bio", "bio"), ("avatar_hash", "avatar")):
            columns[name] = self.objects.each(batch[name], self._all(sort))
        for name in ("publisher", "declared_affiliation"):
            columns[name] = self.objects.each(batch[name], self._organisations)
        columns["url"] = self.objects.each(
            batch["url"], lambda known: [self.texts.links.address(one) for one in known]
        )
        return pa.table(columns)

    def _links(self, known: list[str]) -> list[str]:
        self.texts.links.look_at(known)
        return [self.texts.links.written(one) for one in known]

    def _all(self, sort: str) -> Callable[[list[str]], list[str]]:
        return lambda known: self.namer.names(sort, known)

    def _organisations(self, known: list[str]) -> list[str]:
        # Compared without regard to case and spacing, as where affiliations are counted.
        return [
            self.namer.name("publisher", " ".join(one.casefold().split())) if one.strip() else one
            for one in known
        ]

    def _media(self, column: pa.ListArray) -> pa.Array:
        renamed = self.objects.images(column.flatten())
        flat = iter(renamed.to_pylist())
        lists = column.to_pylist()
        values = [None if one is None else [next(flat) for _ in one] for one in lists]
        return pa.array(values, pa.list_(pa.string()))

    def _sources(self, column: pa.Array) -> pa.Array:
        return self.objects.each(column, self._all("source"))

    def _plain(self, known: list[str]) -> list[str]:
        return [self.told(one) for one in known]


def rewritten_manifest(manifest: Mapping[str, Any], tables: TableRewriter) -> dict[str, Any]:
    """What the manifest says of the input, without names of files, people or columns quoted."""
    parameters = dict(manifest.get("parameters", {}))
    for name in ("mapping", "accounts"):
        if parameters.get(name):
            rewrite = tables.told if name == "mapping" else tables.source
            parameters[name] = ", ".join(map(rewrite, parameters[name].split(", ")))
    return {
        **manifest,
        "inputs": [_input(one, tables) for one in manifest.get("inputs", ())],
        "skipped": {
            tables.source(name): tables.told(why)
            for name, why in manifest.get("skipped", {}).items()
        },
        "passed_over": {
            tables.source(name): sha256 for name, sha256 in manifest.get("passed_over", {}).items()
        },
        "parameters": parameters,
        "collection": None,
    }


def _input(told: Mapping[str, Any], tables: TableRewriter) -> dict[str, Any]:
    return {
        **told,
        "source": tables.source(told["source"]),
        "mapping": {field: tables.told(column) for field, column in told["mapping"].items()},
        "notes": [tables.told(note) for note in told.get("notes", ())],
    }


def _where_present(column: pa.Array, replacement: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.if_else(column.is_valid(), replacement, pa.scalar(None, pa.string()))


def row_count(dataset: Dataset) -> int:
    """Rows of posts and shares together: what there is to do."""
    return sum(pq.read_metadata(path).num_rows for path in (dataset.posts, dataset.shares))
