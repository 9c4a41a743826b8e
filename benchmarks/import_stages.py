"""Where the import's CPU-seconds go, stage by stage, beside the floor of each stage.

A floor is the least that somebody else's code takes for the same bytes: SHA-256 of the file,
Arrow's readers, Arrow's small letters of the texts, SHA-256 of each text by itself, Arrow's codes
of the objects, Parquet written as ours is from finished tables. Everything runs in one process,
one stage after the other; start-up is left out.

    CORE benchmarks/import_stages.py [--posts 300000] [--shares 1500000]
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import importlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.import_speed import made_up_posts, made_up_shares

from assay.engine.behind import WriterBehind
from assay.engine.sorted_shares import SHARES_OPTIONS
from assay.engine.staging import POSTS_OPTIONS
from assay.importers import one_file
from assay.importers.report import ImportOptions
from assay.importers.run import import_files
from assay.model.progress import Silent

ENGINE = "assay.engine."
STAGES: dict[str, tuple[str, ...]] = {
    "checksum": ("write:file_sha256",),
    "reading rows": ("csv_read:with_next", "csv_scan:scan_records", "csv_parse:parse_rows",
                     "csv_split:split_records", "marked_bytes:with_marks",
                     "csv_layout:is_utf8", "csv_layout:find_csv_layout"),
    "texts taken apart": ("post_texts:read_texts",),
    "rows typed": ("typed_posts:PostTyper.typed", "derive_shares:ShareDeriver.derive"),
    "links": ("post_links:PostLinks.found",),
    "keys of texts": ("text_keys:text_keys",),
    "other shares of posts": ("post_shares:PostShares.derive",),
    "accounts": ("seen_accounts:seen_accounts", "assembly:Assembly._write_accounts"),
    "shares staged": ("staged_shares:StagedSharesWriter.write",),
    "repeated posts": ("assembly:Assembly._repeated_posts",),
    "shares sorted": ("sorted_shares:SharesWriter.write",),
    "Parquet": ("behind:WriterBehind.write_table",),
}  # fmt: skip
"""What belongs to each stage, but for what another stage inside of it takes."""
OTHER = "all else"
"""Of a Parquet file its reading too."""


class Clock:
    """CPU-seconds of stages that may stand inside each other."""

    def __init__(self) -> None:
        self.spent_s: dict[str, float] = {}
        self._under_way: list[float] = []

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time told to a stage, what other stages take inside it left out."""

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            began = time.process_time()
            self._under_way.append(0.0)
            try:
                return function(*arguments, **named)
            finally:
                took_s = time.process_time() - began
                own_s = took_s - self._under_way.pop()
                self.spent_s[stage] = self.spent_s.get(stage, 0.0) + own_s
                if self._under_way:
                    self._under_way[-1] += took_s

        return call

    def watch(self) -> None:
        """Put the clock around all stages, wherever their functions were imported to."""
        for stage, places in STAGES.items():
            for place in places:
                module, _, path = place.partition(":")
                owner: Any = importlib.import_module(ENGINE + module)
                *parents, name = path.split(".")
                for parent in parents:
                    owner = getattr(owner, parent)
                old = getattr(owner, name)
                new = self.timed(stage, old)
                setattr(owner, name, new)
                for loaded in list(sys.modules.values()):
                    ours = getattr(loaded, "__name__", "").startswith("assay")
                    if ours and getattr(loaded, name, None) is old:
                        setattr(loaded, name, new)


def at_once(writer: WriterBehind, table: pa.Table) -> None:
    """Written where it is called: a thread of its own would tell its time to another stage."""
    writer._writer.write_table(table)


def in_turn(pieces: Iterator[Any]) -> Iterator[Any]:
    """Read where they are asked for: a thread would tell its time to whichever stage runs."""
    yield from pieces


