"""The Merkle tree of RFC 9162 (section 2.1): hashes, roots, inclusion and consistency proofs.

Hashes of complete subtrees are named by their level (0 holds the leaves) and their index within
it, and are read through a function; so a database answers a proof over a million leaves with some
twenty rows. Nothing here knows where the hashes are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Node = tuple[int, int, bytes]
"""Level, index within the level, hash."""
ReadNode = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at a level and an index."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry: SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees: SHA-256 of 0x01 and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def nodes_of_new_leaf(index: int, leaf: bytes, read: ReadNode) -> list[Node]:
    """The nodes that appending a leaf completes, lowest first.

    Args:
        index: Of the new leaf, which is the size of the tree before it.
        leaf: The leaf's hash.
        read: Gives nodes that exist already.
    """
    nodes = [(0, index, leaf)]
    level, position, digest = 0, index, leaf
    while position % 2 == 1:
        digest = node_hash(read(level, position - 1), digest)
        level, position = level + 1, position // 2
        nodes.append((level, position, digest))
    return nodes


def root(size: int, read: ReadNode) -> bytes:
    """The Merkle tree hash of the first ``size`` leaves."""
    return _subtree(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadNode) -> list[bytes]:
    """The hashes that lead from leaf ``index`` to the root of ``size`` leaves (2.1.3.1).

    Raises:
        ValueError: There is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    return _path(index, 0, size, read)


def consistency_proof(first: int, second: int, read: ReadNode) -> list[bytes]:
    """The hashes that show that the first tree is the beginning of the second (2.1.4.1).

    Raises:
        ValueError: The sizes are not in order, or the first tree is empty.
    """
    if not 0 < first <= second:
        raise ValueError(f"a tree of {first} is no beginning of a tree of {second}")
    return [] if first == second else _subproof(first, (0, second), read, known=True)


def inclusion_holds(
    entry_hash: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes
) -> bool:
    """Whether the proof leads from a leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, digest = index, size - 1, entry_hash
    for step in proof:
        if last == 0:
            return False
        if position % 2 == 1 or position == last:
            digest = node_hash(step, digest)
            while position % 2 == 0 and position != 0:
                position, last = position // 2, last // 2
        else:
            digest = node_hash(digest, step)
        position, last = position // 2, last // 2
    return last == 0 and digest == tree_root


def consistency_holds(
    sizes: tuple[int, int], roots: tuple[bytes, bytes], proof: Sequence[bytes]
) -> bool:
    """Whether the tree of ``sizes[0]`` is the beginning of that of ``sizes[1]`` (2.1.4.2)."""
    first, second = sizes
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and roots[0] == roots[1]
    steps = list(proof)
    if first & (first - 1) == 0:
        steps.insert(0, roots[0])
    if not steps:
        return False
    position, last = first - 1, second - 1
    while position % 2 == 1:
        position, last = position // 2, last // 2
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position % 2 == 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while position % 2 == 0 and position != 0:
                position, last = position // 2, last // 2
        else:
            new = node_hash(new, step)
        position, last = position // 2, last // 2
    return last == 0 and old == roots[0] and new == roots[1]


class Tree:
    """A tree in memory, for whoever has all the leaves: verification, and the tests."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    def __len__(self) -> int:
        return len(self._levels[0])

    def read(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        return self._levels[level][index]

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf's hash; returns the nodes that it completed."""
        nodes = nodes_of_new_leaf(len(self), leaf, self.read)
        for level, _, digest in nodes:
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(digest)
        return nodes

    def root(self, size: int | None = None) -> bytes:
        """The root of the first ``size`` leaves, or of all."""
        return root(len(self) if size is None else size, self.read)


def _split(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _subtree(low: int, high: int, read: ReadNode) -> bytes:
    """The hash over leaves ``low`` to ``high - 1``; ``low`` is aligned, as RFC 9162 splits."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read(level, low >> level)
    middle = low + _split(count)
    return node_hash(_subtree(low, middle, read), _subtree(middle, high, read))


def _path(index: int, low: int, high: int, read: ReadNode) -> list[bytes]:
    if high - low == 1:
        return []
    middle = low + _split(high - low)
    if index < middle:
        return [*_path(index, low, middle, read), _subtree(middle, high, read)]
    return [*_path(index, middle, high, read), _subtree(low, middle, read)]


def _subproof(first: int, span: tuple[int, int], read: ReadNode, *, known: bool) -> list[bytes]:
    """SUBPROOF of 2.1.4.1; ``known``: the verifier has this subtree's hash as the first root."""
    low, high = span
    if first == high:
        return [] if known else [_subtree(low, high, read)]
    middle = low + _split(high - low)
    if first <= middle:
        return [
            *_subproof(first, (low, middle), read, known=known),
            _subtree(middle, high, read),
        ]
    return [
        *_subproof(first, (middle, high), read, known=False),
        _subtree(low, middle, read),
    ]
