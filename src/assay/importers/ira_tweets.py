"""Tweets of the Internet Research Agency as FiveThirtyEight and Clemson University released them.

The original CSV files and re-split tables of them are read. Times are UTC to the minute. The
author's number is in scientific notation in the release, so the handle stands for the account.
Reposts carry no id of the original: the normalised text stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from assay.importers.base import Reading
from assay.importers.container import Container
from assay.importers.mapping import ColumnMapping, known_fields
from assay.importers.report import ImportOptions
from assay.importers.tables import table_reading, with_resolution

_FORMAT = "%m/%d/%Y %H:%M"
_MARKS = {"content", "region", "publish_date", "post_type", "following", "followers", "updates"}
_COLUMNS = {
    "handle": ("author", "author_id"),
    "text": ("content",),
    "language": ("language",),
    "created_at": ("publish_date",),
    "followers": ("followers",),
    "following": ("following",),
    "kind": ("post_type",),
    "is_repost": ("retweet",),
    "post_id": ("tweet_id",),
    "url": ("article_url",),
    "links": ("tco1_step1",),
}


@dataclass(frozen=True)
class IraTweets:
    """The FiveThirtyEight IRA table."""

    name: str = "ira-tweets"
    title: str = "Internet Research Agency tweets (FiveThirtyEight)"

    def recognises(self, container: Container) -> bool:
        """By the columns that only this release has together."""
        columns = set(container.columns)
        return columns >= _MARKS and bool(columns & {"author", "author_id"})

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Fixed columns, UTC, minutes."""
        fields = known_fields(_COLUMNS, options.mapping, container)
        mapping = ColumnMapping(fields, (), "twitter")
        given = options.time_format or self._time_format(container, fields["created_at"])
        told = replace(options, time_format=given)
        reading = table_reading(container, mapping, container.sample(), told)
        return replace(with_resolution(reading, 60.0), timezone="UTC")

    @staticmethod
    def _time_format(container: Container, column: str) -> str | None:
        """Month first, as the release documents; a re-split table may be written otherwise."""
        times = container.sample()[column]
        if not pa.types.is_string(times.type):
            return None
        first = next((value for value in times.to_pylist() if value), "")
        return _FORMAT if "/" in first else None
