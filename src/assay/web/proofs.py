"""A proof as JSON that stands for itself, and checking one that somebody brings."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from assay.cases import merkle
from assay.cases.log import Entry, fault_of
from assay.cases.signed_note import PublicKey, open_checkpoint
from assay.cases.store.public_register import Proof
from assay.errors import AssayError, InputError
from assay.text.sentence import Sentence

FORMAT = "assay-proof-1"
_SIGNED = Sentence("The checkpoint is signed by this log's key (Ed25519)")


@dataclass(frozen=True)
class Step:
    """One thing that was checked: what, and whether it holds."""

    what: str
    holds: bool
    told: str = ""


def proof_json(proof: Proof, key: PublicKey) -> dict[str, Any]:
    """Everything that somebody needs to check one event with a program of their own."""
    entry = proof.entry
    return {
        "format": FORMAT,
        "frame": entry.frame,
        "frame_salt": entry.frame_salt.hex(),
        "body": entry.body,
        "body_salt": None if entry.body_salt is None else entry.body_salt.hex(),
        "leaf": _text64(entry.leaf),
        "log_index": entry.index,
        "tree_size": proof.size,
        "inclusion_proof": [_text64(one) for one in proof.hashes],
        "checkpoint": proof.note,
        "public_key": key.text,
    }


def check_proof(text: str, key: PublicKey) -> list[Step]:
    """Check a proof step by step against this log's key.

    Raises:
        InputError: The text is no proof of this format.
    """
    entry, size, hashes, note = _read(text)
    fault = fault_of(entry)
    steps = [
        Step(Sentence("The texts fit the two commitments of the leaf (SHA-256)"), fault is None)
    ]
    try:
        checkpoint = open_checkpoint(note, key)
    except AssayError as error:
        return [*steps, Step(_SIGNED, False, error.message)]
    steps.append(Step(_SIGNED, True))
    same = checkpoint.size == size
    steps.append(Step(Sentence("The checkpoint is of %(size)s entries", size=str(size)), same))
    leaf = merkle.leaf_hash(entry.leaf)
    inside = same and merkle.inclusion_holds(leaf, entry.index, size, hashes, checkpoint.root)
    told = Sentence(
        "Leaf and path lead to the signed root (entry %(entry)s)", entry=str(entry.index)
    )
    steps.append(Step(told, inside))
    return steps


def _read(text: str) -> tuple[Entry, int, list[bytes], str]:
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        body_salt = told["body_salt"]
        entry = Entry(
            int(told["log_index"]),
            str(told["frame"]),
            bytes.fromhex(told["frame_salt"]),
            None if told["body"] is None else str(told["body"]),
            None if body_salt is None else bytes.fromhex(body_salt),
            _bytes64(told["leaf"]),
        )
        hashes = [_bytes64(one) for one in told["inclusion_proof"]]
        return entry, int(told["tree_size"]), hashes, str(told["checkpoint"])
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
        # ArithmeticError: JSON's Infinity, which is no number of an entry.
        raise InputError(
            Sentence("this is no proof"),
            fix=Sentence("paste the whole file proof.json of a register entry"),
        ) from error


def _text64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes64(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError(text)
    return base64.b64decode(text, validate=True)
