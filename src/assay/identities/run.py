"""Files in, tables out: what the commands call."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from assay.errors import UsageError
from assay.identities.register import read_register
from assay.model.progress import Progress


def find_impersonation(
    accounts: Path, identities: Path, out: Path, today: date, progress: Progress
) -> dict[str, Any]:
    """Accounts that resemble or pose as a body; see :mod:`assay.identities.impersonation`.

    Args:
        accounts: A dataset or a table of accounts.
        identities: The register.
        out: The folder to fill.
        today: What handles' dates of validity are held against.
        progress: Told how far it is.

    Raises:
        InputError: The accounts or the register cannot be used.
        UsageError: The extra is not installed.
    """
    try:
        from assay.identities.account_rows import read_accounts
        from assay.identities.compile import compile_register
        from assay.identities.impersonation import detect_impersonation
    except ModuleNotFoundError as error:
        raise _extra_missing(error) from error
    register = compile_register(read_register(identities))
    return asdict(detect_impersonation(read_accounts(accounts), register, out, today, progress))


def _extra_missing(error: ModuleNotFoundError) -> UsageError:
    return UsageError(
        f"comparing names needs the package {error.name}", fix="pip install 'assay[identities]'"
    )


def find_lookalike_domains(domains: Path, identities: Path, out: Path) -> dict[str, int]:
    """Domains that look like a body's own; see :mod:`assay.identities.domains`.

    Raises:
        InputError: The domains or the register cannot be used.
        UsageError: The extra is not installed.
    """
    try:
        from assay.identities.domains import detect_domains, read_domains
    except ModuleNotFoundError as error:
        raise _extra_missing(error) from error
    return detect_domains(read_domains(domains), read_register(identities), out)
