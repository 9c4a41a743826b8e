"""Bios and posts copied from the genuine account, by the texts in the data.

A repost that names its source is no copy: reposts, and posts that say ``RT @name``, are left out,
and so are short texts, which many write alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Indel

from assay.engine.parquet_rows import row_batches
from assay.identities.signs import Sign
from assay.text.normalise import is_repost, normalised, normalised_text, without_links

LEAST_BIO = 30
"""Characters of a bio, normalised, from which likeness says something."""
LIKE_BIO = 0.9
LEAST_TEXT = 40
"""Characters of a post, normalised and without links, from which sameness says something."""
LEAST_COPIES = 2
"""Different texts that an account has to have copied."""
_OWN_ACTS = ("repost",)


@dataclass(frozen=True)
class Copy:
    """A post that repeats an earlier one of the genuine account, word for word.

    Attributes:
        post_id: The later post.
        account_id: Whose it is.
        at: When it was posted, ISO 8601.
        original_post_id: The earlier post.
        original_account_id: Whose that is.
        original_at: When that was posted, ISO 8601.
        text: The later post, as written.
    """

    post_id: str
    account_id: str
    at: str
    original_post_id: str
    original_account_id: str
    original_at: str
    text: str


COPIES = pa.schema([pa.field(name, pa.string(), nullable=False) for name in Copy.__annotations__])
"""Evidence rows: one for each copied post."""


def bio_sign(bio: str, genuine: Iterable[str]) -> Sign | None:
    """Whether a bio is that of a genuine account, but for a few characters."""
    own = normalised_text(bio)
    if len(own) < LEAST_BIO:
        return None
    for other in map(normalised_text, genuine):
        if len(other) >= LEAST_BIO and Indel.normalized_similarity(own, other) >= LIKE_BIO:
            return Sign("bio", "its bio is that of the genuine account, or nearly so")
    return None


def posts_sign(copies: Sequence[Copy]) -> Sign | None:
    """Whether enough different posts were copied."""
    texts = len({one.original_post_id for one in copies})
    if texts < LEAST_COPIES:
        return None
    return Sign("posts", f"{texts} posts repeat earlier ones of the genuine account word for word")


def copied_posts(
    posts: Path, suspects: Mapping[str, int], genuine: Mapping[int, Sequence[str]]
) -> dict[str, list[Copy]]:
    """Posts of suspects that repeat an earlier post of the body's genuine accounts.

    Args:
        posts: The dataset's posts.
        suspects: Account id to body.
        genuine: Body to ids of its genuine accounts.

    Returns:
        Copies by account id, in the order of time.
    """
    wanted = {account: body for account, body in suspects.items() if genuine.get(body)}
    if not wanted or not posts.is_file():
        return {}
    owners = {account: body for body in set(wanted.values()) for account in genuine[body]}
    first: dict[tuple[int, str], dict[str, Any]] = {}
    for row in _rows(posts, owners):
        key = owners[row["account_id"]], row["key"]
        known = first.get(key)
        if known is None or _earlier(row, known):
            first[key] = row
    found: dict[str, list[Copy]] = defaultdict(list)
    for row in _rows(posts, wanted):
        original = first.get((wanted[row["account_id"]], row["key"]))
        if original is not None and original["created_at"] < row["created_at"]:
            found[row["account_id"]].append(_copy(row, original))
    return {account: sorted(some, key=lambda one: one.at) for account, some in found.items()}


def _earlier(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    return bool((one["created_at"], one["post_id"]) < (two["created_at"], two["post_id"]))


def _rows(posts: Path, accounts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Posts of these accounts that are long enough and their own, in the order of the file."""
    ids = pa.array(sorted(accounts), pa.string())
    columns = ("post_id", "account_id", "created_at", "kind", "text")
    for _, batch in row_batches(posts, columns):
        table = pa.table(batch).filter(pc.is_in(batch["account_id"], ids))
        texts = table["text"].combine_chunks()
        own = pc.and_(
            pc.invert(is_repost(texts)), pc.invert(pc.is_in(table["kind"], pa.array(_OWN_ACTS)))
        )
        table = table.filter(pc.and_(texts.is_valid(), own))
        key = normalised(without_links(table["text"].combine_chunks()))
        table = table.append_column("key", key)
        long = pc.greater_equal(pc.utf8_length(table["key"]), LEAST_TEXT)
        yield from table.filter(long).to_pylist()


def _copy(row: Mapping[str, Any], original: Mapping[str, Any]) -> Copy:
    return Copy(
        post_id=row["post_id"],
        account_id=row["account_id"],
        at=row["created_at"].isoformat(),
        original_post_id=original["post_id"],
        original_account_id=original["account_id"],
        original_at=original["created_at"].isoformat(),
        text=row["text"],
    )
