"""What a compiled kernel depends on: its own file and all that this imports of the same package.

Numba's cache takes a kernel for unchanged while the kernel's own file is. But machine code holds
the kernels and constants of other files too, as they were. The locators below say where kernels are
cached as numba's own do, and add those files to what must be unchanged.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import Any

from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

_IMPORT = re.compile(
    r"^(?:from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n]*)|import\s+([\w.]+))", re.MULTILINE
)
"""Imports above a module's first function; what functions import is in no kernel."""
_OURS = __name__.partition(".")[0]


@cache
def stamp_of_sources(module: str) -> str:
    """The SHA-256 over the sources of a module and of what it imports, and these import, and so on.

    Followed are the modules of the same package and of ours. Called while the module is loaded,
    when those that it imports are: they are found among the loaded ones.
    """
    found, next_ones = {module}, [module]
    packages = {_OURS, module.partition(".")[0]}
    while next_ones:
        fresh = {
            name
            for name in _source(next_ones.pop())[1]
            if name not in found and name.partition(".")[0] in packages and name in sys.modules
        }
        found |= fresh
        next_ones += fresh
    return sha256(b"".join(_source(name)[0] for name in sorted(found))).hexdigest()


@cache
def _source(module: str) -> tuple[bytes, frozenset[str]]:
    """SHA-256 of a loaded module's source, and what it names in its imports.

    Names of modules, and of what is imported from them, which may be modules too.
    """
    file = getattr(sys.modules[module], "__file__", None)
    text = Path(file).read_text("utf-8") if file and file.endswith(".py") else ""
    names: set[str] = set()
    for parent, inside, plain in _IMPORT.findall(text.partition("\ndef ")[0]):
        names |= {plain or parent} | {f"{parent}.{name}" for name in re.findall(r"\w+", inside)}
    return sha256(text.encode()).digest(), frozenset(names)


class _AllSources:
    """Adds the sources to the stamp of one of numba's locators."""

    def __init__(self, kernel: FunctionType, file: str) -> None:
        super().__init__(kernel, file)  # type: ignore[call-arg]  # numba's locator comes next
        self._module = kernel.__module__

    def get_source_stamp(self) -> tuple[Any, str]:
        """What must be the same for the cached code to be used."""
        own = super().get_source_stamp()  # type: ignore[misc]  # numba's locator comes next
        return own, stamp_of_sources(self._module)


class InFolderToldByUser(_AllSources, UserProvidedCacheLocator):
    """In the folder ``NUMBA_CACHE_DIR``."""


class BesideSource(_AllSources, InTreeCacheLocator):
    """In ``__pycache__``."""


class InFolderOfUser(_AllSources, UserWideCacheLocator):
    """In the user's own cache, where the source's folder cannot be written to."""


LOCATORS = ",".join(
    f"{__name__}.{one.__name__}" for one in (InFolderToldByUser, BesideSource, InFolderOfUser)
)
"""As numba's setting ``CACHE_LOCATOR_CLASSES`` takes them: the first that can be used is."""
