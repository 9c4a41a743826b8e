"""A register held against accounts and domains: what is read first, and what is written in the end.

Everything that a verdict rests on beside the accounts themselves is written to ``identities.json``:
the register as read, proofs, histories and the hashes of pictures. That file can stand for the
register when the run is made again, and then no capture and no picture is needed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.engine.write import file_sha256, write_json, write_table
from assay.errors import InputError, UsageError
from assay.identities.account_rows import read_accounts
from assay.identities.asked import Protect
from assay.identities.avatars import PictureHash
from assay.identities.captures import Proof, read_captures
from assay.identities.comparison import body_told
from assay.identities.compile import compile_register
from assay.identities.domains import domain_of, lookalike_domains
from assay.identities.dossiers import Dossier, Supplied, build_dossiers
from assay.identities.findings import Links, account_finding, domain_finding
from assay.identities.histories import SeenName, read_histories
from assay.identities.impersonation import judge
from assay.identities.learn import learn_population, names_in, population_of, population_told
from assay.identities.pictures import Pictures, read_pictures
from assay.identities.population import Population
from assay.identities.register import Body, read_register
from assay.identities.watch import Earlier, changes, read_earlier
from assay.identities.weigh import THRESHOLD, Account, Weighed
from assay.model.dataset import RunFolder
from assay.model.finding import Finding
from assay.model.progress import Progress
from assay.model.tables import CHANGES, IMPERSONATION, LOOKALIKE_DOMAINS

FOLLOWED_UP = 0.05
"""Weights below which names are forgotten at once."""


@dataclass(frozen=True)
class Protected:
    """Everything read, ready to be held against accounts.

    Attributes:
        bodies: The register.
        register: The register's file name.
        sha256: Of the register's file.
        supplied: What else was supplied.
        earlier: The earlier run; None without ``since``.
        population: What was learnt of names that many bear; None without a sample.
    """

    bodies: tuple[Body, ...]
    register: str
    sha256: str
    supplied: Supplied
    earlier: Earlier | None
    population: Population | None = None

    @property
    def method(self) -> dict[str, Any]:
        """What every finding says of how it was made."""
        return {"register_sha256": self.sha256, "today": self.supplied.today.isoformat()}


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        accounts: Accounts read.
        verdicts: How many rows have each verdict.
        labelled: Accounts left out because they keep their platform's rule for parody and fans.
        changes: How many are new, renamed or gone; empty without an earlier run.
        refused: Pictures that could not be read, in words.
        findings: The findings.
    """

    accounts: int
    verdicts: Mapping[str, int]
    labelled: int
    changes: Mapping[str, int]
    refused: tuple[str, ...]
    findings: tuple[Finding, ...]


def read_protected(asked: Protect, posts: Path | None) -> Protected:
    """Read the register and what was supplied beside it.

    Args:
        asked: Which files.
        posts: The dataset's posts; None where there are none.

    Raises:
        InputError: One of them cannot be used.
        UsageError: The register is a run's, and something is supplied that it holds already.
    """
    bodies = read_register(asked.identities)
    earlier = None if asked.since is None else read_earlier(asked.since)
    frozen = _frozen(asked.identities)
    if frozen is None:
        histories = {} if asked.names is None else read_histories(asked.names)
        for account, seen in (earlier.histories() if earlier else {}).items():
            histories[account] = tuple(sorted({*histories.get(account, ()), *seen},
                                              key=lambda one: (one.day, one.handle)))  # fmt: skip
        supplied = Supplied(
            asked.today,
            () if asked.captures is None else read_captures(asked.captures),
            histories,
            read_pictures(bodies, asked.identities, asked.pictures),
            posts,
        )
        name = asked.identities.name
        population = None
        if asked.population is not None:
            sample = (names_in(batch) for batch in read_accounts(asked.population))
            population = learn_population(bodies, sample)
        digest = file_sha256(asked.identities)
        return Protected(bodies, name, digest, supplied, earlier, population)
    beside = [one for one in ("captures", "pictures", "names", "population")
              if getattr(asked, one) is not None]  # fmt: skip
    if beside:
        raise UsageError(
            f"{asked.identities.name} of an earlier run holds what it was supplied with, and "
            f"--{beside[0]} would not be read",
            fix=f"give the register itself, or leave --{beside[0]} away",
        )
    name, digest = str(frozen.get("register")), str(frozen["register_sha256"])
    population = population_of(frozen.get("population"))
    supplied, earlier = _thawed(frozen, posts), earlier or _earlier(frozen)
    return Protected(bodies, name, digest, supplied, earlier, population)


def _frozen(path: Path) -> dict[str, Any] | None:
    """What ``identities.json`` of a run holds; None if the file is any other register."""
    if path.suffix.lower() != ".json":
        return None
    told = json.loads(path.read_text("utf-8-sig"))
    return told if isinstance(told, dict) and "register_sha256" in told else None


def _thawed(frozen: Mapping[str, Any], posts: Path | None) -> Supplied:
    try:
        pictures = Pictures(
            {int(place): tuple(PictureHash(**one) for one in some)
             for place, some in frozen["logos"].items()},
            {},
            refused=list(map(str, frozen["refused_pictures"])),
            known={account: PictureHash(**one) for account, one in frozen["pictures"].items()},
        )  # fmt: skip
        return Supplied(
            date.fromisoformat(frozen["today"]),
            tuple(Proof(**one) for one in frozen["proofs"]),
            {
                account: tuple(
                    SeenName(date.fromisoformat(one["day"]), one["handle"], one["display_name"])
                    for one in seen
                )
                for account, seen in frozen["histories"].items()
            },
            pictures,
            posts,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"identities.json is damaged: {type(error).__name__}: {error}",
            fix="give the register itself",
        ) from error


