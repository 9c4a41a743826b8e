"""How much memory this machine lets a run have."""

from __future__ import annotations

import os
from pathlib import Path

from assay.errors import UsageError
from assay.model.units import format_bytes

SHARE_OF_MACHINE = 0.7
"""Part of the machine's memory that a run takes unless told otherwise."""


def machine_memory_bytes() -> int:
    """The machine's memory, or the container's limit where that is lower."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in (
        Path("/sys/fs/cgroup/memory.max"),
        Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
    ):
        try:
            text = limit.read_text().strip()
        except OSError:
            continue
        if text.isdigit():
            whole = min(whole, int(text))
    return whole


LEAST_BYTES = 256_000_000
"""Below this neither the interpreter nor an engine can start to work."""


def run_memory_bytes(wanted: int | None) -> int:
    """What a run may use: what the user says, else a share of the machine.

    Raises:
        UsageError: It is too little to work with.
    """
    if wanted is not None and wanted < LEAST_BYTES:
        raise UsageError(
            f"--memory {format_bytes(wanted)} is too little to work with",
            fix=f"give at least {format_bytes(LEAST_BYTES)}",
        )
    return wanted if wanted is not None else int(machine_memory_bytes() * SHARE_OF_MACHINE)


def engine_memory_bytes(memory_bytes: int, shares: int) -> int:
    """What is left for the engine beside the interpreter and the arrays of one kind's shares."""
    arrays = 300_000_000 + 48 * shares
    return max(memory_bytes - arrays, memory_bytes // 4, 256_000_000)
