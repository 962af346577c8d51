"""Trees and proofs, held against RFC 6962's example and an independent implementation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from pipeline.evidence.log import merkle

LEAVES = [
    bytes.fromhex(h)
    for h in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots of the first 0 to 8 leaves (google/certificate-transparency, merkletree tests)."""
SIZE = 70


def _grown(count: int) -> merkle.Levels:
    return merkle.grow(merkle.leaf_hash(str(i).encode()) for i in range(count))


@pytest.fixture(scope="module")
def other() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(SIZE):
        tree.append_entry(str(number).encode())
    return tree


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_known_leaves(size: int) -> None:
    levels = merkle.grow(merkle.leaf_hash(x) for x in LEAVES)
    assert merkle.root(levels, size).hex() == ROOTS[size]
    assert merkle.root(merkle.grow(levels[0][:size])).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 8, (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        )),
        (5, 8, (
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        )),
        (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    ],
)  # fmt: skip
def test_known_inclusion_paths(index: int, size: int, path: tuple[str, ...]) -> None:
    levels = merkle.grow(merkle.leaf_hash(x) for x in LEAVES)
    assert tuple(h.hex() for h in merkle.inclusion_proof(levels, index, size)) == path


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (1, 1, ()),
        (1, 8, (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        )),
        (2, 5, (
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        )),
    ],
)  # fmt: skip
def test_known_consistency_paths(old: int, new: int, path: tuple[str, ...]) -> None:
    levels = merkle.grow(merkle.leaf_hash(x) for x in LEAVES)
    assert tuple(h.hex() for h in merkle.consistency_proof(levels, old, new)) == path


def test_the_independent_tree_has_the_same_roots(other: InmemoryTree) -> None:
    levels = _grown(SIZE)
    for size in range(1, SIZE + 1):
        assert merkle.root(levels, size) == other.get_root(size)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33, 64, 65, SIZE])
def test_each_verifies_what_the_other_proves(other: InmemoryTree, size: int) -> None:
    levels = _grown(SIZE)
    wanted = merkle.root(levels, size)
    for index in range(size):
        theirs = other.prove_inclusion(index + 1, size)
        ours = merkle.inclusion_proof(levels, index, size)
        # Their path begins with the leaf and lists its neighbours from both sides.
        assert sorted(theirs.path) == sorted([levels[0][index], *ours])
        verify_inclusion(levels[0][index], wanted, theirs)
        assert merkle.verify_inclusion(levels[0][index], index, size, ours, wanted)
    for old in range(1, size + 1):
        verify_consistency(merkle.root(levels, old), wanted, other.prove_consistency(old, size))
        proof = merkle.consistency_proof(levels, old, size)
        assert merkle.verify_consistency(old, size, merkle.root(levels, old), wanted, proof)


@given(st.data(), st.integers(1, 300))
def test_no_other_leaf_place_size_or_path_verifies(data: st.DataObject, size: int) -> None:
    levels = _grown(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(levels, index)
    wanted, leaf = merkle.root(levels), levels[0][index]
    wrong = data.draw(st.integers(-2, size + 2).filter(lambda i: i != index))
    assert not merkle.verify_inclusion(leaf, wrong, size, proof, wanted)
    assert not merkle.verify_inclusion(merkle.EMPTY, index, size, proof, wanted)
    assert not merkle.verify_inclusion(leaf, index, size, (*proof, merkle.EMPTY), wanted)
    assert not merkle.verify_inclusion(leaf, index, size, (*proof, b""), wanted)
    if proof:
        assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], wanted)
        assert not merkle.verify_inclusion(leaf, index, size, (*proof[:-1], merkle.EMPTY), wanted)


@given(st.data(), st.integers(2, 200))
def test_no_other_history_verifies(data: st.DataObject, new: int) -> None:
    levels = _grown(new)
    old = data.draw(st.integers(1, new - 1))
    proof = merkle.consistency_proof(levels, old)
    was, now = merkle.root(levels, old), merkle.root(levels)
    assert merkle.verify_consistency(old, new, was, now, proof)
    assert not merkle.verify_consistency(old, new, merkle.EMPTY, now, proof)
    assert not merkle.verify_consistency(old, new, was, merkle.EMPTY, proof)
    assert not merkle.verify_consistency(old, new, was, now, proof[:-1])
    assert not merkle.verify_consistency(old, new, was, now, (*proof, was))
    assert not merkle.verify_consistency(old + 1, new, was, now, proof)
    assert not merkle.verify_consistency(new, old, now, was, proof)
    at = data.draw(st.integers(0, len(proof) - 1))
    assert not merkle.verify_consistency(
        old, new, was, now, [merkle.EMPTY if i == at else h for i, h in enumerate(proof)]
    )


def test_the_empty_tree_begins_every_tree_and_nothing_else_does() -> None:
    now = merkle.root(_grown(3))
    assert merkle.verify_consistency(0, 3, merkle.EMPTY, now, ())
    assert not merkle.verify_consistency(0, 3, now, now, ())
    assert merkle.verify_consistency(3, 3, now, now, ())
    assert not merkle.verify_consistency(3, 3, now, now, (now,))


def test_places_outside_the_tree_are_refused() -> None:
    levels = _grown(3)
    for index, size in ((3, 3), (-1, 3), (0, 4), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_proof(levels, index, size)
    with pytest.raises(ValueError, match="no tree"):
        merkle.root(levels, 4)
    for old, new in ((3, 2), (-1, 3), (1, 4)):
        with pytest.raises(ValueError, match="no tree"):
            merkle.consistency_proof(levels, old, new)


def test_nothing_need_be_shown_of_the_empty_tree_and_of_the_same() -> None:
    levels = _grown(6)
    assert merkle.consistency_proof(levels, 0) == ()
    assert merkle.consistency_proof(levels, 6) == ()
    assert merkle.consistency_proof(levels, 5, 5) == ()


@pytest.mark.parametrize("sibling", [b"s" * 32, b"s" * 31])
def test_a_root_made_to_fit_a_proof_that_cannot_be(sibling: bytes) -> None:
    """Whoever names the root, too, gets no leaf in by a path longer than the tree is high, or
    by a hash of another length, which would part its bytes elsewhere."""
    leaf = merkle.leaf_hash(b"x")
    left, right = merkle.node_hash(sibling, leaf), merkle.node_hash(leaf, sibling)
    for root in (left, right):
        assert not merkle.verify_inclusion(leaf, 0, 1, (sibling,), root)
    sound = len(sibling) == merkle.DIGEST_SIZE
    assert merkle.verify_inclusion(leaf, 0, 2, (sibling,), right) is sound
    assert merkle.verify_inclusion(leaf, 1, 2, (sibling,), left) is sound
    assert merkle.verify_consistency(1, 2, leaf, right, (sibling,)) is sound
    assert not merkle.verify_consistency(-1, 2, leaf, right, (sibling,))


@pytest.mark.parametrize(("old", "new"), [(3, 5), (2, 3), (4, 8), (6, 7)])
def test_no_proof_shows_nothing(old: int, new: int) -> None:
    levels = _grown(new)
    was, now = merkle.root(levels, old), merkle.root(levels)
    assert not merkle.verify_consistency(old, new, was, now, ())
    assert not merkle.verify_consistency(old, new, was, was, ())


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 9, 13])
def test_a_tree_that_grew_is_the_tree_made_at_once(size: int) -> None:
    hashes = [merkle.leaf_hash(str(number).encode()) for number in range(size)]
    for first in range(size + 1):
        begun = merkle.grow(hashes[:first])
        assert merkle.grow(hashes[first:], begun) == merkle.grow(hashes), first
