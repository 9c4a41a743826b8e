"""Which column of a table holds which field: told by the user, else found by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from assay.engine.derive import POST_FIELDS
from assay.errors import InputError
from assay.importers.container import Container
from assay.lexicon.columns import column_names, folded
from assay.model.tables import SHARE_KINDS
from assay.text.links import canonical_link, host_of, permalink_post_id

_KIND_TO_FIELD = {
    "link": "links",
    "hashtag": "hashtags",
    "mention": "mentions",
    "repost": "repost_of",
    "reply": "in_reply_to",
    "text": "text",
    "image": "image",
}
"""What a kind of share means when the table holds posts."""
_ALIASES = {
    "time": "created_at",
    "timestamp": "created_at",
    "timestamp_share": "created_at",
    "content_id": "post_id",
    "account": "account_id",
    "user": "account_id",
    "object_id": "object",
}
_HOST_PLATFORMS = {
    "twitter.com": "twitter",
    "x.com": "twitter",
    "t.me": "telegram",
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "reddit.com": "reddit",
    "vk.com": "vk",
}


_SHOWN_COLUMNS = 40


class ColumnsMissing(InputError):
    """A table lacks the columns of posts and shares: in a folder it is passed over."""


@dataclass(frozen=True)
class ColumnMapping:
    """Where the fields of a table are.

    Attributes:
        fields: Field (of :data:`assay.engine.derive.POST_FIELDS`) to column.
        objects: For a share table, kind of share and column; empty for a table of posts.
        platform: What the addresses of the posts say, if they do.
    """

    fields: Mapping[str, str]
    objects: tuple[tuple[str, str], ...]
    platform: str | None = None

    @property
    def is_share_table(self) -> bool:
        """Whether the rows are bare shares, not posts."""
        return bool(self.objects)

    def shown(self) -> dict[str, str]:
        """Field or kind to column, as the user sees it."""
        return {**self.fields, **dict(self.objects)}


def find_mapping(
    columns: Sequence[str], told: Sequence[tuple[str, str]], sample: pa.Table, path: Path
) -> ColumnMapping:
    """Map a table's columns.

    Args:
        columns: The names in the file.
        told: Field (or kind) and column, from the user; it goes first.
        sample: Some rows, to tell a post's own address from a link that it shares.
        path: The file, for messages.

    Raises:
        InputError: A told column does not exist, or a told field is unknown.
        ColumnsMissing: No column holds the account, the time, or anything shared.
    """
    explicit = _told(told, columns, path)
    fields, objects = _choose(columns, explicit)
    if not objects:
        fields = _sort_out_addresses(fields, {column for _, column in explicit}, sample)
    mapping = ColumnMapping(fields, objects, _platform(fields, sample))
    _check_complete(mapping, columns, path)
    return mapping


def known_fields(
    known: Mapping[str, Sequence[str]], told: Sequence[tuple[str, str]], container: Container
) -> dict[str, str]:
    """Field of a post to column, for a format whose columns are known.

    Args:
        known: The names that each field may have, best first.
        told: Field and column, from the user; it goes first.
        container: The file.

    Raises:
        InputError: A told column does not exist, or a told field is unknown.
        ColumnsMissing: The file lacks a column of which the format is made.
    """
    present = set(container.columns)
    found = {
        field: next(name for name in names if name in present)
        for field, names in known.items()
        if present & set(names)
    }
    explicit = _told(told, container.columns, container.path)
    fields = found | {_KIND_TO_FIELD.get(field, field): column for field, column in explicit}
    _check_complete(ColumnMapping(fields, ()), container.columns, container.path)
    return fields


def _told(
    told: Sequence[tuple[str, str]], columns: Sequence[str], path: Path
) -> list[tuple[str, str]]:
    explicit = [(_ALIASES.get(field, field), column) for field, column in told]
    _check_told(explicit, columns, path)
    return explicit


def _choose(
    columns: Sequence[str], explicit: Sequence[tuple[str, str]]
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    names = column_names()
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(folded(column), column)
    taken = {column for _, column in explicit}
    free = {name: column for name, column in by_name.items() if column not in taken}
    told_fields = [field for field, _ in explicit]
    has_text = "text" in told_fields or any(
        name in free for field in ("text", "title") for name in names.fields[field]
    )
    told_objects = tuple(pair for pair in explicit if pair[0] in SHARE_KINDS)
    plain_object = "object" in told_fields or any(name in free for name in names.objects["object"])
    if plain_object or not has_text:
        objects = told_objects or _found_objects(free, plain_object=plain_object)
        if objects:
            fields = {field: column for field, column in explicit if field not in SHARE_KINDS}
            used = taken | {column for _, column in objects}
            for field in ("account_id", "handle", "post_id", "created_at", "platform"):
                _find(field, fields, free, used)
            if [kind for kind, _ in objects] == ["object"]:
                _find("kind", fields, free, used, names.share_kind)
            return fields, objects
    fields = {_KIND_TO_FIELD.get(field, field): column for field, column in explicit}
    used = set(taken)
    for field in names.fields:
        _find(field, fields, free, used)
    return fields, ()


def _found_objects(free: Mapping[str, str], *, plain_object: bool) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for kind, spellings in column_names().objects.items():
        if plain_object and kind != "object":
            continue
        column = next((free[name] for name in spellings if name in free), None)
        if column is not None:
            found.append((kind, column))
    return tuple(found)


def _find(
    field: str,
    fields: dict[str, str],
    free: Mapping[str, str],
    used: set[str],
    names: Sequence[str] | None = None,
) -> None:
    """Give a field the best-named column that is still free."""
    if field in fields:
        return
    for name in column_names().fields[field] if names is None else names:
        column = free.get(name)
        if column is not None and column not in used:
            fields[field] = column
            used.add(column)
            return


def _sort_out_addresses(fields: dict[str, str], told: set[str], sample: pa.Table) -> dict[str, str]:
    """Tell the address of a post from a link that it shares.

    A column of links that are mostly permalinks of posts is the posts' own address, and so is
    such a column "url" beside another of permalinks; an address that several posts have is a link.
    """
    result = dict(fields)
    links = result.get("links")
    if links is not None and links not in told and ("url" not in result or folded(links) == "url"):
        values = _values(sample, links)
        if values and sum(1 for value in values if _is_permalink(value)) * 2 > len(values):
            result.setdefault("url", result.pop("links"))
            return result
    url = result.get("url")
    if url is not None and url not in told and "links" not in result:
        values = _values(sample, url)
        repeated = len(values) - len(set(values))
        if folded(url) == "url" and repeated * 20 > len(values):
            result["links"] = result.pop("url")
    return result


def _values(sample: pa.Table, column: str) -> list[str]:
    if column not in sample.column_names:
        return []
    return [str(value) for value in sample[column].to_pylist() if value]


def _is_permalink(value: str) -> bool:
    canonical = canonical_link(value)
    return canonical is not None and permalink_post_id(canonical) is not None


def _platform(fields: Mapping[str, str], sample: pa.Table) -> str | None:
    values = _values(sample, fields["url"])[:200] if "url" in fields else []
    links = map(canonical_link, values)
    hosts = {host_of(link).removeprefix("www.") if link else "" for link in links}
    found = {_HOST_PLATFORMS.get(host) for host in hosts}
    return found.pop() if len(found) == 1 else None


def shown_columns(columns: Sequence[str]) -> str:
    """The names of a file's columns for a message, the first of many."""
    rest = len(columns) - _SHOWN_COLUMNS
    more = f" and {rest} more" if rest > 0 else ""
    return ", ".join(columns[:_SHOWN_COLUMNS]) + more


