"""Tweets of Twitter's archive of information operations, by the headers of its CSV files.

Times are UTC to the minute. Who is mentioned is told by id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assay.importers.base import Reading
from assay.importers.container import Container
from assay.importers.mapping import ColumnMapping, known_fields
from assay.importers.report import ImportOptions
from assay.importers.tables import table_reading, with_resolution

_COLUMNS = {
    "account_id": ("userid",),
    "handle": ("user_screen_name",),
    "display_name": ("user_display_name",),
    "bio": ("user_profile_description",),
    "account_url": ("user_profile_url",),
    "account_created_at": ("account_creation_date",),
    "followers": ("follower_count",),
    "following": ("following_count",),
    "post_id": ("tweetid",),
    "created_at": ("tweet_time",),
    "text": ("tweet_text",),
    "language": ("tweet_language",),
    "client": ("tweet_client_name",),
    "in_reply_to": ("in_reply_to_tweetid",),
    "quote_of": ("quoted_tweet_tweetid",),
    "is_repost": ("is_retweet",),
    "repost_of": ("retweet_tweetid",),
    "links": ("urls",),
    "hashtags": ("hashtags",),
    "mentions": ("user_mentions",),
}
_MARKS = {"tweetid", "userid", "tweet_time", "tweet_text", "is_retweet", "retweet_tweetid"}


@dataclass(frozen=True)
class TwitterIo:
    """A table of tweets of the archive."""

    name: str = "twitter-io"
    title: str = "Twitter's archive of information operations: tweets"

    def recognises(self, container: Container) -> bool:
        """By the columns that only the archive has together."""
        return set(container.columns) >= _MARKS

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Fixed columns, UTC, minutes."""
        fields = known_fields(_COLUMNS, options.mapping, container)
        reading = table_reading(
            container, ColumnMapping(fields, (), "twitter"), container.sample(), options
        )
        return replace(with_resolution(reading, 60.0), timezone="UTC")
