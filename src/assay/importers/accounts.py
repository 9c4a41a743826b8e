"""Tables of accounts: who the accounts are, without posts.

A table of accounts names an account in each row and says something more of it: a display name, a
publisher, when it was made. It holds no posts and nothing that was shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.account_tables import PROFILE_FIELDS
from assay.errors import InputError
from assay.importers.base import FieldBatch, Reading
from assay.importers.container import Container
from assay.importers.mapping import ColumnsMissing, shown_columns
from assay.importers.report import ImportOptions
from assay.importers.tables import check_ids, is_flat, time_form
from assay.lexicon.columns import column_names, folded
from assay.text.dates import TimeForm, find_time_form, reads_time

_TELLING = frozenset(PROFILE_FIELDS) - {"account_id", "handle", "platform", "url", "created_at"}
"""Fields that only a table of accounts has beside an account and nothing posted."""
_POSTED = (
    "post_id",
    "created_at",
    "text",
    "title",
    "kind",
    "is_repost",
    "is_quote",
    "repost_of",
    "quote_of",
    "in_reply_to",
    "links",
    "hashtags",
    "mentions",
    "media",
)
"""Fields of posts that an account has not."""
_MOST_REPEATS = 0.05
"""A table of accounts has one row per account, but for a few doubles."""
_ALIASES = {"account_url": "url", "account_created_at": "created_at"}
"""Fields of posts that are fields of accounts."""
ACCOUNT_FIELDS = frozenset({"status", "publisher", "declared_affiliation", "avatar_hash"})
"""Fields that only tables of accounts have."""
UNZONED_DATES = "the days on which accounts were made name no zone; they are read as UTC"


@dataclass(frozen=True)
class AccountTable:
    """A table with one row per account."""

    name: str = "accounts"
    title: str = "tables of accounts: profiles without posts"

    def recognises(self, container: Container) -> bool:
        """By profile columns beside an account, and by the want of anything posted."""
        if not is_flat(container) or posted_columns(container.columns):
            return False
        fields = find_profile_fields(container.columns, ())
        if not {"account_id", "handle"} & set(fields):
            return False
        bare = {"account_id", "handle"} <= set(fields) and not {"url", "created_at"} & set(fields)
        if not (bare or _TELLING & set(fields)):
            return False
        return _one_row_each(container.sample(), fields)

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Map the columns by their names."""
        told = [(field, column) for field, column in options.mapping if column in container.columns]
        fields = find_profile_fields(container.columns, told)
        _check_complete(fields, container.columns, container.path)
        sample = container.sample()
        check_ids(fields, sample, container)
        time = _time_form(container, sample, fields, options)
        days = "created_at" in fields and not time.zoned and _only_days(sample, fields)
        place = container.columns.index(fields["created_at"]) if "created_at" in fields else None
        wanted = tuple(dict.fromkeys(fields.values()))

        def looks_like_row(values: Sequence[str]) -> bool:
            return place is not None and reads_time(time, values[place])

        def batches() -> Iterator[FieldBatch]:
            for batch in container.read(wanted, looks_like_row):
                columns = {field: batch.table[column] for field, column in fields.items()}
                yield FieldBatch(pa.table(columns), batch.rows, batch.rejects)

        return Reading(
            batches=batches,
            mapping=fields,
            kinds=(),
            time=time,
            platform=options.platform or "",
            timezone="UTC" if days else None,
            notes=(UNZONED_DATES,) if days and options.timezone is None else (),
            other_time=_other_form(sample, fields, time),
            accounts=True,
        )


def find_profile_fields(columns: Sequence[str], told: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Field of an account to column: told by the user, else found by its name."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(folded(column), column)
    named = [(_ALIASES.get(field, field), column) for field, column in told]
    fields = {field: column for field, column in named if field in PROFILE_FIELDS}
    used = set(fields.values())
    spellings = column_names().accounts
    # A picture is told by its hash; a table that has none may name its file instead.
    names = spellings | {"avatar_hash": (*spellings["avatar_hash"], *spellings["avatar"])}
    for field in PROFILE_FIELDS:
        found = (by_name.get(name) for name in names[field])
        free = next((one for one in found if one is not None and one not in used), None)
        if field not in fields and free is not None:
            fields[field] = free
            used.add(free)
    return fields


def posted_columns(columns: Sequence[str]) -> list[str]:
    """The columns that only a table of posts or shares has."""
    names = column_names()
    posted = {name for spellings in names.objects.values() for name in spellings}
    for field in _POSTED:
        posted.update(names.fields[field])
    # Such as id, description, url and created_at: they say either.
    posted -= {name for spellings in names.accounts.values() for name in spellings}
    return [column for column in columns if folded(column) in posted]


def tells_posts(columns: Sequence[str], told: Sequence[tuple[str, str]]) -> bool:
    """Whether the user says of one of these columns that it holds something posted."""
    ours = {*PROFILE_FIELDS, *_ALIASES}
    return any(column in columns and field not in ours for field, column in told)


def _one_row_each(sample: pa.Table, fields: Mapping[str, str]) -> bool:
    named = [sample[fields[name]] for name in ("account_id", "handle") if name in fields]
    names = pc.coalesce(*named)
    if "platform" in fields:
        names = pc.binary_join_element_wise(
            pc.fill_null(sample[fields["platform"]], ""), names, ":"
        )
    repeats = len(names) - names.null_count - pc.count_distinct(names).as_py()
    return bool(repeats <= _MOST_REPEATS * len(names))


def _check_complete(fields: Mapping[str, str], columns: Sequence[str], path: Path) -> None:
    if {"account_id", "handle"} & set(fields):
        return
    raise ColumnsMissing(
        f"no column holds account_id or handle. The file has the columns {shown_columns(columns)}",
        fix="name it: --map account_id=COLUMN",
        file=path,
        column="account_id",
    )


def _time_form(
    container: Container, sample: pa.Table, fields: Mapping[str, str], options: ImportOptions
) -> TimeForm:
    if "created_at" not in fields:
        return TimeForm("iso", True, 1.0)
    try:
        return time_form(container, sample, fields["created_at"], None)
    except InputError:
        # --time-format speaks of the posts first; here it helps where the sample cannot tell.
        if options.time_format is None:
            raise
        return time_form(container, sample, fields["created_at"], options.time_format)


def _other_form(sample: pa.Table, fields: Mapping[str, str], first: TimeForm) -> TimeForm | None:
    """The form of those times that the first form does not read; releases mix two."""
    if "created_at" not in fields or first.kind == "typed":
        return None
    values = sample[fields["created_at"]].unique().to_pylist()
    try:
        found = find_time_form([one for one in values if one and not reads_time(first, one)])
    except InputError:
        return None  # day and month cannot be told apart: these rows become rejects
    return found if found is not None and found.zoned == first.zoned else None


def _only_days(sample: pa.Table, fields: Mapping[str, str]) -> bool:
    """Whether the creation times are days without a clock."""
    values = sample[fields["created_at"]]
    if pa.types.is_timestamp(values.type):
        return all(
            not (time.hour or time.minute or time.second or time.microsecond)
            for time in values.to_pylist()
            if time is not None
        )
    return all(":" not in value for value in values.to_pylist() if value)


def without_account_fields(options: ImportOptions, columns: Sequence[str]) -> ImportOptions:
    """The options for a table of posts: what is told of accounts alone is not for it.

    A publisher may stand beside each post; where this table has the column, it is read.
    """
    return replace(
        options,
        mapping=tuple(
            (field, column)
            for field, column in options.mapping
            if field not in ACCOUNT_FIELDS or (field == "publisher" and column in columns)
        ),
    )
