"""A package that is not installed: which extra of Assay brings it."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from assay.cli.machine import extras
from assay.errors import UsageError


def missing_package(error: ModuleNotFoundError) -> UsageError | None:
    """How to get the package that an import did not find; None where something else is wrong.

    That is a module of Assay's own, or one inside a package that is installed: of a package that
    is not, Python names the whole. A package whose modules bear another name (``argon2`` of
    argon2-cffi) is left to the doctor.
    """
    module = error.name or ""
    if module in ("", "assay") or "." in module:
        return None
    name = canonicalize_name(module)
    bringing = (
        extra.install
        for extra in extras()
        if any(canonicalize_name(package.name) == name for package in extra.packages)
    )
    fix = next(bringing, "`assay doctor` lists what is missing and how to get it")
    return UsageError(f"this needs the package {module}, which is not installed", fix=fix)
