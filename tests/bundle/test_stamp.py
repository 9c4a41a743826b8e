"""Time stamps, against a local authority that `openssl ts` plays."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from assay.bundle.contents import CHECKSUMS
from assay.bundle.stamp import attach, read_roots, read_stamp, write_request
from assay.bundle.stamp_checks import check_stamps
from assay.errors import InputError

pytest.importorskip("rfc3161_client", reason="pip install 'assay[evidence]'")
pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="no openssl (Debian: apt-get install openssl)"
)

CONFIGURATION = """
[ tsa ]
default_tsa = here
[ here ]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = tsa.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
EXTENSIONS = """
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a root (ca.pem), a time-stamp authority below it, and another root."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "tsa.cnf").write_text(CONFIGURATION)
    (folder / "extensions").write_text(EXTENSIONS)
    (folder / "serial").write_text("01\n")
    for name in ("ca", "other"):
        openssl(
            folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN=Test {name}",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )  # fmt: skip
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out",
            "tsa.csr", "-subj", "/CN=Test authority")  # fmt: skip
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "3650", "-extfile", "extensions", "-out",
            "tsa.pem")  # fmt: skip
    return folder


def answered(authority: Path, request: Path, answer: Path) -> Path:
    openssl(authority, "ts", "-reply", "-queryfile", str(request), "-config", "tsa.cnf",
            "-section", "here", "-out", str(answer))  # fmt: skip
    return answer


@pytest.fixture(scope="module")
def stamped(
    case: Path, authority: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The bundle with a stamp, and the stamp."""
    folder = tmp_path_factory.mktemp("stamped")
    write_request(case, folder / "case.tsq")
    answer = answered(authority, folder / "case.tsq", folder / "case.tsr")
    attach(case, answer, folder / "case.zip")
    return folder / "case.zip", answer


def test_openssl_confirms_the_stamp(
    stamped: tuple[Path, Path], authority: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(stamped[0]) as archive:
        archive.extractall(tmp_path)
    openssl(authority, "ts", "-verify", "-data", str(tmp_path / CHECKSUMS), "-in",
            str(tmp_path / "timestamps" / "001.tsr"), "-CAfile", "ca.pem")  # fmt: skip


def test_no_other_file_changes(case: Path, stamped: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(case) as before, zipfile.ZipFile(stamped[0]) as after:
        assert set(after.namelist()) - set(before.namelist()) == {"timestamps/001.tsr"}
        assert all(before.read(name) == after.read(name) for name in before.namelist())


def test_the_stamp_is_checked_against_certificates(
    stamped: tuple[Path, Path], authority: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(stamped[0]) as archive:
        archive.extractall(tmp_path)
    unchecked = check_stamps(tmp_path, None)
    assert [check.outcome for check in unchecked] == ["not done"]
    assert "CN=Test authority" in unchecked[0].detail
    assert [check.outcome for check in check_stamps(tmp_path, authority / "ca.pem")] == ["same"]
    foreign = check_stamps(tmp_path, authority / "other.pem")
    assert [check.outcome for check in foreign] == ["different"]
    assert "signature does not hold" in foreign[0].differences[0]


def test_a_stamp_of_something_else_is_refused(
    case: Path, stamped: tuple[Path, Path], authority: Path, tmp_path: Path
) -> None:
    content, roots = stamped[1].read_bytes(), read_roots(authority / "ca.pem")
    assert read_stamp("x", content, b"other sums", roots).wrong is not None
    assert "no answer" in str(read_stamp("x", b"nonsense", b"", roots).wrong)
    (tmp_path / "nonsense.tsr").write_bytes(b"nonsense")
    with pytest.raises(InputError, match="no answer by RFC 3161"):
        attach(case, tmp_path / "nonsense.tsr", tmp_path / "x.zip")
    with pytest.raises(InputError, match="no certificates"):
        read_roots(tmp_path / "nonsense.tsr")


def test_the_same_bundle_gives_the_same_request(case: Path, tmp_path: Path) -> None:
    write_request(case, tmp_path / "1.tsq")
    write_request(case, tmp_path / "2.tsq")
    assert (tmp_path / "1.tsq").read_bytes() == (tmp_path / "2.tsq").read_bytes()
