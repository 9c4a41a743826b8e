"""CrowdTangle: posts of pages, groups and Instagram accounts, from its API and in its CSV files.

A post in a group is told without its author: the group stands for the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from assay.importers.base import FieldBatch, Reading
from assay.importers.container import Container
from assay.importers.json_posts import (
    Found,
    Json,
    JsonPosts,
    NoPost,
    found_in,
    inner,
    joined,
    listed,
    objects,
)
from assay.importers.mapping import ColumnMapping, known_fields
from assay.importers.report import ImportOptions
from assay.importers.tables import table_reading

_COLUMNS = {
    "account_id": ("Facebook Id",),
    "handle": ("User Name",),
    "display_name": ("Page Name", "Group Name", "Account"),
    "created_at": ("Post Created",),
    "text": ("Message", "Description"),
    "title": ("Title",),
    "url": ("URL",),
    "post_id": ("URL",),
    "links": ("Link",),
    "final_link": ("Final Link",),
    "followers": ("Followers at Posting",),
}


@dataclass(frozen=True)
class CrowdTangleTable:
    """A CSV file of posts."""

    name: str = "crowdtangle-table"
    title: str = "CrowdTangle's CSV files of posts"

    def recognises(self, container: Container) -> bool:
        """By the columns that all of its files have."""
        return {"Post Created", "Followers at Posting", "URL", "Link"} <= set(container.columns)

    def open(self, container: Container, options: ImportOptions) -> Reading:
        """Fixed columns; a link is the final one, and not the post's own address."""
        fields = known_fields(_COLUMNS, options.mapping, container)
        if fields.get("links") not in _COLUMNS["links"]:
            fields.pop("final_link", None)
        platform = "facebook" if "account_id" in fields else "instagram"
        reading = table_reading(
            container, ColumnMapping(fields, (), platform), container.sample(), options
        )
        if not {"links", "url"} <= fields.keys():
            return reading

        def batches() -> Iterator[FieldBatch]:
            for batch in reading.batches():
                yield replace(batch, fields=_with_links(batch.fields))

        return replace(reading, batches=batches)


def _with_links(fields: pa.Table) -> pa.Table:
    """The link that a row ends at, unless it is the post itself."""
    nothing = pa.scalar(None, pa.string())
    links = fields["links"]
    if "final_link" in fields.column_names:
        final = fields["final_link"]
        links = pc.coalesce(pc.if_else(pc.equal(final, ""), nothing, final), links)
    own = pc.fill_null(pc.equal(links, fields["url"]), False)
    links = pc.if_else(own, nothing, links)
    return fields.set_column(fields.column_names.index("links"), "links", links)


def _is_post(value: Json) -> bool:
    return {"postUrl", "date", "account"} <= value.keys()


def _looks(value: Json) -> bool:
    return _is_post(value) or any(map(_is_post, objects(value, "result", "posts")))


def _found(value: Json) -> Iterator[Found]:
    return found_in(listed(value, "result", "posts") if "result" in value else [value], _fields)


def _fields(post: Json) -> Iterator[Found]:
    if not _is_post(post):
        yield NoPost(post, "no post: it has no postUrl, date and account", "postUrl")
        return
    account = inner(post, "account")
    expanded = [entry.get("expanded") for entry in objects(post, "expandedLinks")]
    yield {
        "account_id": account.get("platformId") or account.get("id"),
        "handle": account.get("handle"),
        "display_name": account.get("name"),
        "account_url": account.get("url"),
        "followers": account.get("subscriberCount"),
        "verified": account.get("verified"),
        "platform": account.get("platform") or post.get("platform"),
        "post_id": post.get("platformId") or post.get("id"),
        "url": post["postUrl"],
        "created_at": post["date"],
        "text": post.get("message") or post.get("description"),
        "title": post.get("title"),
        "language": post.get("languageCode"),
        "links": joined(expanded) or post.get("link"),
        "media": joined(
            entry.get("full") or entry.get("url")
            for entry in objects(post, "media")
            if entry.get("type") == "photo"
        ),
    }


CROWDTANGLE = JsonPosts(
    name="crowdtangle",
    title="CrowdTangle's API: posts",
    platform="facebook",
    mapping={
        "account_id": "account.platformId",
        "handle": "account.handle",
        "post_id": "platformId",
        "created_at": "date",
        "text": "message, else description",
        "links": "expandedLinks, else link",
        "media": "media",
        "platform": "account.platform",
    },
    looks=_looks,
    posts=_found,
)
