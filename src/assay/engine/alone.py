"""One run at a time in a folder, told by a locked file that names nobody."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from assay.errors import UsageError


@contextmanager
def alone_in(folder: Path, lock: Path | None = None) -> Iterator[None]:
    """Keep a second run out of the folder while this one writes there.

    Args:
        folder: What is written into; made if it is not there, unless ``lock`` lies elsewhere.
        lock: The file that is locked; None for ``.lock`` inside the folder.

    Raises:
        UsageError: Another run writes there, or the folder cannot be made.
    """
    path = lock or folder / ".lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = _locked(path)
    except BlockingIOError as error:
        raise UsageError(
            f"another run is writing into {folder}",
            fix="wait for it, or name another folder with -o",
        ) from error
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written: {error.strerror}", fix="name another folder with -o"
        ) from error
    with held:
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _locked(path: Path) -> IO[str]:
    """The file, open and locked.

    Raises:
        BlockingIOError: Another process holds it.
    """
    while True:
        file = path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A run that just ended takes its file away: a lock on what is gone keeps nobody out.
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except FileNotFoundError:
            pass
        except BaseException:
            file.close()
            raise
        file.close()
