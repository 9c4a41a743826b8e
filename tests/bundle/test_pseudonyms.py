"""A pseudonym never changes: what was published under a key stays what it was."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assay.bundle.pseudonym_key import KeyedHash, PseudonymKey
from assay.bundle.pseudonyms import ALPHABET, PSEUDONYM, PSEUDONYM_BYTES, Namer

KEY = PseudonymKey(bytes(range(32)), bytes(32), "made", Path("made"))


def test_published_pseudonyms_stay_what_they_are() -> None:
    namer = Namer(KEY)
    assert namer.names("account", ["twitter:123", "ünï"]) == [
        "account-8gnz483hjvhan3c7",
        "account-g9xpd85mq4k6befs",
    ]
    assert namer.name("post", "1") == "post-dv5c9ee19gct40se"
    assert namer.names("post", []) == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20))
def test_all_bits_of_the_digest_stand_in_the_pseudonym(names: list[str]) -> None:
    made = Namer(KEY).names("object", names)
    for name, pseudonym in zip(names, made, strict=True):
        assert PSEUDONYM.fullmatch(pseudonym)
        digest = KeyedHash(KEY.naming).digest(b"object\0" + name.encode())
        number = int.from_bytes(digest[:PSEUDONYM_BYTES], "big")
        digits = pseudonym.removeprefix("object-")
        pairs = [digits[place : place + 2] for place in range(0, 16, 2)]
        for pair in pairs:
            high, low = map(ALPHABET.index, pair)
            assert number & 1023 == 32 * high + low
            number >>= 10
