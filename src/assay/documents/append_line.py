"""A line at the end of a file that several people may write at once: whole, and never rewritten."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.errors import InputError


def append_line(path: Path, told: Mapping[str, Any]) -> None:
    """Add one line of JSON at the end, whole, whoever else is writing.

    Raises:
        InputError: The file cannot be written.
    """
    line = json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n"
    data = line.encode("utf-8", "surrogatepass")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    except OSError as error:
        raise InputError(
            f"what you say cannot be kept: {error.strerror}", fix="check the folder", file=path
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # A line that a crash cut off must not swallow this one.
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            data = b"\n" + data
        written = 0
        while written < len(data):
            written += os.write(descriptor, data[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
