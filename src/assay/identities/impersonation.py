"""Who poses as, resembles or is a body of the register, among any number of accounts."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import __version__
from assay.engine.write import file_sha256, write_json, write_table
from assay.identities.candidates import Match, find_candidates
from assay.identities.compile import Compiled
from assay.identities.weigh import THRESHOLD, Account, Weighed, declared, weigh
from assay.model.finding import EvidenceReference, Explanation, Finding
from assay.model.progress import Progress
from assay.model.tables import IMPERSONATION

LIMITS = (
    "Names are compared with names; whether somebody means to deceive is for a person to decide.",
    "Namesakes, former officials and permitted parody may look like this; read the account itself.",
    "Avatars, changes of name and posts were not compared.",
)
EXPLANATIONS = (
    Explanation("a namesake", "many people and outlets bear the same name", "see the reasons"),
    Explanation(
        "an official account that the register lacks",
        "bodies have regional, retired and personal accounts",
        "the register does not list it",
    ),
    Explanation("an account that poses as the body", "see the reasons", "a name proves no intent"),
)


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        accounts: Accounts read.
        verdicts: How many rows have each verdict.
        labelled: Accounts left out because they keep their platform's rule for parody and fans.
    """

    accounts: int
    verdicts: Mapping[str, int]
    labelled: int


def detect_impersonation(
    batches: Iterable[Sequence[Account]],
    register: Compiled,
    out: Path,
    today: date,
    progress: Progress,
) -> Found:
    """Weigh every account against the register; leaves ``impersonation.parquet`` and findings.

    Args:
        batches: Accounts.
        register: A compiled register.
        out: The folder to fill.
        today: What handles' dates of validity are held against.
        progress: Told how far it is.
    """
    rows: list[dict[str, Any]] = []
    read = labelled = 0
    progress.stage("Comparing names", unit="accounts")
    for batch in batches:
        for account, said in judge(batch, register, today):
            labelled += said.labelled
            if said.verdict is not None:
                rows.append(_row(account, said, register))
        read += len(batch)
        progress.advance(len(batch))
    table = pa.Table.from_pylist(rows, schema=IMPERSONATION)
    path = out / "impersonation.parquet"
    write_table(path, table, IMPERSONATION, ("identity", "account_id"))
    evidence = EvidenceReference(path.name, file_sha256(path), len(rows), "all verdicts")
    told = sorted(rows, key=lambda row: (-row["score"], row["identity"], row["account_id"]))
    findings = [_finding(row, evidence) for row in told if row["score"] >= THRESHOLD]
    write_json(out / "findings.json", {"schema": 1, "findings": [asdict(one) for one in findings]})
    return Found(read, dict(Counter(row["verdict"] for row in rows)), labelled)


def judge(
    batch: Sequence[Account], register: Compiled, today: date
) -> Iterator[tuple[Account, Weighed]]:
    """Accounts of which there is something to say, each with the body that it meets best."""
    by_row: dict[int, dict[int, list[tuple[str, Match]]]] = defaultdict(lambda: defaultdict(list))
    handles = [account.handle.lstrip("@") for account in batch]
    for where, names in (
        ("handle", handles),
        ("display_name", [account.display_name for account in batch]),
    ):
        for match in find_candidates(names, register):
            by_row[match.row][match.body].append((where, match))
    for row, account in enumerate(batch):
        own = declared(account, register, today)
        if own is not None:
            yield account, own
        elif row in by_row:
            yield account, _best([weigh(account, met, register) for met in by_row[row].values()])


def _best(weighed: Sequence[Weighed]) -> Weighed:
    """The body that an account means most; a sister's place only where nothing else is said."""
    # A label or a sister post weighs with its body; the first of equals is the register's first.
    return max(weighed, key=lambda one: (one.labelled, one.score, one.verdict == "sister",
                                         len(one.reasons), -one.body))  # fmt: skip


def _row(account: Account, said: Weighed, register: Compiled) -> dict[str, Any]:
    return {
        "account_id": account.account_id,
        "handle": account.handle or None,
        "display_name": account.display_name or None,
        "identity": register.bodies[said.body].id,
        "verdict": said.verdict,
        "score": said.score,
        "reasons": list(said.reasons),
    }


def _finding(row: Mapping[str, Any], evidence: EvidenceReference) -> Finding:
    what = "poses as" if row["verdict"] == "poses_as" else "resembles"
    subject = row["account_id"]
    kind = f"impersonation.{row['verdict']}"
    mark = hashlib.sha256(f"{kind}|{subject}|{row['identity']}".encode()).hexdigest()[:12]
    strength = "two kinds of evidence" if row["verdict"] == "poses_as" else "names alone"
    return Finding(
        id=f"{kind}-{mark}",
        kind=kind,
        claim="inauthentic",
        subjects=(subject,),
        statement=f"The account {row['handle'] or row['display_name']} {what} {row['identity']}.",
        statistic={"score": row["score"]},
        p_value=None,
        q_value=None,
        reason="; ".join(row["reasons"]),
        limits=LIMITS,
        explanations=EXPLANATIONS,
        strength=strength,
        method={"name": "impersonation", "version": __version__, "threshold": THRESHOLD},
        evidence=(evidence,),
    )
