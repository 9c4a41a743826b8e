"""Numba's ``njit`` with a type: kernels stay typed functions, compiled once and cached on disk.

Numba's own decorator turns a function into an object of another type. Here a kernel keeps the
signature that it is written with, and every kernel is compiled with the same options.

Cached code is used while the kernel's file and all that this imports are as they were
(:mod:`assay.engine.kernel_sources`).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast, overload

import numba
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

from assay.engine.kernel_sources import LOCATORS

_SETTINGS = vars(numba.config)
# Who sets the variable of the environment chooses for themselves.
_SETTINGS["CACHE_LOCATOR_CLASSES"] = _SETTINGS["CACHE_LOCATOR_CLASSES"] or LOCATORS

_LINEAR_ALGEBRA = "scipy.linalg.cython_blas"


def _load_without_scipy() -> None:
    """Load what numba knows of arrays as where scipy is not installed.

    It would load scipy's linear algebra, which takes longer than all the rest of a start together
    and which no kernel of ours uses: one that did would be told so when it is compiled.
    """
    if _LINEAR_ALGEBRA in sys.modules:
        return
    modules = cast(dict[str, object], sys.modules)
    modules[_LINEAR_ALGEBRA] = None  # how Python is told that there is none
    try:
        importlib.import_module("numba.np.arraymath")
    finally:
        del modules[_LINEAR_ALGEBRA]


_load_without_scipy()

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


class KernelCache(FunctionCache):
    """Numba's cache of one kernel, which makes nothing ready that only a compilation needs."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The machine code for arguments of these types, or None where it is not cached.

        Numba would tell its compiler first of all that it knows of Python and numpy, which takes
        longer than loading fifty kernels; a compilation tells it so by itself. Machine code needs
        the runtime alone.
        """
        rtsys.initialize(target_context)
        load = cast(Callable[..., Any], self._load_overload)
        with self._guard_against_spurious_io_errors():
            return load(sig, target_context)


prange = numba.prange
"""A ``range`` whose turns run in parallel inside a kernel made with ``parallel=True``."""


@overload
def njit(kernel: Kernel) -> Kernel: ...


@overload
def njit(
    *, parallel: bool = ..., inline: bool = ..., counted: bool = ...
) -> Callable[[Kernel], Kernel]: ...


def njit(
    kernel: Kernel | None = None,
    *,
    parallel: bool = False,
    inline: bool = False,
    counted: bool = True,
) -> Kernel | Callable[[Kernel], Kernel]:
    """Compile a kernel to machine code, without the interpreter, cached beside its source.

    Kernels release the GIL, and never use ``fastmath``: the same input must give the same
    floats on every run.

    Args:
        kernel: The function, when used as a bare ``@njit``.
        parallel: Let :data:`prange` loops run on all of numba's threads. A sum over such a loop
            depends on the number of threads; write into an array and sum afterwards.
        inline: Paste the kernel into its callers.
        counted: Count who refers to an array. A call with a tuple of arrays counts each of them up
            and down, which takes longer than a short kernel's arithmetic: a kernel that is called
            for every pair and makes no array itself (numba refuses one that does) needs no count.
    """

    def compiled(function: Kernel) -> Kernel:
        # `_nrt` stands in numba's manual of extensions, and not among the types of its options.
        make = cast(Callable[..., Callable[[Kernel], Any]], numba.njit)
        dispatcher = make(
            nogil=True,
            parallel=parallel,
            inline="always" if inline else "never",
            # Said always: a kernel would have it from the first one that calls it otherwise.
            _nrt=counted,
            # Nobody calls a kernel as a C function; the form for it is a tenth of what is compiled.
            no_cfunc_wrapper=True,
        )(function)
        # As numba's `cache=True` does, with numba's own cache.
        dispatcher._cache = cast(Callable[[Kernel], object], KernelCache)(function)
        return cast(Kernel, dispatcher)

    return compiled if kernel is None else compiled(kernel)
