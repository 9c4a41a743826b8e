"""Rows of share tables sorted out before shares are derived from them.

In a table with one column per kind a row may name no object at all: its post exists and shares
nothing. Such a row is kept, its account with it. In a table whose rows say their own kind, the
objects are put under their kinds.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.derive_shares import ShareDeriver
from assay.engine.derived import Derived
from assay.engine.raw_columns import clean_ids
from assay.engine.read import RawReject, shortened
from assay.engine.staged_accounts import STAGED_ACCOUNTS
from assay.importers.base import FieldBatch
from assay.model.tables import SHARE_KINDS


def split_objectless(batch: FieldBatch, objects: int) -> tuple[FieldBatch, FieldBatch | None]:
    """The rows that name an object, and those that name none.

    Args:
        batch: Rows of a share table, its rejects already taken.
        objects: How many columns ``object_0`` … it has.
    """
    named = reduce(
        pc.or_,
        (
            pc.is_valid(clean_ids(batch.fields[f"object_{index}"].combine_chunks()))
            for index in range(objects)
        ),
    )
    if pc.all(named).as_py():
        return batch, None
    mask = named.to_numpy(zero_copy_only=False)
    return (
        FieldBatch(batch.fields.filter(named), batch.rows[mask], []),
        FieldBatch(batch.fields.filter(pc.invert(named)), batch.rows[~mask], []),
    )


def derive_objectless(deriver: ShareDeriver, batch: FieldBatch) -> Derived:
    """Rows without an object checked like all others; they give accounts and no share.

    Args:
        deriver: One of a single kind.
        batch: The rows.
    """
    # A stand-in for the object lets the row's account and time be read as everywhere else.
    stand_in = pa.repeat(pa.scalar("none"), len(batch.rows))
    names = [name for name in batch.fields.column_names if not name.startswith("object_")]
    fields = batch.fields.select(names).append_column("object_0", stand_in)
    derived = deriver.derive(fields, batch.rows)
    seen = derived.shares.group_by("account_id").aggregate(
        [("shared_at", "min"), ("shared_at", "max")]
    )
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        one.name: pa.nulls(len(seen), one.type) for one in STAGED_ACCOUNTS
    }
    columns["account_id"] = seen["account_id"]
    columns["first_seen_at"] = seen["shared_at_min"]
    columns["last_seen_at"] = seen["shared_at_max"]
    bare = pa.table(columns).cast(STAGED_ACCOUNTS)
    return Derived(
        posts=derived.posts,
        shares=derived.shares.slice(0, 0),
        accounts=pa.concat_tables([bare, derived.accounts]),
        rejects=_as_in_file(derived.rejects),
        kept=derived.kept,
    )


def _as_in_file(rejects: list[RawReject]) -> list[RawReject]:
    """Raw rows without the stand-in."""
    return [
        RawReject(one.row, one.column, one.reason, (one.raw or "").removesuffix(" | object_0=none"))
        for one in rejects
    ]


def holds_kinds(kinds: pa.ChunkedArray) -> bool:
    """Whether a column's values are kinds of share, some of them at least."""
    known = pc.is_in(_folded(kinds), value_set=pa.array(SHARE_KINDS))
    return bool(pc.any(known).as_py())


def under_their_kinds(batch: FieldBatch, column: str) -> FieldBatch:
    """The column ``object_0`` spread over one column per kind, as the column ``kind`` says.

    A row without a kind is an ``object``; one with an unknown kind is a reject.

    Args:
        batch: Rows of a share table.
        column: What the file calls the column of kinds.
    """
    told = _folded(batch.fields["kind"])
    kinds = pc.if_else(pc.equal(pc.fill_null(told, ""), ""), "object", told)
    known = pc.is_in(kinds, value_set=pa.array(SHARE_KINDS))
    rejects = list(batch.rejects)
    fields, rows = batch.fields, batch.rows
    if not pc.all(known).as_py():
        mask = known.to_numpy()
        broken = fields.filter(pc.invert(known)).to_pylist()
        rejects += [
            _unknown_kind(int(row), raw, column)
            for row, raw in zip(rows[~mask], broken, strict=True)
        ]
        fields, kinds, rows = fields.filter(known), kinds.filter(known), rows[mask]
    columns = {
        name: fields[name] for name in fields.column_names if name not in ("object_0", "kind")
    }
    nothing = pa.scalar(None, pa.string())
    for index, kind in enumerate(SHARE_KINDS):
        columns[f"object_{index}"] = pc.if_else(pc.equal(kinds, kind), fields["object_0"], nothing)
    return FieldBatch(pa.table(columns), np.asarray(rows, dtype=np.int64), rejects)


def _unknown_kind(row: int, raw: dict[str, object], column: str) -> RawReject:
    reason = f"{str(raw['kind'])[:50]!r} is no kind of share; the kinds are " + ", ".join(
        SHARE_KINDS
    )
    shown = " | ".join(f"{name}={value}" for name, value in raw.items() if value is not None)
    return RawReject(row, column, reason, shortened(shown))


def _folded(kinds: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_lower(pc.utf8_trim_whitespace(kinds))
