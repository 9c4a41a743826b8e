"""Objects of shares under pseudonyms: what was different stays different, whatever the kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.bundle.known_names import KnownNames
from assay.bundle.pseudonyms import Namer
from assay.bundle.rewrite_texts import TextRewriter
from assay.engine.parquet_rows import row_batches
from assay.model.tables import SHARES
from assay.text.links import canonical_link

_BATCH_ROWS = 1 << 16
_REMEMBERED = 1 << 19
"""Posts whose pseudonyms are kept at hand: a hundred megabytes."""
_TEXT_OBJECT = "text:"
"""How a repost whose original is not known begins: its text stands for it."""


class ObjectRewriter:
    """Pseudonyms of ids and objects.

    Args:
        names: The dataset's names.
        namer: Makes the pseudonyms.
        texts: Rewrites texts and links.
    """

    def __init__(self, names: KnownNames, namer: Namer, texts: TextRewriter) -> None:
        self._names = names
        self._namer = namer
        self._texts = texts
        self._posts: dict[str, str] = {}

    def accounts(self, ids: pa.Array) -> pa.Array:
        """Account ids; the platform stays."""
        return self.each(ids, lambda known: self._prefixed("account", known, recorded=False))

    def posts(self, ids: pa.Array, *, recorded: bool) -> pa.Array:
        """Post ids; the platform stays. Those that are recorded can be revealed."""
        return self.each(ids, lambda known: self._remembered(known, recorded=recorded))

    def images(self, ids: pa.Array) -> pa.Array:
        """Ids and addresses of images and films."""
        return self.each(ids, lambda known: self._namer.names("image", known))

    def objects(self, kind: str, ids: pa.Array) -> pa.Array:
        """Objects of one kind."""
        return self.each(ids, lambda known: self._of_kind(kind, known))

    def each(self, column: pa.Array, rename: Callable[[list[str]], list[str]]) -> pa.Array:
        """A column with its distinct values renamed; null stays null."""
        encoded = column.dictionary_encode()
        renamed = rename(encoded.dictionary.to_pylist())
        return pa.array(renamed, pa.string()).take(encoded.indices)

    def _remembered(self, ids: list[str], *, recorded: bool) -> list[str]:
        """Posts, most of which come up again: in the posts, and once for each kind of share."""
        if len(self._posts) > _REMEMBERED:
            self._posts = {}
        new = [one for one in ids if one not in self._posts]
        self._posts.update(zip(new, self._prefixed("post", new, recorded=recorded), strict=True))
        return [self._posts[one] for one in ids]

    def _of_kind(self, kind: str, ids: list[str]) -> list[str]:
        if kind in ("link", "domain"):
            self._texts.links.look_at(ids)
        if kind == "hashtag":
            self._texts.look_at_tags(ids)
        if kind == "link":
            return [self._link(one) for one in ids]
        if kind == "domain":
            return [self._texts.links.domain(one) for one in ids]
        if kind == "hashtag":
            return [self._texts.tag(one) for one in ids]
        if kind == "mention":
            return [self._mention(one) for one in ids]
        if kind == "object":
            return [self._link(one) if "://" in one else self._namer.name(kind, one) for one in ids]
        if kind in ("repost", "reply"):
            return self._reposts(ids)
        # One-way: what stands behind a text's hash is the text, which is not kept.
        return self._namer.names(kind, ids, recorded=kind == "image")

    def _link(self, link: str) -> str:
        # A table of shares may hold ids, or addresses that have no canonical form.
        if canonical_link(link) == link:
            return self._texts.links.rewritten(link)
        return self._namer.name("link", link)

    def _mention(self, account: str) -> str:
        """An account by its handle or, in a table of shares, by its id."""
        platform, colon, handle = account.partition(":")
        if not colon:
            return self._names.account("", account)
        return f"{platform}:{self._names.account(platform, handle)}"

    def _reposts(self, ids: list[str]) -> list[str]:
        """Posts, or the text of a post whose id is not known."""
        texts = [one.startswith(_TEXT_OBJECT) for one in ids]
        posts = iter(
            self._prefixed(
                "post", [i for i, is_text in zip(ids, texts, strict=True) if not is_text]
            )
        )
        return [
            _TEXT_OBJECT + self._namer.names("text", [one[len(_TEXT_OBJECT) :]], recorded=False)[0]
            if is_text
            else next(posts)
            for one, is_text in zip(ids, texts, strict=True)
        ]

    def _prefixed(self, sort: str, ids: list[str], *, recorded: bool = True) -> list[str]:
        """Pseudonyms behind their platform; a prefix that is no platform (a file's hash) goes."""
        made = self._namer.names(sort, ids, recorded=recorded)
        return behind_platforms(ids, made, self._names.platforms)


def behind_platforms(
    ids: Sequence[str], made: Sequence[str], platforms: Collection[str]
) -> list[str]:
    """Pseudonyms of ids, each behind the platform that its id begins with.

    Args:
        ids: The ids.
        made: Their pseudonyms.
        platforms: Those that accounts are on; any other prefix goes.
    """
    begin = [one.partition(":")[0] if ":" in one else "" for one in ids]
    return [
        f"{platform}:{pseudonym}" if platform in platforms else pseudonym
        for platform, pseudonym in zip(begin, made, strict=True)
    ]


def platforms_of(accounts: Path) -> frozenset[str]:
    """The platforms that the accounts of a table are on."""
    return frozenset(
        one.partition(":")[0]
        for _, batch in row_batches(accounts, ("account_id",))
        for one in batch["account_id"].to_pylist()
    )


def rewritten_shares(
    path: Path, objects: ObjectRewriter, *, posts_recorded: bool
) -> Iterator[pa.Table]:
    """A table of shares, piece by piece, in its old order.

    Args:
        path: The table.
        objects: Makes the pseudonyms.
        posts_recorded: Whether the posts are in the mapping already.
    """
    for _, batch in row_batches(path, SHARES.names, _BATCH_ROWS):
        account = objects.accounts(batch["account_id"])
        post = objects.posts(batch["post_id"], recorded=not posts_recorded)
        kinds = batch["kind"]
        edges = np.flatnonzero(pc.not_equal(kinds[1:], kinds[:-1]).to_numpy(zero_copy_only=False))
        cuts = [0, *(edges + 1).tolist(), len(batch)]
        parts = [
            objects.objects(kinds[low].as_py(), batch["object_id"][low:high])
            for low, high in pairwise(cuts)
            if high > low
        ]
        yield pa.table(
            {
                "account_id": account,
                "kind": kinds,
                "object_id": pa.concat_arrays(parts) if parts else pa.array([], pa.string()),
                "post_id": post,
                "shared_at": batch["shared_at"],
            }
        )
