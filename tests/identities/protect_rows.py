"""Accounts, posts, logos and captures around a small register, for tests of the whole line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

from assay.engine.write import write_table
from assay.identities.asked import Protect
from assay.model.dataset import Dataset
from assay.model.tables import ACCOUNTS, POSTS, SHARES

DAY = date(2026, 1, 1)
BIO = "News from the Herald valley, every morning since 1893"
REGISTER = """identities:
- id: herald
  name: The Morning Herald
  aliases: [Morning Herald]
  kind: outlet
  sender: GB
  handles: ["x:morningherald", {platform: telegram, handle: oldherald, until: 2023-12-31}]
  domains: [morningherald.com]
  logos: [logo.png]
- id: fr-jp
  name: Embassy of France in Japan
  kind: embassy
  sender: FR
  host: JP
  handles: ["x:ambafrancejp"]
"""
PROFILES: tuple[dict[str, Any], ...] = (
    {"account_id": "x:1", "handle": "morningherald", "display_name": "The Morning Herald",
     "bio": BIO},
    {"account_id": "x:2", "handle": "morningheraid", "display_name": "Mоrning Herald", "bio": BIO,
     "created_at": datetime(2025, 12, 1, tzinfo=UTC)},
    {"account_id": "x:3", "handle": "herald_daily7", "display_name": "Morning Herald"},
    {"account_id": "x:4", "handle": "herald_jokes", "display_name": "Parody Morning Herald",
     "bio": "parody account"},
    {"account_id": "x:5", "handle": "herald_copy", "display_name": "Morning Herald"},
    {"account_id": "x:6", "handle": "critic", "display_name": "Bob",
     "bio": "The Morning Herald lies every day"},
    {"account_id": "telegram:7", "platform": "telegram", "handle": "oldherald",
     "display_name": "Herald", "created_at": datetime(2025, 3, 1, tzinfo=UTC)},
    {"account_id": "x:8", "handle": "FranceEmbKenya", "display_name": "French Embassy in Kenya"},
)  # fmt: skip
TEXTS = (
    "The council of the valley votes on the new bridge tonight, says the mayor",
    "Snow closes the road over the pass until Friday, the county office reports",
)


def make_folder(folder: Path) -> Dataset:
    """Write register, logo, pictures, captures and a dataset."""
    (folder / "bodies.yaml").write_text(REGISTER, encoding="utf-8")
    logo = Image.new("RGB", (240, 240), "navy")
    draw = ImageDraw.Draw(logo)
    draw.polygon([(30, 210), (120, 30), (210, 210)], fill="gold")
    draw.ellipse((150, 20, 230, 100), fill="firebrick")
    draw.line([(0, 60), (240, 170)], fill="white", width=8)
    logo.save(folder / "logo.png")
    (folder / "pictures").mkdir()
    logo.crop((15, 15, 225, 225)).save(folder / "pictures" / "herald_daily7.png")
    site = folder / "captures" / "morningherald.com"
    site.mkdir(parents=True)
    (site / "trust.txt").write_text("social=https://x.com/morningherald\n", encoding="utf-8")
    dataset = Dataset(folder / "dataset")
    rows = [{"platform": "x", "status": "active"} | profile for profile in PROFILES]
    write_table(dataset.accounts, pa.Table.from_pylist(rows, schema=ACCOUNTS), ACCOUNTS)
    posts = [_post(f"g{k}", "x:1", text, 8, k) for k, text in enumerate(TEXTS)]
    posts += [_post(f"c{k}", "x:5", text, 9, k) for k, text in enumerate(TEXTS)]
    posts += [_post("r0", "x:3", "RT @morningherald: " + TEXTS[0], 9, 0)]
    write_table(dataset.posts, pa.Table.from_pylist(posts, schema=POSTS), POSTS)
    shares = [
        ("x:5", "link", "https://mornlngherald.com/a", "c0"),
        ("x:6", "link", "https://www.mornlngherald.com/b", "c1"),
        ("x:1", "link", "https://morningherald.com/a", "g0"),
        ("x:6", "link", "https://weather.org/a", "c1"),
    ]
    table = [
        dict(zip(SHARES.names, (*share, datetime(2025, 12, 5, tzinfo=UTC)), strict=True))
        for share in shares
    ]
    write_table(dataset.shares, pa.Table.from_pylist(table, schema=SHARES), SHARES)
    return dataset


def _post(name: str, account: str, text: str, hour: int, day: int) -> dict[str, Any]:
    return {
        "post_id": name, "account_id": account, "platform": "x", "kind": "post", "text": text,
        "created_at": datetime(2025, 12, 10 + day, hour, tzinfo=UTC), "source": "posts.csv",
        "row": 1,
    }  # fmt: skip


def asked(folder: Path, **more: Any) -> Protect:
    """Everything that lies in the folder."""
    return Protect(
        folder / "bodies.yaml",
        DAY,
        captures=folder / "captures",
        pictures=folder / "pictures",
        **more,
    )


def rows(path: Path, subject: str = "account_id") -> dict[str, dict[str, Any]]:
    """A table of verdicts by whom they are about."""
    return {row[subject]: row for row in pq.read_table(path).to_pylist()}


def findings(run: Path) -> list[dict[str, Any]]:
    """What a run's findings.json lists."""
    listed: list[dict[str, Any]] = json.loads((run / "findings.json").read_text("utf-8"))[
        "findings"
    ]
    return listed


def comparison(run: Path, subject: str) -> dict[str, Any]:
    """The comparison that stands behind the finding about somebody."""
    (one,) = [one for one in findings(run) if one["subjects"] == [subject]]
    told: dict[str, Any] = json.loads((run / one["evidence"][0]["path"]).read_text("utf-8"))
    return told