def _earlier(frozen: Mapping[str, Any]) -> Earlier | None:
    """What the earlier run said, as ``identities.json`` keeps it."""
    told = frozen.get("earlier")
    if told is None:
        return None
    try:
        return Earlier(
            {(row["account_id"], row["identity"]): row for row in told["accounts"]},
            {(row["domain"], row["identity"]): row for row in told["domains"]},
            None,
        )
    except (KeyError, TypeError) as error:
        raise InputError("identities.json is damaged", fix="give the register itself") from error


def _earlier_told(earlier: Earlier | None) -> dict[str, Any] | None:
    if earlier is None:
        return None
    return {
        "accounts": [dict(row) for row in earlier.accounts.values()],
        "domains": [dict(row) for row in earlier.domains.values()],
    }


def write_identities(run: RunFolder, protected: Protected) -> None:
    """Write ``identities.json``: all that verdicts rest on beside the accounts and posts."""
    supplied, pictures = protected.supplied, protected.supplied.pictures
    write_json(
        run.identities,
        {
            "schema": 1,
            "register": protected.register,
            "register_sha256": protected.sha256,
            "earlier": _earlier_told(protected.earlier),
            "refused_pictures": list(pictures.refused) if pictures else [],
            "today": supplied.today.isoformat(),
            "identities": [body_told(body) for body in protected.bodies],
            "population": population_told(protected.population),
            "proofs": [asdict(one) for one in supplied.captures],
            "histories": {
                account: [asdict(one) | {"day": one.day.isoformat()} for one in seen]
                for account, seen in supplied.histories.items()
            },
            "logos": {
                str(place): [asdict(one) for one in hashes]
                for place, hashes in (pictures.logos if pictures else {}).items()
            },
            "pictures": {
                account: asdict(one)
                for account, one in (pictures.known if pictures else {}).items()
            },
        },
    )


def protect_accounts(
    batches: Iterable[Sequence[Account]], protected: Protected, run: RunFolder, progress: Progress
) -> Found:
    """Hold accounts against the register; leaves ``impersonation.parquet`` and evidence.

    Args:
        batches: Accounts.
        protected: The register and what was supplied.
        run: Where to.
        progress: Told how far it is.
    """
    register = compile_register(protected.bodies, protected.population)
    judged: list[tuple[Account, Weighed]] = []
    read = 0
    progress.stage("Comparing names", unit="accounts")
    for batch in batches:
        judged += [
            (account, said)
            for account, said in judge(batch, register, protected.supplied.today)
            if said.verdict is not None or said.labelled or said.score >= FOLLOWED_UP
        ]
        read += len(batch)
        progress.advance(len(batch))
    progress.stage("Following up names", unit="accounts")
    dossiers = build_dossiers(judged, register, protected.supplied)
    rows = [_row(one) for one in dossiers if one.said.verdict is not None]
    table = pa.Table.from_pylist(rows, schema=IMPERSONATION)
    write_table(run.impersonation, table, IMPERSONATION, ("identity", "account_id"))
    changed = _changes(
        rows, protected.earlier.accounts if protected.earlier else None, "account_id"
    )
    fresh = _fresh(changed)
    told = [
        one
        for one in sorted(dossiers, key=_by_weight)
        if one.said.verdict in {"poses_as", "resembles"}
        and one.said.score >= THRESHOLD
        and (fresh is None or (one.account.account_id, one.body.id) in fresh)
    ]
    # A table may hold an account twice: one finding, from the row that weighs most.
    by_subject: dict[tuple[str, str], Dossier] = {}
    for one in told:
        by_subject.setdefault((one.account.account_id, one.body.id), one)
    findings = [account_finding(run, one, protected.method) for one in by_subject.values()]
    if changed is not None:
        _write_changes(run, changed)
    pictures = protected.supplied.pictures
    return Found(
        read,
        dict(Counter(row["verdict"] for row in rows)),
        sum(one.said.labelled for one in dossiers),
        dict(Counter(row["change"] for row in changed or ())),
        tuple(pictures.refused) if pictures else (),
        tuple(findings),
    )


def protect_domains(
    texts: Sequence[str], protected: Protected, run: RunFolder, shares: Mapping[str, Links] | None
) -> Found:
    """Hold domains or links against the register; leaves ``domains.parquet`` and evidence.

    Args:
        texts: Domains or links.
        protected: The register.
        run: Where to.
        shares: Links in the data by domain; None where only a list was given.
    """
    rows = lookalike_domains(texts, protected.bodies)
    table = pa.Table.from_pylist(rows, schema=LOOKALIKE_DOMAINS)
    write_table(run.domains, table, LOOKALIKE_DOMAINS, ("identity", "domain"))
    bodies = {body.id: body for body in protected.bodies}
    changed = _changes(rows, protected.earlier.domains if protected.earlier else None, "domain")
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
        len(texts),
        dict(Counter(row["verdict"] for row in rows)),
        0,
        dict(Counter(row["change"] for row in changed or ())),
        (),
        tuple(findings),
    )


def _written(domain: str) -> str:
    told = domain_of(domain)
    return domain if told is None else f"{told.label}.{told.ending}"


def _by_weight(dossier: Dossier) -> tuple[bool, float, str, str]:
    return (
        dossier.said.verdict != "poses_as", -dossier.said.score, dossier.body.id,
        dossier.account.account_id,
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


def _changes(
    rows: Sequence[Mapping[str, Any]],
    earlier: Mapping[tuple[str, str], Mapping[str, Any]] | None,
    subject: str,
) -> list[dict[str, Any]] | None:
    return None if earlier is None else changes(rows, earlier, subject)


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
