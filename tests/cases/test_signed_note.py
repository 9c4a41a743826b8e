"""Signed checkpoints: known vectors of Go's implementation, and every kind of damage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cases import signed_note
from assay.cases.signed_note import Checkpoint
from assay.errors import InputError

# From the documentation of golang.org/x/mod/sumdb/note.
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"


def test_keys_of_go_are_read_and_written() -> None:
    assert signed_note.read_public_key(GO_PUBLIC + "\n").text == GO_PUBLIC
    key = signed_note.read_signing_key(GO_PRIVATE)
    assert key.text == GO_PRIVATE
    assert key.public.text == GO_PUBLIC


def test_a_key_does_not_show_itself() -> None:
    key = signed_note.new_signing_key()
    assert key.seed.hex() not in repr(key)
    assert "seed" not in repr(key)


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_what_was_signed_comes_out(size: int, root: bytes) -> None:
    key = signed_note.read_signing_key(GO_PRIVATE)
    checkpoint = Checkpoint("PeterNeumann", size, root)
    note = signed_note.sign(checkpoint, key)
    assert signed_note.open_checkpoint(note, key.public) == checkpoint


@given(st.data())
def test_any_changed_character_shows(data: st.DataObject) -> None:
    key = signed_note.read_signing_key(GO_PRIVATE)
    note = signed_note.sign(Checkpoint("PeterNeumann", 12, bytes(range(32))), key)
    place = data.draw(st.integers(0, note.index("—") - 2))
    other = data.draw(st.characters(codec="ascii").filter(lambda char: char != note[place]))
    spoilt = note[:place] + other + note[place + 1 :]
    with pytest.raises(InputError):
        signed_note.open_checkpoint(spoilt, key.public)


def test_another_key_of_the_same_name_is_refused() -> None:
    ours, theirs = signed_note.new_signing_key("log"), signed_note.new_signing_key("log")
    note = signed_note.sign(Checkpoint("log", 1, bytes(32)), theirs)
    with pytest.raises(InputError, match="not signed by log"):
        signed_note.open_checkpoint(note, ours.public)


def test_a_witness_may_sign_too() -> None:
    key = signed_note.new_signing_key("log")
    note = signed_note.sign(Checkpoint("log", 1, bytes(32)), key) + "— witness AAAAAAAA\n"
    assert signed_note.open_checkpoint(note, key.public).size == 1


def test_a_checkpoint_of_another_log_is_refused() -> None:
    key = signed_note.new_signing_key("log")
    note = signed_note.sign(Checkpoint("another", 1, bytes(32)), key)
    with pytest.raises(InputError, match="of another"):
        signed_note.open_checkpoint(note, key.public)


@pytest.mark.parametrize("text", ["", "no key", GO_PUBLIC.replace("c7", "c8"), GO_PUBLIC[:-8]])
def test_what_is_no_public_key(text: str) -> None:
    with pytest.raises(InputError):
        signed_note.read_public_key(text)


@pytest.mark.parametrize("text", ["", GO_PUBLIC, GO_PRIVATE.replace("c7", "c8"), GO_PRIVATE[:-8]])
def test_what_is_no_signing_key(text: str) -> None:
    with pytest.raises(InputError):
        signed_note.read_signing_key(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_names_that_a_note_cannot_carry(name: str) -> None:
    with pytest.raises(InputError, match="cannot be called"):
        signed_note.new_signing_key(name)
