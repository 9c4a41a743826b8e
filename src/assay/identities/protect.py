"""A register held against accounts and domains: tables, findings and evidence.

Accounts stream through: names are compared block by block (:mod:`assay.identities.judged`), what
they led to is followed up piece by piece, and only what is told of stays in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import __version__
from assay.engine.write import file_sha256, write_table
from assay.identities.account_rows import account_table
from assay.identities.comparison import body_told
from assay.identities.compile import compile_register
from assay.identities.domains import DomainSearch, domain_of
from assay.identities.dossiers import Dossier, build_dossiers
from assay.identities.findings import Links, account_finding, domain_finding
from assay.identities.judged import Work, judge_accounts
from assay.identities.learn import population_told
from assay.identities.protected import Protected
from assay.identities.watch import WATCHED, changes
from assay.model.dataset import RunFolder
from assay.model.finding import Finding
from assay.model.progress import Progress
from assay.model.tables import CHANGES, IMPERSONATION, LOOKALIKE_DOMAINS


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        accounts: Accounts read, or domains.
        verdicts: How many rows have each verdict.
        labelled: Accounts left out because they keep their platform's rule for parody and fans.
        changes: How many are new, renamed or gone; empty without an earlier run.
        refused: Pictures that could not be read, in words.
        findings: The findings.
        no_domain: Of domains read, how many are none.
    """

    accounts: int
    verdicts: Mapping[str, int]
    labelled: int
    changes: Mapping[str, int]
    refused: tuple[str, ...]
    findings: tuple[Finding, ...]
    no_domain: int = 0


def names_work(run: RunFolder) -> Work:
    """Where the comparison of names is kept until a run is finished."""
    return Work(run.folder / ".work" / "names")


def protect_accounts(
    accounts: Path,
    protected: Protected,
    run: RunFolder,
    progress: Progress,
    nameless: Callable[[Dossier], Dossier] | None = None,
) -> Found:
    """Hold accounts against the register; leaves ``impersonation.parquet`` and evidence.

    A run that was stopped goes on where it was, if it is given the same accounts and register on
    the same day; whoever calls clears :func:`names_work` when everything else is written too.

    Args:
        accounts: A dataset or a table of accounts.
        protected: The register and what was supplied.
        run: Where to.
        progress: Told how far it is.
        nameless: Takes the accounts' names out of a dossier before anything is written of it; None
            leaves them.

    Raises:
        InputError: The accounts cannot be used.
    """
    table = account_table(accounts)
    register = compile_register(protected.bodies, protected.population)
    work = names_work(run)
    work.begin(_key(table, protected))
    judged = judge_accounts(table, register, protected.supplied.today, work, progress)
    progress.stage("Following up names", total=judged.read, unit="accounts")
    dossiers = build_dossiers(judged, register, protected.supplied)
    table, told, labelled = _followed_up(dossiers, nameless)
    result = write_table(run.impersonation, table, IMPERSONATION, ("identity", "account_id"))
    changed = None
    if protected.earlier is not None:
        rows = [_row(one) for one in told.values()]
        changed = changes(rows, protected.earlier.accounts, "account_id")
        _write_changes(run, changed)
    fresh = _fresh(changed)
    findings = [
        account_finding(run, one, protected.method)
        for one in sorted(told.values(), key=_by_weight)
        if fresh is None or (one.account.account_id, one.body.id) in fresh
    ]
    pictures = protected.supplied.pictures
    refused = tuple(pictures.refused) if pictures else ()
    return Found(
        judged.read,
        dict(Counter(result["verdict"].to_pylist())),
        labelled,
        dict(Counter(row["change"] for row in changed or ())),
        # Pictures are called after accounts.
        refused if nameless is None else ("one of an account's",) * len(refused),
        tuple(findings),
    )


