"""Tables with named columns, whatever file they are in: share tables and tables of posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from assay.engine.derive_shares import ID_KINDS
from assay.errors import InputError
from assay.importers.base import FieldBatch, Reading
from assay.importers.container import Container, JsonContainer
from assay.importers.mapping import ColumnMapping, find_mapping
from assay.importers.object_rows import holds_kinds, under_their_kinds
from assay.importers.report import ImportOptions
from assay.lexicon.columns import column_names, folded
from assay.model.tables import SHARE_KINDS
from assay.text.dates import TimeForm, find_time_form, reads_time, resolution_of
from assay.text.rounded_ids import rounded_id

_ACCOUNTS = frozenset({"account_id", "handle"})
_IDS = frozenset({*_ACCOUNTS, *ID_KINDS, "post_id", "repost_of", "quote_of", "in_reply_to"})
"""Fields and kinds of share that hold ids."""
NAMES_ALONE = (
    "accounts are told apart by the names that they show: two people of one name count as one"
)
_POSTED = ("account_id", "handle", "created_at", "text", "title")
"""What only a post says of these."""
_OBJECT = re.compile(r"""\{\s*["']""")
"""How an object begins that was written into a cell."""


@dataclass(frozen=True)
class TableImporter:
    """Any table whose columns are named in one of the usual ways."""

    name: str = "table"
    title: str = "share tables and posts with the usual column names"

    def recognises(self, container: Container) -> bool:
        """Every file with columns."""
        return len(container.columns) > 0

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Map the columns by their names and look at the times."""
        if not any(column in container.columns for _, column in options.mapping):
            container, in_list = _posts_of_page(container)
        else:
            in_list = ()
        sample = container.sample()
        mapping = find_mapping(container.columns, options.mapping, sample, container.path)
        mapping, notes = _without_foreign_kinds(mapping, sample, options)
        nameless = () if _ACCOUNTS & mapping.fields.keys() else (NAMES_ALONE,)
        reading = table_reading(container, mapping, sample, options)
        return replace(reading, notes=(*in_list, *notes, *nameless))


def table_reading(
    container: Container, mapping: ColumnMapping, sample: pa.Table, options: ImportOptions
) -> Reading:
    """The reading of a mapped table.

    Raises:
        InputError: The times cannot be read.
    """
    check_ids(mapping.shown(), sample, container)
    column = mapping.fields["created_at"]
    time = time_form(container, sample, column, options.time_format)
    wanted = tuple(dict.fromkeys([*mapping.fields.values(), *(c for _, c in mapping.objects)]))
    place = container.columns.index(column)

    def looks_like_row(values: Sequence[str]) -> bool:
        return reads_time(time, values[place])

    by_row = mapping.is_share_table and "kind" in mapping.fields
    # Rows that say their kind are spread over a column for each.
    objects = mapping.objects * len(SHARE_KINDS) if by_row else mapping.objects

    def batches() -> Iterator[FieldBatch]:
        for batch in container.read(wanted, looks_like_row):
            renamed = FieldBatch(_renamed(batch.table, mapping), batch.rows, batch.rejects)
            yield under_their_kinds(renamed, mapping.fields["kind"]) if by_row else renamed

    return Reading(
        batches=batches,
        mapping=mapping.shown(),
        kinds=SHARE_KINDS if by_row else tuple(kind for kind, _ in mapping.objects),
        time=time,
        platform=options.platform or mapping.platform or "unknown",
        wide=len(mapping.objects) > 1,
        columns={
            **mapping.fields,
            **{f"object_{index}": name for index, (_, name) in enumerate(objects)},
        },
    )


def _without_foreign_kinds(
    mapping: ColumnMapping, sample: pa.Table, options: ImportOptions
) -> tuple[ColumnMapping, tuple[str, ...]]:
    """A share table's column ``kind`` is not used where it speaks of something else."""
    column = mapping.fields.get("kind")
    told = any(field == "kind" for field, _ in options.mapping)
    if not mapping.is_share_table or column is None or told or not len(sample):
        return mapping, ()
    if holds_kinds(sample[column]):
        return mapping, ()
    fields = {field: name for field, name in mapping.fields.items() if field != "kind"}
    note = f"the column {column!r} names no known kind of share and is not used"
    return replace(mapping, fields=fields), (note,)


def time_form(
    container: Container, sample: pa.Table, column: str, given_format: str | None
) -> TimeForm:
    """How a column writes its times.

    Raises:
        InputError: No known way of writing times reads the sample.
    """
    values = sample[column]
    if pa.types.is_timestamp(values.type):
        times = [value for value in values.to_pylist() if value is not None]
        return TimeForm("typed", values.type.tz is not None, resolution_of(times))
    texts = [value for value in values.to_pylist() if value]
    try:
        found = find_time_form(texts, given_format=given_format)
    except InputError as error:
        found = _form_from_all(container, column)
        if found is None:
            error.file, error.column, error.row = str(container.path), column, 1
            raise
    if found is None and texts:
        raise InputError(
            f"times such as {texts[0]!r} are written in no known way",
            fix="say how with --time-format, for example --time-format '%d/%m/%Y %H:%M' (names of "
            "months are read in English alone); or name another column: --map created_at=COLUMN",
            file=container.path,
            row=1,
            column=column,
        )
    # A table without a single time has nothing to read: each of its rows becomes a reject.
    return found or TimeForm("iso", True, 1.0)


def _form_from_all(container: Container, column: str) -> TimeForm | None:
    """The form that the first telling stretch of the whole file shows: a day above the 12th."""
    for batch in container.read((column,), lambda _: False):
        values = batch.table[column].unique().to_pylist()
        try:
            return find_time_form([value for value in values if value])
        except InputError:
            continue
    return None


def with_resolution(reading: Reading, resolution_s: float) -> Reading:
    """The same reading, its times known to be no finer than this."""
    coarser = max(reading.time.resolution_s, resolution_s)
    return replace(reading, time=replace(reading.time, resolution_s=coarser))


def is_flat(container: Container) -> bool:
    """Whether the container holds rows, not chats or pages."""
    if not isinstance(container, JsonContainer):
        return True
    return container.shape != "object" and container.within is None


def _renamed(table: pa.Table, mapping: ColumnMapping) -> pa.Table:
    columns = {field: table[column] for field, column in mapping.fields.items()}
    for index, (_, column) in enumerate(mapping.objects):
        columns[f"object_{index}"] = table[column]
    return pa.table(columns)


def check_ids(fields: Mapping[str, str], sample: pa.Table, container: Container) -> None:
    """Refuse a table whose ids are none: rounded by a spreadsheet, or whole objects.

    Of rounded ids accounts and posts would be merged, of objects they would be split.

    Args:
        fields: Field, or kind of share, to column.
        sample: Some rows.
        container: The file that they are of.

    Raises:
        InputError: Such ids stand in a column that is to be read.
    """
    for field, column in fields.items():
        if field not in _IDS:
            continue
        values = _as_written(container, sample, column)
        whole = next(filter(_OBJECT.match, values), None) if field in _ACCOUNTS else None
        if whole is not None:
            raise InputError(
                "the column holds whole objects, not ids or names",
                fix="write the id inside them to a column of its own, and name that: "
                f"--map {field}=COLUMN",
                file=container.path,
                row=values.index(whole) + 1,
                column=column,
            )
        broken = rounded_id([value for value in values if value])
        if broken is not None:
            raise InputError(
                f"the ids in this column are rounded, such as {broken}: a spreadsheet took them "
                "for numbers, and several accounts or posts would become one",
                fix="export the file again and do not save it from a spreadsheet (or open it there "
                f"with the column as text); or name another column: --map {field}=COLUMN; or take "
                "the column out of the file",
                file=container.path,
                row=values.index(broken) + 1,
                column=column,
            )


def _as_written(container: Container, sample: pa.Table, column: str) -> list[str]:
    """A column as the file writes it: a number with a fraction is no id in JSON either."""
    if not isinstance(container, JsonContainer):
        return [str(value or "").strip() for value in sample[column].to_pylist()]
    outer, _, name = column.partition(".")
    values = (
        one.get(column, one[outer].get(name) if isinstance(one.get(outer), dict) else None)
        for one in container.first_objects
    )
    return ["" if value is None else str(value).strip() for value in values]


def _posts_of_page(container: Container) -> tuple[Container, tuple[str, ...]]:
    """The objects of the one list in the file's first object, where that says nothing posted.

    Such an object is a page: what stands beside the list speaks of the page. Every other file is
    given back as it is.
    """
    if not isinstance(container, JsonContainer):
        return container, ()
    lists = [
        name
        for name, value in next(iter(container.first_objects), {}).items()
        if isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
    ]
    names = column_names().fields
    posted = {name for field in _POSTED for name in names[field]}
    if len(lists) != 1 or posted & {folded(name) for name in container.columns}:
        return container, ()
    (name,) = lists
    return container.inside(name), (f"the rows are those of the lists {name!r} in the file",)
