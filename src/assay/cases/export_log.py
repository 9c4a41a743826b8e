"""A copy of the log for outsiders: leaves, the newest checkpoint and the public key, no content.

Whoever has it can work the root out again, and check any inclusion or consistency proof, with any
program that knows RFC 9162.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from assay.cases.signed_note import PublicKey


def write_log(folder: Path, leaves: Iterable[bytes], note: str, key: PublicKey) -> int:
    """Write ``leaves.txt`` (base64, one a line, in order), ``checkpoint`` and ``public.key``.

    Returns:
        How many leaves were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / "leaves.txt").open("w", encoding="ascii") as file:
        for leaf in leaves:
            file.write(base64.b64encode(leaf).decode("ascii") + "\n")
            count += 1
    (folder / "checkpoint").write_text(note, encoding="utf-8")
    (folder / "public.key").write_text(key.text + "\n", encoding="utf-8")
    return count
