"""Key files: made once, read strictly, warned of where others can read them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from assay.bundle.pseudonym_key import new_key, permission_warning, read_key
from assay.errors import InputError, UsageError


def test_a_new_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "k.key"
    key = new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(bytes.fromhex(path.read_text().split()[1])) == 32
    assert read_key(path) == key
    assert permission_warning(path) is None
    secret = path.read_text().split()[1]
    assert len({key.naming, key.mapping, bytes.fromhex(secret)}) == 3
    assert key.fingerprint not in secret
    assert secret not in repr(key)


def test_no_two_keys_are_alike(tmp_path: Path) -> None:
    assert new_key(tmp_path / "a").fingerprint != new_key(tmp_path / "b").fingerprint


def test_an_old_key_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "k.key"
    before = new_key(path)
    with pytest.raises(UsageError, match="a file already"):
        new_key(path)
    assert read_key(path) == before


def test_others_rights_are_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "k.key"
    new_key(path)
    path.chmod(0o644)
    assert "0644" in (permission_warning(path) or "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no key file"),
        (b"hello world", "no key file"),
        (b"\xff\xfe\x00", "no key file"),
        (b"assay-pseudonym-key-1\nxyz", "hex digits"),
        (b"assay-pseudonym-key-1\nabcd", "16 bits instead of 256"),
        (b"assay-pseudonym-key-1\n" + b"ab" * 33, "264 bits instead of 256"),
    ],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "k.key"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as raised:
        read_key(path)
    assert raised.value.fix


def test_a_missing_key_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such key file") as raised:
        read_key(tmp_path / "k.key")
    assert "new-key" in str(raised.value)
    with pytest.raises(InputError, match="cannot be written"):
        new_key(tmp_path / "nowhere" / "k.key")