def _followed_up(
    dossiers: Iterable[Sequence[Dossier]], nameless: Callable[[Dossier], Dossier] | None
) -> tuple[pa.Table, dict[tuple[str, str], Dossier], int]:
    """The rows of accounts with a verdict, those to be told of, and how many keep a label's rule.

    Args:
        dossiers: Some accounts after the other.
        nameless: Takes names out of a dossier; None leaves them.
    """
    pieces, told, labelled = [IMPERSONATION.empty_table()], dict[tuple[str, str], Dossier](), 0
    for some in dossiers:
        said = [one for one in some if one.said.verdict is not None]
        if nameless is not None:
            said = [nameless(one) for one in said]
        pieces.append(pa.Table.from_pylist([_row(one) for one in said], schema=IMPERSONATION))
        labelled += sum(one.said.labelled for one in some)
        for one in said:
            key = one.account.account_id, one.body.id
            # A table may hold an account twice: the row that weighs most is told of.
            if one.said.verdict in WATCHED and (
                key not in told or _by_weight(one) < _by_weight(told[key])
            ):
                told[key] = one
    return pa.concat_tables(pieces), told, labelled


def _key(table: Path, protected: Protected) -> str:
    """What the comparison of names rests on: another register, day or table begins anew."""
    told = [
        __version__,
        file_sha256(table),
        protected.supplied.today.isoformat(),
        # Blocks name bodies by their places, and an identities.json may be edited by hand.
        [body_told(body) for body in protected.bodies],
        population_told(protected.population),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def protect_domains(
    pieces: Iterable[Sequence[str]],
    protected: Protected,
    run: RunFolder,
    shares: Mapping[str, Links] | None,
    progress: Progress,
) -> Found:
    """Hold domains or links against the register; leaves ``domains.parquet`` and evidence.

    Args:
        pieces: Domains or links.
        protected: The register.
        run: Where to.
        shares: Links in the data by domain; None where only a list was given.
        progress: Told how far it is.
    """
    progress.stage("Comparing domains", unit="domains")
    search = DomainSearch(protected.bodies)
    for texts in pieces:
        search.add(texts)
        progress.advance(len(texts))
    rows = search.rows()
    table = pa.Table.from_pylist(rows, schema=LOOKALIKE_DOMAINS)
    write_table(run.domains, table, LOOKALIKE_DOMAINS, ("identity", "domain"))
    bodies = {body.id: body for body in protected.bodies}
    earlier = protected.earlier
    changed = None if earlier is None else changes(rows, earlier.domains, "domain")
    fresh = _fresh(changed)
    findings = [
        domain_finding(
            run, row, bodies[row["identity"]], _written(row["domain"]),
            (None if shares is None else shares.get(row["domain"]), protected.method),
        )
        for row in sorted(rows, key=lambda row: (-row["score"], row["domain"]))
        if row["verdict"] == "resembles"
        and (fresh is None or (row["domain"], row["identity"]) in fresh)
    ]  # fmt: skip
    if changed is not None:
        _write_changes(run, changed)
    return Found(
        search.read,
        dict(Counter(row["verdict"] for row in rows)),
        0,
        dict(Counter(row["change"] for row in changed or ())),
        (),
        tuple(findings),
        search.no_domain,
    )


def _written(domain: str) -> str:
    told = domain_of(domain)
    return domain if told is None else f"{told.label}.{told.ending}"


def _by_weight(dossier: Dossier) -> tuple[bool, float, str, str, str, str]:
    account = dossier.account
    return (
        dossier.said.verdict != "poses_as", -dossier.said.score, dossier.body.id,
        account.account_id, account.handle, account.display_name,
    )  # fmt: skip


def _row(dossier: Dossier) -> dict[str, Any]:
    return {
        "account_id": dossier.account.account_id,
        "handle": dossier.account.handle or None,
        "display_name": dossier.account.display_name or None,
        "identity": dossier.body.id,
        "verdict": dossier.said.verdict,
        "score": dossier.said.score,
        "reasons": list(dossier.said.reasons),
    }


def _fresh(changed: Sequence[Mapping[str, Any]] | None) -> set[tuple[str, str]] | None:
    """What is new or renamed; None where all is shown."""
    if changed is None:
        return None
    return {(row["subject"], row["identity"]) for row in changed if row["change"] != "gone"}


def _write_changes(run: RunFolder, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to ``changes.parquet``; accounts come first, domains after them."""
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist(list(rows), schema=CHANGES)
    if run.changes.is_file():
        table = pa.concat_tables([pq.read_table(run.changes).cast(CHANGES), table])
    write_table(run.changes, table, CHANGES, ("change", "identity", "subject"))
