"""A run with findings about names, put together from their parts: no detection is run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
from PIL import Image

from assay.engine.write import write_json, write_table
from assay.identities.avatars import PictureHash, PictureMatch
from assay.identities.captures import Proof
from assay.identities.copies import Copy
from assay.identities.dossiers import Dossier
from assay.identities.findings import Links, account_finding, domain_finding, merge_findings
from assay.identities.histories import SeenName
from assay.identities.labels import label_of
from assay.identities.pictures import PictureSeen
from assay.identities.proofs import ProofState
from assay.identities.register import Body, Handle
from assay.identities.signs import Sign
from assay.identities.weigh import Account, Weighed
from assay.model.dataset import RunFolder
from assay.model.tables import CHANGES, SHARES

HOSTILE = "</script><script>document.title='owned'</script>\u202eevil"
BODY = Body(
    "herald",
    "The Morning Herald",
    kind="outlet",
    handles=(Handle("x", "morningherald"), Handle("telegram", "oldherald", date(2023, 12, 31))),
    domains=("morningherald.com",),
)
GENUINE = Account("x:1", "x", "morningherald", "The Morning Herald", "News since 1893")
METHOD = {"register_sha256": "0" * 64, "today": "2026-01-01"}


def posing(folder: Path) -> Dossier:
    """An account with every kind of evidence."""
    picture = folder / "picture.png"
    Image.new("RGB", (64, 64), "navy").save(picture)
    account = Account(
        "x:2", "x", "morningheraid", "Mоrning Herald", HOSTILE, created_at="2025-12-01"
    )
    signs = (
        Sign("avatar", "its picture is the body's"),
        Sign("posts", "2 posts repeat earlier ones"),
    )
    return Dossier(
        account,
        BODY,
        Weighed(0, "poses_as", 1.0, ("the name is like it (+0.55)", signs[0].reason), False, True),
        ProofState(
            "contradicted",
            "morningherald.com names x:morningherald",
            (Proof("morningherald.com", "x", "morningherald", "trust.txt", "a.txt", "0" * 64),),
        ),
        label_of(account, same_avatar=True),
        signs,
        (GENUINE,),
        (SeenName(date(2025, 11, 1), "cats", "Cats"),),
        PictureSeen(PictureHash(), PictureMatch("PDQ", 4, "cropped"), picture, picture),
        (Copy("c0", "x:2", "2025-12-02T09:00:00", "g0", "x:1", "2025-12-02T08:00:00", HOSTILE),),
    )  # fmt: skip


def resembling() -> Dossier:
    """An account with nothing but a name."""
    account = Account("telegram:3", "telegram", "herald_daily", "Morning Herald")
    return Dossier(
        account, BODY, Weighed(0, "resembles", 0.55, ("the name is like it (+0.55)",)),
        ProofState("unproved", "neither register nor captures name it"), label_of(account),
    )  # fmt: skip


def make_names_run(folder: Path) -> RunFolder:
    """Write the parts of such a run into a folder, beside whatever lies in it."""
    run = RunFolder(folder)
    run.folder.mkdir(parents=True, exist_ok=True)
    row = {
        "domain": "mornlngherald.com",
        "identity": "herald",
        "verdict": "resembles",
        "score": 0.8,
        "reasons": ["mornlngherald.com looks like morningherald.com (+0.80)"],
    }
    findings = [
        account_finding(run, posing(folder), METHOD),
        account_finding(run, resembling(), METHOD),
        domain_finding(
            run, row, BODY, "mornlngherald.com", (Links(SHARES.empty_table(), 0), METHOD)
        ),
    ]
    merge_findings(run, findings)
    write_json(run.identities, {"today": "2026-01-01", "register_sha256": "0" * 64})
    changed = [
        {"change": "gone", "subject": "x:9", "identity": "herald", "verdict_before": "resembles",
         "handle_before": "herald_old"}
    ]  # fmt: skip
    write_table(run.changes, pa.Table.from_pylist(changed, schema=CHANGES), CHANGES)
    if not run.run.exists():
        counts = {"read": 7, "verdicts": {"poses_as": 1, "resembles": 1}, "labelled": 0}
        write_json(
            run.run,
            {
                "version": "0",
                "detector": "impersonation",
                "input": ["accounts.csv"],
                "identities": {"accounts": counts, "domains": {"read": 2}, "register": "b.csv"},
            },
        )
    return run
