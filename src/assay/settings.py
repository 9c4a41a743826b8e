"""The environment, read once into a frozen object that is passed on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What the machine allows, read from ``ASSAY_*`` variables.

    Attributes:
        threads: Worker threads for the engine and for numba (``ASSAY_THREADS``).
        memory_bytes: Memory that a run may use (``ASSAY_MEMORY``); None means 70 % of the machine.
        spill_dir: Where a run spills to when memory is short (``ASSAY_SPILL_DIR``); None means
            a hidden folder inside the output folder.
        smtp_password: Password for the mail server of ``assay serve`` (``ASSAY_SMTP_PASSWORD``).
        oidc_secret: Secret of ``assay serve`` at the outside sign-in service
            (``ASSAY_OIDC_SECRET``).
        token: Of ``assay case --server``, made on the account's page (``ASSAY_TOKEN``).
        llm_key: Key of the language model that ``assay read`` may ask (``ASSAY_LLM_KEY``).
    """

    threads: int
    memory_bytes: int | None
    spill_dir: Path | None
    llm_key: str | None = field(default=None, repr=False)
    smtp_password: str | None = field(default=None, repr=False)
    oidc_secret: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from the environment.

    Raises:
        UsageError: A variable holds something that is not a count or a size.
    """
    from assay.errors import UsageError
    from assay.model.units import parse_bytes

    raw_threads = environ.get("ASSAY_THREADS", "")
    if raw_threads and not (raw_threads.isdigit() and int(raw_threads) > 0):
        raise UsageError(
            f"ASSAY_THREADS is {raw_threads!r}", fix="set it to a whole number from 1 up"
        )
    raw_memory = environ.get("ASSAY_MEMORY", "")
    raw_spill = environ.get("ASSAY_SPILL_DIR", "")
    return Settings(
        threads=int(raw_threads) if raw_threads else len(os.sched_getaffinity(0)),
        memory_bytes=parse_bytes(raw_memory) if raw_memory else None,
        spill_dir=Path(raw_spill) if raw_spill else None,
        llm_key=environ.get("ASSAY_LLM_KEY") or None,
        smtp_password=environ.get("ASSAY_SMTP_PASSWORD") or None,
        oidc_secret=environ.get("ASSAY_OIDC_SECRET") or None,
        token=environ.get("ASSAY_TOKEN") or None,
    )
