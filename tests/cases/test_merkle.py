"""The tree against RFC 9162's definitions, its example, and every way of spoiling a proof."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.cases import merkle


def defined_root(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word by word."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\1" + defined_root(entries[:k]) + defined_root(entries[k:])).digest()


def tree_of(entries: list[bytes]) -> merkle.Tree:
    tree = merkle.Tree()
    for entry in entries:
        tree.append(merkle.leaf_hash(entry))
    return tree


def numbered(count: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(count)]


# The test vectors of Certificate Transparency's reference implementation (RFC 6962 and 9162 share
# the tree): eight entries and the roots after each.
VECTOR = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
VECTOR.append("606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def test_roots_of_the_known_vectors() -> None:
    tree = merkle.Tree()
    assert tree.root().hex() == hashlib.sha256(b"").hexdigest()
    for entry, expected in zip(VECTOR, ROOTS, strict=True):
        tree.append(merkle.leaf_hash(bytes.fromhex(entry)))
        assert tree.root().hex() == expected


def test_the_rfc_example_of_seven_leaves() -> None:
    """Section 2.1.5: the proofs of the figure, named by its letters."""
    entries = numbered(7)
    a, b, c, d, e, f, j = (merkle.leaf_hash(entry) for entry in entries)
    g, h, i = merkle.node_hash(a, b), merkle.node_hash(c, d), merkle.node_hash(e, f)
    k, last = merkle.node_hash(g, h), merkle.node_hash(i, j)
    tree = tree_of(entries)
    assert tree.root() == merkle.node_hash(k, last)
    assert merkle.inclusion_proof(0, 7, tree.read) == [b, h, last]
    assert merkle.inclusion_proof(3, 7, tree.read) == [c, g, last]
    assert merkle.inclusion_proof(4, 7, tree.read) == [f, j, k]
    assert merkle.inclusion_proof(6, 7, tree.read) == [i, k]
    assert merkle.consistency_proof(3, 7, tree.read) == [c, d, g, last]
    assert merkle.consistency_proof(4, 7, tree.read) == [last]
    assert merkle.consistency_proof(6, 7, tree.read) == [i, j, k]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_the_definition(entries: list[bytes]) -> None:
    assert tree_of(entries).root() == defined_root(entries)


def test_every_proof_of_small_trees_holds() -> None:
    tree = tree_of(numbered(33))
    for size in range(1, 34):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, tree.read)
            leaf = tree.read(0, index)
            assert merkle.inclusion_holds(leaf, index, size, proof, tree.root(size))
        for first in range(1, size + 1):
            steps = merkle.consistency_proof(first, size, tree.read)
            roots = (tree.root(first), tree.root(size))
            assert merkle.consistency_holds((first, size), roots, steps)


@given(st.data(), st.integers(2, 200))
def test_a_spoilt_inclusion_proof_fails(data: st.DataObject, size: int) -> None:
    tree = tree_of(numbered(size))
    index = data.draw(st.integers(0, size - 1))
    leaf, root = tree.read(0, index), tree.root()
    proof = merkle.inclusion_proof(index, size, tree.read)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    assert not merkle.inclusion_holds(tree.read(0, other), index, size, proof, root)
    assert not merkle.inclusion_holds(leaf, other, size, proof, root)
    assert not merkle.inclusion_holds(leaf, index, size, proof[:-1], root)
    assert not merkle.inclusion_holds(leaf, index, size, [*proof, root], root)
    place = data.draw(st.integers(0, len(proof) - 1))
    proof[place] = bytes(32)
    assert not merkle.inclusion_holds(leaf, index, size, proof, root)


@given(st.data(), st.integers(2, 200))
def test_a_spoilt_consistency_proof_fails(data: st.DataObject, size: int) -> None:
    tree = tree_of(numbered(size))
    first = data.draw(st.integers(1, size - 1))
    steps = merkle.consistency_proof(first, size, tree.read)
    roots = (tree.root(first), tree.root())
    assert not merkle.consistency_holds((first, size), (bytes(32), roots[1]), steps)
    assert not merkle.consistency_holds((first, size), (roots[0], bytes(32)), steps)
    assert not merkle.consistency_holds((first, size), roots, steps[:-1])
    assert not merkle.consistency_holds((first, size), roots, [*steps, roots[1]])
    place = data.draw(st.integers(0, len(steps) - 1))
    steps[place] = bytes(32)
    assert not merkle.consistency_holds((first, size), roots, steps)


@given(st.data(), st.integers(2, 100))
def test_a_changed_or_swapped_or_dropped_entry_shows(data: st.DataObject, size: int) -> None:
    entries = numbered(size)
    before = tree_of(entries).root()
    here, there = data.draw(st.permutations(range(size)))[:2]
    entries[here], entries[there] = entries[there], entries[here]
    assert tree_of(entries).root() != before
    assert tree_of(entries[:-1]).root() != before


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    tree = tree_of(numbered(size))
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_proof(index, size, tree.read)
    assert not merkle.inclusion_holds(bytes(32), index, size, [], tree.root())


def test_no_consistency_with_nothing_or_with_the_future() -> None:
    tree = tree_of(numbered(3))
    for first, second in ((0, 3), (3, 2)):
        with pytest.raises(ValueError, match="no beginning"):
            merkle.consistency_proof(first, second, tree.read)
        assert not merkle.consistency_holds((first, second), (bytes(32), bytes(32)), [])
