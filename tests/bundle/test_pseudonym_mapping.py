"""The mapping gives back what was put in, to the right key alone, and finds collisions."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.bundle.pseudonym_key import PseudonymKey, new_key
from assay.bundle.pseudonym_mapping import open_mapping
from assay.bundle.pseudonyms import PSEUDONYM, SORTS, Namer
from assay.errors import CheckFailed, InputError

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.fixture
def key(tmp_path: Path) -> PseudonymKey:
    return new_key(tmp_path / "k.key")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(names=st.lists(st.tuples(st.sampled_from(SORTS), NAMES), max_size=8))
def test_every_name_comes_back(key: PseudonymKey, names: list[tuple[str, str]]) -> None:
    with open_mapping(key, create=True) as mapping:
        namer = Namer(key, mapping.record)
        made = [namer.name(sort, name) for sort, name in names]
    assert len(set(made)) == len(set(names))
    assert all(PSEUDONYM.fullmatch(one) for one in made)
    with open_mapping(key, create=False) as mapping:
        assert [mapping.reveal(one) for one in made] == [name for _, name in names]
    assert stat.S_IMODE(key.mapping_file.stat().st_mode) == 0o600


def test_pseudonyms_are_those_of_the_standard(tmp_path: Path) -> None:
    """HMAC-SHA256 by Python's other implementation, in Crockford's digits, lowest bits first."""
    import hashlib
    import hmac

    key = new_key(tmp_path / "k.key")
    digest = hmac.new(key.naming, b"account\0twitter:12", hashlib.sha256).digest()
    number = int.from_bytes(digest[:10], "big")
    pairs = []
    for _ in range(8):
        pairs.append("0123456789abcdefghjkmnpqrstvwxyz"[(number >> 5) & 31])
        pairs.append("0123456789abcdefghjkmnpqrstvwxyz"[number & 31])
        number >>= 10
    assert Namer(key).name("account", "twitter:12") == "account-" + "".join(pairs)


def test_an_account_is_found_by_its_id(key: PseudonymKey) -> None:
    with open_mapping(key, create=True) as mapping:
        namer = Namer(key, mapping.record)
        made = [namer.name("account", f"{where}:Ann") for where in ("twitter", "telegram")]
        namer.name("name", "twitter:Ann")
        namer.name("account", "twitter:Anna")
        assert mapping.find("twitter:Ann") == made[:1]
    with open_mapping(key, create=False) as mapping:
        assert mapping.find("@ann") == sorted(made)
        assert mapping.find("nn") == []


def test_a_collision_fails(key: PseudonymKey) -> None:
    with open_mapping(key, create=True) as mapping:
        mapping.record([("account-" + "0" * 16, "one")])
        with pytest.raises(CheckFailed, match="same pseudonym"):
            mapping.record([("account-" + "0" * 16, "two")])
        mapping.record([("account-" + "0" * 16, "one")])
    with (
        pytest.raises(CheckFailed, match="same pseudonym"),
        open_mapping(key, create=False) as mapping,
    ):
        mapping.record([("account-" + "0" * 16, "two")])
        mapping.flush()


def test_the_file_shows_no_name(key: PseudonymKey) -> None:
    with open_mapping(key, create=True) as mapping:
        Namer(key, mapping.record).name("account", "an unmistakable name")
    assert b"unmistakable" not in key.mapping_file.read_bytes()


def test_another_key_reveals_nothing(key: PseudonymKey, tmp_path: Path) -> None:
    with open_mapping(key, create=True) as mapping:
        made = Namer(key, mapping.record).name("account", "somebody")
    other = new_key(tmp_path / "other.key")
    with pytest.raises(InputError, match="no mapping beside it"), open_mapping(other, create=False):
        pass
    key.mapping_file.rename(other.mapping_file)
    with (
        pytest.raises(InputError, match="belongs to the key") as raised,
        open_mapping(other, create=False) as mapping,
    ):
        mapping.reveal(made)
    assert key.fingerprint in str(raised.value)


def test_what_cannot_be_revealed_is_said(key: PseudonymKey) -> None:
    with open_mapping(key, create=True) as mapping:
        made = Namer(key, mapping.record).name("account", "somebody")
        with pytest.raises(InputError, match="in no output made with this key"):
            mapping.reveal("account-" + "z" * 16)
        with pytest.raises(InputError, match="does not look like a pseudonym"):
            mapping.reveal("Somebody")
    with sqlite3.connect(key.mapping_file) as connection:
        connection.execute("UPDATE names SET name = x'00'")
    with open_mapping(key, create=False) as mapping, pytest.raises(InputError, match="damaged"):
        mapping.reveal(made)
    key.mapping_file.write_bytes(b"not a database, whatever it may be " * 40)
    with pytest.raises(InputError, match="cannot be used"), open_mapping(key, create=False):
        pass
