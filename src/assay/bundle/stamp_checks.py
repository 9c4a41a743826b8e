"""The time stamps of a bundle among the other checks."""

from __future__ import annotations

from pathlib import Path

from assay.bundle.contents import CHECKSUMS, STAMPS
from assay.bundle.stamp import MOST_BYTES, Stamp, read_roots, read_stamp, stamps_possible
from assay.bundle.verdict import Check
from assay.errors import AssayError, to_install


def check_stamps(folder: Path, certificates: Path | None) -> list[Check]:
    """One check for each time stamp; a bundle need have none.

    Args:
        folder: The unpacked bundle.
        certificates: Certificates of trusted authorities in PEM, or None.

    Raises:
        InputError: The certificates cannot be read.
    """
    stamps = sorted(one for one in (folder / STAMPS).glob("*.tsr") if one.is_file())
    if not stamps or not (folder / CHECKSUMS).is_file():
        return []
    if not stamps_possible():
        why = f"the package rfc3161-client is missing: {to_install('evidence')}"
        return [Check("Time stamps", "not done", f"{len(stamps)} there; {why}")]
    try:
        roots = () if certificates is None else read_roots(certificates)
    except AssayError as error:
        return [Check("Time stamps", "not done", f"{len(stamps)} there; {error.message}")]
    sums = (folder / CHECKSUMS).read_bytes()
    checks = []
    for path in stamps:
        name = f"{STAMPS}{path.name}"
        if path.stat().st_size > MOST_BYTES:
            checks.append(Check(name, "different", "", (f"{name}: is too large for a stamp",)))
        else:
            checks.append(_as_check(read_stamp(name, path.read_bytes(), sums, roots)))
    return checks


def _as_check(stamp: Stamp) -> Check:
    authority = stamp.authority or "an authority that encloses no certificate"
    if stamp.wrong:
        return Check(stamp.name, "different", authority, (f"{stamp.name}: {stamp.wrong}",))
    if stamp.verified is None:
        return Check(
            stamp.name,
            "not done",
            f"says {stamp.at}, by {authority}; whether it was signed by them is checked with "
            "--tsa-certificates FILE",
        )
    return Check(stamp.name, "same", f"{stamp.at}, signed by {authority}")
