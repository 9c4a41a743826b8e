"""Time stamps by RFC 3161: that a bundle existed at a time, by the word of an authority.

What is stamped is ``SHA256SUMS`` of the bundle, which stands for every file in it. Assay contacts
no authority: it writes the request, someone sends it, and the answer is put beside the files.
Anyone can check the stamp with ``openssl ts -verify``.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assay.bundle.archive import opened_archive, read_member
from assay.bundle.contents import CHECKSUMS, STAMPS
from assay.engine.stored_zip import Member, write_archive
from assay.errors import AssayError, InputError, to_install

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

MOST_BYTES = 1_000_000
"""No stamp is larger; certificates included they have some thousand bytes."""


@dataclass(frozen=True)
class Stamp:
    """A time stamp of a bundle.

    Attributes:
        name: Its file in the bundle.
        at: The time that the authority states, as ISO 8601.
        authority: The name of the signer's certificate; None if it is not enclosed.
        verified: Whether a signature by a trusted authority was checked; None where no
            certificate was given to check against.
        wrong: What does not hold; None if nothing.
    """

    name: str
    at: str
    authority: str | None
    verified: bool | None
    wrong: str | None


def write_request(bundle: Path, out: Path) -> str:
    """Write a request (``.tsq``) for the bundle's ``SHA256SUMS``.

    The same bundle gives the same request: it has no nonce, since no answer is awaited on a line.

    Returns:
        The SHA-256 that is to be stamped.

    Raises:
        InputError: It is no bundle.
        AssayError: The package for time stamps is missing.
    """
    _needed()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    sums = _checksums(bundle)
    request = (
        TimestampRequestBuilder()
        .data(sums)
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=False)
        .cert_request(cert_request=True)
        .build()
    )
    unfinished = out.with_name(out.name + ".part")
    unfinished.write_bytes(request.as_bytes())
    unfinished.replace(out)
    return hashlib.sha256(sums).hexdigest()


def attach(bundle: Path, answer: Path, out: Path) -> Stamp:
    """Put an authority's answer (``.tsr``) into a bundle; every other file stays as it is.

    Args:
        bundle: The bundle.
        answer: The answer.
        out: Where to write; may be the bundle itself.

    Raises:
        InputError: It is no bundle, no answer, or an answer to another request.
        AssayError: The package for time stamps is missing.
    """
    _needed()
    if not answer.is_file() or answer.stat().st_size > MOST_BYTES:
        raise InputError("there is no such answer", fix="name the .tsr file that the authority "
                         "sent", file=answer)  # fmt: skip
    content = answer.read_bytes()
    with opened_archive(bundle) as archive:
        taken = [name for name in archive.namelist() if name.startswith(STAMPS)]
        name = f"{STAMPS}{len(taken) + 1:03}.tsr"
        sums = read_member(archive, CHECKSUMS, bundle)
        stamp = read_stamp(name, content, sums, ())
        if stamp.wrong:
            raise InputError(stamp.wrong, fix="stamp this bundle: `assay stamp request`",
                             file=answer)  # fmt: skip
        _rewrite(archive, out, Member(name, content))
    return stamp


def _rewrite(archive: zipfile.ZipFile, out: Path, more: Member) -> None:
    """The same archive with one more file, by way of a folder: members may be large."""
    import tempfile

    from assay.bundle.archive import extract

    with tempfile.TemporaryDirectory(prefix=".assay-", dir=out.absolute().parent) as scratch:
        folder = Path(scratch)
        damaged = extract(archive, folder, out)
        if damaged:
            raise InputError("the bundle is damaged", fix="check it with `assay verify`",
                             file=damaged[0][0])  # fmt: skip
        members = [Member(name, folder / name) for name in archive.namelist()]
        write_archive(out, [*members, more])


def _checksums(bundle: Path) -> bytes:
    with opened_archive(bundle) as archive:
        return read_member(archive, CHECKSUMS, bundle)


def read_stamp(name: str, content: bytes, sums: bytes, roots: tuple[Certificate, ...]) -> Stamp:
    """Look at one stamp, and check it where roots are given.

    Args:
        name: Its file in the bundle.
        content: The answer, as the authority sent it.
        sums: The bundle's ``SHA256SUMS``.
        roots: Certificates of authorities that are trusted; the signer's own may be among them.
    """
    from rfc3161_client import decode_timestamp_response

    try:
        response = decode_timestamp_response(content)
        info = response.tst_info
    except (ValueError, TypeError) as error:
        return Stamp(name, "", None, None, f"it is no answer by RFC 3161: {error}")
    at = info.gen_time.isoformat()
    authority = _authority(response)
    if info.message_imprint.message != hashlib.sha256(sums).digest():
        return Stamp(name, at, authority, None, "it stamps something else than this bundle")
    if not roots:
        return Stamp(name, at, authority, None, None)
    return _verified(Stamp(name, at, authority, True, None), response, sums, roots)


def _verified(
    stamp: Stamp, response: TimeStampResponse, sums: bytes, roots: tuple[Certificate, ...]
) -> Stamp:
    from rfc3161_client import VerificationError, VerifierBuilder

    builder = VerifierBuilder()
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(response, sums)
    except (VerificationError, ValueError) as error:
        return replace(stamp, verified=False, wrong=f"its signature does not hold: {error}")
    return stamp


def _authority(response: TimeStampResponse) -> str | None:
    """The subject of the certificate that comes with the answer and is no other's issuer."""
    from cryptography.x509 import load_der_x509_certificate

    try:
        found = [load_der_x509_certificate(bytes(one)) for one in response.signed_data.certificates]
    except ValueError:
        # Who answered is told where it can be: the stamp is judged by its signature.
        return None
    issuers = {one.issuer for one in found if one.issuer != one.subject}
    signers = [one for one in found if one.subject not in issuers]
    names = sorted((signers or found), key=lambda one: one.serial_number)
    return names[0].subject.rfc4514_string() if names else None


def read_roots(path: Path) -> tuple[Certificate, ...]:
    """Certificates from a PEM file.

    Raises:
        InputError: It holds none.
        AssayError: The package for time stamps is missing.
    """
    _needed()
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return tuple(load_pem_x509_certificates(path.read_bytes()))
    except (ValueError, OSError) as error:
        raise InputError(
            f"there are no certificates in it: {error}",
            fix="give the authority's certificates in PEM",
            file=path,
        ) from error


def _needed() -> None:
    """Say how to get what is missing.

    Raises:
        AssayError: It is missing.
    """
    if not stamps_possible():
        raise AssayError(
            "time stamps need the package rfc3161-client",
            fix=f"{to_install('evidence')}; `openssl ts` can make and check stamps too",
        )


def stamps_possible() -> bool:
    """Whether the package for time stamps is there."""
    return find_spec("rfc3161_client") is not None
