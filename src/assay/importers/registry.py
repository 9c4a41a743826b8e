"""All importers, the particular ones before the general one."""

from __future__ import annotations

from importlib.metadata import entry_points

from assay.errors import UsageError
from assay.importers.accounts import AccountTable
from assay.importers.base import Importer
from assay.importers.bluesky import BLUESKY
from assay.importers.crowdtangle import CROWDTANGLE, CrowdTangleTable
from assay.importers.gdelt import GDELT
from assay.importers.gdelt_tables import GdeltTable
from assay.importers.ira_tweets import IraTweets
from assay.importers.mastodon import MASTODON
from assay.importers.reddit import REDDIT
from assay.importers.snscrape import SNSCRAPE
from assay.importers.tables import TableImporter
from assay.importers.telegram_export import TelegramExport
from assay.importers.telegram_table import TelegramTable
from assay.importers.telethon import TELETHON
from assay.importers.tiktok import TIKTOK
from assay.importers.twitter_io import TwitterIo
from assay.importers.twitter_v1 import TWITTER_V1
from assay.importers.twitter_v2 import TWITTER_V2
from assay.importers.vk import VK
from assay.importers.youtube import YOUTUBE
from assay.importers.yt_dlp import YT_DLP

IMPORTERS: tuple[Importer, ...] = (
    IraTweets(),
    TwitterIo(),
    CrowdTangleTable(),
    GdeltTable(),
    TELETHON,
    TelegramExport(),
    TelegramTable(),
    TWITTER_V2,
    TWITTER_V1,
    SNSCRAPE,
    MASTODON,
    BLUESKY,
    REDDIT,
    YOUTUBE,
    YT_DLP,
    TIKTOK,
    VK,
    CROWDTANGLE,
    GDELT,
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
