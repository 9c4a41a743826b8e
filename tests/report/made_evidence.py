"""The frozen posts behind a finding, with texts and names that try to break a page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from tests.report.made_groups import Group, Plan

from assay.engine.write import file_sha256, write_table
from assay.model.dataset import RunFolder
from assay.model.finding import EvidenceReference
from assay.model.tables import (
    PAIR_EVIDENCE,
    POSTS,
    SHARES,
)

HOSTILE_TEXT = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"


def _post(name: str, handle: int, at_us: int, link: str, text: str) -> dict[str, Any]:
    return {
        "post_id": f"{name}:{at_us // 1_000_000}",
        "account_id": name,
        "platform": "example",
        "created_at": at_us,
        "time_resolution_s": 1.0,
        "kind": "post",
        "text": text,
        "language": "en",
        "url": f"https://social.example/{handle}/status/{at_us}",
        "source": "posts.csv",
        "row": handle,
    }


def _text(number: int, link: str) -> str:
    openings = (
        "They do not want you to read this:",
        "Everyone should see what happened at the harbour today.",
        "Прочитайте это, пока не удалили —",
        "اقرأ هذا الآن",
        HOSTILE_TEXT,
    )
    return f"{openings[number % len(openings)]} {link} #story{number % 9} 🚢"


def write_evidence(
    run: RunFolder,
    finding_id: str,
    group: Group,
    pairs: list[tuple[int, int, dict[str, Any]]],
    names: list[str],
    plan: Plan,
) -> tuple[EvidenceReference, ...]:
    posts, pair_rows = [], []
    for k, account in enumerate(group.members.tolist()):
        for o in np.nonzero(group.times_us[k] >= 0)[0].tolist():
            link = group.objects[o]
            post = _post(
                names[account], account, int(group.times_us[k, o]), link, _text(account + o, link)
            )
            if plan.share_table:
                post = {
                    "account_id": post["account_id"],
                    "kind": "object",
                    "object_id": link,
                    "post_id": post["post_id"],
                    "shared_at": post["created_at"],
                }
            posts.append(post)
    for a, b, counts in pairs:
        near = set(counts["near_at"].tolist())
        for o in np.nonzero(counts["both"])[0].tolist():
            at_a = int(group.times_us[counts["i"], o])
            at_b = int(group.times_us[counts["j"], o])
            pair_rows.append(
                {
                    "kind": "object" if plan.share_table else "link",
                    "object_id": group.objects[o],
                    "account_a": names[a],
                    "account_b": names[b],
                    "post_a": f"{names[a]}:{at_a // 1_000_000}",
                    "post_b": f"{names[b]}:{at_b // 1_000_000}",
                    "shared_at_a": at_a,
                    "shared_at_b": at_b,
                    "gap_s": abs(at_a - at_b) / 1e6,
                    "co_timed": o in near,
                }
            )
    folder = run.evidence / finding_id
    schema = SHARES if plan.share_table else POSTS
    write_table(folder / "posts.parquet", pa.Table.from_pylist(posts, schema=schema), schema)
    write_table(
        folder / "pairs.parquet",
        pa.Table.from_pylist(pair_rows, schema=PAIR_EVIDENCE),
        PAIR_EVIDENCE,
    )
    return tuple(
        EvidenceReference(
            path=f"evidence/{finding_id}/{file}",
            sha256=file_sha256(folder / file),
            rows=rows,
            holds=holds,
        )
        for file, rows, holds in (
            ("posts.parquet", len(posts), "the posts"),
            ("pairs.parquet", len(pair_rows), "the pairs of posts"),
        )
    )