def _check_told(told: Sequence[tuple[str, str]], columns: Sequence[str], path: Path) -> None:
    known = {*POST_FIELDS, *SHARE_KINDS}
    for field, column in told:
        if column not in columns:
            raise InputError(
                f"the file has no column {column!r}; it has {shown_columns(columns)}",
                fix=f"name one of these: --map {field}=COLUMN",
                file=path,
            )
        if field not in known:
            raise InputError(
                f"{field!r} is no field",
                fix="use a field (" + ", ".join(POST_FIELDS) + ") or a kind of share ("
                + ", ".join(SHARE_KINDS) + ")",
                file=path,
            )  # fmt: skip


def _check_complete(mapping: ColumnMapping, columns: Sequence[str], path: Path) -> None:
    fields = mapping.fields
    if mapping.is_share_table and "kind" in fields and len(mapping.objects) > 1:
        raise InputError(
            "a table with a column for each kind of object has no one column of kinds",
            fix="leave out --map kind=COLUMN, or name one column of objects: --map object=COLUMN",
            file=path,
            column=fields["kind"],
        )
    missing: list[tuple[str, str]] = []
    if not {"account_id", "handle", "display_name"} & set(fields):
        missing.append(("account_id", "who posted"))
    if "created_at" not in fields:
        missing.append(("created_at", "when"))
    content = {"text", "title", "links", "hashtags", "repost_of", "media", "image", "mentions"}
    if not mapping.is_share_table and not content & set(fields):
        missing.append(("object", "what was shared, or text=COLUMN for posts"))
    if missing:
        wanted = "; ".join(f"{field} ({meaning})" for field, meaning in missing)
        if any(name.isdigit() or "://" in name for name in columns):
            raise ColumnsMissing(
                f"the first line is a row, not the names of columns: {shown_columns(columns)}",
                fix="write a line above it that names the columns",
                file=path,
            )
        raise ColumnsMissing(
            f"no column holds {wanted}. The file has the columns {shown_columns(columns)}",
            fix="name them: " + " ".join(f"--map {field}=COLUMN" for field, _ in missing),
            file=path,
            column=missing[0][0],
        )
