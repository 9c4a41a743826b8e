"""Files in, tables and findings out: what the commands and the workbench call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay import __version__
from assay.engine.alone import alone_in
from assay.engine.read_back import json_back
from assay.engine.write import write_json
from assay.errors import UsageError, to_install
from assay.identities.asked import Protect
from assay.identities.register import read_register
from assay.model.dataset import Dataset, RunFolder
from assay.model.finding import Finding
from assay.model.progress import Progress

if TYPE_CHECKING:
    from assay.identities.protect import Found
    from assay.identities.protected import Protected

EXTRA = frozenset(
    {"rapidfuzz", "ahocorasick", "anyascii", "babel", "pdqhash", "imagehash", "PIL", "scipy"}
    | {"warcio"}
)
"""Modules that the extra brings."""


@dataclass(frozen=True)
class Held:
    """A register held against a dataset, or a list.

    Attributes:
        record: For ``run.json``.
        findings: The findings.
    """

    record: Mapping[str, Any]
    findings: tuple[Finding, ...]


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        raise UsageError(
            f"comparing names needs the package {error.name}", fix=to_install("identities")
        ) from error


def find_impersonation(
    accounts: Path, asked: Protect, out: Path, progress: Progress
) -> dict[str, Any]:
    """Accounts that resemble or pose as a body; leaves tables, findings and evidence in ``out``.

    An interrupted run goes on where it was when it is given the same accounts and register again
    on the same day.

    Args:
        accounts: A dataset or a table of accounts.
        asked: The register and what is supplied beside it.
        out: The folder to fill.
        progress: Told how far it is.

    Raises:
        InputError: The accounts, the register or what is beside it cannot be used.
        UsageError: The extra is not installed, or another run writes into ``out``.
    """
    with _extra():
        from assay.identities.protect import names_work, protect_accounts
        from assay.identities.protected import read_protected, write_identities

        posts = Dataset(accounts).posts if accounts.is_dir() else None
        run = RunFolder(out)
        check_since(asked, run)
        protected = read_protected(asked, posts)
        with alone_in(out):
            scanned = _begin(run, asked)
            found = protect_accounts(accounts, protected, run, progress)
            write_identities(run, protected)
            record = _told(protected) | {"accounts": _counts(found)}
            told = scanned or _of_detector("impersonation", accounts)
            _finish(run, told | {"identities": record}, found.findings)
            # Last: whoever is stopped before all is written need not compare the names again.
            names_work(run).clear()
            # Not empty where a scan into this folder was stopped, which goes on with what is there.
            with suppress(OSError):
                (run.folder / ".work").rmdir()
    return _counts(found)


def find_lookalike_domains(
    domains: Path, asked: Protect, out: Path, progress: Progress
) -> dict[str, Any]:
    """Domains that look like a body's own; leaves tables, findings and evidence in ``out``.

    Args:
        domains: A file with one domain or link a line, or a list of certificates.
        asked: The register.
        out: The folder to fill.
        progress: Told how far it is.

    Raises:
        InputError: The domains or the register cannot be used.
        UsageError: The extra is not installed, or another run writes into ``out``.
    """
    with _extra():
        from assay.identities.domain_lists import read_domains
        from assay.identities.protect import protect_domains
        from assay.identities.protected import read_protected, write_identities

        run = RunFolder(out)
        check_since(asked, run)
        protected = read_protected(asked, None)
        with alone_in(out):
            scanned = _begin(run, asked)
            found = protect_domains(read_domains(domains), protected, run, None, progress)
            write_identities(run, protected)
            counts = {
                "read": found.accounts,
                "no_domain": found.no_domain,
                "resembles": found.verdicts.get("resembles", 0),
                "declared": found.verdicts.get("declared", 0),
            }
            counts |= found.changes
            record = _told(protected) | {"domains": counts}
            told = scanned or _of_detector("lookalike-domains", domains)
            _finish(run, told | {"identities": record}, found.findings)
    return counts


def read_asked(asked: Protect) -> Protected:
    """Read the register and what is beside it, before a scan spends hours that they would waste.

    Raises:
        InputError: The register or what is beside it cannot be used.
        UsageError: The extra is not installed.
    """
    read_register(asked.identities)
    with _extra():
        from assay.identities.protected import read_protected

        return read_protected(asked, None)


def hold_against(
    dataset: Dataset,
    run: RunFolder,
    protected: Protected,
    progress: Progress,
    found: Found | None = None,
) -> Held:
    """Hold a dataset's accounts and links against a register, inside a scan.

    Args:
        dataset: Accounts, posts and shares.
        run: Where to; ``findings.json`` is completed by the caller's findings first.
        protected: The register and what was supplied, as :func:`read_asked` read them.
        progress: Told how far it is.
        found: What was found of the accounts while they had names, and is in place already; None
            where they have them still.

    Raises:
        InputError: A table of the dataset cannot be used.
        UsageError: The extra is not installed.
    """
    with _extra():
        from assay.identities.findings import clear_findings, merge_findings
        from assay.identities.links import links_of
        from assay.identities.protect import protect_accounts, protect_domains
        from assay.identities.protected import without_accounts, write_identities

        supplied = replace(protected.supplied, posts=dataset.posts)
        protected = replace(protected, supplied=supplied)
        if found is None:
            clear_findings(run)
            accounts = protect_accounts(dataset.accounts, protected, run, progress)
        else:
            accounts, protected = found, without_accounts(protected)
        progress.stage("Reading links")
        texts, shares = links_of(dataset.shares, protected.bodies)
        domains = protect_domains([texts], protected, run, shares, progress)
        write_identities(run, protected)
        findings = (*accounts.findings, *domains.findings)
        merge_findings(run, findings)
        record = _told(protected) | {
            "accounts": _counts(accounts),
            "domains": _counts(domains),
        }
    return Held(record, findings)


def _told(protected: Protected) -> dict[str, Any]:
    return {
        "register": protected.register,
        **protected.method,
        "compared_with": protected.earlier is not None,
    }


def _counts(found: Found) -> dict[str, Any]:
    return {
        "read": found.accounts,
        "verdicts": dict(found.verdicts),
        "labelled": found.labelled,
        "changes": dict(found.changes),
        "refused_pictures": list(found.refused),
        "findings": len(found.findings),
    }


def check_since(asked: Protect, run: RunFolder) -> None:
    """Refuse to compare a run with what it takes away.

    Raises:
        UsageError: The earlier run lies where this one writes.
    """
    if asked.since is not None and asked.since.resolve() == run.folder.resolve():
        raise UsageError(
            "the earlier run would be overwritten before it is compared",
            fix="write into another folder with -o",
        )


def clear_names(run: RunFolder, asked: Protect | None) -> None:
    """Take away what an earlier run said of names, and leave the register of this one.

    Args:
        run: The folder.
        asked: What this run is to hold accounts against; None where it is nothing.
    """
    register = None if asked is None else asked.identities.resolve()
    for stale in (run.impersonation, run.domains, run.changes, run.identities):
        if stale.resolve() != register:
            stale.unlink(missing_ok=True)


def _begin(run: RunFolder, asked: Protect) -> dict[str, Any] | None:
    """Clear the folder of names; what is said of a scan that left the rest of it, None if none did.

    Raises:
        InputError: What was left there is damaged.
    """
    from assay.identities.findings import clear_findings

    fix = "delete the file, or name another folder with -o"
    scanned = json_back(run.run, fix) if run.run.is_file() and run.edges.is_file() else None
    clear_findings(run)
    clear_names(run, asked)
    return scanned


def _of_detector(name: str, source: Path) -> dict[str, Any]:
    return {"version": __version__, "detector": name, "input": [source.name]}


def _finish(run: RunFolder, record: Mapping[str, Any], findings: tuple[Finding, ...]) -> None:
    """Complete ``findings.json`` and ``run.json``, beside what a scan left in the same folder."""
    from assay.identities.findings import merge_findings

    merge_findings(run, findings)
    write_json(run.run, record)
