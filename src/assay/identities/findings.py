"""Findings of impersonation and lookalike domains, each with its frozen, hashed evidence."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay import __version__
from assay.engine.read_back import findings_of, json_back
from assay.engine.write import file_sha256, write_json, write_table
from assay.errors import InputError
from assay.identities.avatars import thumbnail_png
from assay.identities.comparison import account_comparison, domain_comparison
from assay.identities.copies import COPIES
from assay.identities.dossiers import Dossier
from assay.identities.harmless import LIMITS, harmless
from assay.identities.register import Body, platform_name
from assay.identities.weigh import THRESHOLD, Account
from assay.model.dataset import RunFolder
from assay.model.finding import (
    OF_ACCOUNTS,
    OF_DOMAINS,
    OF_NAMES,
    EvidenceReference,
    Explanation,
    Finding,
)
from assay.model.tables import SHARES

HOLDS = {
    "comparison.json": "genuine beside suspect: names, proof, the platform's rule, pictures",
    "copied_posts.parquet": "posts that repeat earlier ones of the genuine account",
    "shares.parquet": "who shared links to the domain, and when",
}
PICTURES = ("picture.png", "logo.png")
"""Drawn anew for the page; sealed with the rest, but not cited: their hashes are the evidence."""
WORDS = {
    "avatar": "its picture", "bio": "its bio", "posts": "its posts",
    "taken over": "a handle taken over",
}  # fmt: skip
_ELSEWHERE = "delete the file, or name another folder with -o"


@dataclass(frozen=True)
class Links:
    """Links to a lookalike domain in the data.

    Attributes:
        rows: Shares of such links, schema SHARES.
        accounts: Different accounts behind them.
    """

    rows: pa.Table
    accounts: int


def clear_findings(run: RunFolder) -> None:
    """Take away findings and evidence that an earlier run left, findings first: they cite it."""
    if run.findings.exists():
        merge_findings(run, ())
    for names in OF_NAMES:
        for folder in run.evidence.glob(names + "-*"):
            shutil.rmtree(folder)


def account_finding(run: RunFolder, dossier: Dossier, method: Mapping[str, Any]) -> Finding:
    """Freeze the evidence of an account that poses as or resembles a body, and make its finding.

    Args:
        run: Where to.
        dossier: Its verdict is ``poses_as`` or ``resembles``.
        method: Parameters, as every finding tells them.
    """
    verdict = str(dossier.said.verdict)
    identity = dossier.body.id
    name = finding_id(OF_ACCOUNTS, dossier.account.account_id, identity)
    folder = _new_folder(run, name)
    write_json(folder / "comparison.json", account_comparison(dossier))
    if dossier.copies:
        rows = [asdict(one) for one in dossier.copies]
        write_table(folder / "copied_posts.parquet", pa.Table.from_pylist(rows, schema=COPIES),
                    COPIES, ("at", "post_id"))  # fmt: skip
    if dossier.picture is not None:
        _copy_picture(dossier.picture.file, folder / "picture.png")
        _copy_picture(dossier.picture.logo, folder / "logo.png")
    return Finding(
        id=name,
        kind=f"{OF_ACCOUNTS}.{verdict}",
        claim="inauthentic" if verdict == "poses_as" else "likeness",
        subjects=(dossier.account.account_id,),
        statement=_statement(dossier),
        statistic={
            "score": dossier.said.score,
            "identity": identity,
            "proof": dossier.proof.state,
            "second_kind": dossier.said.second_kind,
            "copied_posts": len(dossier.copies),
        },
        p_value=None,
        q_value=None,
        reason="; ".join(dossier.said.reasons),
        limits=LIMITS,
        explanations=harmless(dossier),
        strength="two kinds of evidence" if dossier.said.second_kind else "names alone",
        method=_method("impersonation", method),
        evidence=_seal(folder, name),
    )


def domain_finding(
    run: RunFolder,
    row: Mapping[str, Any],
    body: Body,
    written: str,
    found: tuple[Links | None, Mapping[str, Any]],
) -> Finding:
    """Freeze the evidence of a domain that resembles a body's own, and make its finding.

    Args:
        run: Where to.
        row: As in ``domains.parquet``.
        body: Whose name it resembles.
        written: The domain as people see it.
        found: Links to it in the data (None where only a list of domains was given), and the
            method's parameters.
    """
    links, method = found
    name = finding_id(OF_DOMAINS, row["domain"], body.id)
    folder = _new_folder(run, name)
    write_json(folder / "comparison.json", domain_comparison(dict(row), body, written))
    statistic: dict[str, Any] = {"score": row["score"], "identity": body.id}
    shared = ""
    if links is not None:
        write_table(
            folder / "shares.parquet", links.rows, SHARES, ("kind", "object_id", "shared_at")
        )
        statistic |= {"shares": len(links.rows), "accounts": links.accounts}
        many = "1 account" if links.accounts == 1 else f"{links.accounts:,} accounts"
        shared = f" In the data {many} shared links to it."
    seen = row["domain"] if written == row["domain"] else f"{written} ({row['domain']})"
    return Finding(
        id=name,
        kind=f"{OF_DOMAINS}.{row['verdict']}",
        claim="likeness",
        subjects=(str(row["domain"]),),
        statement=f"The domain {seen} resembles a domain of {body.name} by name alone; nothing "
        f"here says who registered it or what for.{shared}",
        statistic=statistic,
        p_value=None,
        q_value=None,
        reason="; ".join(row["reasons"]),
        limits=(
            "Only names are compared; look at the site before you believe it.",
            "Genuine outlets resemble each other too, often under another ending.",
            "Who shared a link is named as evidence of where it was seen, and not of any intent.",
        ),
        explanations=_domain_explanations(body),
        strength="names alone",
        method=_method("lookalike-domains", method),
        evidence=_seal(folder, name),
    )


def finding_id(names: str, subject: str, identity: str) -> str:
    """The same subject and body have the same id in any run, whatever the verdict."""
    digest = hashlib.sha256(f"{subject}\0{identity}".encode()).hexdigest()
    return f"{names}-{digest[:12]}"


def _statement(dossier: Dossier) -> str:
    who, body = shown_account(dossier.account), dossier.body.name
    if dossier.said.verdict != "poses_as" and dossier.said.second_kind:
        why = "is older than the body's own account"
        if dossier.label.in_name:
            why = f"says in that name that it is “{dossier.label.label}”"
        return (
            f"The account {who} resembles {body} by more than its name, but {why}; it is not "
            "said to pose as the body."
        )
    if dossier.said.verdict != "poses_as":
        return (
            f"The account {who} resembles {body} by name alone; nothing here says that it means "
            "to be taken for it."
        )
    kinds = [WORDS[sign.kind] for sign in dossier.signs if sign.kind in WORDS]
    if any(one.startswith("the bio claims") for one in dossier.said.reasons):
        kinds.insert(0, "what its bio claims")
    by = " and ".join(filter(None, (", ".join(kinds[:-1]), kinds[-1]))) if kinds else "its profile"
    return (
        f"The account {who} poses as {body}: its name resembles it, with {by} pointing the same "
        "way; no proof that it is the body's own was supplied."
    )


def shown_account(account: Account) -> str:
    """An account for a sentence: its name, and platform and handle."""
    platform = platform_name(account.platform)
    handle = account.handle.lstrip("@")
    address = f"{platform}:{handle}" if platform and handle else handle or account.account_id
    return f"“{account.display_name}” ({address})" if account.display_name else address


def _domain_explanations(body: Body) -> tuple[Explanation, ...]:
    return (
        Explanation(
            "a namesake", "many outlets and firms have like names", "see how the names differ"
        ),
        Explanation(
            f"a domain of {body.name} that the register lacks",
            "bodies keep domains under other endings, some only to guard their name",
            "the register does not list it",
        ),
        Explanation(
            "a site that wants to be taken for the body's",
            "its name",
            "a name alone never convicts",
        ),
    )


def _method(name: str, method: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": __version__, "threshold": THRESHOLD, **method}


def _new_folder(run: RunFolder, name: str) -> Path:
    folder = run.evidence / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _copy_picture(source: Path | None, target: Path) -> None:
    if source is None:
        return
    try:
        target.write_bytes(thumbnail_png(source))
    except InputError:
        # It was read a moment ago; whoever took it away since has only taken a drawing.
        target.unlink(missing_ok=True)


def _seal(folder: Path, name: str) -> tuple[EvidenceReference, ...]:
    references = tuple(
        EvidenceReference(
            path=f"evidence/{name}/{file}",
            sha256=file_sha256(folder / file),
            rows=_rows(folder / file),
            holds=holds,
        )
        for file, holds in HOLDS.items()
        if (folder / file).exists()
    )
    sealed = [(one.sha256, Path(one.path).name) for one in references]
    sealed += [(file_sha256(folder / file), file) for file in PICTURES if (folder / file).exists()]
    lines = [f"{digest}  {file}\n" for digest, file in sorted(sealed, key=lambda one: one[1])]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="ascii")
    return references


def _rows(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows) if path.suffix == ".parquet" else 1


def merge_findings(run: RunFolder, findings: Iterable[Finding]) -> None:
    """Put findings into ``findings.json`` in place of earlier ones of these detectors.

    Raises:
        InputError: The file that is there is damaged: what else it held would be lost.
    """
    told: dict[str, Any] = {"schema": 1, "findings": []}
    if run.findings.exists():
        told = json_back(run.findings, _ELSEWHERE)
    listed = findings_of(told, run.findings, _ELSEWHERE)
    others = [one for one in listed if not str(one.get("id")).startswith(OF_NAMES)]
    write_json(run.findings, told | {"findings": [*others, *(asdict(one) for one in findings)]})
