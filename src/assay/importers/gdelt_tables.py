"""GDELT's tables: articles of the Global Knowledge Graph, and which site mentions which event.

As in the answers of its API a site is an account and an article a post. A mention is a share of the
event. Both tell the quarter of an hour.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from assay.importers.base import FieldBatch, Reading
from assay.importers.container import Container
from assay.importers.headerless import EVENTS, KNOWLEDGE_GRAPH, MENTIONS
from assay.importers.mapping import ColumnMapping, ColumnsMissing, known_fields
from assay.importers.report import ImportOptions
from assay.importers.tables import table_reading, with_resolution

_QUARTER_S = 900.0
_ARTICLES = {
    "handle": ("V2SOURCECOMMONNAME",),
    "post_id": ("V2DOCUMENTIDENTIFIER",),
    "url": ("V2DOCUMENTIDENTIFIER",),
    "created_at": ("V2.1DATE",),
    "media": ("V2.1SHARINGIMAGE",),
    "title": ("V2EXTRASXML",),
    "links": ("V2EXTRASXML",),
}
_MENTIONS = {
    "handle": "MentionSourceName",
    "post_id": "MentionIdentifier",
    "created_at": "MentionTimeDate",
}
_EVENT = (("object", "GLOBALEVENTID"),)


@dataclass(frozen=True)
class GdeltTable:
    """A table of the Global Knowledge Graph, or of mentions."""

    name: str = "gdelt-table"
    title: str = "GDELT's Global Knowledge Graph and tables of mentions"

    def recognises(self, container: Container) -> bool:
        """By the columns, which the codebooks name and the files do not."""
        begin = container.columns[: len(EVENTS)]
        return container.columns in (KNOWLEDGE_GRAPH, MENTIONS) or begin == EVENTS

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Fixed columns, UTC, quarters of an hour.

        Raises:
            ColumnsMissing: It is a table of events.
        """
        if container.columns[: len(EVENTS)] == EVENTS:
            raise ColumnsMissing(
                "a table of GDELT's events names one article for each, whoever else wrote of it",
                fix="give GDELT's tables of mentions, or its Global Knowledge Graph (.gkg.csv)",
                file=container.path,
            )
        articles = container.columns == KNOWLEDGE_GRAPH
        mapping = (
            ColumnMapping(known_fields(_ARTICLES, options.mapping, container), (), "web")
            if articles
            else ColumnMapping(_MENTIONS, _EVENT, "web")
        )
        reading = table_reading(container, mapping, container.sample(), options)
        reading = replace(with_resolution(reading, _QUARTER_S), timezone="UTC")
        return replace(reading, batches=_Articles(reading)) if articles else reading


@dataclass(frozen=True)
class _Articles:
    """The rows of a reading, with title and links out of what is told in XML."""

    reading: Reading

    def __call__(self) -> Iterator[FieldBatch]:
        for batch in self.reading.batches():
            fields = batch.fields
            extras = fields["title"]
            links = pc.replace_substring(_told(extras, "PAGE_LINKS"), ";http", " http")
            columns = {name: fields[name] for name in fields.column_names}
            columns |= {"title": _told(extras, "PAGE_TITLE"), "links": links}
            columns["kind"] = pa.repeat(pa.scalar("article"), len(fields))
            yield replace(batch, fields=pa.table(columns))


def _told(extras: pa.ChunkedArray, tag: str) -> pa.Array:
    """What stands between the tags of a name; null where they are missing."""
    found = pc.extract_regex(extras, f"<{tag}>(?P<inside>[^<]*)</{tag}>")
    inside = [one and html.unescape(one["inside"]) for one in found.to_pylist()]
    return pa.array(inside, pa.string())
