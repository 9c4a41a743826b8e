"""Write a simulated campaign as files that an importer reads, with the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from assay import __version__
from assay.engine.write import file_sha256, write_json, write_table
from assay.errors import UsageError
from assay.laboratory.platform_files import (
    write_ira_table,
    write_telegram,
    write_twitter_v2,
)
from assay.laboratory.simulate import SIM_POSTS, SimulatedCampaign
from assay.laboratory.wording import COPIED_PREFIX, TRACKING

NDJSON_ROWS = 50_000

SIM_SHARES = pa.schema(
    [
        pa.field("object_id", pa.string(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("content_id", pa.string(), nullable=False),
        pa.field("timestamp_share", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
    ]
)
"""A share table as CooRTweet wants it, with the object's kind and the platform beside."""


def write_campaign(sim: SimulatedCampaign, out: Path, format: str = "csv") -> list[Path]:
    """Write the posts in one format, ``accounts.csv``, ``truth.csv`` and ``truth.json``.

    Args:
        sim: The campaign.
        out: Folder, made if need be; files of the same names are replaced.
        format: One of :data:`FORMATS`: posts as csv, ndjson or parquet; share-table or
            share-table-parquet in place of posts; or a platform's own format.

    Returns:
        The files written; the same campaign gives the same bytes.

    Raises:
        UsageError: No format has that name, or ``out`` is a file.
    """
    if format not in FORMATS:
        raise UsageError(f"no format is called {format!r}", fix="use " + ", ".join(FORMATS))
    if out.exists() and not out.is_dir():
        raise UsageError("the output is a file, not a folder", fix="name a folder", file=out)
    out.mkdir(parents=True, exist_ok=True)
    name, write_posts = FORMATS[format]
    written = [out / name, out / "accounts.csv", out / "truth.csv"]
    write_posts(sim, written[0])
    _write_csv(with_iso_times(sim.accounts), written[1])
    _write_csv(sim.truth, written[2])
    truth = {
        "made_by": f"assay simulate {__version__}",
        "parameters": _plain(asdict(sim.campaign)),
        "posts": sim.posts.num_rows,
        "groups": [asdict(group) for group in sim.groups],
        "sha256": {path.name: file_sha256(path) for path in written},
    }
    write_json(out / "truth.json", truth)
    return [*written, out / "truth.json"]


def share_table(sim: SimulatedCampaign) -> pa.Table:
    """Every share of a link, hashtag, repost or copied text (``SIM_SHARES``), sorted by time.

    Links lose their tracking parameter here, since a share table is not canonicalised. A repost
    counts as a repost alone.
    """
    posts = sim.posts
    is_copy = pc.starts_with(posts["text"], COPIED_PREFIX)
    links = pc.list_element(_padded_lists(posts["urls"]), 0)
    objects = {
        "link": pc.replace_substring(links, TRACKING, ""),
        "hashtag": pc.list_element(_padded_lists(posts["hashtags"]), 0),
        "repost": posts["repost_of"],
        "text": pc.if_else(is_copy, posts["text"], pa.scalar(None, pa.string())),
    }
    parts = []
    for kind, column in objects.items():
        has = column.is_valid()
        rows = posts.filter(has)
        parts.append(
            pa.table(
                [
                    column.filter(has),
                    rows["account_id"],
                    rows["id"],
                    pc.divide(rows["created_at"].cast(pa.int64()), 1_000_000),
                    pa.array([kind]).take(pa.array(np.zeros(len(rows), dtype=np.int64))),
                    rows["platform"],
                ],
                schema=SIM_SHARES,
            )
        )
    keys = [(name, "ascending") for name in ("timestamp_share", "content_id", "kind")]
    return pa.concat_tables(parts).sort_by(keys)


def _padded_lists(lists: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lists of none or one, with null for none, so that each has a first element."""
    return pc.if_else(
        pc.equal(pc.list_value_length(lists), 0), pa.scalar([None], lists.type), lists
    )


def with_iso_times(table: pa.Table) -> pa.Table:
    """The same table with ``created_at`` as text: ISO 8601 in whole seconds with Z."""
    at = table.column_names.index("created_at")
    moments = table["created_at"].to_numpy().astype("datetime64[s]")
    text = pa.array(np.datetime_as_string(moments, timezone="UTC").astype(object), pa.string())
    return table.set_column(at, "created_at", text)


def _posts_csv(sim: SimulatedCampaign, path: Path) -> None:
    table = with_iso_times(sim.posts)
    for name in ("urls", "hashtags"):
        first = pc.list_element(_padded_lists(table[name]), 0)
        table = table.set_column(table.column_names.index(name), name, first)
    _write_csv(table, path)


def _posts_ndjson(sim: SimulatedCampaign, path: Path) -> None:
    table = with_iso_times(sim.posts)
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
        for batch in table.to_batches(max_chunksize=NDJSON_ROWS):
            stream.writelines(
                json.dumps(row, ensure_ascii=False) + "\n" for row in batch.to_pylist()
            )
    unfinished.replace(path)


def _posts_parquet(sim: SimulatedCampaign, path: Path) -> None:
    write_table(path, sim.posts, SIM_POSTS)


def _shares_csv(sim: SimulatedCampaign, path: Path) -> None:
    _write_csv(share_table(sim), path)


def _shares_parquet(sim: SimulatedCampaign, path: Path) -> None:
    write_table(path, share_table(sim), SIM_SHARES)


FORMATS: dict[str, tuple[str, Callable[[SimulatedCampaign, Path], None]]] = {
    "csv": ("posts.csv", _posts_csv),
    "ndjson": ("posts.ndjson", _posts_ndjson),
    "parquet": ("posts.parquet", _posts_parquet),
    "share-table": ("shares.csv", _shares_csv),
    "share-table-parquet": ("shares.parquet", _shares_parquet),
    "twitter-v2": ("tweets.jsonl", lambda sim, path: write_twitter_v2(sim.posts, path)),
    "telegram-export": ("result.json", lambda sim, path: write_telegram(sim.posts, path)),
    "ira-tweets": ("tweets.csv", lambda sim, path: write_ira_table(sim.posts, path)),
}
"""Each format's name, the file it makes and its writer."""


def _write_csv(table: pa.Table, path: Path) -> None:
    """Write whole or not at all; texts are quoted, nulls are empty."""
    unfinished = path.with_name(path.name + ".part")
    pyarrow.csv.write_csv(table, unfinished)
    unfinished.replace(path)


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in parameters.items()
    }