def floors(path: Path, dataset: Path) -> dict[str, float]:
    """CPU-seconds of each floor."""
    shares, posts = (pq.read_table(dataset / f"{name}.parquet") for name in ("shares", "posts"))
    raw = path.read_bytes()
    scratch = dataset / "floor"
    found = {"checksum": lambda: hashlib.sha256(raw).digest()}
    if path.suffix == ".csv":
        found["reading rows"] = functools.partial(read_csv_alone, raw)
    else:
        found[OTHER] = functools.partial(pq.read_table, path)
    tables = [(shares, SHARES_OPTIONS)]
    if len(posts):
        texts = posts["text"].combine_chunks()
        words = [text.encode() for text in texts.to_pylist()]
        found["texts taken apart"] = lambda: pc.utf8_lower(texts)
        found["keys of texts"] = lambda: [hashlib.sha256(one).hexdigest() for one in words]
        tables.append((posts, POSTS_OPTIONS))
    found["Parquet"] = lambda: [pq.write_table(one, scratch, **how) for one, how in tables]
    found["shares sorted"] = shares["object_id"].dictionary_encode
    took_s = {}
    for stage, work in found.items():
        began = time.process_time()
        work()
        took_s[stage] = time.process_time() - began
    return took_s


def read_csv_alone(raw: bytes) -> pa.Table:
    """Every column as text."""
    names = raw[: raw.index(b"\n")].decode().split(",")
    return pa_csv.read_csv(
        pa.BufferReader(raw),
        read_options=pa_csv.ReadOptions(block_size=16 << 20),
        convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )


def report(clock: Clock, what: str, path: Path, small: Path) -> None:
    """Import a file and print its stages as a table, per million rows."""
    options = ImportOptions(threads=2, timezone="UTC")
    out = path.with_suffix(".dataset")
    import_files([small], small.with_suffix(".dataset"), options, Silent())
    clock.spent_s.clear()
    began = time.process_time()
    summary = import_files([path], out, options, Silent())
    whole_s = time.process_time() - began
    spent_s = clock.spent_s | {OTHER: whole_s - sum(clock.spent_s.values())}
    least_s = floors(path, out)
    millions = summary.read / 1e6
    shares = sum(summary.shares.values())
    print(f"\n{what}: {summary.read:,} rows, {shares:,} shares, in CPU-s per million rows\n")
    print("| stage | import | floor | times |\n|---|---:|---:|---:|")
    for stage in (*STAGES, OTHER):
        if stage in spent_s:
            floor_s = least_s.get(stage)
            least = "" if floor_s is None else f"{floor_s / millions:.2f}"
            times = "" if not floor_s else f"{spent_s[stage] / floor_s:.1f}"
            print(f"| {stage} | {spent_s[stage] / millions:.2f} | {least} | {times} |")
    least = sum(least_s.values())
    ratio = whole_s / least
    print(f"| all | {whole_s / millions:.2f} | {least / millions:.2f} | {ratio:.1f} |")


def main() -> None:
    """Make the inputs, import them, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=300_000)
    parser.add_argument("--shares", type=int, default=1_500_000)
    arguments = parser.parse_args()
    clock = Clock()
    clock.watch()
    with (
        patch.object(WriterBehind, "write_table", clock.timed("Parquet", at_once)),
        patch.object(one_file, "ahead", in_turn),
        tempfile.TemporaryDirectory() as name,
    ):
        folder = Path(name)
        posts, few = folder / "posts.csv", folder / "few.csv"
        made_up_posts(posts, arguments.posts)
        made_up_posts(few, 2000)
        report(clock, "posts with text, CSV", posts, few)
        table, text = folder / "shares.parquet", folder / "shares.csv"
        made_up_shares(text, table, arguments.shares)
        made_up_shares(folder / "few-shares.csv", folder / "few-shares.parquet", 2000)
        report(clock, "share table, Parquet", table, folder / "few-shares.parquet")


if __name__ == "__main__":
    main()
