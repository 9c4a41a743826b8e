"""All importers, the particular ones before the general one."""

from __future__ import annotations

from importlib.metadata import entry_points

from assay.errors import UsageError
from assay.importers.accounts import AccountTable
from assay.importers.base import Importer
from assay.importers.ira_tweets import IraTweets
from assay.importers.tables import TableImporter
from assay.importers.telegram_export import TelegramExport
from assay.importers.telegram_table import TelegramTable
from assay.importers.twitter_v2 import TwitterV2

IMPORTERS: tuple[Importer, ...] = (
    IraTweets(),
    TelegramExport(),
    TelegramTable(),
    TwitterV2(),
    AccountTable(),
    TableImporter(),
)
ENTRY_POINT_GROUP = "assay.importers"


def all_importers() -> tuple[Importer, ...]:
    """Those of other packages first, then ours."""
    outside = tuple(point.load()() for point in entry_points(group=ENTRY_POINT_GROUP))
    return (*outside, *IMPORTERS)


def importer_named(name: str) -> Importer:
    """The importer that ``--format`` names.

    Raises:
        UsageError: There is none.
    """
    known = all_importers()
    for importer in known:
        if importer.name == name:
            return importer
    names = ", ".join(importer.name for importer in known)
    raise UsageError(f"there is no format {name!r}", fix=f"use one of {names}")
