"""A small finished run with a planted group, and bundles made of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from assay.bundle.pack import PackOptions
from assay.bundle.verdict import Check, Verdict
from assay.bundle.verify import Against
from assay.detectors.coaction_parameters import Coaction
from assay.handover import bundle_run, verify_bundle
from assay.importers.report import ImportOptions
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent
from assay.workbench import RunOptions, scan

GROUP = tuple(f"made:g{number}" for number in range(5))
SECRET = "zqxv-unmistakable"
START = datetime(2024, 5, 1, tzinfo=UTC)


@dataclass(frozen=True)
class MadeRun:
    """A run, the file that it was made from, and where bundles of it go."""

    run: RunFolder
    source: Path

    def packed(self, out: Path, **options: Any) -> Path:
        """A bundle of it."""
        bundle_run(self.run, None, out, PackOptions(**options), Silent())
        return out


def write_posts(path: Path) -> None:
    """Posts of 80 accounts over ten days; five share twelve links within seconds, and two of
    these links at other moments."""
    rng = np.random.default_rng(7)
    rows = []

    def post(account: str, at_s: float, link: str, text: str) -> None:
        moment = (START + timedelta(seconds=int(at_s))).strftime("%Y-%m-%dT%H:%M:%SZ")
        handle = f"{SECRET}-{account.split(':')[1]}"
        rows.append([f"p{len(rows)}", account.split(":")[1], handle, moment, text, link])

    for story in range(12):
        at_s = rng.uniform(0, 10 * 86_400)
        for account in GROUP:
            text = f"{SECRET} words number {story} for all of you to read"
            post(account, at_s + rng.uniform(0, 15), f"https://a.example/s{story}", text)
    for story in (20, 21):
        for account in GROUP:
            post(account, rng.uniform(0, 10 * 86_400), f"https://b.example/s{story}", "elsewhen")
    for _ in range(1500):
        account = f"made:o{rng.integers(0, 75)}"
        story = int(rng.integers(0, 150))
        at_s = rng.uniform(0, 10 * 86_400)
        post(account, at_s, f"https://c.example/{story}", f"{SECRET} organic text {len(rows)}")
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["post_id", "account_id", "username", "created_at", "text", "urls"])
        writer.writerows(rows)


def made_run(folder: Path, *, report: bool = True) -> MadeRun:
    """Scan the posts with two settings, the second one stands."""
    source = folder / "posts.csv"
    write_posts(source)
    run = RunFolder(folder / "out")
    importing = ImportOptions(platform="made")
    tried = Coaction(windows_s=(120.0,), kinds=("link",))
    scan([source], run, importing, tried, RunOptions(report=False), Silent())
    asked = Coaction(windows_s=(30.0,), kinds=("link",))
    scan([source], run, importing, asked, RunOptions(report=report), Silent())
    return MadeRun(run, source)


def verified(path: Path, dataset: Dataset | None = None, **options: Any) -> Verdict:
    """The verdict on a bundle."""
    asked = RunOptions(**options)
    return verify_bundle(path, Against(dataset), asked, Silent())


def named(verdict: Verdict, name: str) -> Check:
    """The check of that name."""
    return next(check for check in verdict.checks if check.name == name)
